//! Types at run time: each is interned once per session and then is a number, so that comparing
//! types and using them as keys costs nothing.

use alloc::{boxed::Box, collections::BTreeMap, rc::Rc, vec::Vec};

use move_vm_types::{
	language::MAX_TYPE_TAG_DEPTH, AbilitySet, Identifier, ModuleId, StatusCode, StructTag, TypeTag,
	VmError, VmResult,
};

use crate::{limits::Limits, values::TypeId};

/// A list of types: its place in the session's table of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeListId(pub u32);

/// A struct or enum without type arguments: its place in the session's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StructId(pub u32);

/// What a type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // Move's own names
pub enum Type {
	Bool,
	U8,
	U16,
	U32,
	U64,
	U128,
	U256,
	Address,
	Signer,
	Vector(TypeId),
	Struct(StructId, TypeListId),
	Reference(TypeId),
	MutableReference(TypeId),
}

/// The scalar types, in the order in which every table begins.
const SCALARS: [Type; 9] = [
	Type::Bool,
	Type::U8,
	Type::U16,
	Type::U32,
	Type::U64,
	Type::U128,
	Type::U256,
	Type::Address,
	Type::Signer,
];

impl TypeListId {
	pub(crate) const EMPTY: Self = Self(0);
}

struct Entry {
	type_: Type,
	nodes: u16,
	depth: u16,
}

/// A struct or enum as its module declares it.
#[derive(Clone, Debug)]
pub(crate) struct StructInfo {
	pub(crate) module: ModuleId,
	pub(crate) name: Identifier,
	/// What its definition says, once it was needed.
	pub(crate) definition: Option<StructDefinition>,
}

/// A struct's definition.
#[derive(Clone, Debug)]
pub(crate) struct StructDefinition {
	/// The unit that defines it.
	pub(crate) unit: u32,
	/// Its place there.
	pub(crate) index: u16,
	pub(crate) abilities: AbilitySet,
	/// Constraint and whether phantom, of each type parameter.
	pub(crate) parameters: Rc<[(AbilitySet, bool)]>,
}

/// All types of a session.
pub(crate) struct TypeTable {
	entries: Vec<Entry>,
	by_type: BTreeMap<Type, TypeId>,
	lists: Vec<Rc<[TypeId]>>,
	by_list: BTreeMap<Rc<[TypeId]>, TypeListId>,
	structs: Vec<StructInfo>,
	by_name: BTreeMap<(ModuleId, Identifier), StructId>,
	/// Bytes of memory that all of it takes.
	pub(crate) held: u64,
	max_types: u32,
	max_nodes: u16,
	max_depth: u16,
}

/// Bytes that a type takes: its entry, and its place in the map.
const TYPE_BYTES: u64 = 128;
/// Bytes that a list of types takes beside its types, which it has twice as keys.
const LIST_BYTES: u64 = 160;
/// Bytes that a struct takes beside its names, which are there twice.
const STRUCT_BYTES: u64 = 512;

#[cold]
fn too_many() -> VmError {
	VmError::new(StatusCode::MEMORY_LIMIT_EXCEEDED).with_message("too many types in a session")
}

#[cold]
fn unknown() -> VmError {
	VmError::invariant("no such type")
}

impl TypeTable {
	pub(crate) fn new(limits: &Limits) -> Self {
		let empty: Rc<[TypeId]> = Rc::from(Vec::new());
		Self {
			entries: SCALARS
				.iter()
				.map(|type_| Entry {
					type_: *type_,
					nodes: 1,
					depth: 1,
				})
				.collect(),
			by_type: BTreeMap::new(),
			lists: alloc::vec![empty.clone()],
			by_list: [(empty, TypeListId::EMPTY)].into(),
			structs: Vec::new(),
			by_name: BTreeMap::new(),
			held: 0,
			max_types: limits.types,
			max_nodes: limits.type_nodes,
			max_depth: limits.type_depth,
		}
	}

	fn hold(&mut self, bytes: u64) {
		self.held = self.held.saturating_add(bytes);
	}

	fn entry(&self, id: TypeId) -> VmResult<&Entry> {
		self.entries.get(id.0 as usize).ok_or_else(unknown)
	}

	/// What a type is.
	#[inline]
	pub(crate) fn get(&self, id: TypeId) -> VmResult<Type> {
		Ok(self.entry(id)?.type_)
	}

	/// Nodes of a type.
	pub(crate) fn nodes(&self, id: TypeId) -> VmResult<usize> {
		Ok(usize::from(self.entry(id)?.nodes))
	}

	/// The types in a list.
	#[inline]
	pub(crate) fn list(&self, id: TypeListId) -> VmResult<&Rc<[TypeId]>> {
		self.lists.get(id.0 as usize).ok_or_else(unknown)
	}

	/// A struct.
	pub(crate) fn struct_info(&self, id: StructId) -> VmResult<&StructInfo> {
		self.structs.get(id.0 as usize).ok_or_else(unknown)
	}

	/// The struct of a module that has this name, whether or not there is one.
	pub(crate) fn intern_struct(
		&mut self,
		module: ModuleId,
		name: Identifier,
	) -> VmResult<StructId> {
		let key = (module, name);
		if let Some(id) = self.by_name.get(&key) {
			return Ok(*id);
		}
		let id = u32::try_from(self.structs.len()).map_err(|_| unknown())?;
		if id >= self.max_types {
			return Err(too_many());
		}
		let names = key
			.0
			.name
			.len()
			.saturating_add(key.1.len())
			.saturating_mul(2);
		self.hold(STRUCT_BYTES.saturating_add(names as u64));
		self.structs.push(StructInfo {
			module: key.0.clone(),
			name: key.1.clone(),
			definition: None,
		});
		self.by_name.insert(key, StructId(id));
		Ok(StructId(id))
	}

