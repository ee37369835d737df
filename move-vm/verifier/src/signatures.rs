//! Types are well formed: references only at the top, the right number of type arguments, and each
//! argument has the abilities that its parameter asks for.
//!
//! Whether a type is well formed depends on the abilities of the type parameters in it, which differ
//! from function to function. So each type is looked at once, without a context, and yields what it
//! [requires](Requirements) of the type parameters; each place of use then compares two bit sets.
//! That keeps the pass linear in the size of the module although code may name the same
//! instantiation thousands of times.
//!
//! The order of checks is that of the second signature checker of Aptos: the pool, instantiations,
//! function handles, code, structs. Like there, an instruction on global storage asks its generic
//! struct for `key` here and not only in the type checker.

use alloc::{collections::BTreeMap, vec::Vec};

use move_vm_binary_format::{
	index::{SignatureIndex, StructDefInstantiationIndex, StructDefinitionIndex, TableIndex},
	module::{CodeUnit, StructHandle},
	Binary, Bytecode, CompiledModule, Pools, SignatureToken,
};
use move_vm_types::{Ability, AbilitySet, IndexKind, StatusCode, VmError, VmResult};

use crate::{fields, limits::MAX_TYPE_PARAMETERS, meter::Meter, table_index};

/// Bits of an ability set.
const BITS: u16 = 4;
const _: () = assert!(
	MAX_TYPE_PARAMETERS * BITS == 128,
	"a u128 holds all requirements"
);

/// The version since which the signatures of instructions on global storage ask for `key`.
const VERSION_RESOURCE_SIGNATURES: u32 = 7;

/// What types require of the type parameters in them, or what type parameters offer: an ability set
/// for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Requirements(u128);

impl Requirements {
	/// What type parameters with these constraints offer.
	pub(crate) fn offered(
		constraints: impl IntoIterator<Item = AbilitySet>,
	) -> VmResult<Requirements> {
		let mut offered = Self::default();
		for (place, constraint) in constraints.into_iter().enumerate() {
			offered.add(table_index(place), constraint)?;
		}
		Ok(offered)
	}

	fn add(&mut self, parameter: u16, abilities: AbilitySet) -> VmResult<()> {
		let bits = u128::from(abilities.bits())
			.checked_shl(u32::from(parameter.saturating_mul(BITS)))
			.ok_or_else(|| VmError::new(StatusCode::TOO_MANY_TYPE_PARAMETERS))?;
		self.0 |= bits;
		Ok(())
	}

	fn merge(&mut self, other: Self) {
		self.0 |= other.0;
	}

	/// Fails unless `offered` has all that is required.
	///
	/// # Errors
	/// `CONSTRAINT_NOT_SATISFIED`.
	pub(crate) fn check(self, offered: Self) -> VmResult<()> {
		if self.0 & !offered.0 == 0 {
			Ok(())
		} else {
			Err(unsatisfied())
		}
	}
}

fn unsatisfied() -> VmError {
	VmError::new(StatusCode::CONSTRAINT_NOT_SATISFIED)
}

fn reference_not_allowed() -> VmError {
	VmError::new(StatusCode::INVALID_SIGNATURE_TOKEN).with_message("reference not allowed")
}

fn check_arity(parameters: usize, arguments: usize) -> VmResult<()> {
	if parameters == arguments {
		Ok(())
	} else {
		Err(VmError::new(StatusCode::NUMBER_OF_TYPE_ARGUMENTS_MISMATCH))
	}
}

/// Checks all types of a module or script.
///
/// # Errors
/// `INVALID_SIGNATURE_TOKEN`, `NUMBER_OF_TYPE_ARGUMENTS_MISMATCH`, `CONSTRAINT_NOT_SATISFIED`;
/// for fields also `FIELD_MISSING_TYPE_ABILITY` and `INVALID_PHANTOM_TYPE_PARAM_POSITION`.
pub fn verify(binary: Binary, meter: &mut Meter) -> VmResult<()> {
	let mut checker = Checker::new(binary, meter)?;
	match binary {
		Binary::Module(module) => {
			checker.instantiations(module, meter)?;
			checker.function_handles(meter)?;
			checker.function_definitions(module, meter)?;
			fields::verify(module, &mut checker, meter)
		}
		Binary::Script(script) => {
			checker.function_handles(meter)?;
			let offered = Requirements::offered(script.type_parameters.iter().copied())?;
			checker.required_by(script.parameters)?.check(offered)?;
			checker.code(offered, &script.code, meter)
		}
	}
}

