//! Weights of what the pallet does besides running code.
//!
//! A runtime measures its own with `benchmarking.rs`; those here are for tests.

use polkadot_sdk::{
	frame_support::weights::constants::{RocksDbWeight, WEIGHT_REF_TIME_PER_MICROS},
	sp_weights::Weight,
};

/// What each step costs.
pub trait WeightInfo {
	/// The extrinsic `publish_package` with `b` bytes of modules, without the gas.
	fn publish_package(b: u32) -> Weight;
	/// The extrinsic `upgrade_package` with `b` bytes of modules, without the gas.
	fn upgrade_package(b: u32) -> Weight;
	/// The extrinsic `execute` with `b` bytes of names and arguments, without the gas.
	fn execute(b: u32) -> Weight;
	/// The extrinsic `execute_script` with `b` bytes of script and arguments, without the gas.
	fn execute_script(b: u32) -> Weight;
	/// A call that another VM makes, with `b` bytes of signature and arguments, without the gas.
	fn nested_call(b: u32) -> Weight;
	/// Asking whether an account is a module's.
	fn lookup() -> Weight;
	/// Giving deposits back to `n` accounts.
	fn refund(n: u32) -> Weight;
	/// Reading an entry of `b` bytes: what the VM's gas for it is held against.
	fn host_read(b: u32) -> Weight;
	/// Writing an entry of `b` bytes: what the VM's gas for it is held against.
	fn host_write(b: u32) -> Weight;
	/// Moving planck from one account to another, which may be new.
	fn host_transfer() -> Weight;
	/// Depositing an event of `b` bytes: what the VM's gas for it is held against.
	fn host_emit(b: u32) -> Weight;
	/// Publishing a module of `f` functions, gas included: what the VM's gas for it is held against.
	fn verify_module(f: u32) -> Weight;
	/// Interpreting `n` thousand rounds of a loop of ordinary instructions: what
	/// [`crate::Config::WeightPerGas`] is held against.
	fn interpret(n: u32) -> Weight;

	// Classes of instructions and natives, `n` rounds of each. Nothing is charged by these: gas is, and a test
	// of the runtime holds them against it. See [`crate::classes`].

