//! What the host calls.

use alloc::{string::String, vec, vec::Vec};
use core::cell::UnsafeCell;

use move_vm_runtime::{Gas, Limits, MemoryHost, Republish, Session};
use move_vm_types::{AccountAddress, Identifier, ModuleId};

struct State {
	host: MemoryHost,
	input: Vec<u8>,
}

struct Global(UnsafeCell<Option<State>>);

// SAFETY: wasm without threads has one thread.
unsafe impl Sync for Global {}

static STATE: Global = Global(UnsafeCell::new(None));

fn with_state<T>(action: impl FnOnce(&mut State) -> T) -> T {
	// SAFETY: one thread, and no export calls another.
	let state = unsafe { &mut *STATE.0.get() };
	action(state.get_or_insert_with(|| State {
		host: MemoryHost::default(),
		input: Vec::new(),
	}))
}

/// Makes the buffer `length` bytes long, and tells where it is.
#[no_mangle]
pub extern "C" fn input(length: u32) -> u32 {
	with_state(|state| {
		state.input = vec![0; length as usize];
		state.input.as_mut_ptr() as u32
	})
}

/// Publishes the module in the buffer under a small address; 0, or the number of a status.
#[no_mangle]
pub extern "C" fn publish(sender: u32) -> u32 {
	with_state(|state| {
		let module = core::mem::take(&mut state.input);
		let mut session = Session::new(&mut state.host, Limits::PRODUCTION, Gas::new(u64::MAX));
		session
			.publish(
				&[module],
				AccountAddress::from_low_byte(sender as u8),
				Republish::Refuse,
			)
			.and_then(|_| session.finish().0)
			.map_or_else(|error| u32::from(error.status().number()), |()| 0)
	})
}

/// Calls the function whose name is in the buffer, as in `bench::sum`, of a module of `0xB`, with `n` as
/// its argument and a small address as its signer; 0, or the number of a status.
#[no_mangle]
pub extern "C" fn call(n: u64, signer: u32) -> u32 {
	with_state(|state| {
		let Ok(text) = String::from_utf8(state.input.clone()) else {
			return 1;
		};
		let Some((module, name)) = text.split_once("::") else {
			return 1;
		};
		let Some(module) = Identifier::new(module) else {
			return 1;
		};
		let address = AccountAddress::from_low_byte(0xB);
		let id = ModuleId {
			address,
			name: module,
		};
		let mut session = Session::new(&mut state.host, Limits::PRODUCTION, Gas::new(u64::MAX));
		session
			.call_function(
				&id,
				name,
				vec![],
				vec![n.to_le_bytes().to_vec()],
				&[AccountAddress::from_low_byte(signer as u8)],
			)
			.and_then(|_| session.finish().0)
			.map_or_else(|error| u32::from(error.status().number()), |()| 0)
	})
}

#[panic_handler]
fn panic(_info: &core::panic::PanicInfo<'_>) -> ! {
	core::arch::wasm32::unreachable()
}
