//! Gas and weight: one constant between gas and ref time, and an allowance of proof size beside it.

use alloc::vec::Vec;
use core::marker::PhantomData;
use polkadot_sdk::{
	frame_support::{dispatch::DispatchClass, traits::Get},
	sp_weights::Weight,
};
use revm::context::{Cfg, CfgEnv};

use crate::{rules::Rules, Config};

/// Proof size that every top-level execution may use, bytes.
pub const BASE_PROOF_BYTES: u64 = 32 * 1024;
/// Proof size that every Ethereum transaction may use, bytes: its sender and target. Less than
/// [`BASE_PROOF_BYTES`] because it never pays for more than its gas limit.
pub const TRANSACTION_BASE_PROOF_BYTES: u64 = 8 * 1024;
/// Gas of the limit that buys one more byte of proof size. Not less than what a byte costs in gas, so
/// that a limit always covers the price of the proof that it allows.
pub const GAS_PER_PROOF_BYTE: u64 = 8;
/// Proof size of what all executions of a block read together, bytes: clock, relay chain's data, parent's
/// hash, chain id, receipts, fee multiplier, the pot for fees. Each block has it once.
pub const BLOCK_PROOF_BYTES: u64 = 16 * 1024;
/// Proof size of what the signer of an extrinsic takes beyond an account: the number of its creations.
pub const SIGNER_PROOF_BYTES: u64 = 1024;

// What a read adds to the proof, rounded up from what `benchmarks/evm proof` measures in a trie of a
// million entries of each kind, of which a block reads a thousand. The upper levels of the trie are
// shared by all reads of a block: the more there are, the less each adds.

/// Proof size of reading an account: its alias, its system account and its code hash.
pub const ACCOUNT_PROOF_BYTES: u64 = 3072;
/// Proof size of reading or first writing one storage slot.
pub const SLOT_PROOF_BYTES: u64 = 1024;
/// Proof size of reading a code, besides its bytes.
pub const CODE_PROOF_BYTES: u64 = 2048;
/// Proof size of a block's hash.
pub const BLOCK_HASH_PROOF_BYTES: u64 = 640;
/// Proof size of the alias of a new contract's address.
pub const ALIAS_PROOF_BYTES: u64 = 1024;

// What Ethereum's gas does not cover here, because storage lies behind the wasm of the runtime.

/// Gas of `BLOCKHASH` beyond Ethereum's 20: it reads storage, and a node of Ethereum's has the last
/// hashes in memory.
pub const BLOCK_HASH_GAS: u64 = 480;
/// Gas of one read of an account that Ethereum has in memory from the start.
pub const READ_GAS: u64 = 550;
/// Gas of reading a code from storage, beyond that of its account: Ethereum's 2600 for a cold account
/// cover three reads, and a code takes two more.
pub const CODE_GAS: u64 = 1_600;
/// Gas of each word of a code that is read: it is copied, and its jump destinations are looked up.
pub const CODE_WORD_GAS: u64 = 2;
/// Gas of `LOG0` beyond Ethereum's 375: a log becomes an event of the chain. Topics pay for it in the
/// other instructions.
pub const LOG0_GAS: u64 = 125;

/// Gas of giving an account its alias because it acts before it has come into being: as a new slot.
pub const MAPPING_GAS: u64 = 22_100;

/// Gas of reading a code of this length, beyond that of its account.
pub const fn code_load_gas(len_bytes: u64) -> u64 {
	CODE_GAS.saturating_add(len_bytes.div_ceil(32).saturating_mul(CODE_WORD_GAS))
}

/// Picoseconds for an amount of gas. Exact, and at most `u64::MAX`.
pub fn ref_time_from_gas<T: Config>(gas: u64) -> u64 {
	gas.saturating_mul(T::GasWeightPerGas::get())
}

