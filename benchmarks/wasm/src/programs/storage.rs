//! What a contract stores.

use super::Program;
use crate::{
	code::{helper, looped, message, DATA, KEY, LEN, NOTHING},
	state::STRANGER,
};

/// The longest value, bytes.
const LONG: u32 = 16 * 1024;
/// Transient values that there is room for: with their journal they take less than 400 bytes each.
const TRANSIENT: u32 = 2_500;

/// The number as the key. The contract has values under the numbers from 1 on.
fn numbered() -> String {
	format!("(i32.store (i32.const {KEY}) (local.get $n))")
}

fn room() -> String {
	format!("(i32.store (i32.const {LEN}) (i32.const 32768))")
}

fn get(function: &str, key_len: u32) -> String {
	format!(
		"{} (drop (call ${function} (i32.const {KEY}) (i32.const {key_len}) (i32.const {DATA}) (i32.const {LEN})))",
		room()
	)
}

fn set(function: &str, key_len: u32, len: u32) -> String {
	format!(
		"(drop (call ${function} (i32.const {KEY}) (i32.const {key_len}) (i32.const {DATA}) (i32.const {len})))"
	)
}

fn of_key(function: &str, key_len: u32) -> String {
	format!("(drop (call ${function} (i32.const {KEY}) (i32.const {key_len})))")
}

/// Programs that read and write. The contract has as many values as `entries`.
pub fn programs(entries: u32) -> Vec<Program> {
	// Where a value has to be there before.
	let after = |name: &str, setup: &str, body: &str| {
		Program::endless_code(name, looped(1, "", setup, body))
	};
	let key = numbered();
	// Keys of eight bytes are nobody's.
	let hit = |once: &str| format!("{key} {once}");
	let reads = vec![
		Program::counted("get-hit", &hit(&get("get", 4))).up_to(entries),
		Program::endless("get-miss", &hit(&get("get", 8))),
		Program::endless("get-miss-long-key", &hit(&get("get", 128))),
		Program::endless("get-same", &get("get", 4)),
		after("get-same-long", &set("set", 4, LONG), &get("get", 4)),
		Program::counted("contains-hit", &hit(&of_key("contains", 4))).up_to(entries),
		Program::endless("contains-miss", &hit(&of_key("contains", 8))),
		after(
			"contains-same-long",
			&set("set", 4, LONG),
			&of_key("contains", 4),
		),
	];
	let writes = vec![
		Program::counted("set-new", &hit(&set("set", 8, 32))),
		Program::counted("set-new-empty", &hit(&set("set", 8, 0))),
		Program::counted("set-new-long", &hit(&set("set", 8, LONG))),
		Program::counted("set-new-long-key", &hit(&set("set", 128, 32))),
		Program::counted("set-hit", &hit(&set("set", 4, 32))).up_to(entries),
		Program::counted("set-hit-longer", &hit(&set("set", 4, 64))).up_to(entries),
		Program::counted("set-hit-shorter", &hit(&set("set", 4, 0))).up_to(entries),
		Program::counted("set-hit-shorter-stranger", &hit(&set("set", 4, 0)))
			.up_to(entries)
			.signed_by(STRANGER),
		Program::counted("set-hit-longer-stranger", &hit(&set("set", 4, 64)))
			.up_to(entries)
			.signed_by(STRANGER),
		Program::counted("set-same", &set("set", 8, 32)),
		Program::counted("set-same-long", &set("set", 8, LONG)),
		Program::counted("clear-hit", &hit(&of_key("clear", 4))).up_to(entries),
		Program::counted("clear-hit-stranger", &hit(&of_key("clear", 4)))
			.up_to(entries)
			.signed_by(STRANGER),
		Program::endless("clear-miss", &hit(&of_key("clear", 8))),
		Program::counted("take-hit", &hit(&get("take", 4))).up_to(entries),
		Program::endless("take-miss", &hit(&get("take", 8))),
		Program::counted(
			"set-and-clear",
			&hit(&[set("set", 8, 32), of_key("clear", 8)].concat()),
		),
		Program::counted(
			"set-and-take-long",
			&hit(&[set("set", 8, LONG), get("take", 8)].concat()),
		),
	];
	let trap = |once: &str| {
		let body = format!("{once} unreachable");
		message(1, "", &body)
	};
	let call = format!(
		"(drop (call $call (i32.const 8) (i32.const {}) (i64.const 0) (i32.const {NOTHING})
			(i32.const {KEY}) (i32.const 0) (i32.const -1) (i32.const 0)))",
		helper(0)
	);
	let undone = |name: &str, once: &str| Program::endless(name, &call).with([trap(once)]);
	let transient = vec![
		undone("set-undone", &set("set", 4, 32)),
		Program::counted("transient-new", &hit(&set("set_transient", 8, 32))).up_to(2_240),
		Program::counted("transient-new-empty", &hit(&set("set_transient", 4, 0))).up_to(2_450),
		Program::counted("transient-same", &set("set_transient", 8, 32)).up_to(2 * TRANSIENT - 500),
		Program::counted("transient-same-long", &set("set_transient", 8, LONG)).up_to(60),
		Program::endless("transient-get-miss", &hit(&get("get_transient", 8))),
		after(
			"transient-get-long",
			&set("set_transient", 4, LONG),
			&get("get_transient", 4),
		),
		Program::endless_code(
			"transient-get-among-many",
			looped(
				1,
				"",
				&format!(
					"(loop $fill
						(i32.store (i32.const {KEY}) (local.get $n)) {}
						(br_if $fill (i32.gt_u (local.tee $n (i32.sub (local.get $n) (i32.const 1)))
							(i32.const {}))))",
					set("set_transient", 4, 0),
					u32::MAX - 2_000,
				),
				&hit(&get("get_transient", 4)),
			),
		),
		undone("transient-undone", &set("set_transient", 4, 32)),
		undone(
			"transient-undone-long",
			&set("set_transient", 4, LONG).repeat(20),
		),
	];
	[reads, writes, transient].concat()
}
