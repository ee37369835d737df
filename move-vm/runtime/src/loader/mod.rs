//! The loader: from stored modules to functions that are ready to run.
//!
//! A session has one. Whatever it works out it keeps: modules, links, types, layouts, functions. It
//! trusts that stored modules were verified and linked when they were published; what it would need
//! in order to be safe without that (indices, counts) it checks.

mod cursor;
pub(crate) mod instr;
mod opcode;
mod publish;
pub mod record;
mod translate;
pub(crate) mod types;
pub(crate) mod unit;

use alloc::{collections::BTreeMap, rc::Rc, vec::Vec};

use move_vm_binary_format::module::Visibility;
use move_vm_types::{
	AbilitySet, AccountAddress, ModuleId, StatusCode, StructTag, TypeTag, VmError, VmResult,
};

use self::{
	cursor::{corrupt, Cursor},
	instr::{Body, Function},
	types::{StructDefinition, StructId, Type, TypeListId, TypeTable},
	unit::{token, Fields, Table, Unit},
};
use crate::{
	gas::{schedule, Gas},
	host::Host,
	limits::Limits,
	natives::NativeTable,
	values::{Layout, TypeId, Value, VectorKind, MAX_VALUE_DEPTH},
};

pub(crate) use self::publish::{publish, verify_script_bytes};

/// No entry yet.
const NONE: u32 = u32::MAX;

/// The host, and the budget for what it is asked.
pub(crate) struct Chain<'a> {
	pub(crate) host: &'a mut dyn Host,
	pub(crate) gas: Gas,
}

/// What an instantiation in the code of a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Instantiation {
	/// A list of type arguments: a signature.
	Arguments(u16),
	/// The only type of a signature.
	Element(u16),
	/// A struct definition.
	Struct(u16),
	/// A struct definition with type arguments.
	GenericStruct(u16),
	/// A variant of an enum with type arguments.
	GenericVariant(u16),
}

/// An instantiation and what it was last.
struct Instance {
	unit: u32,
	what: Instantiation,
	/// The type arguments of the function it was instantiated for; `NONE` for none yet.
	for_arguments: u32,
	/// Then its [`TypeListId`] or [`TypeId`].
	result: u32,
}

/// What the loader knows of a unit beside its tables.
struct UnitState {
	unit: Rc<Unit>,
	/// For each struct handle, its [`StructId`] or `NONE`.
	structs: Vec<u32>,
	/// For each function definition, its place in `functions` or `NONE`.
	functions: Vec<u32>,
	/// For each function handle, its place in `links` or `NONE`.
	links: Vec<u32>,
	/// For each constant, its place in `constants` or `NONE`.
	constants: Vec<u32>,
	/// Places in `instances`.
	instances: BTreeMap<Instantiation, u32>,
}

/// A call's target.
struct Link {
	unit: u32,
	handle: u16,
	/// A place in `functions`, or `NONE` if no call was made yet.
	function: u32,
}

/// See the module's documentation.
pub(crate) struct Loader {
	units: Vec<UnitState>,
	by_id: BTreeMap<ModuleId, u32>,
	/// Records of modules that this session published.
	pub(crate) published: BTreeMap<ModuleId, Published>,
	functions: Vec<Rc<Function>>,
	links: Vec<Link>,
	constants: Vec<Value>,
	instances: Vec<Instance>,
	/// Instantiations that are not the last of their place.
	memo: BTreeMap<(u32, TypeListId), u32>,
	pub(crate) types: TypeTable,
	layouts: BTreeMap<TypeId, Layout>,
	pub(crate) natives: NativeTable,
	pub(crate) limits: Limits,
}

/// A module that this session published.
pub(crate) struct Published {
	pub(crate) record: Vec<u8>,
	/// The host does not have it yet.
	pub(crate) is_dirty: bool,
}

#[cold]
fn missing() -> VmError {
	VmError::invariant("no such entry of the loader")
}

fn place(length: usize) -> VmResult<u32> {
	u32::try_from(length)
		.ok()
		.filter(|place| *place != NONE)
		.ok_or_else(|| VmError::new(StatusCode::MEMORY_LIMIT_EXCEEDED))
}

