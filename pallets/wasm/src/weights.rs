//! What each step costs.
//!
//! A runtime measures its own with `benchmarking`; those here are for tests, set by hand and high.

use polkadot_sdk::{frame_support::weights::constants::RocksDbWeight, sp_weights::Weight};

/// Nodes of the trie on the way to an entry in a state of a million, bytes. A benchmark's state is small, and
/// what it measures of proof has but a few of them.
const NODES_TO_ENTRY_BYTES: u64 = 2_500;

/// Proof of the way to entries that a benchmark measured as a whole.
pub(crate) fn entries(count: u64) -> Weight {
	Weight::from_parts(0, count.saturating_mul(NODES_TO_ENTRY_BYTES))
}

/// Weights of calls, host functions and the machinery between them.
///
/// Lengths are in bytes. Ref time of instructions is not here but in
/// [`InstructionWeights`](crate::schedule::InstructionWeights).
pub trait WeightInfo {
	/// A call of a contract, before and after it runs.
	fn call() -> Weight;
	/// An instantiation with input and salt of these lengths.
	fn instantiate(input: u32, salt: u32) -> Weight;
	/// An upload.
	fn upload_code(code: u32) -> Weight;
	/// Removal of code.
	fn remove_code() -> Weight;
	/// Replacing a contract's code by governance.
	fn set_code() -> Weight;
	/// A look at the queue of tries to be removed, and the removal of `k` items with the refunds of their
	/// deposits.
	fn deletion(k: u32) -> Weight;

	/// Loading and translating code.
	fn load_code(code: u32) -> Weight;
	/// `p` pages of memory that a contract begins with.
	fn memory_pages(p: u32) -> Weight;
	/// Growing a memory `p` times by a page. Not charged: the fuel for it is held against this.
	fn memory_growth(p: u32) -> Weight;
	/// The way into a host function and back.
	fn host_function() -> Weight;
	/// Copying out of a contract's memory.
	fn copy_from_contract(bytes: u32) -> Weight;
	/// Copying into a contract's memory.
	fn copy_to_contract(bytes: u32) -> Weight;
	/// An answer from memory.
	fn environment() -> Weight;
	/// An answer for which one entry is read.
	fn look_up() -> Weight;
	/// A debug message, kept or not.
	fn debug_message(bytes: u32) -> Weight;

	/// Reading a value.
	fn get_storage(bytes: u32) -> Weight;
	/// Asking for a value's length.
	fn contains_storage(bytes: u32) -> Weight;
	/// Writing a value over another; with what is kept about its deposit, and its settlement.
	fn set_storage(new: u32, old: u32) -> Weight;
	/// Removing a value.
	fn clear_storage(old: u32) -> Weight;
	/// Reading and removing a value.
	fn take_storage(old: u32) -> Weight;
	/// Giving a deposit back to somebody else than who pays now.
	fn refund() -> Weight;
	/// Reading a transient value.
	fn get_transient_storage(bytes: u32) -> Weight;
	/// Writing a transient value over another, and undoing that.
	fn set_transient_storage(new: u32, old: u32) -> Weight;

	/// Moving coins.
	fn transfer() -> Weight;
	/// Calling a contract, without loading its code.
	fn call_contract() -> Weight;
	/// Moving coins along with a call.
	fn call_transfer() -> Weight;
	/// Running other code in a contract's name, without loading it.
	fn delegate_call() -> Weight;
	/// Copying a contract's input for a callee.
	fn clone_input(bytes: u32) -> Weight;
	/// Instantiating a contract, without loading its code.
	fn instantiate_contract(input: u32, salt: u32) -> Weight;
	/// Removing a contract with so many dependencies.
	fn terminate(dependencies: u32) -> Weight;
	/// An event and its log; bytes are charged beside this.
	fn deposit_event(topics: u32, data: u32) -> Weight;

	/// SHA-2, 256 bits.
	fn hash_sha2_256(bytes: u32) -> Weight;
	/// Keccak, 256 bits.
	fn hash_keccak_256(bytes: u32) -> Weight;
	/// Blake2, 256 bits.
	fn hash_blake2_256(bytes: u32) -> Weight;
	/// Blake2, 128 bits.
	fn hash_blake2_128(bytes: u32) -> Weight;
	/// Recovering a key from an ECDSA signature.
	fn ecdsa_recover() -> Weight;
	/// An address from an ECDSA key.
	fn ecdsa_to_eth_address() -> Weight;
	/// Checking an sr25519 signature.
	fn sr25519_verify(bytes: u32) -> Weight;

	/// Replacing one's own code.
	fn set_code_hash() -> Weight;
	/// Taking on a dependency.
	fn lock_delegate_dependency() -> Weight;
	/// Giving up a dependency.
	fn unlock_delegate_dependency() -> Weight;

