//! Code of contracts, from text.
//!
//! Every contract has the same layout of memory:
//!
//! | at | what |
//! | --- | --- |
//! | [`LEN`] | length of a buffer |
//! | [`NOTHING`] | an amount of coins, which is none |
//! | [`ONE`] | one planck |
//! | [`KEY`] | up to 128 bytes: a key or a salt; topics |
//! | [`ACCOUNT`] | an account: four bytes of number, then the same byte again and again |
//! | [`INPUT`] | the input: how often the contract is to do it; then an account and the hash of its code, for each helper |
//! | [`DATA`] | anything else, to the end |

use std::fmt::Write;

/// Where the length of a buffer is.
pub const LEN: u32 = 0;
/// Where an amount of coins is that is none.
pub const NOTHING: u32 = 16;
/// Where an amount of coins is that is one planck.
pub const ONE: u32 = 32;
/// Where a key is.
pub const KEY: u32 = 64;
/// Where an account is.
pub const ACCOUNT: u32 = 192;
/// Where the input is.
pub const INPUT: u32 = 512;
/// Where there is room.
pub const DATA: u32 = 4096;

/// Where the account of a helper is.
pub const fn helper(number: u32) -> u32 {
	INPUT + 4 + 64 * number
}

/// Where the hash of a helper's code is.
pub const fn helper_code(number: u32) -> u32 {
	helper(number) + 32
}

/// The functions that contracts here import: what they are called in the text, and as what they are imported.
const IMPORTS: &[(&str, &str, &str, &str)] = &[
	("input", "seal0", "input", "i32 i32 ->"),
	("return", "seal0", "seal_return", "i32 i32 i32 ->"),
	("set", "seal2", "set_storage", "i32 i32 i32 i32 -> i32"),
	("get", "seal1", "get_storage", "i32 i32 i32 i32 -> i32"),
	("contains", "seal1", "contains_storage", "i32 i32 -> i32"),
	("clear", "seal1", "clear_storage", "i32 i32 -> i32"),
	("take", "seal0", "take_storage", "i32 i32 i32 i32 -> i32"),
	(
		"set_transient",
		"seal0",
		"set_transient_storage",
		"i32 i32 i32 i32 -> i32",
	),
	(
		"get_transient",
		"seal0",
		"get_transient_storage",
		"i32 i32 i32 i32 -> i32",
	),
	("event", "seal0", "deposit_event", "i32 i32 i32 i32 ->"),
	("debug", "seal0", "debug_message", "i32 i32 -> i32"),
	(
		"call",
		"seal1",
		"seal_call",
		"i32 i32 i64 i32 i32 i32 i32 i32 -> i32",
	),
	(
		"delegate",
		"seal0",
		"delegate_call",
		"i32 i32 i32 i32 i32 i32 -> i32",
	),
	(
		"instantiate",
		"seal1",
		"instantiate",
		"i32 i64 i32 i32 i32 i32 i32 i32 i32 i32 i32 -> i32",
	),
	("terminate", "seal1", "terminate", "i32 ->"),
	("transfer", "seal0", "transfer", "i32 i32 i32 i32 -> i32"),
	("set_code", "seal0", "set_code_hash", "i32 -> i32"),
	("lock", "seal0", "lock_delegate_dependency", "i32 ->"),
	("unlock", "seal0", "unlock_delegate_dependency", "i32 ->"),
	("caller", "seal0", "caller", "i32 i32 ->"),
	("address", "seal0", "address", "i32 i32 ->"),
	("balance", "seal0", "balance", "i32 i32 ->"),
	("value", "seal0", "value_transferred", "i32 i32 ->"),
	("now", "seal0", "now", "i32 i32 ->"),
	("minimum", "seal0", "minimum_balance", "i32 i32 ->"),
	("block", "seal0", "block_number", "i32 i32 ->"),
	("gas_left", "seal0", "gas_left", "i32 i32 ->"),
	("fee", "seal0", "weight_to_fee", "i64 i32 i32 ->"),
	("nonce", "seal0", "instantiation_nonce", "-> i64"),
	("is_contract", "seal0", "is_contract", "i32 -> i32"),
	("code_hash", "seal0", "code_hash", "i32 i32 i32 -> i32"),
	("own_code_hash", "seal0", "own_code_hash", "i32 i32 ->"),
	("caller_is_origin", "seal0", "caller_is_origin", "-> i32"),
	("caller_is_root", "seal0", "caller_is_root", "-> i32"),
	("sha2", "seal0", "hash_sha2_256", "i32 i32 i32 ->"),
	("keccak", "seal0", "hash_keccak_256", "i32 i32 i32 ->"),
	("blake2", "seal0", "hash_blake2_256", "i32 i32 i32 ->"),
	("blake2_128", "seal0", "hash_blake2_128", "i32 i32 i32 ->"),
	("ecdsa", "seal0", "ecdsa_recover", "i32 i32 i32 -> i32"),
	(
		"eth_address",
		"seal0",
		"ecdsa_to_eth_address",
		"i32 i32 -> i32",
	),
	(
		"sr25519",
		"seal0",
		"sr25519_verify",
		"i32 i32 i32 i32 -> i32",
	),
	(
		"extension",
		"seal0",
		"call_chain_extension",
		"i32 i32 i32 i32 i32 -> i32",
	),
];