impl Loader {
	pub(crate) fn new(limits: Limits, natives: NativeTable) -> Self {
		Self {
			units: Vec::new(),
			by_id: BTreeMap::new(),
			published: BTreeMap::new(),
			functions: Vec::new(),
			links: Vec::new(),
			constants: Vec::new(),
			instances: Vec::new(),
			memo: BTreeMap::new(),
			types: TypeTable::new(&limits),
			layouts: BTreeMap::new(),
			natives,
			limits,
		}
	}

	fn state(&self, unit: u32) -> VmResult<&UnitState> {
		self.units.get(unit as usize).ok_or_else(missing)
	}

	fn state_mut(&mut self, unit: u32) -> VmResult<&mut UnitState> {
		self.units.get_mut(unit as usize).ok_or_else(missing)
	}

	/// A unit.
	pub(crate) fn unit(&self, unit: u32) -> VmResult<&Rc<Unit>> {
		Ok(&self.state(unit)?.unit)
	}

	/// A function.
	#[inline]
	pub(crate) fn function(&self, function: u32) -> VmResult<&Rc<Function>> {
		self.functions.get(function as usize).ok_or_else(missing)
	}

	/// Takes in a unit.
	pub(crate) fn add_unit(&mut self, unit: Unit) -> VmResult<u32> {
		let index = place(self.units.len())?;
		let empty = |table| alloc::vec![NONE; usize::from(unit.count(table))];
		self.units.push(UnitState {
			structs: empty(Table::StructHandles),
			functions: empty(Table::FunctionDefs),
			links: empty(Table::FunctionHandles),
			constants: empty(Table::Constants),
			instances: BTreeMap::new(),
			unit: Rc::new(unit),
		});
		Ok(index)
	}

	/// The record of a module; `None` if there is none.
	pub(crate) fn record(
		&mut self,
		chain: &mut Chain<'_>,
		id: &ModuleId,
	) -> VmResult<Option<Vec<u8>>> {
		if let Some(published) = self.published.get(id) {
			return Ok(Some(published.record.clone()));
		}
		chain.gas.charge(schedule::STORAGE_READ)?;
		let record = chain.host.module(id)?;
		if let Some(record) = &record {
			chain
				.gas
				.charge_for(schedule::STORAGE_READ_BYTE, record.len())?;
		}
		Ok(record)
	}

	/// The unit of a module, loaded if it was not yet.
	///
	/// # Errors
	/// `LINKER_ERROR` if there is no such module.
	pub(crate) fn module(&mut self, chain: &mut Chain<'_>, id: &ModuleId) -> VmResult<u32> {
		if let Some(unit) = self.by_id.get(id) {
			return Ok(*unit);
		}
		chain.gas.charge(schedule::LOAD_MODULE)?;
		let record = self
			.record(chain, id)?
			.ok_or_else(|| VmError::new(StatusCode::LINKER_ERROR).with_message("no such module"))?;
		chain
			.gas
			.charge_for(schedule::LOAD_MODULE_BYTE, record.len())?;
		let unit = self.add_unit(record::read(&record)?)?;
		self.by_id.insert(id.clone(), unit);
		Ok(unit)
	}

	/// Makes the next calls see the modules that were published since they were loaded.
	pub(crate) fn forget(&mut self, ids: &[ModuleId]) {
		for id in ids {
			self.by_id.remove(id);
		}
		for link in &mut self.links {
			link.function = NONE;
		}
		self.layouts.clear();
		self.types.forget_definitions();
	}

	/// Forgets all that depends on modules which the host may have changed.
	pub(crate) fn forget_all(&mut self) {
		let ids: Vec<_> = self.by_id.keys().cloned().collect();
		self.forget(&ids);
		self.published.clear();
	}

	/// The definition of a function.
	///
	/// # Errors
	/// `FUNCTION_RESOLUTION_FAILURE` if there is none.
	pub(crate) fn find_function(
		&self,
		chain: &mut Chain<'_>,
		unit: u32,
		name: &[u8],
	) -> VmResult<u16> {
		let unit = self.unit(unit)?;
		chain.gas.charge_for(
			schedule::COMPARE_NAME,
			usize::from(unit.count(Table::FunctionDefs)),
		)?;
		unit.find_function(name)?
			.ok_or_else(|| VmError::new(StatusCode::FUNCTION_RESOLUTION_FAILURE))
	}

