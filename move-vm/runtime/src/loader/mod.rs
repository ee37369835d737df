//! The loader: from stored modules to functions that are ready to run.
//!
//! A session has one. Whatever it works out it keeps: modules, links, types, layouts, functions. It
//! trusts that stored modules were verified and linked when they were published; what it would need
//! in order to be safe without that (indices, counts) it checks.

pub(crate) mod access;
mod cursor;
pub(crate) mod instr;
mod publish;
pub mod record;
mod resolve;
#[cfg(test)]
mod tests;
mod translate;
pub(crate) mod types;
pub(crate) mod unit;

use alloc::{collections::BTreeMap, rc::Rc, vec::Vec};

use move_vm_binary_format::module::Visibility;
use move_vm_types::{ModuleId, StatusCode, VmError, VmResult};

use self::{
	cursor::{corrupt, Cursor},
	instr::{Body, Function},
	types::{Type, TypeListId, TypeTable},
	unit::{token, Table, Unit},
};
use crate::{
	gas::{schedule, Gas},
	host::Host,
	limits::Limits,
	natives::NativeTable,
	values::{Layout, TypeId, Value, MAX_VALUE_DEPTH},
};

pub(crate) use self::publish::{publish, verify_script_bytes};

/// Bytes of an instruction that is ready to run.
const INSTRUCTION_BYTES: usize = 20;
/// Instantiations that are remembered; when there are more, all are worked out again.
const MAX_MEMO: usize = 16_384;
/// No entry yet.
const NONE: u32 = u32::MAX;

/// The host, and the budget for what it is asked.
pub(crate) struct Chain<'a> {
	pub(crate) host: &'a mut dyn Host,
	pub(crate) gas: Gas,
}

impl Chain<'_> {
	/// Asks the host for something, and pays for its work. A host bounds what one question costs.
	pub(crate) fn ask<T>(
		&mut self,
		question: impl FnOnce(&mut dyn Host) -> VmResult<T>,
	) -> VmResult<T> {
		let answer = question(self.host);
		self.gas.charge(self.host.take_charge())?;
		answer
	}
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
	/// For each struct handle, its [`types::StructId`] or `NONE`.
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
	/// Bytes of what was loaded.
	pub(crate) held: u64,
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
			held: 0,
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

	/// Counts bytes that are kept until the session's end.
	fn hold(&mut self, bytes: usize) -> VmResult<()> {
		self.held = self.held.saturating_add(bytes as u64);
		if self.held > u64::from(self.limits.memory_bytes) {
			return Err(VmError::new(StatusCode::MEMORY_LIMIT_EXCEEDED));
		}
		Ok(())
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
		let record = chain.ask(|host| host.module(id))?;
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
		// The bytes, and the places of entries.
		self.hold(record.len().saturating_mul(3))?;
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
		self.look_for_function(chain, unit, name)?
			.ok_or_else(|| VmError::new(StatusCode::FUNCTION_RESOLUTION_FAILURE))
	}

	/// The definition of a function, if there is one.
	pub(crate) fn look_for_function(
		&self,
		chain: &mut Chain<'_>,
		unit: u32,
		name: &[u8],
	) -> VmResult<Option<u16>> {
		let unit = self.unit(unit)?;
		chain.gas.charge_for(
			schedule::COMPARE_NAME,
			usize::from(unit.count(Table::FunctionDefs)),
		)?;
		unit.find_function(name)
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
		let access = self.access(&unit, unit_index, head.handle)?;
		let function = self.build(
			chain,
			&unit,
			unit_index,
			definition,
			access.map(Rc::new),
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
			None,
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
		access: Option<Rc<access::Access>>,
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
				self.hold(
					usize::from(unit.code_length(offset)?).saturating_mul(INSTRUCTION_BYTES),
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
					access,
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
					access: None,
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
			let id = unit.module_id(handle.module)?;
			chain.ask(|host| host.ensure_enterable(&id))?;
			self.module(chain, &id)?
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
		let mut memory_bytes = 0u64;
		let value = Value::from_bcs(
			bytes,
			&layout,
			StatusCode::MALFORMED_CONSTANT_DATA,
			&mut |_, memory| {
				memory_bytes = memory_bytes.saturating_add(memory);
				Ok(())
			},
		)?;
		self.hold(usize::try_from(memory_bytes).unwrap_or(usize::MAX))?;
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
				if self.memo.len() >= MAX_MEMO {
					self.memo.clear();
				}
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
