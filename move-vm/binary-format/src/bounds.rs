//! The bounds check: every index points into its table, every type argument list has the length
//! that its struct asks for, every type parameter is declared, and jumps and locals stay within
//! their function.
//!
//! It runs at the end of deserialization, in the order of Move's implementations, so that every
//! later pass can rely on it. Time is linear in the size of the tables.

use alloc::{vec, vec::Vec};

use move_vm_types::{IndexKind, StatusCode, VmError, VmResult};

use crate::{
	index::{LocalIndex, SignatureIndex, TableIndex},
	module::{
		element, AccessSpecifier, AddressSpecifier, CodeUnit, FieldDefinition, FunctionDefinition,
		FunctionHandle, ModuleHandle, ResourceSpecifier, StructDefinition, StructFieldInformation,
		VariantFieldHandle,
	},
	Bytecode, CompiledModule, CompiledScript, Pools, SignatureToken,
};

/// Checks a module.
///
/// # Errors
/// - `NO_MODULE_HANDLES` if there is not even its own;
/// - `INDEX_OUT_OF_BOUNDS` with the table and index, or with the place in code;
/// - `NUMBER_OF_TYPE_ARGUMENTS_MISMATCH` for a type with too many or too few type arguments;
/// - `ZERO_VARIANTS_ERROR` for an enum without variants, with the struct;
/// - `TOO_MANY_LOCALS` for more than 255 parameters and locals, with the function.
pub fn check_module(module: &CompiledModule) -> VmResult<()> {
	if module.pools.module_handles.is_empty() {
		return Err(
			VmError::new(StatusCode::NO_MODULE_HANDLES).at_index(IndexKind::ModuleHandle, 0)
		);
	}
	let mut check = Bounds {
		pools: &module.pools,
		module: Some(module),
		type_parameters: vec![None; module.pools.signatures.len()],
	};
	check.common()?;
	element(&module.pools.module_handles, module.self_module_handle)?;
	check.handles()?;
	check.module_tables(module)
}

/// Checks a script.
///
/// # Errors
/// As [`check_module`], where they apply.
pub fn check_script(script: &CompiledScript) -> VmResult<()> {
	let mut check = Bounds {
		pools: &script.pools,
		module: None,
		type_parameters: vec![None; script.pools.signatures.len()],
	};
	check.common()?;
	check.handles()?;
	check.function_instantiations()?;

	let type_parameters = script.type_parameters.len();
	let parameters = script.pools.signature(script.parameters)?.0.len();
	check.type_parameters(script.parameters, type_parameters)?;
	check.access_specifiers(script.access_specifiers.as_deref(), parameters)?;
	check.code(&script.code, type_parameters, parameters, None)
}

struct Bounds<'a> {
	pools: &'a Pools,
	/// `None` for a script.
	module: Option<&'a CompiledModule>,
	/// Type parameters that each signature needs, once known.
	type_parameters: Vec<Option<u32>>,
}

fn out_of_bounds(kind: IndexKind, index: u16) -> VmError {
	VmError::new(StatusCode::INDEX_OUT_OF_BOUNDS).at_index(kind, index)
}

/// The place of an element for errors. Tables have at most 65536 elements once deserialized.
fn place(index: usize) -> u16 {
	u16::try_from(index).unwrap_or(u16::MAX)
}

