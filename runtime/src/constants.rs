//! Numbers that the rest of the runtime is built from: money, time, block limits, prices.

use polkadot_sdk::{
	cumulus_primitives_core::relay_chain::MAX_POV_SIZE,
	frame_support::weights::{constants::WEIGHT_REF_TIME_PER_SECOND, Weight},
	sp_runtime::Perbill,
};

use crate::{Balance, BlockNumber};

/// The chain's own numbers: parachain id, address prefixes.
pub mod chain {
	/// Parachain id in the genesis presets. A network with a slot of its own sets its own id in
	/// its chain spec.
	pub const PARACHAIN_ID: u32 = 2000;
	/// Prefix of SS58 addresses: the generic one.
	pub const SS58_PREFIX: u16 = 42;

	// Chain ids of EIP-155, which `CHAINID` returns and Ethereum wallets sign over. Each network has its
	// own, chosen at its genesis, so that a transaction for one is none for another; see
	// `pallet_evm::ChainId`. 8748486 is kept for the live network, whose specification has to name it.

	/// Chain id of the development preset.
	pub const DEVELOPMENT_EVM_CHAIN_ID: u64 = 8_748_487;
	/// Chain id of the local testnet preset.
	pub const LOCAL_TESTNET_EVM_CHAIN_ID: u64 = 8_748_488;
}

/// The native token.
pub mod currency {
	use super::Balance;

	/// Decimals of the token; with 18 of them 1 planck is 1 wei.
	pub const DECIMALS: u8 = 18;
	/// One TRV in planck.
	pub const UNIT: Balance = 1_000_000_000_000_000_000;
	/// A thousandth of a TRV.
	pub const MILLI_UNIT: Balance = UNIT / 1_000;
	/// A millionth of a TRV.
	pub const MICRO_UNIT: Balance = UNIT / 1_000_000;

	/// The least an account can hold. One planck, so that Ethereum's rules for accounts hold: any
	/// amount can be sent to anyone. What grows state is priced by [`deposit`] and by gas.
	pub const EXISTENTIAL_DEPOSIT: Balance = 1;

	/// Deposit for one item of state, whatever its size.
	pub const DEPOSIT_PER_ITEM: Balance = MILLI_UNIT;
	/// Deposit for one byte of state: a contract of 30 KiB locks 0.3 TRV.
	pub const DEPOSIT_PER_BYTE: Balance = 10 * MICRO_UNIT;

	/// What one transaction may lock in storage deposits where its sender names no limit: a
	/// thousand items, a mebibyte.
	pub const DEFAULT_DEPOSIT_LIMIT: Balance = deposit(1_024, 1_024 * 1_024);

	/// Deposit for keeping `items` entries of `bytes` bytes altogether in state.
	pub const fn deposit(items: u32, bytes: u32) -> Balance {
		items as Balance * DEPOSIT_PER_ITEM + bytes as Balance * DEPOSIT_PER_BYTE
	}
}

/// Slots and durations.
pub mod time {
	use super::BlockNumber;

	/// Length of a slot, milliseconds.
	pub const SLOT_DURATION: u64 = 6_000;

	/// Blocks in a minute at full rate.
	pub const MINUTES: BlockNumber = (60_000 / SLOT_DURATION) as BlockNumber;
	/// Blocks in an hour.
	pub const HOURS: BlockNumber = 60 * MINUTES;
	/// Blocks in a day.
	pub const DAYS: BlockNumber = 24 * HOURS;
}

/// How block production follows the relay chain.
pub mod velocity {
	/// Length of a relay chain slot, milliseconds.
	pub const RELAY_CHAIN_SLOT_DURATION_MILLIS: u32 = 6_000;
	/// Blocks per relay chain slot.
	pub const BLOCK_PROCESSING_VELOCITY: u32 = 1;
	/// Relay parents are chosen this many relay blocks behind the tip.
	pub const RELAY_PARENT_OFFSET: u32 = 0;
	/// How far ahead in the claim queue a collator may look for a core: 0 is synchronous backing,
	/// 1 asynchronous.
	pub const MAX_CLAIM_QUEUE_OFFSET: u8 = 1;
	/// Blocks that may wait for their inclusion on the relay chain: one being backed, one being
	/// included and one being built, at the velocity above.
	pub const UNINCLUDED_SEGMENT_CAPACITY: u32 =
		(2 + RELAY_PARENT_OFFSET) * BLOCK_PROCESSING_VELOCITY + 1;
}

/// Share of a block that `on_initialize` hooks are expected to take, on average.
pub const AVERAGE_ON_INITIALIZE_RATIO: Perbill = Perbill::from_percent(5);

/// Share of a block that ordinary transactions can fill; the rest is for operational ones.
pub const NORMAL_DISPATCH_RATIO: Perbill = Perbill::from_percent(75);

