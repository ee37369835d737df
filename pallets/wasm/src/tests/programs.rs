//! Random programs do here what they do in another interpreter: a version of `wasmi` before its translator was written
//! anew.
//!
//! They are what translators get wrong: expressions over few local variables, which are set, kept on the stack and compared
//! with zero; selections; stores at far offsets. A module of a fuzzer for all of WebAssembly rarely has two of these at
//! one place.

use proptest::prelude::*;
use wasmi_oracle as oracle;

use crate::testing::mock::Test;

/// Bytes of the memory: two pages, so that a far offset is within it.
const MEMORY_BYTES: usize = 2 * 64 * 1024;

fn local() -> impl Strategy<Value = String> {
	prop::sample::select(&["$a", "$b", "$c"][..]).prop_map(String::from)
}

fn constant() -> impl Strategy<Value = String> {
	const VALUES: [i32; 8] = [0, 1, 2, -1, 255, 65_535, 65_536, i32::MIN];
	prop::sample::select(&VALUES[..]).prop_map(|value| format!("(i32.const {value})"))
}

/// Of any kind, and both at once where that is one.
fn offset() -> impl Strategy<Value = u32> {
	prop::sample::select(&[0, 4, 65_535, 65_536, 70_000][..])
}

/// An address within the first 256 bytes, or as it comes.
fn address(of: String, masked: bool) -> String {
	match masked {
		true => format!("(i32.and {of} (i32.const 255))"),
		false => of,
	}
}

const UNARY: [&str; 6] = [
	"i32.eqz",
	"i32.clz",
	"i32.popcnt",
	"i32.extend8_s",
	"i32.extend16_s",
	"i32.eqz (i32.eqz",
];
const BINARY: [&str; 18] = [
	"add", "sub", "mul", "and", "or", "xor", "shl", "shr_u", "rotl", "eq", "ne", "lt_s", "lt_u",
	"gt_s", "le_u", "ge_s", "div_u", "rem_s",
];

/// An expression that gives an `i32`.
fn expression() -> impl Strategy<Value = String> {
	let leaf = prop_oneof![
		4 => local().prop_map(|local| format!("(local.get {local})")),
		2 => constant(),
	];
	leaf.prop_recursive(4, 24, 3, |inner| {
		let one = || inner.clone();
		prop_oneof![
			2 => (prop::sample::select(&UNARY[..]), one()).prop_map(|(op, of)| {
				let close = ")".repeat(op.matches('(').count());
				format!("({op} {of}){close}")
			}),
			4 => (prop::sample::select(&BINARY[..]), one(), one())
				.prop_map(|(op, left, right)| format!("(i32.{op} {left} {right})")),
			3 => (one(), one(), one())
				.prop_map(|(yes, no, by)| format!("(select {yes} {no} {by})")),
			1 => (one(), one(), one()).prop_map(|(by, yes, no)| {
				format!("(if (result i32) {by} (then {yes}) (else {no}))")
			}),
			1 => one().prop_map(|of| format!("(block (result i32) {of})")),
			1 => (local(), one()).prop_map(|(local, of)| format!("(local.tee {local} {of})")),
			1 => (one(), offset(), prop::bool::weighted(0.9)).prop_map(|(at, offset, masked)| {
				format!("(i32.load8_u offset={offset} {})", address(at, masked))
			}),
			1 => one().prop_map(|of| format!("(i32.wrap_i64 (i64.extend_i32_s {of}))")),
			1 => one().prop_map(|of| format!("(i64.eqz (i64.extend_i32_u {of}))")),
			1 => one().prop_map(|of| format!("(call $twice {of})")),
			// Something between an operand and what it is for.
			1 => (one(), one()).prop_map(|(of, other)| format!("{of} (drop {other})")),
		]
	})
}

const STORES: [(&str, &str); 7] = [
	("i32.store", ""),
	("i32.store8", ""),
	("i32.store16", ""),
	("i64.store", "i64.extend_i32_s"),
	("i64.store8", "i64.extend_i32_u"),
	("i64.store16", "i64.extend_i32_u"),
	("i64.store32", "i64.extend_i32_s"),
];