/// The gas that fits in a ref time: rounded down, so that a limit is never too large.
pub fn gas_from_ref_time_floor<T: Config>(ref_time: u64) -> u64 {
	ref_time.checked_div(T::GasWeightPerGas::get()).unwrap_or(0)
}

/// The gas that covers a ref time: rounded up, so that a charge is never too small.
pub fn gas_from_ref_time_ceil<T: Config>(ref_time: u64) -> u64 {
	match T::GasWeightPerGas::get() {
		0 => u64::MAX,
		per_gas => ref_time.div_ceil(per_gas),
	}
}

/// The proof size that a top-level gas limit allows.
pub fn proof_allowance(gas_limit: u64) -> u64 {
	let bought = gas_limit.checked_div(GAS_PER_PROOF_BYTE).unwrap_or(0);
	BASE_PROOF_BYTES.saturating_add(bought)
}

/// The proof size that the gas limit of an Ethereum transaction allows.
pub fn transaction_proof_allowance(gas_limit: u64) -> u64 {
	let bought = gas_limit.checked_div(GAS_PER_PROOF_BYTE).unwrap_or(0);
	TRANSACTION_BASE_PROOF_BYTES.saturating_add(bought)
}

/// Gas of Ethereum for a transaction that does nothing.
const TRANSACTION_GAS: u64 = 21_000;

/// What a transaction weighs that used `gas` and `proof_bytes`, where `base` is the weight of what the
/// pallet does around the interpreter for it.
///
/// Ethereum's gas for a transaction is meant for the same work as `base`, so that whichever is more
/// is charged for it, once. Its proof is what the execution's reads were charged, those of sender and
/// target included; what the benchmark estimates for `base` is for a transaction that reads most, in a
/// block of its own.
pub fn transaction_weight<T: Config>(base: Weight, gas: u64, proof_bytes: u64) -> Weight {
	let covered = ref_time_from_gas::<T>(gas.min(TRANSACTION_GAS));
	let rest = base.ref_time().saturating_sub(covered);
	Weight::from_parts(
		ref_time_from_gas::<T>(gas).saturating_add(rest),
		proof_bytes,
	)
}

/// As [`transaction_weight`], for an extrinsic of the chain.
pub fn extrinsic_weight<T: Config>(base: Weight, gas: u64, proof_bytes: u64) -> Weight {
	let proof_bytes = proof_bytes.saturating_add(SIGNER_PROOF_BYTES);
	transaction_weight::<T>(base, gas, proof_bytes)
}

/// The most that an extrinsic of the chain with this gas limit can weigh.
pub fn weight_limit<T: Config>(base: Weight, gas_limit: u64) -> Weight {
	extrinsic_weight::<T>(base, gas_limit, T::Rules::proof_allowance(gas_limit))
}

/// The most that an Ethereum transaction with this gas limit can weigh.
pub fn transaction_weight_limit<T: Config>(base: Weight, gas_limit: u64) -> Weight {
	let allowance = T::Rules::transaction_proof_allowance(gas_limit);
	transaction_weight::<T>(base, gas_limit, allowance)
}

/// The most gas that an Ethereum transaction can ask for: the least of what the fork lets it have
/// ([EIP-7825](https://eips.ethereum.org/EIPS/eip-7825)), of what a block has, and of what the largest
/// extrinsic can weigh in either dimension. `base` as for [`transaction_weight`], `len_bytes` of the
/// extrinsic.
pub fn largest_transaction<T: Config>(base: Weight, len_bytes: u64) -> u64 {
	let mut cfg = CfgEnv::new_with_spec(T::Rules::spec());
	T::Rules::configure(&mut cfg);
	let weights = T::BlockWeights::get();
	let most = weights
		.get(DispatchClass::Normal)
		.max_extrinsic
		.unwrap_or(weights.max_block);
	let rest = base
		.ref_time()
		.saturating_sub(ref_time_from_gas::<T>(TRANSACTION_GAS));
	let by_time = gas_from_ref_time_floor::<T>(most.ref_time().saturating_sub(rest));
	let bytes = most
		.proof_size()
		.saturating_sub(TRANSACTION_BASE_PROOF_BYTES)
		.saturating_sub(len_bytes);
	cfg.tx_gas_limit_cap()
		.min(T::BlockGasLimit::get())
		.min(by_time)
		.min(bytes.saturating_mul(GAS_PER_PROOF_BYTE))
}

