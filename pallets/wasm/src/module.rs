//! The interpreter: code becomes a module, a module an instance, and that runs.

use alloc::{vec, vec::Vec};

use polkadot_sdk::{frame_support::traits::Get, sp_runtime::DispatchError};
use wasmi::{
	CompilationMode, CustomFuelCosts, Engine, Extern, ExternType, Instance, Memory, MemoryType,
	Module, Store, TrapCode, Val,
};

use crate::{
	frames::{EntryPoint, ExecResult, Failure, Stack},
	fuel,
	host::{self, Host, Stop},
	prepare::prepared,
	schedule::Limits,
	Config, Error, ExecReturnValue, ReturnFlags, WeightInfo,
};

/// The module that memory is imported from, and its name there.
pub(crate) const MEMORY_IMPORT: (&str, &str) = ("env", "memory");

/// Most bytes of values that the functions of one instance may have on their stack.
pub(crate) const MAX_STACK_BYTES: usize = 512 * 1024;
/// Bytes of new memory that a unit of fuel pays for. They are cleared, and what was there is moved each time
/// its room has to be doubled; in the runtime's wasm both go word by word.
const BYTES_COPIED_PER_FUEL: u32 = 2;
/// Most functions of one instance that may be within one another.
const MAX_RECURSION: usize = 1024;

/// The interpreter's settings: WebAssembly 1.0 with sign extension, without floats, so that it does the
/// same on every machine. `most_locals`: see [`fuel::prices`].
pub(crate) fn config(mode: CompilationMode, most_locals: u32) -> wasmi::Config {
	let mut config = wasmi::Config::default();
	config
		.wasm_mutable_global(false)
		.wasm_sign_extension(true)
		.wasm_multi_value(false)
		.wasm_multi_memory(false)
		.wasm_bulk_memory(false)
		.wasm_reference_types(false)
		.wasm_tail_call(false)
		.wasm_extended_const(false)
		.wasm_saturating_float_to_int(false)
		.wasm_custom_page_sizes(false)
		.wasm_wide_arithmetic(false)
		.floats(false)
		.ignore_custom_sections(true)
		.consume_fuel(true)
		.compilation_mode(mode)
		.set_max_recursion_depth(MAX_RECURSION)
		.set_max_stack_height(MAX_STACK_BYTES)
		.set_max_cached_stacks(0)
		.operator_cost(fuel::prices(most_locals))
		// Paid for by the code's length, whether it has to be done or not.
		.fuel_cost(CustomFuelCosts {
			bytes_copied_per_fuel: BYTES_COPIED_PER_FUEL,
			fuel_per_bytes_translated: 0,
			fuel_per_bytes_validated: 0,
		});
	config
}

/// A module of code that an upload let in and so was checked as a whole: here each function is translated
/// when it is called first.
///
/// # Errors
/// If the code is none, or is from an older state and holds what the interpreter cannot translate.
pub(crate) fn translate(code: &[u8]) -> Result<Module, wasmi::Error> {
	let prepared = prepared(code).map_err(|_| wasmi::Error::new("cannot be translated"))?;
	let most_locals = crate::validate::most_locals(code);
	Module::new(
		&Engine::new(&config(CompilationMode::Lazy, most_locals)),
		prepared,
	)
}

/// Runs the top frame with this module, whose length has been paid for.
///
/// # Errors
/// What stops it: `ContractTrapped`, `OutOfGas`, what a host function says; `CodeRejected` if the
/// code cannot be run, which an upload does not let in.
pub(crate) fn run<T: Config>(stack: &mut Stack<T>, module: &Module) -> ExecResult {
	let limits = T::Schedule::get().limits;
	let entry = stack.top()?.entry;
	let memory = memory_type(module, &limits).ok_or_else(rejected::<T>)?;
	let pages = u32::try_from(memory.minimum()).unwrap_or(u32::MAX);
	stack
		.charge(T::WeightInfo::memory_pages(pages))
		.map_err(Failure::of_callee)?;

	let mut store = Store::new(module.engine(), Host::new(stack));
	let fuel = store.data_mut().hand_out_fuel();
	let ended = match store.set_fuel(fuel) {
		Ok(()) => drive(&mut store, module, memory, entry),
		Err(error) => Err(error),
	};
	let fuel_left = store.get_fuel().unwrap_or_default();
	store.data_mut().take_back_fuel(fuel_left);
	ended
		.map(|()| ExecReturnValue::empty())
		.or_else(|error| outcome_of::<T>(error).map_err(Failure::of_callee))
}

fn rejected<T: Config>() -> Failure {
	Failure::of_callee(Error::<T>::CodeRejected)
}

/// The memory that the module imports, within the limits; `None` if there is none or too much.
pub(crate) fn memory_type(module: &Module, limits: &Limits) -> Option<MemoryType> {
	let imported = module.imports().find_map(|import| match import.ty() {
		ExternType::Memory(memory) => Some(*memory),
		_ => None,
	})?;
	let most = u64::from(limits.memory_pages);
	let maximum = imported.maximum().unwrap_or(most);
	if imported.minimum() > maximum || maximum > most {
		return None;
	}
	let mut builder = MemoryType::builder();
	builder.min(imported.minimum()).max(Some(maximum));
	builder.build().ok()
}

/// Makes an instance, which runs the module's start function, and calls the entry point.
fn drive<T: Config>(
	store: &mut Store<Host<'_, T>>,
	module: &Module,
	memory: MemoryType,
	entry: EntryPoint,
) -> Result<(), wasmi::Error> {
	let memory = Memory::new(&mut *store, memory)?;
	store.data_mut().set_memory(memory);
	let mut imports: Vec<Extern> = Vec::new();
	for import in module.imports() {
		let item = match import.ty() {
			ExternType::Memory(_) => Extern::from(memory),
			ExternType::Func(_) => {
				let (from, name) = (import.module(), import.name());
				let allowed = entry == EntryPoint::Call || !host::is_deprecated(from, name);
				let function = host::find::<T>(store, from, name).filter(|_| allowed);
				Extern::from(function.ok_or_else(|| wasmi::Error::new("unknown import"))?)
			}
			_ => return Err(wasmi::Error::new("neither function nor memory is imported")),
		};
		imports.push(item);
	}
	let instance = Instance::new(&mut *store, module, &imports)?;
	let function = instance
		.get_func(&*store, entry.name())
		.ok_or_else(|| wasmi::Error::new("no entry point"))?;
	// Old contracts return a number, which says nothing.
	let results = function.ty(&*store).results().len();
	let mut ignored = vec![Val::I32(0); results];
	function.call(store, &[], &mut ignored)
}

/// What it means that a contract did not run to the end of its function.
fn outcome_of<T: Config>(error: wasmi::Error) -> Result<ExecReturnValue, DispatchError> {
	match error.as_trap_code() {
		Some(TrapCode::OutOfFuel) => return Err(Error::<T>::OutOfGas.into()),
		Some(_) => return Err(Error::<T>::ContractTrapped.into()),
		None => {}
	}
	match error.downcast::<Stop>() {
		Some(Stop::Error(error)) => Err(error),
		Some(Stop::Terminated) => Ok(ExecReturnValue::empty()),
		Some(Stop::Return { flags, data }) => {
			let flags = ReturnFlags::from_bits(flags).ok_or(Error::<T>::InvalidCallFlags)?;
			Ok(ExecReturnValue { flags, data })
		}
		None => Err(Error::<T>::CodeRejected.into()),
	}
}
