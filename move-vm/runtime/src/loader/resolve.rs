//! Types, their abilities and their layouts: from what units and tags say to what the session's
//! table of types has.

use alloc::{rc::Rc, vec::Vec};

use move_vm_types::{
	AbilitySet, AccountAddress, StatusCode, StructTag, TypeTag, VmError, VmResult,
};

use super::{
	cursor::{corrupt, Cursor},
	types::{StructDefinition, StructId, Type, TypeListId},
	unit::{self, token, Fields, Table, Unit},
	Chain, Loader, NONE,
};
use crate::{
	gas::schedule,
	values::{Layout, TypeId, VectorKind, MAX_VALUE_DEPTH},
};

/// Bytes that count for a type's layout, of which a struct's fields were paid for by its module.
const LAYOUT_BYTES: usize = 256;

impl Loader {
	/// The types of a signature, with these type arguments.
	pub(crate) fn signature(
		&mut self,
		chain: &mut Chain<'_>,
		unit: &Unit,
		unit_index: u32,
		signature: u16,
		arguments: &[TypeId],
	) -> VmResult<Vec<TypeId>> {
		let mut cursor = unit.entry(Table::Signatures, signature)?;
		let mut list = Vec::new();
		for _ in 0..cursor.length()? {
			list.push(self.type_at(chain, unit, unit_index, &mut cursor, arguments, 0)?);
		}
		Ok(list)
	}

	/// The type at a place of a unit's bytes. Recursion is bounded by `depth`.
	fn type_at(
		&mut self,
		chain: &mut Chain<'_>,
		unit: &Unit,
		unit_index: u32,
		cursor: &mut Cursor<'_>,
		arguments: &[TypeId],
		depth: u16,
	) -> VmResult<TypeId> {
		if depth > self.limits.type_depth {
			return Err(VmError::new(StatusCode::VM_MAX_TYPE_DEPTH_REACHED));
		}
		chain.gas.charge(schedule::TYPE_NODE)?;
		let inner = depth.saturating_add(1);
		let type_ = match cursor.u8()? {
			token::BOOL => Type::Bool,
			token::U8 => Type::U8,
			token::U16 => Type::U16,
			token::U32 => Type::U32,
			token::U64 => Type::U64,
			token::U128 => Type::U128,
			token::U256 => Type::U256,
			token::ADDRESS => Type::Address,
			token::SIGNER => Type::Signer,
			token::VECTOR => {
				Type::Vector(self.type_at(chain, unit, unit_index, cursor, arguments, inner)?)
			}
			token::REFERENCE => {
				Type::Reference(self.type_at(chain, unit, unit_index, cursor, arguments, inner)?)
			}
			token::MUTABLE_REFERENCE => Type::MutableReference(
				self.type_at(chain, unit, unit_index, cursor, arguments, inner)?,
			),
			token::TYPE_PARAMETER => {
				let index = usize::from(cursor.index()?);
				return arguments.get(index).copied().ok_or_else(corrupt);
			}
			token::STRUCT => {
				let id = self.struct_id(unit, unit_index, cursor.index()?)?;
				Type::Struct(id, TypeListId::EMPTY)
			}
			token::STRUCT_INSTANTIATION => {
				let id = self.struct_id(unit, unit_index, cursor.index()?)?;
				let mut list = Vec::new();
				for _ in 0..cursor.length()? {
					list.push(self.type_at(chain, unit, unit_index, cursor, arguments, inner)?);
				}
				Type::Struct(id, self.types.intern_list(&list)?)
			}
			_ => return Err(corrupt()),
		};
		if !matches!(
			type_,
			Type::Bool | Type::U8 | Type::U64 | Type::U128 | Type::Address
		) {
			chain.gas.charge(schedule::TYPE)?;
		}
		self.types.intern(type_)
	}