	/// A function of a unit, ready to run; `None` for `definition` is a script's own.
	pub(crate) fn load_function(
		&mut self,
		chain: &mut Chain<'_>,
		unit_index: u32,
		definition: u16,
	) -> VmResult<u32> {
		let known = self
			.state(unit_index)?
			.functions
			.get(usize::from(definition))
			.copied()
			.ok_or_else(missing)?;
		if known != NONE {
			return Ok(known);
		}
		let unit = self.unit(unit_index)?.clone();
		let head = unit.function_def(definition)?;
		let handle = unit.function_handle(head.handle)?;
		let function = self.build(
			chain,
			&unit,
			unit_index,
			definition,
			(handle.parameters, Some(handle.returns)),
			head.code,
			handle.name,
		)?;
		*self
			.state_mut(unit_index)?
			.functions
			.get_mut(usize::from(definition))
			.ok_or_else(missing)? = function;
		Ok(function)
	}

	/// The function that a script is.
	pub(crate) fn load_script(&mut self, chain: &mut Chain<'_>, unit_index: u32) -> VmResult<u32> {
		let unit = self.unit(unit_index)?.clone();
		let script = unit.script()?;
		self.build(
			chain,
			&unit,
			unit_index,
			0,
			(script.parameters, None),
			Some(script.code),
			0,
		)
	}

	#[allow(clippy::too_many_arguments)] // of one caller each way
	fn build(
		&mut self,
		chain: &mut Chain<'_>,
		unit: &Unit,
		unit_index: u32,
		definition: u16,
		(parameters, returns): (u16, Option<u16>),
		code: Option<u32>,
		name: u16,
	) -> VmResult<u32> {
		chain.gas.charge(schedule::LOAD_FUNCTION)?;
		let parameters = unit.signature_length(parameters)?;
		let (returns, returns_references) = match returns {
			Some(returns) => (
				unit.signature_length(returns)?,
				unit.has_references(returns)?,
			),
			None => (0, false),
		};
		let function = match code {
			Some(offset) => {
				chain.gas.charge_for(
					schedule::LOAD_INSTRUCTION,
					usize::from(unit.code_length(offset)?),
				)?;
				let (locals, instructions) = unit.code(offset)?;
				let locals = parameters.saturating_add(unit.signature_length(locals)?);
				let (code, first) = translate::translate(
					self,
					unit,
					unit_index,
					&instructions,
					returns_references,
				)?;
				Function {
					unit: unit_index,
					definition,
					parameters,
					locals,
					returns,
					entry: first.saturating_add(u32::from(locals).saturating_mul(schedule::LOCAL)),
					body: Body::Code(code),
				}
			}
			None => {
				let id = unit.id.as_ref().ok_or_else(missing)?;
				let name = unit.name(name)?;
				let native = self
					.natives
					.find(&id.address, &id.name, &name)
					.and_then(|index| self.natives.get(index))
					.ok_or_else(|| VmError::new(StatusCode::MISSING_DEPENDENCY))?;
				Function {
					unit: unit_index,
					definition,
					parameters,
					locals: parameters,
					returns,
					entry: 0,
					body: Body::Native(native),
				}
			}
		};
		let place = place(self.functions.len())?;
		self.functions.push(Rc::new(function));
		Ok(place)
	}

	/// The place in the table of links for a function handle of a unit.
	pub(crate) fn link(&mut self, unit: u32, handle: u16) -> VmResult<u32> {
		let next = place(self.links.len())?;
		let slot = self
			.state_mut(unit)?
			.links
			.get_mut(usize::from(handle))
			.ok_or_else(corrupt)?;
		if *slot == NONE {
			*slot = next;
			self.links.push(Link {
				unit,
				handle,
				function: NONE,
			});
			return Ok(next);
		}
		Ok(*slot)
	}

