//! Classes of instructions and natives: a module with a function for each, and what it was measured to
//! take.
//!
//! The benchmarks run the functions; a test of the runtime holds what they take against what the
//! pallet charges for them. The module is made by `move_vm_fixtures::classes`, which says what each
//! function does; a test checks that it is that one.

use alloc::vec::Vec;
use polkadot_sdk::sp_weights::Weight;
use trivium_primitives::AccountId;

use crate::WeightInfo;

/// The module's bytecode.
pub const BYTECODE: &[u8] = include_bytes!("classes.mv");
/// The account that it is published under.
pub const ACCOUNT: AccountId = AccountId::new([1; 32]);
/// Its name.
pub const NAME: &[u8] = b"classes";
/// Functions to be run once by who is going to run the others.
pub const SET_UP: [&[u8]; 2] = [b"set_up", b"set_up_table"];

/// A class: its function, which takes a number of rounds, and the weight of so many.
pub type Class = (&'static str, fn(u32) -> Weight);

/// All of them, as measured.
pub fn all<W: WeightInfo>() -> Vec<Class> {
	alloc::vec![
		("add_64", W::class_add_64),
		("div_64", W::class_div_64),
		("bits_64", W::class_bits_64),
		("mul_8", W::class_mul_8),
		("shift_64", W::class_shift_64),
		("add_128", W::class_add_128),
		("mul_128", W::class_mul_128),
		("div_128", W::class_div_128),
		("rem_128", W::class_rem_128),
		("shift_128", W::class_shift_128),
		("order_128", W::class_order_128),
		("add_256", W::class_add_256),
		("mul_256", W::class_mul_256),
		("div_256", W::class_div_256),
		("rem_256", W::class_rem_256),
		("rem_256_short", W::class_rem_256_short),
		("bits_256", W::class_bits_256),
		("shift_256", W::class_shift_256),
		("order_256", W::class_order_256),
		("cast_64", W::class_cast_64),
		("cast_128", W::class_cast_128),
		("cast_to_128", W::class_cast_to_128),
		("cast_256", W::class_cast_256),
		("cast_to_256", W::class_cast_to_256),
		("locals", W::class_locals),
		("load_256", W::class_load_256),
		("load_constant", W::class_load_constant),
		("copy_address", W::class_copy_address),
		("vector_new", W::class_vector_new),
		("vector_pack", W::class_vector_pack),
		("vector_push", W::class_vector_push),
		("vector_grow", W::class_vector_grow),
		("vector_read", W::class_vector_read),
		("vector_write", W::class_vector_write),
		("copy_bytes", W::class_copy_bytes),
		("copy_bytes_long", W::class_copy_bytes_long),
		("copy_u256s", W::class_copy_u256s),
		("pack_one", W::class_pack_one),
		("pack_many", W::class_pack_many),
		("copy_many", W::class_copy_many),
		("copy_structs", W::class_copy_structs),
		("field", W::class_field),
		("deep_read", W::class_deep_read),
		("deep_borrow", W::class_deep_borrow),
		("deep_copy", W::class_deep_copy),
		("variant", W::class_variant),
		("equal_bytes", W::class_equal_bytes),
		("equal_bytes_short", W::class_equal_bytes_short),
		("equal_u16s", W::class_equal_u16s),
		("equal_u64s", W::class_equal_u64s),
		("equal_u128s", W::class_equal_u128s),
		("equal_u256s", W::class_equal_u256s),
		("equal_bools", W::class_equal_bools),
		("equal_structs", W::class_equal_structs),
		("equal_addresses", W::class_equal_addresses),
		("equal_address_list", W::class_equal_address_list),
		("equal_128", W::class_equal_128),
		("equal_256", W::class_equal_256),
		("call", W::class_call),
		("call_wide", W::class_call_wide),
		("call_with", W::class_call_with),
		("call_generic", W::class_call_generic),
		("instantiate", W::class_instantiate),
		("pack_generic", W::class_pack_generic),
		("exists", W::class_exists),
		("exists_generic", W::class_exists_generic),
		("borrow_global", W::class_borrow_global),
		("move_global", W::class_move_global),
		("access", W::class_access),
		("sha2_short", W::class_sha2_short),
		("sha2_long", W::class_sha2_long),
		("sha3_short", W::class_sha3_short),
		("sha3_long", W::class_sha3_long),
		("utf8", W::class_utf8),
		("bcs_bytes", W::class_bcs_bytes),
		("bcs_structs", W::class_bcs_structs),
		("type_name", W::class_type_name),
		("type_name_short", W::class_type_name_short),
		("type_address", W::class_type_address),
		("signer_address", W::class_signer_address),
		("vector_natives", W::class_vector_natives),
		("emit", W::class_emit),
		("emit_long", W::class_emit_long),
		("balance", W::class_balance),
		("table_known", W::class_table_known),
		("table_new", W::class_table_new),
	]
}
