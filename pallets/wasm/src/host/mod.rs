//! The functions that contracts import, one file a family.
//!
//! Names, arguments and results are those of `pallet-contracts-uapi`. Each function charges before it
//! works. What a contract can get wrong (a pointer, a length, an encoding) ends it with an error of
//! this pallet; what can go wrong without its fault it gets as a return code.

use alloc::{vec, vec::Vec};
use core::fmt;

use codec::{Decode, DecodeLimit, Encode, MaxEncodedLen};
use polkadot_sdk::{
	frame_support::{ensure, traits::Get},
	sp_runtime::DispatchError,
	sp_weights::Weight,
};
use wasmi::{errors::HostError, Caller, Func, FuncType, Memory, Store, ValType};

use crate::{
	contract::len_of,
	frames::{Frame, Stack},
	Config, Error, WeightInfo, SENTINEL,
};

mod calls;
mod code;
mod crypto;
mod deprecated;
mod environment;
mod events;
pub(crate) mod extension;
mod storage;
mod transient;

/// Deepest nesting of what a contract encodes.
const MAX_DECODE_DEPTH: u32 = 256;

/// What a contract runs with.
pub(crate) struct Host<'a, T: Config> {
	/// The call stack, whose top frame it is.
	pub stack: &'a mut Stack<T>,
	memory: Option<Memory>,
	/// What was handed out to the interpreter last.
	fuel: u64,
	/// Ref time of a unit of fuel, picoseconds.
	fuel_price: u64,
}

impl<'a, T: Config> Host<'a, T> {
	pub(crate) fn new(stack: &'a mut Stack<T>) -> Self {
		let fuel_price = T::Schedule::get().instruction_weights.base.max(1);
		Self {
			stack,
			memory: None,
			fuel: 0,
			fuel_price: fuel_price.into(),
		}
	}

	pub(crate) fn set_memory(&mut self, memory: Memory) {
		self.memory = Some(memory);
	}

	/// All that is left of the frame's weight, as fuel.
	pub(crate) fn hand_out_fuel(&mut self) -> u64 {
		self.fuel = self.stack.gas_meter().fuel(self.fuel_price);
		self.fuel
	}

	/// Takes off the frame's weight what the interpreter used since.
	pub(crate) fn take_back_fuel(&mut self, left: u64) {
		let used = self.fuel.saturating_sub(left);
		self.stack.gas_meter().burn_fuel(used, self.fuel_price);
		self.fuel = left;
	}
}

/// What ends a contract from within a host function.
#[derive(Debug)]
pub(crate) enum Stop {
	/// An error.
	Error(DispatchError),
	/// The contract returns.
	Return {
		/// Bits of `ReturnFlags`, not checked yet.
		flags: u32,
		/// Its answer.
		data: Vec<u8>,
	},
	/// The contract has removed itself.
	Terminated,
}

impl fmt::Display for Stop {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("stopped by a host function")
	}
}

impl HostError for Stop {}

impl<E: Into<DispatchError>> From<E> for Stop {
	fn from(error: E) -> Self {
		Self::Error(error.into())
	}
}

/// What a host function gives.
type Answer<R> = Result<R, Stop>;

/// Whether a function changes anything.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
	/// It does not, or sees to it itself.
	Reads,
	/// It does: a frame that must not is stopped.
	Writes,
}

/// One call of a host function: the contract's memory and all else.
pub(crate) struct HostCall<'m, 'a, T: Config> {
	memory: &'m mut [u8],
	pub(crate) host: &'m mut Host<'a, T>,
}

impl<T: Config> HostCall<'_, '_, T> {
	fn stack(&mut self) -> &mut Stack<T> {
		self.host.stack
	}

	fn frame(&mut self) -> Result<&mut Frame, DispatchError> {
		self.host.stack.top()
	}

	fn charge(&mut self, weight: Weight) -> Result<(), DispatchError> {
		self.host.stack.charge(weight)
	}

	/// Gives back what was charged above what it came to.
	fn settle_charge(&mut self, charged: Weight, actual: Weight) {
		let excess = charged.saturating_sub(actual);
		self.host.stack.gas_meter().give_back(excess);
	}

	fn slice(&self, ptr: u32, len: u32) -> Result<&[u8], DispatchError> {
		let begin = ptr as usize;
		let end = begin.checked_add(len as usize);
		let slice = end.and_then(|end| self.memory.get(begin..end));
		slice.ok_or_else(|| Error::<T>::OutOfBounds.into())
	}