	/// The function that a link leads to.
	#[inline]
	pub(crate) fn linked(&mut self, chain: &mut Chain<'_>, link: u32) -> VmResult<u32> {
		match self.links.get(link as usize) {
			Some(link) if link.function != NONE => Ok(link.function),
			_ => self.resolve(chain, link),
		}
	}

	#[cold]
	#[inline(never)]
	fn resolve(&mut self, chain: &mut Chain<'_>, link: u32) -> VmResult<u32> {
		let (unit_index, handle) = self
			.links
			.get(link as usize)
			.map(|link| (link.unit, link.handle))
			.ok_or_else(missing)?;
		let unit = self.unit(unit_index)?.clone();
		let handle = unit.function_handle(handle)?;
		let is_self = unit.is_self(handle.module)?;
		// Code of an old version of a module goes on with its own functions.
		let target = if is_self {
			unit_index
		} else {
			self.module(chain, &unit.module_id(handle.module)?)?
		};
		let definition = self.find_function(chain, target, unit.name_bytes(handle.name)?)?;
		// What the linker ensured when the caller was published, and upgrades must keep.
		let target_unit = self.unit(target)?;
		let head = target_unit.function_def(definition)?;
		let callee = target_unit.function_handle(head.handle)?;
		let agrees = target_unit.signature_length(callee.parameters)?
			== unit.signature_length(handle.parameters)?
			&& target_unit.signature_length(callee.returns)?
				== unit.signature_length(handle.returns)?
			&& callee.constraints.len() == handle.constraints.len();
		if !agrees || !(is_self || head.visibility != Visibility::Private) {
			return Err(VmError::new(StatusCode::LINKER_ERROR));
		}
		let function = self.load_function(chain, target, definition)?;
		self.links
			.get_mut(link as usize)
			.ok_or_else(missing)?
			.function = function;
		Ok(function)
	}

	/// The place of a constant of a unit.
	pub(crate) fn constant(&mut self, unit_index: u32, index: u16) -> VmResult<u32> {
		let slot = usize::from(index);
		let known = self.state(unit_index)?.constants.get(slot).copied();
		match known {
			None => return Err(corrupt()),
			Some(NONE) => {}
			Some(known) => return Ok(known),
		}
		let unit = self.unit(unit_index)?.clone();
		let mut cursor = unit.entry(Table::Constants, index)?;
		let layout = constant_layout(&mut cursor, 0)?;
		let length = cursor.length()?;
		let bytes = cursor.take(length)?;
		// Its size is bounded by that of the module, which was paid for.
		let value = Value::from_bcs(
			bytes,
			&layout,
			StatusCode::MALFORMED_CONSTANT_DATA,
			&mut |_| Ok(()),
		)?;
		let place = place(self.constants.len())?;
		self.constants.push(value);
		*self
			.state_mut(unit_index)?
			.constants
			.get_mut(slot)
			.ok_or_else(corrupt)? = place;
		Ok(place)
	}

	/// A constant.
	#[inline]
	pub(crate) fn constant_value(&self, place: u32) -> VmResult<&Value> {
		self.constants.get(place as usize).ok_or_else(missing)
	}

	/// The place of an instantiation.
	pub(crate) fn instantiation(&mut self, unit: u32, what: Instantiation) -> VmResult<u32> {
		let next = place(self.instances.len())?;
		let state = self.state_mut(unit)?;
		if let Some(known) = state.instances.get(&what) {
			return Ok(*known);
		}
		state.instances.insert(what, next);
		self.instances.push(Instance {
			unit,
			what,
			for_arguments: NONE,
			result: 0,
		});
		Ok(next)
	}

	/// The type that an instantiation is in a function with these type arguments.
	#[inline]
	pub(crate) fn instantiate_type(
		&mut self,
		chain: &mut Chain<'_>,
		place: u32,
		arguments: TypeListId,
	) -> VmResult<TypeId> {
		self.instantiate(chain, place, arguments).map(TypeId)
	}

	/// The type arguments that an instantiation is in a function with these type arguments.
	#[inline]
	pub(crate) fn instantiate_list(
		&mut self,
		chain: &mut Chain<'_>,
		place: u32,
		arguments: TypeListId,
	) -> VmResult<TypeListId> {
		self.instantiate(chain, place, arguments).map(TypeListId)
	}