/// What a block may use: 2 s of execution, which is what the relay chain's validators give with
/// asynchronous backing, and the largest proof they take.
pub const MAXIMUM_BLOCK_WEIGHT: Weight = Weight::from_parts(
	WEIGHT_REF_TIME_PER_SECOND.saturating_mul(2),
	MAX_POV_SIZE as u64,
);

/// Most bytes of events that contracts can make in a block: what the ordinary transactions' share of its
/// time buys.
pub const MAXIMUM_BLOCK_EVENTS_BYTES: u64 = {
	let percent = NORMAL_DISPATCH_RATIO.deconstruct() / (Perbill::one().deconstruct() / 100);
	MAXIMUM_BLOCK_WEIGHT.ref_time() / 100 * percent as u64
		/ trivium_primitives::event::EVENT_BYTE_REF_TIME
};

// A block's events are one value in storage. A validator has it in the memory of the runtime, in a vector
// that grows by doubling, and 32 MiB are what one allocation may have: blocks with 17 MB of events cannot
// be validated (`tests/blocks`).
const _: () = assert!(MAXIMUM_BLOCK_EVENTS_BYTES < 16 * 1024 * 1024);

/// Longest block, bytes.
pub const MAXIMUM_BLOCK_LENGTH_BYTES: u32 = 5 * 1024 * 1024;

/// Gas of the EVM.
pub mod gas {
	use super::{
		Perbill, AVERAGE_ON_INITIALIZE_RATIO, MAXIMUM_BLOCK_WEIGHT, NORMAL_DISPATCH_RATIO,
	};

	/// Ref time of one gas, picoseconds. Measured by the benchmarks of `pallet-evm`.
	pub const WEIGHT_PER_GAS: u64 = 25_000;

	/// Gas of a block, which contracts and headers are told as its limit, and the most that its Ethereum
	/// transactions are charged together: the normal class's share of the time. In gas its share of the
	/// proof is the same, so that neither kind of work is cut short by this limit where it fills a block
	/// alone.
	pub const BLOCK_GAS_LIMIT: u64 = {
		let percent = NORMAL_DISPATCH_RATIO.deconstruct() / (Perbill::one().deconstruct() / 100);
		MAXIMUM_BLOCK_WEIGHT.ref_time() / 100 * percent as u64 / WEIGHT_PER_GAS
	};

	/// Most gas that one call or creation can ask for that comes as an extrinsic: what the normal class
	/// leaves one transaction, after the hooks' share, less two hundredths for the transaction's own
	/// overhead.
	pub const CALL_GAS_LIMIT: u64 = {
		let percent = (NORMAL_DISPATCH_RATIO.deconstruct()
			- AVERAGE_ON_INITIALIZE_RATIO.deconstruct())
			/ (Perbill::one().deconstruct() / 100);
		MAXIMUM_BLOCK_WEIGHT.ref_time() / 100 * percent as u64 / 100 * 98 / WEIGHT_PER_GAS
	};
}

/// The price of blockspace. One number gives all others: what a whole block costs, in whichever
/// dimension it is filled, while the fee multiplier is 1.
pub mod fee {
	use super::{currency::UNIT, Balance, MAXIMUM_BLOCK_LENGTH_BYTES, MAXIMUM_BLOCK_WEIGHT};

	/// Fee for filling a block to [`MAXIMUM_BLOCK_WEIGHT`] or to [`MAXIMUM_BLOCK_LENGTH_BYTES`].
	///
	/// It puts a plain transfer at some tenths of a thousandth of a TRV.
	pub const FULL_BLOCK_FEE: Balance = UNIT;

	/// Fee for a picosecond of execution.
	pub const FEE_PER_PICOSECOND: Balance =
		FULL_BLOCK_FEE / MAXIMUM_BLOCK_WEIGHT.ref_time() as Balance;
	/// Bytes of storage proof that a weight has in the price of its time: what every transaction reads of
	/// its sender and its target. A plain transfer is priced by its time, so, and what reads more by what
	/// it reads beyond.
	pub const INCLUDED_PROOF_BYTES: u64 = pallet_evm::gas::TRANSACTION_BASE_PROOF_BYTES;
	/// Fee for a byte of storage proof beyond [`INCLUDED_PROOF_BYTES`].
	pub const FEE_PER_PROOF_BYTE: Balance =
		FULL_BLOCK_FEE / MAXIMUM_BLOCK_WEIGHT.proof_size() as Balance;
	/// Fee for a byte of a transaction.
	pub const FEE_PER_LENGTH_BYTE: Balance = FULL_BLOCK_FEE / MAXIMUM_BLOCK_LENGTH_BYTES as Balance;
}