/// What is known of the types of a module or script.
pub(crate) struct Checker<'a> {
	pools: &'a Pools,
	module: Option<&'a CompiledModule>,
	/// What each signature of the pool requires.
	signatures: Vec<Requirements>,
	/// What each function instantiation requires.
	functions: Vec<Requirements>,
	/// What each struct instantiation, field and variant requires.
	structs: Vec<Requirements>,
	fields: Vec<Requirements>,
	variants: Vec<Requirements>,
	variant_fields: Vec<Requirements>,
	/// What struct instantiations in global storage require, as far as it has been asked.
	resources: BTreeMap<StructDefInstantiationIndex, Requirements>,
	/// What larger type arguments require, by signature, place and the abilities that are asked for.
	arguments: BTreeMap<(SignatureIndex, u16, AbilitySet), Requirements>,
	/// Types still to be looked at: the type, whether it may be a reference, what it must have.
	pending: Vec<(&'a SignatureToken, bool, AbilitySet)>,
}

impl<'a> Checker<'a> {
	/// A checker that has looked at the pool of signatures and at the function instantiations.
	fn new(binary: Binary<'a>, meter: &mut Meter) -> VmResult<Self> {
		let mut checker = Self {
			pools: binary.pools(),
			module: match binary {
				Binary::Module(module) => Some(module),
				Binary::Script(_) => None,
			},
			signatures: Vec::new(),
			functions: Vec::new(),
			structs: Vec::new(),
			fields: Vec::new(),
			variants: Vec::new(),
			variant_fields: Vec::new(),
			resources: BTreeMap::new(),
			arguments: BTreeMap::new(),
			pending: Vec::new(),
		};
		for (place, signature) in checker.pools.signatures.iter().enumerate() {
			meter.charge(1)?;
			let mut required = Requirements::default();
			for token in &signature.0 {
				// References are allowed, since it may be a list of parameters or locals. Where it is
				// one of type arguments their top is looked at again.
				checker
					.check_type(token, true, AbilitySet::EMPTY, &mut required, meter)
					.map_err(|e| e.at_index(IndexKind::Signature, table_index(place)))?;
			}
			checker.signatures.push(required);
		}
		for (place, instantiation) in checker.pools.function_instantiations.iter().enumerate() {
			let place = table_index(place);
			let handle = checker.pools.function_handle(instantiation.handle)?;
			let constraints = handle.type_parameters.iter().copied();
			let required = checker
				.type_arguments(constraints, instantiation.type_arguments, meter)
				.map_err(|e| e.at_index(IndexKind::FunctionInstantiation, place))?;
			checker.functions.push(required);
		}
		Ok(checker)
	}

	/// Adds to `required` what `token` requires in order to be well formed and to have `abilities`.
	///
	/// # Errors
	/// `INVALID_SIGNATURE_TOKEN`, `NUMBER_OF_TYPE_ARGUMENTS_MISMATCH`, `CONSTRAINT_NOT_SATISFIED`.
	pub(crate) fn check_type(
		&mut self,
		token: &'a SignatureToken,
		allow_reference: bool,
		abilities: AbilitySet,
		required: &mut Requirements,
		meter: &mut Meter,
	) -> VmResult<()> {
		self.pending.clear();
		self.pending.push((token, allow_reference, abilities));
		while let Some((token, allow_reference, abilities)) = self.pending.pop() {
			meter.charge(1)?;
			let has = match token {
				SignatureToken::TypeParameter(index) => {
					required.add(*index, abilities)?;
					continue;
				}
				SignatureToken::Signer => AbilitySet::SIGNER,
				SignatureToken::Reference(_) | SignatureToken::MutableReference(_) => {
					if !allow_reference {
						return Err(reference_not_allowed());
					}
					AbilitySet::REFERENCES
				}
				SignatureToken::Vector(_) => AbilitySet::VECTOR,
				SignatureToken::Struct(index) | SignatureToken::StructInstantiation(index, _) => {
					self.pools.struct_handle(*index)?.abilities
				}
				SignatureToken::Bool
				| SignatureToken::U8
				| SignatureToken::U16
				| SignatureToken::U32
				| SignatureToken::U64
				| SignatureToken::U128
				| SignatureToken::U256
				| SignatureToken::Address => AbilitySet::PRIMITIVES,
			};
			if !abilities.is_subset(has) {
				return Err(unsatisfied());
			}
			match token {
				SignatureToken::Reference(inner) | SignatureToken::MutableReference(inner) => {
					self.pending.push((inner, false, AbilitySet::EMPTY));
				}
				SignatureToken::Vector(inner) => {
					self.pending.push((inner, false, abilities.requires()));
				}
				SignatureToken::Struct(index) => {
					check_arity(self.pools.struct_handle(*index)?.type_parameters.len(), 0)?;
				}
				SignatureToken::StructInstantiation(index, arguments) => {
					let handle = self.pools.struct_handle(*index)?;
					check_arity(handle.type_parameters.len(), arguments.len())?;
					let constraints = constraints(handle, abilities);
					self.pending.extend(
						constraints
							.zip(arguments)
							.map(|(constraint, argument)| (argument, false, constraint))
							.rev(),
					);
				}
				_ => {}
			}
		}
		Ok(())
	}