	#[inline]
	fn instantiate(
		&mut self,
		chain: &mut Chain<'_>,
		place: u32,
		arguments: TypeListId,
	) -> VmResult<u32> {
		match self.instances.get(place as usize) {
			Some(instance) if instance.for_arguments == arguments.0 => Ok(instance.result),
			_ => self.instantiate_anew(chain, place, arguments),
		}
	}

	#[inline(never)]
	fn instantiate_anew(
		&mut self,
		chain: &mut Chain<'_>,
		place: u32,
		arguments: TypeListId,
	) -> VmResult<u32> {
		chain.gas.charge(schedule::TYPE_NODE)?;
		let (unit_index, what) = self
			.instances
			.get(place as usize)
			.map(|instance| (instance.unit, instance.what))
			.ok_or_else(missing)?;
		let result = match self.memo.get(&(place, arguments)) {
			Some(result) => *result,
			None => {
				let result = self.build_instance(chain, unit_index, what, arguments)?;
				self.memo.insert((place, arguments), result);
				result
			}
		};
		let instance = self.instances.get_mut(place as usize).ok_or_else(missing)?;
		instance.for_arguments = arguments.0;
		instance.result = result;
		Ok(result)
	}

	fn build_instance(
		&mut self,
		chain: &mut Chain<'_>,
		unit_index: u32,
		what: Instantiation,
		arguments: TypeListId,
	) -> VmResult<u32> {
		let arguments = self.types.list(arguments)?.clone();
		let unit = self.unit(unit_index)?.clone();
		let generic = |mut cursor: Cursor<'_>| Ok::<_, VmError>((cursor.index()?, cursor.index()?));
		let (definition, signature) = match what {
			Instantiation::Arguments(signature) => {
				let list = self.signature(chain, &unit, unit_index, signature, &arguments)?;
				return Ok(self.types.intern_list(&list)?.0);
			}
			Instantiation::Element(signature) => {
				let list = self.signature(chain, &unit, unit_index, signature, &arguments)?;
				return list.first().map(|type_| type_.0).ok_or_else(corrupt);
			}
			Instantiation::Struct(definition) => (definition, None),
			Instantiation::GenericStruct(index) => {
				let (definition, signature) =
					generic(unit.entry(Table::StructDefInstantiations, index)?)?;
				(definition, Some(signature))
			}
			Instantiation::GenericVariant(index) => {
				let (handle, signature) =
					generic(unit.entry(Table::StructVariantInstantiations, index)?)?;
				let definition = unit.entry(Table::StructVariantHandles, handle)?.index()?;
				(definition, Some(signature))
			}
		};
		let handle = unit.entry(Table::StructDefs, definition)?.index()?;
		let id = self.struct_id(&unit, unit_index, handle)?;
		let list = match signature {
			Some(signature) => self.signature(chain, &unit, unit_index, signature, &arguments)?,
			None => Vec::new(),
		};
		let list = self.types.intern_list(&list)?;
		chain.gas.charge(schedule::TYPE)?;
		Ok(self.types.intern(Type::Struct(id, list))?.0)
	}

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
	fn struct_id(&mut self, unit: &Unit, unit_index: u32, handle: u16) -> VmResult<StructId> {
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
		self.layouts.insert(id, layout.clone());
		Ok(layout)
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

/// The layout of a constant's type: scalars and vectors. Recursion is bounded by `depth`.
fn constant_layout(cursor: &mut Cursor<'_>, depth: u8) -> VmResult<Layout> {
	if depth >= MAX_VALUE_DEPTH {
		return Err(corrupt());
	}
	Ok(match cursor.u8()? {
		token::BOOL => Layout::BOOL,
		token::U8 => Layout::U8,
		token::U16 => Layout::U16,
		token::U32 => Layout::U32,
		token::U64 => Layout::U64,
		token::U128 => Layout::U128,
		token::U256 => Layout::U256,
		token::ADDRESS => Layout::ADDRESS,
		token::VECTOR => Layout::vector(constant_layout(cursor, depth.saturating_add(1))?)?,
		_ => return Err(corrupt()),
	})
}