	/// The struct that a handle of a unit names.
	pub(super) fn struct_id(
		&mut self,
		unit: &Unit,
		unit_index: u32,
		handle: u16,
	) -> VmResult<StructId> {
		let slot = usize::from(handle);
		match self.state(unit_index)?.structs.get(slot) {
			None => return Err(corrupt()),
			Some(&NONE) => {}
			Some(known) => return Ok(StructId(*known)),
		}
		let mut cursor = unit.entry(Table::StructHandles, handle)?;
		let module = unit.module_id(cursor.index()?)?;
		let name = unit.name(cursor.index()?)?;
		let id = self.types.intern_struct(module, name)?;
		if let Some(known) = self.state_mut(unit_index)?.structs.get_mut(slot) {
			*known = id.0;
		}
		Ok(id)
	}

	/// The definition of a struct, its module loaded if it was not yet.
	///
	/// # Errors
	/// `LINKER_ERROR` if there is no such module, `TYPE_RESOLUTION_FAILURE` if it has no such
	/// struct.
	fn definition(&mut self, chain: &mut Chain<'_>, id: StructId) -> VmResult<StructDefinition> {
		let info = self.types.struct_info(id)?;
		if let Some(definition) = &info.definition {
			return Ok(definition.clone());
		}
		let (module, name) = (info.module.clone(), info.name.clone());
		let unit_index = self.module(chain, &module)?;
		let unit = self.unit(unit_index)?.clone();
		chain.gas.charge_for(
			schedule::COMPARE_NAME,
			usize::from(unit.count(Table::StructDefs)),
		)?;
		let index = unit
			.find_struct(name.as_bytes())?
			.ok_or_else(|| VmError::new(StatusCode::TYPE_RESOLUTION_FAILURE))?;
		let mut cursor = unit.entry(
			Table::StructHandles,
			unit.entry(Table::StructDefs, index)?.index()?,
		)?;
		cursor.skip_ulebs(2)?;
		let abilities = unit::abilities(&mut cursor)?;
		let mut parameters = Vec::new();
		for _ in 0..cursor.length()? {
			parameters.push((unit::abilities(&mut cursor)?, cursor.u8()? != 0));
		}
		let definition = StructDefinition {
			unit: unit_index,
			index,
			abilities,
			parameters: parameters.into(),
		};
		self.types.define_struct(id, definition.clone())?;
		Ok(definition)
	}

	/// The abilities of a type. Recursion is bounded by the type's depth.
	pub(crate) fn abilities(&mut self, chain: &mut Chain<'_>, id: TypeId) -> VmResult<AbilitySet> {
		chain.gas.charge(schedule::TYPE_NODE)?;
		Ok(match self.types.get(id)? {
			Type::Bool
			| Type::U8
			| Type::U16
			| Type::U32
			| Type::U64
			| Type::U128
			| Type::U256
			| Type::Address => AbilitySet::PRIMITIVES,
			Type::Signer => AbilitySet::SIGNER,
			Type::Reference(_) | Type::MutableReference(_) => AbilitySet::REFERENCES,
			Type::Vector(inner) => AbilitySet::polymorphic(
				AbilitySet::VECTOR,
				[(false, self.abilities(chain, inner)?)],
			),
			Type::Struct(id, arguments) => {
				let definition = self.definition(chain, id)?;
				let arguments = self.types.list(arguments)?.clone();
				let mut set = definition.abilities;
				for ((_, is_phantom), argument) in
					definition.parameters.iter().zip(arguments.iter())
				{
					if !is_phantom {
						let argument = self.abilities(chain, *argument)?;
						set = AbilitySet::polymorphic(set, [(false, argument)]);
					}
				}
				set
			}
		})
	}

	/// The type that a tag names. Recursion is bounded by that of tags.
	///
	/// # Errors
	/// `LINKER_ERROR`, `TYPE_RESOLUTION_FAILURE`, `NUMBER_OF_TYPE_ARGUMENTS_MISMATCH`,
	/// `CONSTRAINT_NOT_SATISFIED`, and those of the limits.
	pub(crate) fn type_of_tag(&mut self, chain: &mut Chain<'_>, tag: &TypeTag) -> VmResult<TypeId> {
		chain.gas.charge(schedule::TYPE)?;
		let type_ = match tag {
			TypeTag::Bool => Type::Bool,
			TypeTag::U8 => Type::U8,
			TypeTag::U16 => Type::U16,
			TypeTag::U32 => Type::U32,
			TypeTag::U64 => Type::U64,
			TypeTag::U128 => Type::U128,
			TypeTag::U256 => Type::U256,
			TypeTag::Address => Type::Address,
			TypeTag::Signer => Type::Signer,
			TypeTag::Vector(element) => Type::Vector(self.type_of_tag(chain, element)?),
			TypeTag::Struct(tag) => return self.type_of_struct_tag(chain, tag),
		};
		self.types.intern(type_)
	}