fn statement() -> impl Strategy<Value = String> {
	let plain = prop_oneof![
		4 => (local(), expression()).prop_map(|(local, of)| format!("(local.set {local} {of})")),
		3 => (
			prop::sample::select(&STORES[..]),
			offset(),
			expression(),
			expression(),
			prop::bool::weighted(0.6),
		)
			.prop_map(|((op, wide), offset, at, of, masked)| {
				let of = if wide.is_empty() { of } else { format!("({wide} {of})") };
				format!("({op} offset={offset} {} {of})", address(at, masked))
			}),
	];
	plain.prop_recursive(2, 8, 3, |inner| {
		let some = prop::collection::vec(inner, 1..4).prop_map(|all| all.join("\n"));
		prop_oneof![
			(expression(), some.clone(), some.clone())
				.prop_map(|(by, yes, no)| format!("(if {by} (then {yes}) (else {no}))")),
			(expression(), some)
				.prop_map(|(by, all)| format!("(block $out (br_if $out {by}) {all})")),
		]
	})
}

/// A contract that runs the statements and then stores its local variables.
fn program() -> impl Strategy<Value = Vec<u8>> {
	prop::collection::vec(statement(), 1..8).prop_map(|statements| {
		let text = format!(
			r#"(module (import "env" "memory" (memory 2 2))
				(func $twice (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1)))
				(func (export "deploy"))
				(func (export "call") (local $a i32) (local $b i32) (local $c i32)
					(local.set $b (i32.const 3))
					(local.set $c (i32.const 70))
					{}
					(i32.store (i32.const 256) (local.get $a))
					(i32.store (i32.const 260) (local.get $b))
					(i32.store (i32.const 264) (local.get $c))))"#,
			statements.join("\n")
		);
		wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
	})
}

/// Whether it trapped, and what is in memory then.
type Ended = (bool, Box<[u8]>);

fn run_here(code: &[u8]) -> Ended {
	let module = crate::module::translate(code).unwrap();
	let mut store = wasmi::Store::new(module.engine(), ());
	store.set_fuel(1_000_000).unwrap();
	let memory = wasmi::Memory::new(&mut store, wasmi::MemoryType::new(2, Some(2))).unwrap();
	let instance = wasmi::Instance::new(&mut store, &module, &[memory.into()]).unwrap();
	let call = instance.get_func(&store, "call").unwrap();
	let ended = call.call(&mut store, &[], &mut []);
	(ended.is_err(), memory.data(&store).into())
}

fn run_in_oracle(code: &[u8]) -> Ended {
	let engine = oracle::Engine::default();
	let module = oracle::Module::new(&engine, code).unwrap();
	let mut store = oracle::Store::new(&engine, ());
	let ty = oracle::MemoryType::new(2, Some(2)).unwrap();
	let memory = oracle::Memory::new(&mut store, ty).unwrap();
	let mut linker = <oracle::Linker<()>>::new(&engine);
	linker.define("env", "memory", memory).unwrap();
	let instance = linker.instantiate(&mut store, &module).unwrap();
	let instance = instance.start(&mut store).unwrap();
	let call = instance.get_func(&store, "call").unwrap();
	let ended = call.call(&mut store, &[], &mut []);
	(ended.is_err(), memory.data(&store).into())
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

	#[test]
	fn programs_do_what_they_do_in_another_interpreter(code in program()) {
		// What is refused has its own tests.
		if crate::validate::check::<Test>(&code).is_ok() {
			let (here, there) = (run_here(&code), run_in_oracle(&code));
			prop_assert_eq!(here.1.len(), MEMORY_BYTES);
			let differs = here.1.iter().zip(&*there.1).position(|(here, there)| here != there);
			prop_assert_eq!((here.0, differs), (there.0, None));
		}
	}
}