	/// A copy of part of the memory.
	fn read(&self, ptr: u32, len: u32) -> Result<Vec<u8>, DispatchError> {
		Ok(self.slice(ptr, len)?.to_vec())
	}

	/// A fixed number of bytes of the memory.
	fn read_array<const N: usize>(&self, ptr: u32) -> Result<[u8; N], DispatchError> {
		let len = u32::try_from(N).unwrap_or(u32::MAX);
		let slice = self.slice(ptr, len)?;
		slice.try_into().map_err(|_| Error::<T>::OutOfBounds.into())
	}

	/// A value of bounded size, which may be followed by anything.
	fn decode<D: Decode + MaxEncodedLen>(&self, ptr: u32) -> Result<D, DispatchError> {
		let mut rest = self
			.memory
			.get(ptr as usize..)
			.ok_or(Error::<T>::OutOfBounds)?;
		D::decode_with_depth_limit(MAX_DECODE_DEPTH, &mut rest)
			.map_err(|_| Error::<T>::DecodingFailed.into())
	}

	/// A value that takes exactly `len` bytes.
	fn decode_all<D: Decode>(&self, ptr: u32, len: u32) -> Result<D, DispatchError> {
		let mut bytes = self.slice(ptr, len)?;
		D::decode_all_with_depth_limit(MAX_DECODE_DEPTH, &mut bytes)
			.map_err(|_| Error::<T>::DecodingFailed.into())
	}

	/// Writes to where the contract has room for it by its own word.
	fn write(&mut self, ptr: u32, bytes: &[u8]) -> Result<(), DispatchError> {
		let begin = ptr as usize;
		let end = begin.checked_add(bytes.len());
		let slice = end.and_then(|end| self.memory.get_mut(begin..end));
		slice.ok_or(Error::<T>::OutOfBounds)?.copy_from_slice(bytes);
		Ok(())
	}

	/// Writes to a buffer whose length stands at `len_ptr`, and replaces that by the length written.
	fn write_output(&mut self, ptr: u32, len_ptr: u32, bytes: &[u8]) -> Result<(), DispatchError> {
		self.check_output(len_ptr, bytes)?;
		self.write(ptr, bytes)?;
		self.write(len_ptr, &len_of(bytes).encode())
	}

	/// As [`Self::write_output`], charging by length; nothing if the contract does not want it.
	fn write_output_if_wanted(
		&mut self,
		ptr: u32,
		len_ptr: u32,
		bytes: &[u8],
	) -> Result<(), DispatchError> {
		if ptr == SENTINEL {
			return Ok(());
		}
		self.check_output(len_ptr, bytes)?;
		self.charge(T::WeightInfo::copy_to_contract(len_of(bytes)))?;
		self.write_output(ptr, len_ptr, bytes)
	}

	fn check_output(&mut self, len_ptr: u32, bytes: &[u8]) -> Result<(), DispatchError> {
		let room: u32 = self.decode(len_ptr)?;
		ensure!(len_of(bytes) <= room, Error::<T>::OutputBufferTooSmall);
		Ok(())
	}
}

/// Goes from the contract to the host and back: settles fuel on both ways, charges for the way itself.
fn enter<'a, T: Config, R>(
	mut caller: Caller<'_, Host<'a, T>>,
	access: Access,
	f: impl FnOnce(&mut HostCall<'_, 'a, T>) -> Answer<R>,
) -> Result<R, wasmi::Error> {
	let fuel = caller.get_fuel()?;
	caller.data_mut().take_back_fuel(fuel);
	let Some(memory) = caller.data().memory else {
		return Err(wasmi::Error::host(Stop::from(Error::<T>::CodeRejected)));
	};
	let (memory, host) = memory.data_and_store_mut(&mut caller);
	let mut call = HostCall { memory, host };
	let answer = call
		.charge(T::WeightInfo::host_function())
		.map_err(Stop::from)
		.and_then(|()| {
			if access == Access::Writes && call.frame()?.read_only {
				return Err(Error::<T>::StateChangeDenied.into());
			}
			f(&mut call)
		});
	let fuel = caller.data_mut().hand_out_fuel();
	caller.set_fuel(fuel)?;
	answer.map_err(wasmi::Error::host)
}

/// The type of an argument or a result.
trait Ty {
	const TYPE: ValType;
}
impl Ty for u32 {
	const TYPE: ValType = ValType::I32;
}
impl Ty for u64 {
	const TYPE: ValType = ValType::I64;
}