	/// The type that a struct's tag names.
	///
	/// # Errors
	/// As [`Loader::type_of_tag`].
	pub(crate) fn type_of_struct_tag(
		&mut self,
		chain: &mut Chain<'_>,
		tag: &StructTag,
	) -> VmResult<TypeId> {
		let id = self
			.types
			.intern_struct(tag.module_id(), tag.name.clone())?;
		let definition = self.definition(chain, id)?;
		let mut list = Vec::new();
		for argument in &tag.type_arguments {
			list.push(self.type_of_tag(chain, argument)?);
		}
		let constraints: Vec<_> = definition
			.parameters
			.iter()
			.map(|(constraint, _)| *constraint)
			.collect();
		self.check_constraints(chain, &constraints, &list)?;
		let list = self.types.intern_list(&list)?;
		self.types.intern(Type::Struct(id, list))
	}

	/// Checks type arguments from outside.
	///
	/// # Errors
	/// `NUMBER_OF_TYPE_ARGUMENTS_MISMATCH`, `CONSTRAINT_NOT_SATISFIED`.
	pub(crate) fn check_constraints(
		&mut self,
		chain: &mut Chain<'_>,
		constraints: &[AbilitySet],
		arguments: &[TypeId],
	) -> VmResult<()> {
		if constraints.len() != arguments.len() {
			return Err(VmError::new(StatusCode::NUMBER_OF_TYPE_ARGUMENTS_MISMATCH));
		}
		for (constraint, argument) in constraints.iter().zip(arguments) {
			if !constraint.is_subset(self.abilities(chain, *argument)?) {
				return Err(VmError::new(StatusCode::CONSTRAINT_NOT_SATISFIED));
			}
		}
		Ok(())
	}

	/// How a vector stores elements of a type.
	#[inline]
	pub(crate) fn vector_kind(&self, element: TypeId) -> VmResult<VectorKind> {
		Ok(match self.types.get(element)? {
			Type::Bool => VectorKind::Bool,
			Type::U8 => VectorKind::U8,
			Type::U16 => VectorKind::U16,
			Type::U32 => VectorKind::U32,
			Type::U64 => VectorKind::U64,
			Type::U128 => VectorKind::U128,
			Type::U256 => VectorKind::U256,
			Type::Address => VectorKind::Address,
			_ => VectorKind::Other,
		})
	}

	/// How a vector stores elements of the only type of a signature; `None` if it depends on type
	/// arguments.
	pub(crate) fn scalar_element(
		&self,
		unit: &Unit,
		signature: u16,
	) -> VmResult<Option<VectorKind>> {
		let mut cursor = unit.entry(Table::Signatures, signature)?;
		cursor.length()?;
		Ok(Some(match cursor.u8()? {
			token::BOOL => VectorKind::Bool,
			token::U8 => VectorKind::U8,
			token::U16 => VectorKind::U16,
			token::U32 => VectorKind::U32,
			token::U64 => VectorKind::U64,
			token::U128 => VectorKind::U128,
			token::U256 => VectorKind::U256,
			token::ADDRESS => VectorKind::Address,
			token::TYPE_PARAMETER => return Ok(None),
			_ => VectorKind::Other,
		}))
	}

	/// The layout of a type.
	///
	/// # Errors
	/// `VM_MAX_VALUE_DEPTH_REACHED`; `INTERNAL_TYPE_ERROR` for a reference.
	pub(crate) fn layout(&mut self, chain: &mut Chain<'_>, id: TypeId) -> VmResult<Layout> {
		self.layout_at(chain, id, 1)
	}