	/// `u64` + `u64`.
	fn class_add_64(n: u32) -> Weight;
	/// `u64` / `u64`.
	fn class_div_64(n: u32) -> Weight;
	/// `u64` ^ `u64`.
	fn class_bits_64(n: u32) -> Weight;
	/// `u8` * `u8`.
	fn class_mul_8(n: u32) -> Weight;
	/// `u64` << `u8`.
	fn class_shift_64(n: u32) -> Weight;
	/// `u128` + `u128`.
	fn class_add_128(n: u32) -> Weight;
	/// `u128` * `u128`.
	fn class_mul_128(n: u32) -> Weight;
	/// `u128` / `u128`.
	fn class_div_128(n: u32) -> Weight;
	/// `u128` % `u128`.
	fn class_rem_128(n: u32) -> Weight;
	/// `u128` >> `u8`.
	fn class_shift_128(n: u32) -> Weight;
	/// `u128` < `u128`.
	fn class_order_128(n: u32) -> Weight;
	/// `u256` + `u256`.
	fn class_add_256(n: u32) -> Weight;
	/// `u256` * `u256`.
	fn class_mul_256(n: u32) -> Weight;
	/// `u256` / `u256`.
	fn class_div_256(n: u32) -> Weight;
	/// `u256` % `u256`.
	fn class_rem_256(n: u32) -> Weight;
	/// `u256` % a short one.
	fn class_rem_256_short(n: u32) -> Weight;
	/// `u256` | `u256`.
	fn class_bits_256(n: u32) -> Weight;
	/// `u256` >> `u8`.
	fn class_shift_256(n: u32) -> Weight;
	/// `u256` >= `u256`.
	fn class_order_256(n: u32) -> Weight;
	/// `u64` as `u8`.
	fn class_cast_64(n: u32) -> Weight;
	/// `u128` as `u64`.
	fn class_cast_128(n: u32) -> Weight;
	/// `u64` as `u128`.
	fn class_cast_to_128(n: u32) -> Weight;
	/// `u256` as `u128`.
	fn class_cast_256(n: u32) -> Weight;
	/// `u8` as `u256`.
	fn class_cast_to_256(n: u32) -> Weight;
	/// Locals loaded and stored, and jumps.
	fn class_locals(n: u32) -> Weight;
	/// A `u256` from the code.
	fn class_load_256(n: u32) -> Weight;
	/// 100 bytes from the constants.
	fn class_load_constant(n: u32) -> Weight;
	/// An address copied.
	fn class_copy_address(n: u32) -> Weight;
	/// An empty vector made.
	fn class_vector_new(n: u32) -> Weight;
	/// A vector of 32 made and taken apart.
	fn class_vector_pack(n: u32) -> Weight;
	/// An element pushed and popped.
	fn class_vector_push(n: u32) -> Weight;
	/// A byte pushed to an empty vector.
	fn class_vector_grow(n: u32) -> Weight;
	/// A `u256` read from a vector.
	fn class_vector_read(n: u32) -> Weight;
	/// A `u64` written to a vector, its length, a swap.
	fn class_vector_write(n: u32) -> Weight;
	/// 1,024 bytes copied.
	fn class_copy_bytes(n: u32) -> Weight;
	/// 65,536 bytes copied.
	fn class_copy_bytes_long(n: u32) -> Weight;
	/// 256 `u256` copied.
	fn class_copy_u256s(n: u32) -> Weight;
	/// A struct of one field made and taken apart.
	fn class_pack_one(n: u32) -> Weight;
	/// A struct of 30 fields made and taken apart.
	fn class_pack_many(n: u32) -> Weight;
	/// A struct of 30 fields copied.
	fn class_copy_many(n: u32) -> Weight;
	/// 256 structs copied.
	fn class_copy_structs(n: u32) -> Weight;
	/// A field read and written.
	fn class_field(n: u32) -> Weight;
	/// A number read through a path of 101 steps.
	fn class_deep_read(n: u32) -> Weight;
	/// A path of 101 steps made.
	fn class_deep_borrow(n: u32) -> Weight;
	/// 101 structs in one another copied.
	fn class_deep_copy(n: u32) -> Weight;
	/// A variant made, tested, its field read, and taken apart.
	fn class_variant(n: u32) -> Weight;
	/// 65,536 bytes compared.
	fn class_equal_bytes(n: u32) -> Weight;
	/// 16 bytes compared.
	fn class_equal_bytes_short(n: u32) -> Weight;
	/// 1,024 `u16` compared.
	fn class_equal_u16s(n: u32) -> Weight;
	/// 1,024 `u64` compared.
	fn class_equal_u64s(n: u32) -> Weight;
	/// 1,024 `u128` compared.
	fn class_equal_u128s(n: u32) -> Weight;
	/// 256 `u256` compared.
	fn class_equal_u256s(n: u32) -> Weight;
	/// 1,024 `bool` compared.
	fn class_equal_bools(n: u32) -> Weight;
	/// 256 structs compared.
	fn class_equal_structs(n: u32) -> Weight;
	/// Two addresses compared.
	fn class_equal_addresses(n: u32) -> Weight;
	/// 256 addresses compared.
	fn class_equal_address_list(n: u32) -> Weight;
	/// `u128` == `u128`.
	fn class_equal_128(n: u32) -> Weight;
	/// `u256` != `u256`.
	fn class_equal_256(n: u32) -> Weight;
	/// A function called that does nothing.
	fn class_call(n: u32) -> Weight;
	/// A function called that has 250 locals.
	fn class_call_wide(n: u32) -> Weight;
	/// A function called with eight arguments and results.
	fn class_call_with(n: u32) -> Weight;
	/// A generic function called.
	fn class_call_generic(n: u32) -> Weight;
	/// Generic functions called with ever other types.
	fn class_instantiate(n: u32) -> Weight;
	/// Generic structs made of ever other types.
	fn class_pack_generic(n: u32) -> Weight;
	/// A resource asked for.
	fn class_exists(n: u32) -> Weight;
	/// A generic resource asked for.
	fn class_exists_generic(n: u32) -> Weight;
	/// A resource borrowed and read.
	fn class_borrow_global(n: u32) -> Weight;
	/// A resource taken and put back.
	fn class_move_global(n: u32) -> Weight;
	/// A resource asked for under 64 access specifiers.
	fn class_access(n: u32) -> Weight;
	/// SHA-256 of 16 bytes.
	fn class_sha2_short(n: u32) -> Weight;
	/// SHA-256 of 16,384 bytes.
	fn class_sha2_long(n: u32) -> Weight;
	/// SHA3-256 of 16 bytes.
	fn class_sha3_short(n: u32) -> Weight;
	/// SHA3-256 of 16,384 bytes.
	fn class_sha3_long(n: u32) -> Weight;
	/// 4,096 bytes taken for text.
	fn class_utf8(n: u32) -> Weight;
	/// 4,096 bytes made into BCS.
	fn class_bcs_bytes(n: u32) -> Weight;
	/// 256 structs made into BCS.
	fn class_bcs_structs(n: u32) -> Weight;
	/// The name of a type of 31 parts.
	fn class_type_name(n: u32) -> Weight;
	/// The name of `u8`.
	fn class_type_name_short(n: u32) -> Weight;
	/// The address of a type of 31 parts.
	fn class_type_address(n: u32) -> Weight;
	/// A signer's address borrowed.
	fn class_signer_address(n: u32) -> Weight;
	/// A vector made, pushed to and popped from by functions.
	fn class_vector_natives(n: u32) -> Weight;
	/// A short event.
	fn class_emit(n: u32) -> Weight;
	/// An event of 4,096 bytes.
	fn class_emit_long(n: u32) -> Weight;
	/// An account's balance.
	fn class_balance(n: u32) -> Weight;
	/// A table asked for a key that it was asked for before.
	fn class_table_known(n: u32) -> Weight;
	/// A table asked for ever other keys.
	fn class_table_new(n: u32) -> Weight;
}