/// The types of what a function gives.
trait Results {
	fn types() -> Vec<ValType>;
}
impl Results for () {
	fn types() -> Vec<ValType> {
		Vec::new()
	}
}
impl<R: Ty> Results for R {
	fn types() -> Vec<ValType> {
		vec![R::TYPE]
	}
}

/// Defines a family: each function with the module it is imported from, its names, whether it
/// writes, its arguments and its result.
macro_rules! host_functions {
	($(
		$module:literal [$($name:literal),+] $access:ident
		($call:ident $(, $arg:ident: $ty:ty)* $(,)?) -> $ret:ty $body:block
	)*) => {
		/// The function of this family that is imported so.
		pub(super) fn find<'a, T: $crate::Config>(
			store: &mut wasmi::Store<$crate::host::Host<'a, T>>,
			module: &str,
			name: &str,
		) -> Option<wasmi::Func> {
			use $crate::host::{enter, Access, Answer, Host, HostCall};
			Some(match (module, name) {
				$(
					$(($module, $name))|+ => wasmi::Func::wrap(
						store,
						|caller: wasmi::Caller<'_, Host<'a, T>> $(, $arg: $ty)*| {
							enter(
								caller,
								Access::$access,
								|$call: &mut HostCall<'_, 'a, T>| -> Answer<$ret> { $body },
							)
						},
					),
				)*
				_ => return None,
			})
		}

		/// Its type.
		pub(super) fn signature(module: &str, name: &str) -> Option<wasmi::FuncType> {
			use $crate::host::{Results, Ty};
			Some(match (module, name) {
				$(
					$(($module, $name))|+ => {
						let params: alloc::vec::Vec<wasmi::ValType> =
							alloc::vec![$(<$ty as Ty>::TYPE),*];
						wasmi::FuncType::new(params, <$ret as Results>::types())
					}
				)*
				_ => return None,
			})
		}

		/// All functions of this family, for tests.
		#[cfg(any(test, feature = "fuzzing"))]
		pub(crate) const NAMES: &[(&str, &str)] = &[$($(($module, $name)),+),*];
	};
}
use host_functions;

/// The function that is imported so, ready to be linked.
pub(crate) fn find<T: Config>(
	store: &mut Store<Host<'_, T>>,
	module: &str,
	name: &str,
) -> Option<Func> {
	storage::find(store, module, name)
		.or_else(|| calls::find(store, module, name))
		.or_else(|| environment::find(store, module, name))
		.or_else(|| events::find(store, module, name))
		.or_else(|| crypto::find(store, module, name))
		.or_else(|| transient::find(store, module, name))
		.or_else(|| code::find(store, module, name))
		.or_else(|| extension::find(store, module, name))
		.or_else(|| deprecated::find(store, module, name))
}

/// The type of the function that is imported so.
pub(crate) fn signature(module: &str, name: &str) -> Option<FuncType> {
	storage::signature(module, name)
		.or_else(|| calls::signature(module, name))
		.or_else(|| environment::signature(module, name))
		.or_else(|| events::signature(module, name))
		.or_else(|| crypto::signature(module, name))
		.or_else(|| transient::signature(module, name))
		.or_else(|| code::signature(module, name))
		.or_else(|| extension::signature(module, name))
		.or_else(|| deprecated::signature(module, name))
}

/// Whether only code that was uploaded long ago may import the function.
pub(crate) fn is_deprecated(module: &str, name: &str) -> bool {
	deprecated::signature(module, name).is_some()
}

/// Whether the function exists elsewhere and is refused here: it reaches into the runtime or over to
/// other chains, is a source of randomness, or was never made stable.
pub(crate) fn is_unstable(module: &str, name: &str) -> bool {
	matches!(
		(module, name),
		(
			"seal0",
			"call_runtime"
				| "xcm_execute"
				| "xcm_send" | "random"
				| "seal_random"
				| "reentrance_count"
				| "account_reentrance_count"
		) | (
			"seal1",
			"random" | "seal_random" | "weight_to_fee" | "gas_left"
		)
	)
}

/// Every function that can be imported, for tests.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn names() -> Vec<(&'static str, &'static str)> {
	[
		storage::NAMES,
		calls::NAMES,
		environment::NAMES,
		events::NAMES,
		crypto::NAMES,
		transient::NAMES,
		code::NAMES,
		extension::NAMES,
		deprecated::NAMES,
	]
	.concat()
}