/// The imports of those functions that the text calls.
fn imports(text: &str) -> String {
	let mut imports = String::new();
	for (name, module, function, ty) in IMPORTS {
		let is_called = [" ", ")"]
			.iter()
			.any(|end| text.contains(&format!("(call ${name}{end}")));
		if is_called {
			let (params, results) = ty.split_once("->").expect("types have an arrow");
			let _ = write!(
				imports,
				"(import \"{module}\" \"{function}\" (func ${name} (param {params}) (result {results})))"
			);
		}
	}
	imports
}

/// Bytes as a string of the text format.
pub fn bytes(bytes: &[u8]) -> String {
	bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}

/// A module from its fields, without the imports. Its memory begins with as many pages.
pub fn module(pages: u32, fields: &str) -> Vec<u8> {
	let imports = imports(fields);
	let text =
		format!("(module {imports} (import \"env\" \"memory\" (memory {pages} 16)) {fields})");
	wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}"))
}

/// A contract whose message is `body`, and whose constructor does nothing.
pub fn message(pages: u32, fields: &str, body: &str) -> Vec<u8> {
	module(
		pages,
		&format!("{fields} (func (export \"deploy\")) (func (export \"call\") {body})"),
	)
}

/// A contract that does `setup` once, and `body` as often as its input says; `$n` counts down to one.
pub fn looped(pages: u32, fields: &str, setup: &str, body: &str) -> Vec<u8> {
	let one = format!("(data (i32.const {ONE}) \"\\01\")");
	let body = format!(
		"(local $n i32)
		(i32.store (i32.const {LEN}) (i32.const 2048))
		(call $input (i32.const {INPUT}) (i32.const {LEN}))
		(local.set $n (i32.load (i32.const {INPUT})))
		{setup}
		(loop $again
			{body}
			(br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))"
	);
	message(pages, &format!("{one} {fields}"), &body)
}

/// A contract that does nothing.
pub fn idle() -> Vec<u8> {
	message(1, "", "")
}

/// One like [`idle`], of the same length, that is no other.
pub fn idle_numbered(number: u32) -> Vec<u8> {
	let mut code = idle();
	// A section without meaning: its length, that of its name, and no name.
	code.extend([0, 5, 0]);
	code.extend(number.to_le_bytes());
	code
}

/// What makes translating a code long, by the kind of what it repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dense {
	/// Conditions without content.
	Conditions,
	/// A chain of comparisons.
	Comparisons,
	/// Comparisons of constants.
	Constants,
	/// Blocks without content.
	Blocks,
	/// Loops without content.
	Loops,
	/// Calls.
	Calls,
	/// Calls by a table.
	IndirectCalls,
	/// Tables of branches.
	BranchTables,
	/// Reads of memory.
	Loads,
	/// Writes to memory.
	Stores,
	/// Locals that are read for nothing.
	Locals,
	/// Locals that are set.
	Copies,
	/// Sums of locals.
	Sums,
	/// Nothing at all, a byte each.
	Nops,
	/// Types.
	Types,
	/// Functions.
	Functions,
	/// Imports.
	Imports,
	/// Global variables.
	Globals,
	/// Segments of a table.
	Elements,
	/// Segments of memory.
	Segments,
}