const fn micros(micros: u64) -> Weight {
	Weight::from_parts(WEIGHT_REF_TIME_PER_MICROS.saturating_mul(micros), 0)
}

const fn per_unit(picoseconds: u64, units: u32) -> Weight {
	Weight::from_parts(picoseconds.saturating_mul(units as u64), 0)
}

/// Proof size of the signer's and the payer's account, and of what is held of them.
const ACCOUNTS_PROOF_BYTES: u64 = 4096;

fn extrinsic(nanos_per_byte: u64, bytes: u32) -> Weight {
	micros(200)
		.saturating_add(RocksDbWeight::get().reads_writes(4, 4))
		.saturating_add(per_unit(nanos_per_byte.saturating_mul(1_000), bytes))
		.saturating_add(Weight::from_parts(0, ACCOUNTS_PROOF_BYTES))
}

/// A microsecond for a round of each class.
macro_rules! classes_of {
	($($name:ident)*) => {$(
		fn $name(n: u32) -> Weight {
			micros(200).saturating_add(per_unit(1_000_000, n))
		}
	)*};
}

impl WeightInfo for () {
	fn publish_package(b: u32) -> Weight {
		extrinsic(2, b)
	}
	fn upgrade_package(b: u32) -> Weight {
		extrinsic(2, b)
	}
	fn execute(b: u32) -> Weight {
		extrinsic(5, b)
	}
	fn execute_script(b: u32) -> Weight {
		extrinsic(5, b)
	}
	fn nested_call(b: u32) -> Weight {
		micros(60)
			.saturating_add(RocksDbWeight::get().reads(1))
			.saturating_add(per_unit(10_000, b))
			.saturating_add(Weight::from_parts(0, ACCOUNTS_PROOF_BYTES))
	}
	fn lookup() -> Weight {
		micros(3)
			.saturating_add(RocksDbWeight::get().reads(1))
			.saturating_add(Weight::from_parts(0, ACCOUNTS_PROOF_BYTES))
	}
	fn refund(n: u32) -> Weight {
		micros(60)
			.saturating_add(RocksDbWeight::get().reads_writes(2, 2))
			.saturating_add(Weight::from_parts(0, ACCOUNTS_PROOF_BYTES))
			.saturating_mul(n.into())
	}
	fn host_read(b: u32) -> Weight {
		micros(30).saturating_add(per_unit(1_000, b))
	}
	fn host_write(b: u32) -> Weight {
		micros(110).saturating_add(per_unit(2_000, b))
	}
	fn host_transfer() -> Weight {
		micros(300).saturating_add(Weight::from_parts(0, 7_000))
	}
	fn host_emit(b: u32) -> Weight {
		micros(30).saturating_add(per_unit(4_000, b))
	}
	fn verify_module(f: u32) -> Weight {
		micros(300).saturating_add(micros(20).saturating_mul(f.into()))
	}
	fn interpret(n: u32) -> Weight {
		micros(200).saturating_mul(n.into())
	}
	classes_of! {
		class_add_64
		class_div_64
		class_bits_64
		class_mul_8
		class_shift_64
		class_add_128
		class_mul_128
		class_div_128
		class_rem_128
		class_shift_128
		class_order_128
		class_add_256
		class_mul_256
		class_div_256
		class_rem_256
		class_rem_256_short
		class_bits_256
		class_shift_256
		class_order_256
		class_cast_64
		class_cast_128
		class_cast_to_128
		class_cast_256
		class_cast_to_256
		class_locals
		class_load_256
		class_load_constant
		class_copy_address
		class_vector_new
		class_vector_pack
		class_vector_push
		class_vector_grow
		class_vector_read
		class_vector_write
		class_copy_bytes
		class_copy_bytes_long
		class_copy_u256s
		class_pack_one
		class_pack_many
		class_copy_many
		class_copy_structs
		class_field
		class_deep_read
		class_deep_borrow
		class_deep_copy
		class_variant
		class_equal_bytes
		class_equal_bytes_short
		class_equal_u16s
		class_equal_u64s
		class_equal_u128s
		class_equal_u256s
		class_equal_bools
		class_equal_structs
		class_equal_addresses
		class_equal_address_list
		class_equal_128
		class_equal_256
		class_call
		class_call_wide
		class_call_with
		class_call_generic
		class_instantiate
		class_pack_generic
		class_exists
		class_exists_generic
		class_borrow_global
		class_move_global
		class_access
		class_sha2_short
		class_sha2_long
		class_sha3_short
		class_sha3_long
		class_utf8
		class_bcs_bytes
		class_bcs_structs
		class_type_name
		class_type_name_short
		class_type_address
		class_signer_address
		class_vector_natives
		class_emit
		class_emit_long
		class_balance
		class_table_known
		class_table_new
	}
}
