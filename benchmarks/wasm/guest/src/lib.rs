//! Two runtimes with a ledger, each with a pallet that runs ink! contracts: the published
//! `pallet-contracts`, and `pallet-wasm` below the dispatch pallet. Natively they prepare a state; as wasm
//! they run calls on it.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

// The allocator of the runtime that ships.
#[cfg(target_family = "wasm")]
#[path = "../../../../runtime/src/heap.rs"]
mod heap;

/// The pallets that both runtimes have below the one that runs contracts, by the traits of `Runtime`.
macro_rules! ledger {
	() => {
		type Block = generic::Block<
			generic::Header<u64, BlakeTwo256>,
			generic::UncheckedExtrinsic<AccountId, RuntimeCall, MultiSignature, ()>,
		>;

		#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
		impl frame_system::Config for Runtime {
			type Block = Block;
			type AccountId = AccountId;
			type Lookup = IdentityLookup<AccountId>;
			type AccountData = pallet_balances::AccountData<Balance>;
		}

		#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
		impl pallet_balances::Config for Runtime {
			type AccountStore = System;
			type Balance = Balance;
		}

		impl pallet_timestamp::Config for Runtime {
			type Moment = u64;
			type OnTimestampSet = ();
			type MinimumPeriod = ConstU64<1>;
			type WeightInfo = ();
		}
	};
}

pub mod ours;
pub mod published;

use alloc::vec::Vec;

use codec::{Decode, Encode};
use polkadot_sdk::{sp_core::H256, sp_runtime::Weight};
use trivium_primitives::{AccountId, Balance};

/// Who calls and pays.
pub const SIGNER: AccountId = AccountId::new([1; 32]);
/// What the signer has, planck.
pub const PLENTY: Balance = 1_000_000_000_000_000_000;
/// Price of a byte of storage, planck.
pub const PER_BYTE: Balance = 100;
/// Price of an item of storage, planck.
pub const PER_ITEM: Balance = 10_000;
/// What a call may take of deposits, planck.
pub const DEPOSIT_LIMIT: Balance = 1_000_000_000_000;
/// Weight that is never the reason.
pub const AMPLE: Weight = Weight::from_parts(u64::MAX / 4, u64::MAX / 4);

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Which {
	/// The published pallet.
	Published,
	/// This workspace's.
	Ours,
}

/// What is to be done.
#[derive(Clone, Debug, Encode, Decode)]
pub enum Work {
	/// Calls of a contract, each with the number of the call before its input, if that is wanted.
	Call {
		/// The contract.
		dest: AccountId,
		/// The input.
		data: Vec<u8>,
		/// Four bytes at the beginning of the input are the call's number.
		numbered: bool,
	},
	/// Instantiations of code that is uploaded.
	Instantiate {
		/// Its hash.
		code: H256,
	},
}

/// How often, by which runtime.
#[derive(Clone, Debug, Encode, Decode)]
pub struct Request {
	/// By which.
	pub which: Which,
	/// What.
	pub work: Work,
	/// How often; in one instance.
	pub times: u32,
}

/// Runs contracts.
pub trait Machine {
	/// Calls a contract and gives what it returned, if it did well.
	fn call(dest: AccountId, data: Vec<u8>) -> Option<Vec<u8>>;
	/// Instantiates code, once for each number.
	fn instantiate(code: H256, number: u32) -> Option<AccountId>;
	/// Uploads code.
	fn upload(code: Vec<u8>) -> Option<H256>;
}

/// Does the work; what the last call returned, or the account of the last instance.
pub fn work(request: Request) -> Option<Vec<u8>> {
	match request.which {
		Which::Published => run::<published::Machine>(request.work, request.times),
		Which::Ours => run::<ours::Machine>(request.work, request.times),
	}
}

fn run<M: Machine>(work: Work, times: u32) -> Option<Vec<u8>> {
	let mut last = Some(Vec::new());
	for number in 0..times {
		last = match &work {
			Work::Call {
				dest,
				data,
				numbered,
			} => {
				let mut data = data.clone();
				if *numbered {
					for (to, from) in data.iter_mut().zip(number.to_le_bytes()) {
						*to = from;
					}
				}
				M::call(dest.clone(), data)
			}
			Work::Instantiate { code } => M::instantiate(*code, number).map(|it| it.encode()),
		};
		last.as_ref()?;
	}
	last
}

/// The one function of the wasm: SCALE of a [`Request`], and of what [`work`] gives.
///
/// # Safety
/// The host passes the bytes by the convention of Substrate's runtimes.
#[cfg(target_family = "wasm")]
#[no_mangle]
pub unsafe extern "C" fn work_for_host(data: *mut u8, len: usize) -> u64 {
	let mut bytes = core::slice::from_raw_parts(data, len);
	let answer = Request::decode(&mut bytes).ok().and_then(work);
	polkadot_sdk::sp_core::to_substrate_wasm_fn_return_value(&answer)
}
