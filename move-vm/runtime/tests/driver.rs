//! `move-vm-run` answers steps as its documentation says.

#[allow(dead_code)] // its command line
#[path = "../examples/move-vm-run.rs"]
mod driver;

use driver::{default_library, verify_file, Runner};
use move_vm_binary_format::{bytecode::Bytecode as B, SignatureToken as T};
use move_vm_fixtures::{abilities, counter, script, Function, ModuleBuilder};

fn hex(bytes: &[u8]) -> String {
	bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[track_caller]
fn assert_answers(runner: &mut Runner, steps: &[(String, &str)]) {
	for (step, expected) in steps {
		assert_eq!(runner.answer(step).as_deref(), Some(*expected), "{step}");
	}
}

#[test]
fn steps_are_answered_line_by_line() {
	let module = hex(&counter().serialize().unwrap());
	let main = hex(&script().serialize().unwrap());
	let seven = format!("{:0>64}", 7);
	let one = "0100000000000000";
	let mut runner = Runner::default();
	assert_eq!(runner.answer("# a comment"), None);
	assert_eq!(runner.answer("  "), None);
	assert_answers(
		&mut runner,
		&[
			(
				format!("publish\t{module}\t0x43"),
				"MODULE_ADDRESS_DOES_NOT_MATCH_SENDER - -",
			),
			(format!("publish\t{module}\t0x42"), "OK"),
			(
				format!("call\t0x42::counter::value\t\t{seven}"),
				"MISSING_DATA 0x42::counter 2:1",
			),
			(
				format!("script\t{main}\t\t0000000000000000\t0x7"),
				"ABORTED script 0:8 1",
			),
			(format!("script\t{main}\t\t{one}\t0x7"), "OK"),
			(
				format!("script\t{main}\t\t{one}"),
				"NUMBER_OF_ARGUMENTS_MISMATCH - -",
			),
			(format!("call\t0x42::counter::increment\t\t{seven}\t"), "OK"),
			(
				"call\t0x42::counter::value\t\t\t0x7".into(),
				"OK 0100000000000000",
			),
			(
				"call\t0x42::counter::nothing".into(),
				"FUNCTION_RESOLUTION_FAILURE - -",
			),
			("call\t0x42::nowhere::f".into(), "LINKER_ERROR - -"),
			("call\t0x42::counter".into(), "MALFORMED_STEP - -"),
			("publish\tabc\t0x42".into(), "MALFORMED_STEP - -"),
			("publish\t00\t0x42".into(), "BAD_MAGIC - -"),
		],
	);
}

#[test]
fn generic_private_functions_are_called_with_type_lists() {
	let mut m = ModuleBuilder::new(0x42, "m");
	m.function(
		Function::new("second")
			.type_parameters([abilities("drop"), abilities("")])
			.parameters([T::TypeParameter(0), T::TypeParameter(1)])
			.returns([T::TypeParameter(1), T::U8])
			.code([B::MoveLoc(1), B::LdU8(9), B::Ret]),
	);
	let module = hex(&m.build().serialize().unwrap());
	let mut runner = Runner::default();
	let call = "call\t0x42::m::second";
	assert_answers(
		&mut runner,
		&[
			(format!("publish\t{module}\t0x42"), "OK"),
			(
				format!("{call}\tu8, vector<u16>\t05,010700"),
				"OK 010700 09",
			),
			(
				format!("{call}\tu8\t05,010700"),
				"NUMBER_OF_TYPE_ARGUMENTS_MISMATCH 0x42::m -",
			),
			(format!("{call}\tu8,u9\t05,010700"), "MALFORMED_STEP - -"),
		],
	);
}

#[test]
fn library_is_there_and_gives_way() {
	let mut runner = Runner::with_library(&default_library().unwrap()).unwrap();
	let text = hex(b"\x02ab");
	let mut own = ModuleBuilder::new(1, "string");
	own.function(
		Function::new("f")
			.public()
			.returns([T::U8])
			.code([B::LdU8(1), B::Ret]),
	);
	let own = hex(&own.build().serialize().unwrap());
	let mut empty = ModuleBuilder::new(1, "string");
	empty.struct_("S", abilities("drop"), &[], &[("v", T::U8)]);
	let empty = hex(&empty.build().serialize().unwrap());
	let answer = runner.answer("call\t0x1::string::utf8\t\t01ff").unwrap();
	assert!(
		answer.starts_with("ABORTED 0x1::string ") && answer.ends_with(" 1"),
		"{answer}"
	);
	assert_answers(
		&mut runner,
		&[
			(format!("call\t0x1::string::utf8\t\t{text}"), "OK 026162"),
			(format!("publish\t{own}\t0x1"), "OK"),
			("call\t0x1::string::f".into(), "OK 01"),
			(
				format!("publish\t{empty}\t0x1"),
				"BACKWARD_INCOMPATIBLE_MODULE_UPDATE - -",
			),
		],
	);
}

#[test]
fn files_are_verified() {
	let folder = std::env::temp_dir().join(format!("move-vm-run-{}", std::process::id()));
	std::fs::create_dir_all(&folder).unwrap();
	let verify = |name: &str, bytes: &[u8]| {
		let path = folder.join(name);
		std::fs::write(&path, bytes).unwrap();
		verify_file(path.to_str().unwrap()).unwrap()
	};
	assert_eq!(verify("module.mv", &counter().serialize().unwrap()), "OK");
	assert_eq!(verify("script.mv", &script().serialize().unwrap()), "OK");
	assert_eq!(verify("short.mv", &[0xA1]), "BAD_MAGIC - -");
	let mut unbound = script();
	unbound.code.code[0] = B::CopyLoc(200);
	assert_eq!(
		verify("unbound.mv", &unbound.serialize().unwrap()),
		"INDEX_OUT_OF_BOUNDS - -"
	);
	let mut wrong = counter();
	wrong.function_defs[2].code.as_mut().unwrap().code[3] = B::Pop;
	assert_eq!(
		verify("wrong.mv", &wrong.serialize().unwrap()),
		"NEGATIVE_STACK_SIZE_WITHIN_BLOCK 0x42::counter 2:0"
	);
	std::fs::remove_dir_all(&folder).unwrap();
	assert!(verify_file("/nowhere").is_err());
}