	/// What the types of a signature in the pool require.
	fn required_by(&self, index: SignatureIndex) -> VmResult<Requirements> {
		known(&self.signatures, index)
	}

	/// What a list of type arguments requires, given what is asked of each.
	fn type_arguments(
		&mut self,
		constraints: impl ExactSizeIterator<Item = AbilitySet>,
		index: SignatureIndex,
		meter: &mut Meter,
	) -> VmResult<Requirements> {
		let arguments = &self.pools.signature(index)?.0;
		check_arity(constraints.len(), arguments.len())?;
		meter.charge_count(arguments.len())?;
		let mut required = Requirements::default();
		for (place, (argument, abilities)) in arguments.iter().zip(constraints).enumerate() {
			// The pool was checked with references allowed.
			if argument.is_reference() {
				return Err(reference_not_allowed());
			}
			if argument.children().is_empty() {
				self.check_type(argument, false, abilities, &mut required, meter)
					.map_err(|e| e.at_index(IndexKind::Signature, index.0))?;
				continue;
			}
			let key = (index, table_index(place), abilities);
			let found = match self.arguments.get(&key) {
				Some(found) => *found,
				None => {
					let mut found = Requirements::default();
					self.check_type(argument, false, abilities, &mut found, meter)
						.map_err(|e| e.at_index(IndexKind::Signature, index.0))?;
					self.arguments.insert(key, found);
					found
				}
			};
			required.merge(found);
		}
		Ok(required)
	}

	/// What a struct of this module with type arguments requires in order to have `abilities`.
	fn struct_arguments(
		&mut self,
		module: &'a CompiledModule,
		def: StructDefinitionIndex,
		arguments: SignatureIndex,
		abilities: AbilitySet,
		meter: &mut Meter,
	) -> VmResult<Requirements> {
		let handle = self
			.pools
			.struct_handle(module.struct_def(def)?.struct_handle)?;
		check_arity(
			handle.type_parameters.len(),
			self.pools.signature(arguments)?.0.len(),
		)?;
		if !abilities.is_subset(handle.abilities) {
			return Err(unsatisfied());
		}
		self.type_arguments(constraints(handle, abilities), arguments, meter)
	}

	/// Looks at the instantiations of structs, fields and variants.
	fn instantiations(&mut self, module: &'a CompiledModule, meter: &mut Meter) -> VmResult<()> {
		let none = AbilitySet::EMPTY;
		for (place, item) in module.struct_def_instantiations.iter().enumerate() {
			let required = self
				.struct_arguments(module, item.def, item.type_arguments, none, meter)
				.map_err(|e| e.at_index(IndexKind::StructDefInstantiation, table_index(place)))?;
			self.structs.push(required);
		}
		for (place, item) in module.field_instantiations.iter().enumerate() {
			let owner = module.field_handle(item.handle)?.owner;
			let required = self
				.struct_arguments(module, owner, item.type_arguments, none, meter)
				.map_err(|e| e.at_index(IndexKind::FieldInstantiation, table_index(place)))?;
			self.fields.push(required);
		}
		for (place, item) in module.struct_variant_instantiations.iter().enumerate() {
			let owner = module.struct_variant_handle(item.handle)?.owner;
			let kind = IndexKind::StructVariantInstantiation;
			let required = self
				.struct_arguments(module, owner, item.type_arguments, none, meter)
				.map_err(|e| e.at_index(kind, table_index(place)))?;
			self.variants.push(required);
		}
		for (place, item) in module.variant_field_instantiations.iter().enumerate() {
			let owner = module.variant_field_handle(item.handle)?.owner;
			let kind = IndexKind::VariantFieldInstantiation;
			let required = self
				.struct_arguments(module, owner, item.type_arguments, none, meter)
				.map_err(|e| e.at_index(kind, table_index(place)))?;
			self.variant_fields.push(required);
		}
		Ok(())
	}