	/// Recursion is bounded by `depth`.
	fn layout_at(&mut self, chain: &mut Chain<'_>, id: TypeId, depth: u8) -> VmResult<Layout> {
		let type_ = self.types.get(id)?;
		match type_ {
			Type::Bool => return Ok(Layout::BOOL),
			Type::U8 => return Ok(Layout::U8),
			Type::U16 => return Ok(Layout::U16),
			Type::U32 => return Ok(Layout::U32),
			Type::U64 => return Ok(Layout::U64),
			Type::U128 => return Ok(Layout::U128),
			Type::U256 => return Ok(Layout::U256),
			Type::Address => return Ok(Layout::ADDRESS),
			Type::Signer => return Ok(Layout::SIGNER),
			_ => {}
		}
		chain.gas.charge(schedule::TYPE_NODE)?;
		if let Some(layout) = self.layouts.get(&id) {
			return Ok(layout.clone());
		}
		if depth >= MAX_VALUE_DEPTH {
			return Err(VmError::new(StatusCode::VM_MAX_VALUE_DEPTH_REACHED));
		}
		let inner = depth.saturating_add(1);
		let layout = match type_ {
			Type::Vector(element) => Layout::vector(self.layout_at(chain, element, inner)?)?,
			Type::Struct(id, arguments) => {
				let definition = self.definition(chain, id)?;
				let unit = self.unit(definition.unit)?.clone();
				let arguments = self.types.list(arguments)?.clone();
				let mut layouts = |types: &[u32]| {
					let mut fields = Vec::with_capacity(types.len());
					for type_ in types {
						let field = self.type_at(
							chain,
							&unit,
							definition.unit,
							&mut unit.at(*type_),
							&arguments,
							0,
						)?;
						fields.push(self.layout_at(chain, field, inner)?);
					}
					Ok::<_, VmError>(fields)
				};
				match unit.fields(definition.index)? {
					Fields::Struct(fields) => Layout::structure(layouts(&fields)?)?,
					Fields::Enum(variants) => Layout::enumeration(
						variants
							.iter()
							.map(|fields| layouts(fields))
							.collect::<VmResult<_>>()?,
					)?,
				}
			}
			_ => return Err(VmError::new(StatusCode::INTERNAL_TYPE_ERROR)),
		};
		self.hold(LAYOUT_BYTES)?;
		self.layouts.insert(id, layout.clone());
		Ok(layout)
	}

	/// The types of a struct's fields; `None` if it is an enum or no struct.
	pub(crate) fn struct_fields(
		&mut self,
		chain: &mut Chain<'_>,
		id: TypeId,
	) -> VmResult<Option<Vec<TypeId>>> {
		let Type::Struct(id, arguments) = self.types.get(id)? else {
			return Ok(None);
		};
		let definition = self.definition(chain, id)?;
		let unit = self.unit(definition.unit)?.clone();
		let Fields::Struct(fields) = unit.fields(definition.index)? else {
			return Ok(None);
		};
		let arguments = self.types.list(arguments)?.clone();
		chain.gas.charge_for(schedule::TYPE_NODE, fields.len())?;
		let field = |place: u32| {
			let mut at = unit.at(place);
			self.type_at(chain, &unit, definition.unit, &mut at, &arguments, 0)
		};
		fields
			.into_iter()
			.map(field)
			.collect::<VmResult<_>>()
			.map(Some)
	}

	/// Whether a type is this struct of the standard library, and then its type arguments.
	pub(crate) fn std_struct(
		&self,
		id: TypeId,
		module: &str,
		name: &str,
	) -> VmResult<Option<Rc<[TypeId]>>> {
		let Type::Struct(id, arguments) = self.types.get(id)? else {
			return Ok(None);
		};
		let info = self.types.struct_info(id)?;
		let is_it = info.module.address == AccountAddress::ONE
			&& info.module.name.as_str() == module
			&& info.name.as_str() == name;
		Ok(if is_it {
			Some(self.types.list(arguments)?.clone())
		} else {
			None
		})
	}
}