impl Dense {
	/// All kinds.
	pub const ALL: [Self; 20] = [
		Self::Conditions,
		Self::Comparisons,
		Self::Constants,
		Self::Blocks,
		Self::Loops,
		Self::Calls,
		Self::IndirectCalls,
		Self::BranchTables,
		Self::Loads,
		Self::Stores,
		Self::Locals,
		Self::Copies,
		Self::Sums,
		Self::Nops,
		Self::Types,
		Self::Functions,
		Self::Imports,
		Self::Globals,
		Self::Elements,
		Self::Segments,
	];

	/// Its name in a table.
	pub fn name(self) -> String {
		format!("{self:?}").to_lowercase()
	}

	/// What is repeated within a function, and what comes before and after; or within the module.
	fn parts(self) -> Parts {
		let within = |before: &str, once: &str, after: &str| Parts {
			is_field: false,
			before: before.into(),
			once: once.into(),
			after: after.into(),
		};
		let field = |once: &str| Parts {
			is_field: true,
			before: String::new(),
			once: once.into(),
			after: String::new(),
		};
		match self {
			Self::Conditions => within("", "(if (local.get $a) (then) (else nop))", ""),
			Self::Comparisons => within("local.get $a", "i32.eqz", "drop"),
			Self::Constants => within("local.get $a", "i32.const 7 i32.lt_u", "drop"),
			Self::Blocks => within("", "(block)", ""),
			Self::Loops => within("", "(loop)", ""),
			Self::Calls => within("", "call $nothing", ""),
			Self::IndirectCalls => within("", "i32.const 0 call_indirect (type $plain)", ""),
			Self::BranchTables => {
				let targets = "0 ".repeat(200);
				within(
					"",
					&format!("(block (br_table {targets} 0 (local.get $a)))"),
					"",
				)
			}
			Self::Loads => within("local.get $a", "i32.load", "drop"),
			Self::Stores => within("", "local.get $a local.get $a i32.store", ""),
			Self::Locals => within("", "local.get $a drop", ""),
			Self::Copies => within("", "local.get $b local.set $a", ""),
			Self::Sums => within("local.get $a", "local.get $b i32.add", "drop"),
			Self::Nops => within("", "nop", ""),
			Self::Types => field(&format!("(type (func (param {})))", "i64 ".repeat(12))),
			Self::Functions => field(&format!("(func {})", "nop ".repeat(13))),
			Self::Imports => {
				field("(import \"seal0\" \"seal_caller_is_origin\" (func (result i32)))")
			}
			Self::Globals => field("(global i64 (i64.const 0x1234567812))"),
			Self::Elements => field("(elem (i32.const 0) $nothing $nothing $nothing)"),
			Self::Segments => field("(data (i32.const 4096) \"0\")"),
		}
	}

	/// A contract with `times` of it, and as many instructions that do nothing. Its message has the function
	/// translated that holds them and comes back at once. No two numbers give the same code.
	pub fn contract(self, number: u32, times: usize, idle: usize) -> Vec<u8> {
		let Parts {
			is_field,
			before,
			once,
			after,
		} = self.parts();
		let repeated = format!("{once} ").repeat(times);
		// Imports come first.
		let (first, fields, body) = match (self, is_field) {
			(Self::Imports, _) => (repeated, String::new(), String::new()),
			(_, true) => (String::new(), repeated, String::new()),
			(_, false) => (
				String::new(),
				String::new(),
				format!("{before} {repeated} {after}"),
			),
		};
		let idle = "nop ".repeat(idle);
		module(
			1,
			&format!(
				r#"{first}
				(type $plain (func))
				(table 4 funcref)
				(elem (i32.const 0) $nothing)
				(func $nothing)
				{fields}
				(func $dense (param $a i32) (local $b i32)
					(br_if 0 (i32.eqz (local.get $a)))
					{body}
					{idle})
				(func (export "deploy"))
				(func (export "call") (call $dense (i32.const 0)))
				(data (i32.const 100) "{}")"#,
				bytes(&number.to_le_bytes())
			),
		)
	}
}

struct Parts {
	is_field: bool,
	before: String,
	once: String,
	after: String,
}
