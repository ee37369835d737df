//! What the families of instructions ask of their operands. Each handler checks in the order of the
//! reference, so that of two faults the same one is reported.

use move_vm_binary_format::{
	index::{
		FieldHandleIndex, FunctionHandleIndex, LocalIndex, SignatureIndex,
		StructDefInstantiationIndex, StructDefinitionIndex, StructVariantHandleIndex,
		StructVariantInstantiationIndex, VariantFieldHandleIndex, VariantIndex,
	},
	module::{FieldDefinition, StructDefinition, StructFieldInformation},
	SignatureToken,
};
use move_vm_types::{StatusCode, VmError, VmResult};

use super::{
	types::{Head, Kind, Type},
	TypeSafety, BOOL,
};
use crate::view::FunctionView;

/// Units for a variant whose field is looked up.
const VARIANT_COST: usize = 4;

/// The struct, or the variant of an enum, that an instruction names, with type arguments.
pub(super) struct StructUse<'a> {
	definition: &'a StructDefinition,
	variant: Option<VariantIndex>,
	arguments: &'a [SignatureToken],
}

impl<'a> StructUse<'a> {
	pub(super) fn plain(
		function: &FunctionView<'a>,
		index: StructDefinitionIndex,
	) -> VmResult<Self> {
		Ok(Self {
			definition: function.struct_def(index)?,
			variant: None,
			arguments: &[],
		})
	}

	pub(super) fn generic(
		function: &FunctionView<'a>,
		index: StructDefInstantiationIndex,
	) -> VmResult<Self> {
		let instantiation = function.module()?.struct_def_instantiation(index)?;
		Ok(Self {
			definition: function.struct_def(instantiation.def)?,
			variant: None,
			arguments: &function.pools().signature(instantiation.type_arguments)?.0,
		})
	}

	pub(super) fn variant(
		function: &FunctionView<'a>,
		index: StructVariantHandleIndex,
		arguments: &'a [SignatureToken],
	) -> VmResult<Self> {
		let handle = function.module()?.struct_variant_handle(index)?;
		Ok(Self {
			definition: function.struct_def(handle.owner)?,
			variant: Some(handle.variant),
			arguments,
		})
	}

	pub(super) fn variant_generic(
		function: &FunctionView<'a>,
		index: StructVariantInstantiationIndex,
	) -> VmResult<Self> {
		let instantiation = function.module()?.struct_variant_instantiation(index)?;
		let arguments = &function.pools().signature(instantiation.type_arguments)?.0;
		Self::variant(function, instantiation.handle, arguments)
	}

	/// The type of its values.
	const fn type_(&self) -> Type<'a> {
		Type::of_struct(self.definition.struct_handle, self.arguments)
	}

	/// Its fields; `None` if it is no plain struct where no variant is named, or has no such
	/// variant.
	fn fields(&self) -> Option<&'a [FieldDefinition]> {
		fields(self.definition, self.variant)
	}
}

fn fields(
	definition: &StructDefinition,
	variant: Option<VariantIndex>,
) -> Option<&[FieldDefinition]> {
	match (&definition.field_information, variant) {
		(StructFieldInformation::Declared(fields), None) => Some(fields),
		(StructFieldInformation::DeclaredVariants(variants), Some(variant)) => variants
			.get(usize::from(variant))
			.map(|variant| variant.fields.as_slice()),
		(
			StructFieldInformation::Native
			| StructFieldInformation::Declared(_)
			| StructFieldInformation::DeclaredVariants(_),
			_,
		) => None,
	}
}

impl<'a> TypeSafety<'a> {
	pub(super) fn load(&mut self, head: Head<'static>) -> VmResult<()> {
		self.push(Type::plain(head));
		Ok(())
	}

	pub(super) fn cast(&mut self, head: Head<'static>) -> VmResult<()> {
		if !self.pop()?.is_integer() {
			return Err(self.error(StatusCode::INTEGER_OP_TYPE_MISMATCH_ERROR));
		}
		self.load(head)
	}