/// Proof size that each gas given to a frame allows it at least, bytes: four times what reading cold slots
/// takes, and enough for the largest contract behind a proxy that is called with 20,000 gas. See
/// [`frame_proof_allowance`].
pub const FRAME_PROOF_BYTES_PER_GAS: u64 = 2;

/// What a frame gets of its caller's proof size, bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameAllowance {
	/// What it may use.
	pub bytes: u64,
	/// The part of it that its gas is worth in proportion. What it uses beyond counts against what its
	/// caller gives beyond proportion; see [`ProofMeter::beyond`].
	pub in_proportion: u64,
}

/// The proof size that a frame may use, where its caller has `proof_left`, gives the frame `gas` of the
/// `gas_left` that it had, and has lost `beyond` to earlier callees beyond their share.
///
/// As with gas ([EIP-150](https://eips.ethereum.org/EIPS/eip-150)), the caller keeps a 64th. A caller that
/// names less gas than it has keeps as much more in proportion. A callee that needs more than its share gets
/// [`FRAME_PROOF_BYTES_PER_GAS`] for each gas, as long as all that callees take in this way is no more than
/// what the caller still has: however many they are, it keeps half. Rounded down.
pub fn frame_proof_allowance(
	proof_left: u64,
	gas: u64,
	gas_left: u64,
	beyond: u64,
) -> FrameAllowance {
	let most = proof_left.saturating_sub(proof_left.div_ceil(64));
	let in_proportion = match proof_left.checked_mul(gas) {
		Some(product) => product.checked_div(gas_left).unwrap_or_default(),
		None => u128::from(proof_left)
			.saturating_mul(gas.into())
			.checked_div(gas_left.into())
			.and_then(|share| u64::try_from(share).ok())
			.unwrap_or(most),
	};
	let least = gas
		.saturating_mul(FRAME_PROOF_BYTES_PER_GAS)
		.min(proof_left.saturating_sub(beyond) >> 1);
	FrameAllowance {
		bytes: in_proportion.max(least).min(most),
		in_proportion: in_proportion.min(most),
	}
}

/// The proof size of one execution: what it may use and what it has used, and within that what its
/// innermost frame may use.
///
/// A frame that ends gives back what it was allowed and has not used. What it has used stays used,
/// whatever became of the frame: the reads are in the proof.
#[derive(Clone, Debug, Default)]
pub struct ProofMeter {
	/// The innermost frame.
	frame: FrameProof,
	/// Bytes that the whole execution has used.
	used: u64,
	/// The frames around, outermost first.
	outer: Vec<FrameProof>,
	/// A charge has been refused to the innermost frame.
	has_run_out: bool,
}

/// What the meter knows of one live frame. Bytes.
#[derive(Clone, Copy, Debug, Default)]
struct FrameProof {
	/// Up to where it may use, counted as [`ProofMeter::used`] is.
	limit: u64,
	/// What was used when it began.
	began: u64,
	/// What its gas was worth in proportion.
	in_proportion: u64,
	/// What its callees have used beyond their share.
	beyond: u64,
}

/// The allowance of proof size does not cover the next read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfProofSize;

impl ProofMeter {
	/// A meter that allows `limit` bytes.
	pub fn new(limit: u64) -> Self {
		Self {
			frame: FrameProof {
				limit,
				..Default::default()
			},
			..Default::default()
		}
	}