	/// The bridge's own work for input or output of this length.
	fn extension(bytes: u32) -> Weight;
	/// The alias of an account.
	fn extension_alias() -> Weight;
	/// The account of an alias.
	fn extension_account() -> Weight;
	/// Asking whether an account is a contract, for the dispatch pallet.
	fn lookup() -> Weight;

	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_add_32(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_mul_32(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_div_32(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_rem_32(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_and_32(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_shift_32(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_rotate_32(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_order_32(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_eqz_32(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_clz_32(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_popcnt_32(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_extend_8(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_add_64(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_mul_64(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_div_64(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_rem_64(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_xor_64(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_shift_64(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_rotate_64(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_order_64(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_ctz_64(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_popcnt_64(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_extend_32(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_wrap(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_extend(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_constant(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_copy(n: u32) -> Weight;
	/// See `classes`.
	fn class_copies(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_select(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_load_8(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_load_32(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_load_64(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_load_16_to_64(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_store_8(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_store_32(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_store_64(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_global_32(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_global_64(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_block(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_branch(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_branch_if(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_if_else(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_branch_table(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_call(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_call_indirect(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_memory_size(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_memory_grow(n: u32) -> Weight;
	/// `n` rounds of a class of instructions, see [`crate::classes`]. Nothing is charged by it.
	fn class_nothing(n: u32) -> Weight;
}

/// Picoseconds of a microsecond.
const MICROSECOND: u64 = 1_000_000;
/// Proof of an entry that is read: nodes on the way to it, and its own bytes.
const PROOF_OF_ENTRY: u64 = 3_000;

fn time(microseconds: u64) -> Weight {
	Weight::from_parts(microseconds.saturating_mul(MICROSECOND), 0)
}

fn bytes(picoseconds_each: u64, count: u32) -> Weight {
	Weight::from_parts(picoseconds_each.saturating_mul(count.into()), 0)
}

fn reads(count: u64) -> Weight {
	let proof = Weight::from_parts(0, PROOF_OF_ENTRY.saturating_mul(count));
	RocksDbWeight::get().reads(count).saturating_add(proof)
}

fn writes(count: u64) -> Weight {
	reads(count).saturating_add(RocksDbWeight::get().writes(count))
}

fn proof_of(bytes: u32) -> Weight {
	Weight::from_parts(0, bytes.into())
}

/// See the head of the file.
impl WeightInfo for () {
	fn call() -> Weight {
		time(180).saturating_add(reads(3)).saturating_add(writes(3))
	}
	fn instantiate(input: u32, salt: u32) -> Weight {
		Self::call()
			.saturating_add(writes(6))
			.saturating_add(bytes(5_000, input.saturating_add(salt)))
	}
	fn upload_code(code: u32) -> Weight {
		time(260)
			.saturating_add(writes(4))
			.saturating_add(bytes(60_000, code))
	}
	fn remove_code() -> Weight {
		time(60)
			.saturating_add(writes(4))
			.saturating_add(proof_of(128 * 1024))
	}
	fn set_code() -> Weight {
		time(60).saturating_add(writes(4))
	}
	fn deletion(k: u32) -> Weight {
		let per_item = time(20)
			.saturating_add(writes(2))
			.saturating_add(Self::refund().saturating_mul(8));
		time(5)
			.saturating_add(reads(2))
			.saturating_add(per_item.saturating_mul(k.into()))
	}
	fn load_code(code: u32) -> Weight {
		time(30)
			.saturating_add(reads(2))
			.saturating_add(bytes(5_000, code))
			.saturating_add(proof_of(code))
	}
	fn memory_pages(p: u32) -> Weight {
		time(10).saturating_add(time(10).saturating_mul(p.into()))
	}
	fn memory_growth(_: u32) -> Weight {
		Weight::zero()
	}
	fn host_function() -> Weight {
		Weight::from_parts(100_000, 0)
	}
	fn copy_from_contract(length: u32) -> Weight {
		Weight::from_parts(500_000, 0).saturating_add(bytes(400, length))
	}
	fn copy_to_contract(length: u32) -> Weight {
		Weight::from_parts(500_000, 0).saturating_add(bytes(400, length))
	}
	fn environment() -> Weight {
		time(1)
	}
	fn look_up() -> Weight {
		time(5).saturating_add(reads(1))
	}
	fn debug_message(length: u32) -> Weight {
		time(1).saturating_add(bytes(1_000, length))
	}
	fn get_storage(length: u32) -> Weight {
		time(50)
			.saturating_add(reads(1))
			.saturating_add(bytes(1_000, length))
			.saturating_add(proof_of(length))
	}
	fn contains_storage(length: u32) -> Weight {
		Self::get_storage(length)
	}
	fn set_storage(new: u32, old: u32) -> Weight {
		// The value, the list of its depositors, and a part of what settling the frame takes.
		time(80)
			.saturating_add(writes(3))
			.saturating_add(bytes(1_000, new))
			.saturating_add(bytes(1_000, old))
			.saturating_add(proof_of(old))
	}
	fn clear_storage(old: u32) -> Weight {
		Self::set_storage(0, old)
	}
	fn take_storage(old: u32) -> Weight {
		Self::set_storage(0, old).saturating_add(bytes(1_000, old))
	}
	fn refund() -> Weight {
		time(80).saturating_add(writes(3))
	}
	fn get_transient_storage(length: u32) -> Weight {
		time(5).saturating_add(bytes(1_000, length))
	}
	fn set_transient_storage(new: u32, old: u32) -> Weight {
		time(10)
			.saturating_add(bytes(2_000, new))
			.saturating_add(bytes(4_000, old))
	}
	fn transfer() -> Weight {
		time(80).saturating_add(writes(2))
	}
	fn call_contract() -> Weight {
		time(150).saturating_add(writes(3))
	}
	fn call_transfer() -> Weight {
		Self::transfer()
	}
	fn delegate_call() -> Weight {
		time(150).saturating_add(writes(2))
	}
	fn clone_input(length: u32) -> Weight {
		bytes(400, length)
	}
	fn instantiate_contract(input: u32, salt: u32) -> Weight {
		time(200)
			.saturating_add(writes(9))
			.saturating_add(bytes(5_000, input.saturating_add(salt)))
	}
	fn terminate(dependencies: u32) -> Weight {
		time(200)
			.saturating_add(writes(8))
			.saturating_add(writes(1).saturating_mul(dependencies.into()))
			.saturating_add(Self::refund().saturating_mul(2))
	}
	fn deposit_event(topics: u32, data: u32) -> Weight {
		time(10)
			.saturating_add(writes(1).saturating_mul(topics.into()))
			.saturating_add(bytes(2_000, data))
			.saturating_add(bytes(2_000, topics.saturating_mul(32)))
	}
	fn hash_sha2_256(length: u32) -> Weight {
		time(2).saturating_add(bytes(3_000, length))
	}
	fn hash_keccak_256(length: u32) -> Weight {
		time(2).saturating_add(bytes(5_000, length))
	}
	fn hash_blake2_256(length: u32) -> Weight {
		time(2).saturating_add(bytes(2_500, length))
	}
	fn hash_blake2_128(length: u32) -> Weight {
		time(2).saturating_add(bytes(2_500, length))
	}
	fn ecdsa_recover() -> Weight {
		time(80)
	}
	fn ecdsa_to_eth_address() -> Weight {
		time(30)
	}
	fn sr25519_verify(length: u32) -> Weight {
		time(80).saturating_add(bytes(6_000, length))
	}
	fn set_code_hash() -> Weight {
		time(80)
			.saturating_add(writes(6))
			.saturating_add(Self::refund())
	}
	fn lock_delegate_dependency() -> Weight {
		time(80).saturating_add(writes(5))
	}
	fn unlock_delegate_dependency() -> Weight {
		time(80)
			.saturating_add(writes(5))
			.saturating_add(Self::refund())
	}
	fn extension(length: u32) -> Weight {
		time(5).saturating_add(bytes(2_000, length))
	}
	fn extension_alias() -> Weight {
		time(5)
	}
	fn extension_account() -> Weight {
		time(5).saturating_add(reads(1))
	}
	fn lookup() -> Weight {
		time(5).saturating_add(reads(1))
	}
	fn class_add_32(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_mul_32(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_div_32(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_rem_32(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_and_32(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_shift_32(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_rotate_32(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_order_32(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_eqz_32(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_clz_32(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_popcnt_32(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_extend_8(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_add_64(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_mul_64(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_div_64(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_rem_64(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_xor_64(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_shift_64(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_rotate_64(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_order_64(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_ctz_64(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_popcnt_64(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_extend_32(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_wrap(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_extend(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_constant(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_copy(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_copies(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_select(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_load_8(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_load_32(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_load_64(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_load_16_to_64(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_store_8(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_store_32(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_store_64(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_global_32(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_global_64(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_block(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_branch(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_branch_if(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_if_else(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_branch_table(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_call(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_call_indirect(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_memory_size(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_memory_grow(_: u32) -> Weight {
		Weight::zero()
	}
	fn class_nothing(_: u32) -> Weight {
		Weight::zero()
	}
}