impl Bounds<'_> {
	fn common(&mut self) -> VmResult<()> {
		for signature in &self.pools.signatures {
			signature.0.iter().try_for_each(|token| self.token(token))?;
		}
		for constant in &self.pools.constants {
			self.token(&constant.type_)?;
		}
		self.pools
			.module_handles
			.iter()
			.try_for_each(|handle| self.module_handle(handle))
	}

	fn module_handle(&self, handle: &ModuleHandle) -> VmResult<()> {
		self.pools.address(handle.address)?;
		self.pools.identifier(handle.name)?;
		Ok(())
	}

	fn handles(&mut self) -> VmResult<()> {
		for handle in &self.pools.struct_handles {
			self.pools.module_handle(handle.module)?;
			self.pools.identifier(handle.name)?;
		}
		for handle in &self.pools.function_handles {
			self.function_handle(handle)?;
		}
		Ok(())
	}

	fn function_handle(&mut self, handle: &FunctionHandle) -> VmResult<()> {
		self.pools.module_handle(handle.module)?;
		self.pools.identifier(handle.name)?;
		let parameters = self.pools.signature(handle.parameters)?.0.len();
		self.pools.signature(handle.returns)?;
		let type_parameters = handle.type_parameters.len();
		self.type_parameters(handle.parameters, type_parameters)?;
		self.type_parameters(handle.returns, type_parameters)?;
		self.access_specifiers(handle.access_specifiers.as_deref(), parameters)
	}

	fn access_specifiers(
		&self,
		specifiers: Option<&[AccessSpecifier]>,
		parameters: usize,
	) -> VmResult<()> {
		for specifier in specifiers.unwrap_or_default() {
			match specifier.resource {
				ResourceSpecifier::Any => {}
				ResourceSpecifier::DeclaredAtAddress(address) => {
					self.pools.address(address)?;
				}
				ResourceSpecifier::DeclaredInModule(module) => {
					self.pools.module_handle(module)?;
				}
				ResourceSpecifier::Resource(handle) => {
					self.pools.struct_handle(handle)?;
				}
				ResourceSpecifier::ResourceInstantiation(handle, arguments) => {
					self.pools.struct_handle(handle)?;
					self.pools.signature(arguments)?;
				}
			}
			match specifier.address {
				AddressSpecifier::Any => {}
				AddressSpecifier::Literal(address) => {
					self.pools.address(address)?;
				}
				AddressSpecifier::Parameter(parameter, function) => {
					if usize::from(parameter) >= parameters {
						return Err(out_of_bounds(IndexKind::LocalPool, u16::from(parameter)));
					}
					if let Some(function) = function {
						self.pools.function_instantiation(function)?;
					}
				}
			}
		}
		Ok(())
	}

	fn function_instantiations(&self) -> VmResult<()> {
		for instantiation in &self.pools.function_instantiations {
			self.pools.function_handle(instantiation.handle)?;
			self.pools.signature(instantiation.type_arguments)?;
		}
		Ok(())
	}

	fn module_tables(&mut self, module: &CompiledModule) -> VmResult<()> {
		for handle in &module.field_handles {
			let fields = module.struct_def(handle.owner)?.fields();
			if usize::from(handle.field) >= fields.unwrap_or_default().len() {
				return Err(out_of_bounds(IndexKind::MemberCount, handle.field));
			}
		}
		for friend in &module.friend_declarations {
			self.module_handle(friend)?;
		}
		for instantiation in &module.struct_def_instantiations {
			module.struct_def(instantiation.def)?;
			self.pools.signature(instantiation.type_arguments)?;
		}
		self.function_instantiations()?;
		for instantiation in &module.field_instantiations {
			module.field_handle(instantiation.handle)?;
			self.pools.signature(instantiation.type_arguments)?;
		}
		for (index, def) in module.struct_defs.iter().enumerate() {
			self.struct_def(def, place(index))?;
		}
		for (index, def) in module.function_defs.iter().enumerate() {
			self.function_def(module, def, place(index))?;
		}
		for handle in &module.variant_field_handles {
			self.variant_field_handle(module, handle)?;
		}
		for handle in &module.struct_variant_handles {
			let variants = module.struct_def(handle.owner)?.variants();
			if usize::from(handle.variant) >= variants.unwrap_or_default().len() {
				return Err(out_of_bounds(IndexKind::MemberCount, handle.variant));
			}
		}
		for instantiation in &module.variant_field_instantiations {
			module.variant_field_handle(instantiation.handle)?;
			self.pools.signature(instantiation.type_arguments)?;
		}
		for instantiation in &module.struct_variant_instantiations {
			module.struct_variant_handle(instantiation.handle)?;
			self.pools.signature(instantiation.type_arguments)?;
		}
		Ok(())
	}

	fn variant_field_handle(
		&self,
		module: &CompiledModule,
		handle: &VariantFieldHandle,
	) -> VmResult<()> {
		let variants = module.struct_def(handle.owner)?.variants();
		for variant in &handle.variants {
			let variant = variants
				.unwrap_or_default()
				.get(usize::from(*variant))
				.ok_or_else(|| out_of_bounds(IndexKind::MemberCount, *variant))?;
			if usize::from(handle.field) >= variant.fields.len() {
				return Err(out_of_bounds(IndexKind::MemberCount, handle.field));
			}
		}
		Ok(())
	}

	fn struct_def(&self, def: &StructDefinition, index: u16) -> VmResult<()> {
		let handle = self.pools.struct_handle(def.struct_handle)?;
		let type_parameters = handle.type_parameters.len();
		match &def.field_information {
			StructFieldInformation::Native => Ok(()),
			StructFieldInformation::Declared(fields) => self.fields(fields, type_parameters),
			StructFieldInformation::DeclaredVariants(variants) => {
				for variant in variants {
					self.pools.identifier(variant.name)?;
					self.fields(&variant.fields, type_parameters)?;
				}
				if variants.is_empty() {
					return Err(VmError::new(StatusCode::ZERO_VARIANTS_ERROR)
						.at_index(IndexKind::StructDefinition, index));
				}
				Ok(())
			}
		}
	}

	fn fields(&self, fields: &[FieldDefinition], type_parameters: usize) -> VmResult<()> {
		for field in fields {
			self.pools.identifier(field.name)?;
			self.token(&field.type_)?;
			for part in field.type_.preorder() {
				if let SignatureToken::TypeParameter(index) = part {
					if usize::from(*index) >= type_parameters {
						return Err(out_of_bounds(IndexKind::TypeParameter, *index));
					}
				}
			}
		}
		Ok(())
	}

	fn function_def(
		&mut self,
		module: &CompiledModule,
		def: &FunctionDefinition,
		index: u16,
	) -> VmResult<()> {
		let handle = self.pools.function_handle(def.function)?;
		for acquired in &def.acquires {
			module.struct_def(*acquired)?;
		}
		let Some(code) = &def.code else {
			return Ok(());
		};
		let type_parameters = handle.type_parameters.len();
		let parameters = self.pools.signature(handle.parameters)?.0.len();
		self.code(code, type_parameters, parameters, Some(index))
	}

	/// Code of the function with this index, or of a script.
	fn code(
		&mut self,
		unit: &CodeUnit,
		type_parameters: usize,
		parameters: usize,
		function: Option<u16>,
	) -> VmResult<()> {
		let locals = self.pools.signature(unit.locals)?.0.len();
		let locals = locals.saturating_add(parameters);
		if locals > usize::from(LocalIndex::MAX) {
			return Err(VmError::new(StatusCode::TOO_MANY_LOCALS)
				.at_index(IndexKind::FunctionDefinition, function.unwrap_or(0)));
		}
		self.type_parameters(unit.locals, type_parameters)?;
		for (offset, instruction) in unit.code.iter().enumerate() {
			let at_offset = |error: VmError| match function {
				Some(function) => error.at_code_offset(function, place(offset)),
				None => error,
			};
			let arguments = self
				.operand(instruction, locals, unit.code.len())
				.map_err(at_offset)?;
			if let Some(arguments) = arguments {
				self.type_parameters(arguments, type_parameters)?;
			}
		}
		Ok(())
	}

	/// The signature, if any, whose type parameters are those of the enclosing function.
	fn operand(
		&self,
		instruction: &Bytecode,
		locals: usize,
		code_len: usize,
	) -> VmResult<Option<SignatureIndex>> {
		use Bytecode as B;

		// What only modules have: the verifier refuses it in scripts.
		macro_rules! in_module {
			($accessor:ident, $index:expr) => {
				match self.module {
					Some(module) => Some(module.$accessor($index)?),
					None => None,
				}
			};
		}
		macro_rules! arguments {
			($accessor:ident, $index:expr) => {
				in_module!($accessor, $index).map(|instantiation| instantiation.type_arguments)
			};
		}

		match instruction {
			B::LdConst(index) => {
				self.pools.constant(*index)?;
			}
			B::MutBorrowField(index) | B::ImmBorrowField(index) => {
				in_module!(field_handle, *index);
			}
			B::MutBorrowVariantField(index) | B::ImmBorrowVariantField(index) => {
				in_module!(variant_field_handle, *index);
			}
			B::MutBorrowFieldGeneric(index) | B::ImmBorrowFieldGeneric(index) => {
				return Ok(arguments!(field_instantiation, *index));
			}
			B::MutBorrowVariantFieldGeneric(index) | B::ImmBorrowVariantFieldGeneric(index) => {
				return Ok(arguments!(variant_field_instantiation, *index));
			}
			B::Call(index) => {
				self.pools.function_handle(*index)?;
			}
			B::CallGeneric(index) => {
				let instantiation = self.pools.function_instantiation(*index)?;
				return Ok(Some(instantiation.type_arguments));
			}
			B::Pack(index)
			| B::Unpack(index)
			| B::Exists(index)
			| B::ImmBorrowGlobal(index)
			| B::MutBorrowGlobal(index)
			| B::MoveFrom(index)
			| B::MoveTo(index) => {
				in_module!(struct_def, *index);
			}
			B::PackVariant(index) | B::UnpackVariant(index) | B::TestVariant(index) => {
				in_module!(struct_variant_handle, *index);
			}
			B::PackGeneric(index)
			| B::UnpackGeneric(index)
			| B::ExistsGeneric(index)
			| B::ImmBorrowGlobalGeneric(index)
			| B::MutBorrowGlobalGeneric(index)
			| B::MoveFromGeneric(index)
			| B::MoveToGeneric(index) => {
				return Ok(arguments!(struct_def_instantiation, *index));
			}
			B::PackVariantGeneric(index)
			| B::UnpackVariantGeneric(index)
			| B::TestVariantGeneric(index) => {
				return Ok(arguments!(struct_variant_instantiation, *index));
			}
			B::BrTrue(target) | B::BrFalse(target) | B::Branch(target) => {
				if usize::from(*target) >= code_len {
					return Err(out_of_bounds(IndexKind::CodeDefinition, *target));
				}
			}
			B::CopyLoc(local)
			| B::MoveLoc(local)
			| B::StLoc(local)
			| B::MutBorrowLoc(local)
			| B::ImmBorrowLoc(local) => {
				if usize::from(*local) >= locals {
					return Err(out_of_bounds(IndexKind::LocalPool, u16::from(*local)));
				}
			}
			B::VecPack(index, _)
			| B::VecLen(index)
			| B::VecImmBorrow(index)
			| B::VecMutBorrow(index)
			| B::VecPushBack(index)
			| B::VecPopBack(index)
			| B::VecUnpack(index, _)
			| B::VecSwap(index) => {
				self.pools.signature(*index)?;
				return Ok(Some(*index));
			}
			B::Pop
			| B::Ret
			| B::LdU8(_)
			| B::LdU16(_)
			| B::LdU32(_)
			| B::LdU64(_)
			| B::LdU128(_)
			| B::LdU256(_)
			| B::CastU8
			| B::CastU16
			| B::CastU32
			| B::CastU64
			| B::CastU128
			| B::CastU256
			| B::LdTrue
			| B::LdFalse
			| B::ReadRef
			| B::WriteRef
			| B::FreezeRef
			| B::Add
			| B::Sub
			| B::Mul
			| B::Mod
			| B::Div
			| B::BitOr
			| B::BitAnd
			| B::Xor
			| B::Or
			| B::And
			| B::Not
			| B::Eq
			| B::Neq
			| B::Lt
			| B::Gt
			| B::Le
			| B::Ge
			| B::Abort
			| B::Nop
			| B::Shl
			| B::Shr => {}
		}
		Ok(None)
	}

	/// The structs in a type, and the number of their type arguments.
	fn token(&self, token: &SignatureToken) -> VmResult<()> {
		for part in token.preorder() {
			let (index, arguments) = match part {
				SignatureToken::Struct(index) => (*index, 0),
				SignatureToken::StructInstantiation(index, arguments) => (*index, arguments.len()),
				SignatureToken::Bool
				| SignatureToken::U8
				| SignatureToken::U16
				| SignatureToken::U32
				| SignatureToken::U64
				| SignatureToken::U128
				| SignatureToken::U256
				| SignatureToken::Address
				| SignatureToken::Signer
				| SignatureToken::Vector(_)
				| SignatureToken::Reference(_)
				| SignatureToken::MutableReference(_)
				| SignatureToken::TypeParameter(_) => continue,
			};
			if self.pools.struct_handle(index)?.type_parameters.len() != arguments {
				return Err(VmError::new(StatusCode::NUMBER_OF_TYPE_ARGUMENTS_MISMATCH)
					.at_index(IndexKind::StructHandle, index.number()));
			}
		}
		Ok(())
	}

	/// That a signature which is in bounds needs at most `count` type parameters.
	fn type_parameters(&mut self, index: SignatureIndex, count: usize) -> VmResult<()> {
		let signature = self.pools.signature(index)?;
		let needed = self
			.type_parameters
			.get_mut(index.as_usize())
			.ok_or_else(|| out_of_bounds(IndexKind::Signature, index.number()))?
			.get_or_insert_with(|| {
				let parts = signature.0.iter().flat_map(SignatureToken::preorder);
				parts
					.filter_map(|part| match part {
						SignatureToken::TypeParameter(index) => {
							Some(u32::from(*index).saturating_add(1))
						}
						_ => None,
					})
					.max()
					.unwrap_or(0)
			});
		if u64::from(*needed) > u64::try_from(count).unwrap_or(u64::MAX) {
			let largest = u16::try_from(needed.saturating_sub(1)).unwrap_or(u16::MAX);
			return Err(out_of_bounds(IndexKind::TypeParameter, largest));
		}
		Ok(())
	}
}