	/// Takes `bytes` before the read that needs them.
	///
	/// # Errors
	/// [`OutOfProofSize`], and the innermost frame has nothing left from then on.
	pub fn charge(&mut self, bytes: u64) -> Result<(), OutOfProofSize> {
		match self
			.used
			.checked_add(bytes)
			.filter(|used| *used <= self.frame.limit)
		{
			Some(used) => {
				self.used = used;
				Ok(())
			}
			None => {
				self.used = self.used.max(self.frame.limit);
				self.has_run_out = true;
				Err(OutOfProofSize)
			}
		}
	}

	/// A frame begins that may use so much of what is left.
	pub(crate) fn enter(&mut self, allowance: FrameAllowance) {
		let limit = self.used.saturating_add(allowance.bytes);
		let frame = FrameProof {
			limit: limit.min(self.frame.limit),
			began: self.used,
			in_proportion: allowance.in_proportion,
			beyond: 0,
		};
		self.outer.push(core::mem::replace(&mut self.frame, frame));
		self.has_run_out = false;
	}

	/// The innermost frame has ended. Says whether it had run out.
	pub(crate) fn leave(&mut self) -> bool {
		if let Some(caller) = self.outer.pop() {
			let ended = core::mem::replace(&mut self.frame, caller);
			let used = self.used.saturating_sub(ended.began);
			let beyond = used.saturating_sub(ended.in_proportion);
			self.frame.beyond = self.frame.beyond.saturating_add(beyond);
		}
		core::mem::take(&mut self.has_run_out)
	}

	/// Whether a charge has been refused to the innermost frame.
	pub(crate) fn has_run_out(&self) -> bool {
		self.has_run_out
	}

	/// Takes `bytes` from what all live frames may use, without their being used: what bought them has
	/// gone elsewhere.
	pub(crate) fn forgo(&mut self, bytes: u64) {
		let used = self.used;
		for frame in self.outer.iter_mut().chain([&mut self.frame]) {
			frame.limit = frame.limit.saturating_sub(bytes).max(used);
		}
	}

	/// Bytes that callees of the innermost frame have used beyond the share that their gas was.
	pub(crate) fn beyond(&self) -> u64 {
		self.frame.beyond
	}

	/// Bytes used.
	pub fn used(&self) -> u64 {
		self.used
	}

	/// Bytes left to the innermost frame.
	pub fn left(&self) -> u64 {
		self.frame.limit.saturating_sub(self.used)
	}
}