	/// What a struct instantiation in global storage requires. Before version 7 `key` is left to type
	/// safety, which has a status and a place for it: the same code is refused.
	fn resource(
		&mut self,
		index: StructDefInstantiationIndex,
		meter: &mut Meter,
	) -> VmResult<Requirements> {
		if let Some(required) = self.resources.get(&index) {
			return Ok(*required);
		}
		let module = self
			.module
			.ok_or_else(|| VmError::new(StatusCode::INVALID_OPERATION_IN_SCRIPT))?;
		if module.version < VERSION_RESOURCE_SIGNATURES {
			return known(&self.structs, index);
		}
		let item = module.struct_def_instantiation(index)?;
		let key = AbilitySet::singleton(Ability::Key);
		let required = self
			.struct_arguments(module, item.def, item.type_arguments, key, meter)
			.map_err(|e| e.at_index(IndexKind::StructDefInstantiation, index.0))?;
		self.resources.insert(index, required);
		Ok(required)
	}

	fn function_handles(&self, meter: &mut Meter) -> VmResult<()> {
		for (place, handle) in self.pools.function_handles.iter().enumerate() {
			meter.charge_count(handle.type_parameters.len().saturating_add(1))?;
			let offered = Requirements::offered(handle.type_parameters.iter().copied())?;
			self.required_by(handle.parameters)?
				.check(offered)
				.and_then(|()| self.required_by(handle.returns)?.check(offered))
				.map_err(|e| e.at_index(IndexKind::FunctionHandle, table_index(place)))?;
		}
		Ok(())
	}

	fn function_definitions(
		&mut self,
		module: &'a CompiledModule,
		meter: &mut Meter,
	) -> VmResult<()> {
		for (place, def) in module.function_defs.iter().enumerate() {
			if let Some(unit) = &def.code {
				let handle = self.pools.function_handle(def.function)?;
				let offered = Requirements::offered(handle.type_parameters.iter().copied())?;
				self.code(offered, unit, meter)
					.map_err(|e| e.at_index(IndexKind::FunctionDefinition, table_index(place)))?;
			}
		}
		Ok(())
	}

	/// Checks the locals and the instructions that have type arguments.
	fn code(&mut self, offered: Requirements, unit: &CodeUnit, meter: &mut Meter) -> VmResult<()> {
		self.required_by(unit.locals)?
			.check(offered)
			.map_err(|e| e.at_index(IndexKind::Signature, unit.locals.0))?;
		meter.charge_count(unit.code.len())?;
		for instruction in &unit.code {
			use Bytecode as B;
			let required = match instruction {
				B::CallGeneric(index) => known(&self.functions, *index)?,
				B::PackGeneric(index) | B::UnpackGeneric(index) => known(&self.structs, *index)?,
				B::PackVariantGeneric(index)
				| B::UnpackVariantGeneric(index)
				| B::TestVariantGeneric(index) => known(&self.variants, *index)?,
				B::ExistsGeneric(index)
				| B::MoveFromGeneric(index)
				| B::MoveToGeneric(index)
				| B::ImmBorrowGlobalGeneric(index)
				| B::MutBorrowGlobalGeneric(index) => self.resource(*index, meter)?,
				B::ImmBorrowFieldGeneric(index) | B::MutBorrowFieldGeneric(index) => {
					known(&self.fields, *index)?
				}
				B::ImmBorrowVariantFieldGeneric(index) | B::MutBorrowVariantFieldGeneric(index) => {
					known(&self.variant_fields, *index)?
				}
				B::VecPack(index, _)
				| B::VecLen(index)
				| B::VecImmBorrow(index)
				| B::VecMutBorrow(index)
				| B::VecPushBack(index)
				| B::VecPopBack(index)
				| B::VecUnpack(index, _)
				| B::VecSwap(index) => {
					let arguments = &self.pools.signature(*index)?.0;
					check_arity(1, arguments.len())?;
					if arguments.iter().any(SignatureToken::is_reference) {
						return Err(reference_not_allowed());
					}
					self.required_by(*index)?
				}
				_ => continue,
			};
			required.check(offered)?;
		}
		Ok(())
	}
}

/// What the type arguments of a struct must have for the struct to be well formed and to have
/// `abilities`.
fn constraints(
	handle: &StructHandle,
	abilities: AbilitySet,
) -> impl DoubleEndedIterator<Item = AbilitySet> + ExactSizeIterator + '_ {
	handle.type_parameters.iter().map(move |parameter| {
		if parameter.is_phantom {
			parameter.constraints
		} else {
			parameter.constraints.union(abilities.requires())
		}
	})
}

fn known<I: TableIndex>(table: &[Requirements], index: I) -> VmResult<Requirements> {
	table
		.get(usize::from(index.number()))
		.copied()
		.ok_or_else(|| {
			VmError::new(StatusCode::INDEX_OUT_OF_BOUNDS).at_index(I::KIND, index.number())
		})
}