	/// Pops two integers of one type, which it returns.
	pub(super) fn pop_integers(&mut self) -> VmResult<Type<'a>> {
		let right = self.pop()?;
		let left = self.pop()?;
		if right.is_integer() && left.is_plain(&right.head) {
			Ok(right)
		} else {
			Err(self.error(StatusCode::INTEGER_OP_TYPE_MISMATCH_ERROR))
		}
	}

	pub(super) fn compare(&mut self) -> VmResult<()> {
		let right = self.pop()?;
		let left = self.pop()?;
		if !self.abilities(&right)?.has_drop() {
			return Err(self.error(StatusCode::EQUALITY_OP_TYPE_MISMATCH_ERROR));
		}
		self.expect_same(&right, &left, StatusCode::EQUALITY_OP_TYPE_MISMATCH_ERROR)?;
		self.push(BOOL);
		Ok(())
	}

	pub(super) fn call(
		&mut self,
		callee: FunctionHandleIndex,
		arguments: &'a [SignatureToken],
	) -> VmResult<()> {
		let handle = self.function.pools().function_handle(callee)?;
		let parameters = self.signature(handle.parameters)?;
		let returns = self.signature(handle.returns)?;
		self.meter
			.charge_count(parameters.len().saturating_add(returns.len()))?;
		for token in parameters.iter().rev() {
			let expected = Type::new(token, arguments)?;
			self.pop_same(&expected, StatusCode::CALL_TYPE_MISMATCH_ERROR)?;
		}
		for token in returns {
			let type_ = Type::new(token, arguments)?;
			self.push(type_);
		}
		Ok(())
	}

	pub(super) fn borrow_local(&mut self, local: LocalIndex, kind: Kind) -> VmResult<()> {
		let type_ = self.local(local)?;
		if type_.is_reference() {
			return Err(self.error(StatusCode::BORROWLOC_REFERENCE_ERROR));
		}
		self.push(type_.with_kind(kind));
		Ok(())
	}

	pub(super) fn read_reference(&mut self) -> VmResult<()> {
		let operand = self.pop()?;
		if !operand.is_reference() {
			return Err(self.error(StatusCode::READREF_TYPE_MISMATCH_ERROR));
		}
		let referent = operand.with_kind(Kind::Value);
		if !self.abilities(&referent)?.has_copy() {
			return Err(self.error(StatusCode::READREF_WITHOUT_COPY_ABILITY));
		}
		self.push(referent);
		Ok(())
	}

	pub(super) fn write_reference(&mut self) -> VmResult<()> {
		let reference = self.pop()?;
		let value = self.pop()?;
		if reference.kind != Kind::MutableReference {
			return Err(self.error(StatusCode::WRITEREF_NO_MUTABLE_REFERENCE_ERROR));
		}
		let referent = reference.with_kind(Kind::Value);
		if !self.abilities(&referent)?.has_drop() {
			return Err(self.error(StatusCode::WRITEREF_WITHOUT_DROP_ABILITY));
		}
		self.expect_same(&value, &referent, StatusCode::WRITEREF_TYPE_MISMATCH_ERROR)
	}

	/// Pops a reference to a struct, which `kind` says may be mutable or must be.
	fn pop_borrowed(
		&mut self,
		definition: &'a StructDefinition,
		arguments: &'a [SignatureToken],
		kind: Kind,
	) -> VmResult<()> {
		let operand = self.pop()?;
		let is_kind_right = match kind {
			Kind::MutableReference => operand.kind == Kind::MutableReference,
			Kind::Value | Kind::Reference => operand.is_reference(),
		};
		if !is_kind_right {
			return Err(self.error(StatusCode::BORROWFIELD_TYPE_MISMATCH_ERROR));
		}
		let expected = Type::of_struct(definition.struct_handle, arguments);
		self.expect_same(
			&operand.with_kind(Kind::Value),
			&expected,
			StatusCode::BORROWFIELD_TYPE_MISMATCH_ERROR,
		)
	}

	pub(super) fn borrow_field(
		&mut self,
		index: FieldHandleIndex,
		arguments: &'a [SignatureToken],
		kind: Kind,
	) -> VmResult<()> {
		let handle = self.function.module()?.field_handle(index)?;
		let definition = self.function.struct_def(handle.owner)?;
		self.pop_borrowed(definition, arguments, kind)?;
		let field = definition
			.fields()
			.and_then(|fields| fields.get(usize::from(handle.field)))
			.ok_or_else(|| self.error(StatusCode::BORROWFIELD_BAD_FIELD_ERROR))?;
		let type_ = self.field_reference(field, arguments, kind)?;
		self.push(type_);
		Ok(())
	}

	pub(super) fn borrow_variant_field(
		&mut self,
		index: VariantFieldHandleIndex,
		arguments: &'a [SignatureToken],
		kind: Kind,
	) -> VmResult<()> {
		let handle = self.function.module()?.variant_field_handle(index)?;
		let definition = self.function.struct_def(handle.owner)?;
		self.pop_borrowed(definition, arguments, kind)?;
		self.meter
			.charge_product(handle.variants.len(), VARIANT_COST)?;
		// The field has one type, whichever of the variants there is.
		let mut found: Option<Type<'a>> = None;
		for variant in &handle.variants {
			let field = fields(definition, Some(*variant))
				.and_then(|fields| fields.get(usize::from(handle.field)))
				.ok_or_else(|| self.error(StatusCode::BORROWFIELD_BAD_FIELD_ERROR))?;
			let type_ = self.field_reference(field, arguments, kind)?;
			match &found {
				Some(found) => {
					self.expect_same(&type_, found, StatusCode::BORROWFIELD_TYPE_MISMATCH_ERROR)?;
				}
				None => found = Some(type_),
			}
		}
		let type_ = found.ok_or_else(|| self.error(StatusCode::ZERO_VARIANTS_ERROR))?;
		self.push(type_);
		Ok(())
	}

	/// The type of a reference to a field.
	fn field_reference(
		&self,
		field: &'a FieldDefinition,
		arguments: &'a [SignatureToken],
		kind: Kind,
	) -> VmResult<Type<'a>> {
		let type_ = Type::new(&field.type_, arguments)?;
		if type_.is_reference() {
			return Err(VmError::invariant("reference in a field"));
		}
		Ok(type_.with_kind(kind))
	}

	pub(super) fn pack(&mut self, target: StructUse<'a>) -> VmResult<()> {
		let fields = target
			.fields()
			.ok_or_else(|| self.error(StatusCode::PACK_TYPE_MISMATCH_ERROR))?;
		self.meter.charge_count(fields.len())?;
		for field in fields.iter().rev() {
			let expected = Type::new(&field.type_, target.arguments)?;
			self.pop_same(&expected, StatusCode::PACK_TYPE_MISMATCH_ERROR)?;
		}
		self.push(target.type_());
		Ok(())
	}

	pub(super) fn unpack(&mut self, target: StructUse<'a>) -> VmResult<()> {
		self.pop_same(&target.type_(), StatusCode::UNPACK_TYPE_MISMATCH_ERROR)?;
		let fields = target
			.fields()
			.ok_or_else(|| self.error(StatusCode::PACK_TYPE_MISMATCH_ERROR))?;
		self.meter.charge_count(fields.len())?;
		for field in fields {
			let type_ = Type::new(&field.type_, target.arguments)?;
			self.push(type_);
		}
		Ok(())
	}

	pub(super) fn test_variant(&mut self, target: StructUse<'a>) -> VmResult<()> {
		let operand = self.pop()?;
		if !operand.is_reference() {
			return Err(self.error(StatusCode::TEST_VARIANT_TYPE_MISMATCH_ERROR));
		}
		self.expect_same(
			&operand.with_kind(Kind::Value),
			&target.type_(),
			StatusCode::TEST_VARIANT_TYPE_MISMATCH_ERROR,
		)?;
		self.push(BOOL);
		Ok(())
	}

	pub(super) fn borrow_global(&mut self, target: StructUse<'a>, kind: Kind) -> VmResult<()> {
		self.pop_plain(Head::Address, StatusCode::BORROWGLOBAL_TYPE_MISMATCH_ERROR)?;
		self.expect_key(&target, StatusCode::BORROWGLOBAL_WITHOUT_KEY_ABILITY)?;
		self.push(target.type_().with_kind(kind));
		Ok(())
	}

	pub(super) fn exists(&mut self, target: StructUse<'a>) -> VmResult<()> {
		let status = StatusCode::EXISTS_WITHOUT_KEY_ABILITY_OR_BAD_ARGUMENT;
		self.expect_key(&target, status)?;
		self.pop_plain(Head::Address, status)?;
		self.push(BOOL);
		Ok(())
	}

	pub(super) fn move_from(&mut self, target: StructUse<'a>) -> VmResult<()> {
		self.expect_key(&target, StatusCode::MOVEFROM_WITHOUT_KEY_ABILITY)?;
		self.pop_plain(Head::Address, StatusCode::MOVEFROM_TYPE_MISMATCH_ERROR)?;
		self.push(target.type_());
		Ok(())
	}

	pub(super) fn move_to(&mut self, target: StructUse<'a>) -> VmResult<()> {
		self.expect_key(&target, StatusCode::MOVETO_WITHOUT_KEY_ABILITY)?;
		let resource = self.pop()?;
		let signer = self.pop()?;
		self.expect_same(
			&resource,
			&target.type_(),
			StatusCode::MOVETO_TYPE_MISMATCH_ERROR,
		)?;
		if signer.kind != Kind::Reference || !signer.with_kind(Kind::Value).is_plain(&Head::Signer)
		{
			return Err(self.error(StatusCode::MOVETO_TYPE_MISMATCH_ERROR));
		}
		Ok(())
	}

	fn expect_key(&mut self, target: &StructUse<'a>, status: StatusCode) -> VmResult<()> {
		if self.abilities(&target.type_())?.has_key() {
			Ok(())
		} else {
			Err(self.error(status))
		}
	}

	/// Checks that `vector` is a reference to a vector of the declared elements, and a mutable one
	/// if `kind` says so; returns the type of the elements.
	pub(super) fn expect_vector(
		&mut self,
		vector: &Type<'a>,
		index: SignatureIndex,
		kind: Kind,
	) -> VmResult<Type<'a>> {
		let declared = self.declared_element(index)?;
		let is_kind_right = match kind {
			Kind::MutableReference => vector.kind == Kind::MutableReference,
			Kind::Value | Kind::Reference => vector.is_reference(),
		};
		let element = match (is_kind_right, vector.element()?) {
			(true, Some(element)) => element,
			(true, None) | (false, _) => return Err(self.error(StatusCode::TYPE_MISMATCH)),
		};
		self.expect_same(&element, &declared, StatusCode::TYPE_MISMATCH)?;
		Ok(element)
	}

	pub(super) fn borrow_element(&mut self, index: SignatureIndex, kind: Kind) -> VmResult<()> {
		let place = self.pop()?;
		let vector = self.pop()?;
		if !place.is_plain(&Head::U64) {
			return Err(self.error(StatusCode::TYPE_MISMATCH));
		}
		let element = self.expect_vector(&vector, index, kind)?;
		self.push(element.with_kind(kind));
		Ok(())
	}

	pub(super) fn pack_vector(&mut self, index: SignatureIndex, count: u64) -> VmResult<()> {
		let declared = self.declared_element(index)?;
		self.meter.charge(count)?;
		for _ in 0..count {
			self.pop_same(&declared, StatusCode::TYPE_MISMATCH)?;
		}
		self.push_vector(index)
	}

	pub(super) fn unpack_vector(&mut self, index: SignatureIndex, count: u64) -> VmResult<()> {
		let vector = self.pop()?;
		let declared = self.declared_element(index)?;
		let element = match (vector.kind, vector.element()?) {
			(Kind::Value, Some(element)) => element,
			(_, _) => return Err(self.error(StatusCode::TYPE_MISMATCH)),
		};
		self.expect_same(&element, &declared, StatusCode::TYPE_MISMATCH)?;
		self.meter.charge(count)?;
		let count = usize::try_from(count).unwrap_or(usize::MAX);
		// The stack's height was checked, so this is no more than the limit.
		self.stack.extend(core::iter::repeat_n(declared, count));
		Ok(())
	}

	fn push_vector(&mut self, index: SignatureIndex) -> VmResult<()> {
		let element: Option<&'a SignatureToken> = self.signature(index)?.first();
		let element =
			element.ok_or_else(|| VmError::new(StatusCode::VERIFIER_INVARIANT_VIOLATION))?;
		self.push(Type::plain(Head::Vector(element)));
		Ok(())
	}
}