/// [`Config::GasWeightPerGas`] as the benchmark of this pallet suggests it.
pub struct DefaultGasWeight<T>(PhantomData<T>);
impl<T> Get<u64> for DefaultGasWeight<T> {
	fn get() -> u64 {
		25_000
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::mock::Test;

	#[test]
	fn limits_round_down_and_charges_round_up() {
		assert_eq!(gas_from_ref_time_floor::<Test>(49_999), 1);
		assert_eq!(gas_from_ref_time_ceil::<Test>(25_001), 2);
		assert_eq!(gas_from_ref_time_ceil::<Test>(50_000), 2);
		assert_eq!(ref_time_from_gas::<Test>(2), 50_000);
		assert_eq!(ref_time_from_gas::<Test>(u64::MAX), u64::MAX);
	}

	#[test]
	fn proof_meter_stops_at_its_limit_and_stays_empty() {
		let mut meter = ProofMeter::new(100);
		assert_eq!(meter.charge(60), Ok(()));
		assert_eq!(meter.left(), 40);
		assert_eq!(meter.charge(41), Err(OutOfProofSize));
		assert_eq!(meter.used(), 100);
		assert_eq!(meter.charge(1), Err(OutOfProofSize));
		assert_eq!(meter.charge(u64::MAX), Err(OutOfProofSize));
	}

	/// An allowance that is the frame's share.
	fn share(bytes: u64) -> FrameAllowance {
		FrameAllowance {
			bytes,
			in_proportion: bytes,
		}
	}

	#[test]
	fn frame_that_runs_out_leaves_its_caller_the_rest() {
		let mut meter = ProofMeter::new(100);
		assert_eq!(meter.charge(10), Ok(()));
		meter.enter(share(30));
		assert_eq!(meter.left(), 30);
		meter.enter(share(1_000));
		assert_eq!(meter.left(), 30, "never more than the frame around has");
		assert_eq!(meter.charge(20), Ok(()));
		assert!(!meter.leave());
		assert_eq!(meter.left(), 10);
		assert_eq!(meter.charge(11), Err(OutOfProofSize));
		assert!(meter.has_run_out());
		assert!(meter.leave());
		assert!(!meter.has_run_out());
		assert_eq!((meter.used(), meter.left()), (40, 60));
	}

	#[test]
	fn proof_that_is_forgone_is_missing_in_every_frame() {
		let mut meter = ProofMeter::new(100);
		meter.enter(share(50));
		meter.charge(20).unwrap();
		meter.forgo(40);
		assert_eq!(meter.left(), 0, "but what was used was used");
		meter.leave();
		assert_eq!((meter.used(), meter.left()), (20, 40));
	}

	#[test]
	fn frames_share_of_proof_follows_its_gas() {
		let given = |left, gas, gas_left| frame_proof_allowance(left, gas, gas_left, 0).bytes;
		// All that can be given: the caller keeps a 64th.
		assert_eq!(given(64_000, 63_000, 64_000), 63_000);
		assert_eq!(given(64_000, 64_000, 64_000), 63_000);
		// A named share.
		assert_eq!(given(64_000, 60_000, 80_000), 48_000);
		assert_eq!(given(200_000, 40_000, 80_000), 100_000);
		// Little gas of much: by the gas, up to half of what there is.
		assert_eq!(given(200_000, 30_000, 1_600_000), 60_000);
		assert_eq!(given(80_000, 60_000, 1_600_000), 40_000);
		assert_eq!(given(20_000, 2_300, 100_000), 4_600);
		// No division by zero, and nothing overflows.
		assert_eq!(given(20_000, 0, 0), 0);
		assert_eq!(given(u64::MAX, u64::MAX, u64::MAX), u64::MAX - (1 << 58));
		assert_eq!(given(u64::MAX, 2, 1), u64::MAX - (1 << 58));
		assert_eq!(given(1 << 62, 1 << 10, 1 << 20), 1 << 52);
	}
	#[test]
	fn all_that_callees_take_beyond_their_share_leaves_the_caller_half() {
		let mut meter = ProofMeter::new(100_000);
		for _ in 0..20 {
			// Next to nothing of the gas.
			let given = frame_proof_allowance(meter.left(), 30_000, 10_000_000, meter.beyond());
			meter.enter(given);
			let _ = meter.charge(1_000_000);
			meter.leave();
		}
		assert!(meter.left() > 47_000, "{}", meter.left());

		// What a callee does not use counts for nothing, nor what is its share.
		let mut meter = ProofMeter::new(100_000);
		for _ in 0..20 {
			let given = frame_proof_allowance(meter.left(), 30_000, 10_000_000, meter.beyond());
			assert!(given.bytes > 40_000);
			meter.enter(given);
			meter.charge(given.in_proportion).unwrap();
			meter.leave();
			assert_eq!(meter.beyond(), 0);
		}

		// Each frame has its own account of it.
		let mut meter = ProofMeter::new(100_000);
		meter.enter(FrameAllowance {
			bytes: 60_000,
			in_proportion: 10_000,
		});
		meter.enter(FrameAllowance {
			bytes: 30_000,
			in_proportion: 0,
		});
		meter.charge(25_000).unwrap();
		meter.leave();
		assert_eq!(meter.beyond(), 25_000);
		meter.leave();
		assert_eq!(meter.beyond(), 15_000);
	}
}
