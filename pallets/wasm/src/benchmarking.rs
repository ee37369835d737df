//! Benchmarks of the pallet's own work; running a contract is pallet-contracts'.

use super::*;

use alloc::{vec, vec::Vec};
use codec::Encode;
use polkadot_sdk::{
	frame_benchmarking::v2::*,
	frame_support::traits::{fungible::Mutate, Get},
	pallet_contracts::{Code, CollectEvents, DebugInfo},
	sp_core::{H160, H256, U256},
	sp_weights::Weight,
	*,
};
use trivium_primitives::{AccountId, AddressMapping, ContractRef, Engine, EngineCall};

/// A contract that does nothing.
#[rustfmt::skip]
const IDLE: &[u8] = &[
	0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x02, 0x10,
	0x01, 0x03, 0x65, 0x6e, 0x76, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x01, 0x00, 0x00,
	0x03, 0x03, 0x02, 0x00, 0x00, 0x07, 0x11, 0x02, 0x06, 0x64, 0x65, 0x70, 0x6c, 0x6f, 0x79, 0x00,
	0x00, 0x04, 0x63, 0x61, 0x6c, 0x6c, 0x00, 0x01, 0x0a, 0x07, 0x02, 0x02, 0x00, 0x0b, 0x02, 0x00,
	0x0b,
];

const SIGNER: AccountId = AccountId::new([1; 32]);

/// [`IDLE`], instantiated by [`SIGNER`], who can pay for much more.
fn deploy<T: Config>() -> AccountId {
	<CurrencyOf<T> as Mutate<AccountId>>::set_balance(&SIGNER, u128::MAX / 4);
	let made = pallet_contracts::Pallet::<T>::bare_instantiate(
		SIGNER,
		0,
		Weight::from_parts(1_000_000_000_000, 10 * 1024 * 1024),
		None,
		Code::Upload(IDLE.to_vec()),
		Vec::new(),
		Vec::new(),
		DebugInfo::Skip,
		CollectEvents::Skip,
	);
	made.result
		.map(|made| made.account_id)
		.unwrap_or_else(|error| panic!("{error:?}"))
}

fn call_to(target: AccountId, read_only: bool) -> EngineCall {
	EngineCall {
		caller: AccountId::new([2; 32]),
		payer: SIGNER,
		target,
		value: 0,
		input: Vec::new(),
		limit: Weight::MAX,
		deposit_limit: 0,
		read_only,
	}
}

/// Emits events of a contract that have `bytes` of data each, and four topics.
fn emit<T: Config>(events: u32, bytes: u32) {
	frame_system::Pallet::<T>::set_block_number(1u32.into());
	mirror::begin::<T>();
	for position in 0..events {
		let topics: Vec<H256> = (0..4)
			.map(|n| H256(U256::from(n + u64::from(position)).to_big_endian()))
			.collect();
		let event = pallet_contracts::Event::<T>::ContractEmitted {
			contract: SIGNER,
			data: vec![7; bytes as usize],
		};
		let event = <T as pallet_contracts::Config>::RuntimeEvent::from(event);
		frame_system::Pallet::<T>::deposit_event_indexed(&topics, event.into());
	}
}

/// What a full block may have emitted before: each look at the list copies it in the node.
fn earlier_events<T: Config>() {
	emit::<T>(64, 16 * 1024);
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn lookup() {
		let contract = deploy::<T>();
		let found;
		#[block]
		{
			found = Pallet::<T>::resolve(&contract);
		}
		assert!(found);
	}

	// pallet-contracts charges for code by its length.
	#[benchmark(pov_mode = Measured)]
	fn entry() {
		let contract = deploy::<T>();
		let outcome;
		#[block]
		{
			outcome = Pallet::<T>::call(call_to(contract, false));
		}
		assert!(outcome.result.is_ok());
	}

	// pallet-contracts charges for code by its length.
	#[benchmark(pov_mode = Measured)]
	fn read_only_entry() {
		let contract = deploy::<T>();
		let outcome;
		#[block]
		{
			outcome = Pallet::<T>::call(call_to(contract, true));
		}
		assert!(outcome.result.is_ok());
	}

	/// One byte of a hop's input or output, to be taken from the slope.
	#[benchmark]
	fn extension_byte(b: Linear<0, { extension::MAX_INPUT_BYTES - 1024 }>) {
		let bytes = CrossVmInput {
			target: ContractRef::Account(SIGNER),
			value: 0,
			signature: b"f(bytes)".to_vec(),
			args: vec![7; b as usize],
			weight: None,
			deposit: None,
			flags: 0,
		}
		.encode();
		let input;
		#[block]
		{
			input = CrossVmInput::read(&bytes);
		}
		assert!(input.is_ok());
	}

	#[benchmark]
	fn extension_alias() {
		#[block]
		{
			T::Addresses::alias(&SIGNER);
		}
	}

	#[benchmark]
	fn extension_account() {
		#[block]
		{
			T::Addresses::account(&H160::repeat_byte(7));
		}
	}

	#[benchmark]
	fn mirror(e: Linear<1, 200>) {
		earlier_events::<T>();
		emit::<T>(e, 0);
		#[block]
		{
			assert!(crate::mirror::flush::<T>(&mut |_| Ok(())).is_ok());
		}
	}

	#[benchmark]
	fn mirror_bytes(b: Linear<0, { 16 * 1024 }>) {
		earlier_events::<T>();
		emit::<T>(
			1,
			b.min(
				<T as pallet_contracts::Config>::Schedule::get()
					.limits
					.payload_len,
			),
		);
		#[block]
		{
			assert!(crate::mirror::flush::<T>(&mut |_| Ok(())).is_ok());
		}
	}
}