	/// Says what a struct's definition is.
	pub(crate) fn define_struct(
		&mut self,
		id: StructId,
		definition: StructDefinition,
	) -> VmResult<()> {
		self.structs
			.get_mut(id.0 as usize)
			.ok_or_else(unknown)?
			.definition = Some(definition);
		Ok(())
	}

	/// Forgets all definitions, since modules changed.
	pub(crate) fn forget_definitions(&mut self) {
		for info in &mut self.structs {
			info.definition = None;
		}
	}

	/// The type that is `type_`.
	///
	/// # Errors
	/// `VM_MAX_TYPE_DEPTH_REACHED`, `VM_MAX_TYPE_NODES_REACHED`, `MEMORY_LIMIT_EXCEEDED`.
	pub(crate) fn intern(&mut self, type_: Type) -> VmResult<TypeId> {
		if let Some(place) = SCALARS.iter().position(|scalar| *scalar == type_) {
			return u32::try_from(place).map(TypeId).map_err(|_| unknown());
		}
		if let Some(id) = self.by_type.get(&type_) {
			return Ok(*id);
		}
		let (nodes, depth) = self.measure(type_)?;
		if depth > self.max_depth {
			return Err(VmError::new(StatusCode::VM_MAX_TYPE_DEPTH_REACHED));
		}
		if nodes > self.max_nodes {
			return Err(VmError::new(StatusCode::VM_MAX_TYPE_NODES_REACHED));
		}
		let id = u32::try_from(self.entries.len()).map_err(|_| unknown())?;
		if id >= self.max_types {
			return Err(too_many());
		}
		self.hold(TYPE_BYTES);
		self.entries.push(Entry {
			type_,
			nodes,
			depth,
		});
		self.by_type.insert(type_, TypeId(id));
		Ok(TypeId(id))
	}

	/// Nodes and nesting, with itself.
	fn measure(&self, type_: Type) -> VmResult<(u16, u16)> {
		let (mut nodes, mut depth) = (1u16, 0u16);
		let mut add = |id| {
			let part = self.entry(id)?;
			nodes = nodes.saturating_add(part.nodes);
			depth = depth.max(part.depth);
			Ok::<(), VmError>(())
		};
		match type_ {
			Type::Vector(inner) | Type::Reference(inner) | Type::MutableReference(inner) => {
				add(inner)?;
			}
			Type::Struct(_, arguments) => {
				for argument in self.list(arguments)?.iter() {
					add(*argument)?;
				}
			}
			_ => {}
		}
		Ok((nodes, depth.saturating_add(1)))
	}

	/// The list of these types.
	///
	/// # Errors
	/// `MEMORY_LIMIT_EXCEEDED`.
	pub(crate) fn intern_list(&mut self, types: &[TypeId]) -> VmResult<TypeListId> {
		if let Some(id) = self.by_list.get(types) {
			return Ok(*id);
		}
		let id = u32::try_from(self.lists.len()).map_err(|_| unknown())?;
		if id >= self.max_types {
			return Err(too_many());
		}
		self.hold(LIST_BYTES.saturating_add((types.len() as u64).saturating_mul(8)));
		let list: Rc<[TypeId]> = Rc::from(types);
		self.lists.push(list.clone());
		self.by_list.insert(list, TypeListId(id));
		Ok(TypeListId(id))
	}

	/// A type as a tag. Recursion is bounded by the type's depth.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR` for a reference; `TYPE_TAG_LIMIT_EXCEEDED` for a type nested deeper than
	/// tags may be.
	pub(crate) fn tag(&self, id: TypeId) -> VmResult<TypeTag> {
		if usize::from(self.entry(id)?.depth) > MAX_TYPE_TAG_DEPTH {
			return Err(VmError::new(StatusCode::TYPE_TAG_LIMIT_EXCEEDED));
		}
		Ok(match self.get(id)? {
			Type::Bool => TypeTag::Bool,
			Type::U8 => TypeTag::U8,
			Type::U16 => TypeTag::U16,
			Type::U32 => TypeTag::U32,
			Type::U64 => TypeTag::U64,
			Type::U128 => TypeTag::U128,
			Type::U256 => TypeTag::U256,
			Type::Address => TypeTag::Address,
			Type::Signer => TypeTag::Signer,
			Type::Vector(inner) => TypeTag::Vector(Box::new(self.tag(inner)?)),
			Type::Struct(..) => TypeTag::Struct(Box::new(self.struct_tag(id)?)),
			Type::Reference(_) | Type::MutableReference(_) => {
				return Err(VmError::new(StatusCode::INTERNAL_TYPE_ERROR))
			}
		})
	}

	/// A struct as a tag.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR` for anything else; `TYPE_TAG_LIMIT_EXCEEDED` as [`TypeTable::tag`].
	pub(crate) fn struct_tag(&self, id: TypeId) -> VmResult<StructTag> {
		if usize::from(self.entry(id)?.depth) > MAX_TYPE_TAG_DEPTH {
			return Err(VmError::new(StatusCode::TYPE_TAG_LIMIT_EXCEEDED));
		}
		let Type::Struct(id, arguments) = self.get(id)? else {
			return Err(VmError::new(StatusCode::INTERNAL_TYPE_ERROR));
		};
		let info = self.struct_info(id)?;
		let type_arguments = self
			.list(arguments)?
			.iter()
			.map(|argument| self.tag(*argument))
			.collect::<VmResult<_>>()?;
		Ok(StructTag {
			address: info.module.address,
			module: info.module.name.clone(),
			name: info.name.clone(),
			type_arguments,
		})
	}
}
