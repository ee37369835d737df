//! Each thing that makes bytes no binary, beside a neighbour that is one.

use move_vm_binary_format::{BinaryLimits, CompiledModule, CompiledScript, SignatureToken as T};
use move_vm_fixtures::{abilities, Function, ModuleBuilder, Tables as _};
use move_vm_types::{StatusCode as S, VmError};

const MODULE_HANDLES: u8 = 0x1;
const STRUCT_HANDLES: u8 = 0x2;
const FUNCTION_HANDLES: u8 = 0x3;
const SIGNATURES: u8 = 0x5;
const CONSTANTS: u8 = 0x6;
const IDENTIFIERS: u8 = 0x7;
const ADDRESSES: u8 = 0x8;
const STRUCT_DEFS: u8 = 0xA;
const FUNCTION_DEFS: u8 = 0xC;
const FIELD_HANDLES: u8 = 0xD;
const METADATA: u8 = 0x10;
const VARIANT_HANDLES: u8 = 0x13;

/// A binary, its headers made to fit.
struct Draft {
	version: u32,
	/// Kind and content.
	tables: Vec<(u8, Vec<u8>)>,
	/// What follows the tables.
	tail: Vec<u8>,
}

impl Draft {
	/// A module `m` without anything.
	fn new(version: u32) -> Self {
		Self {
			version,
			tables: vec![
				(MODULE_HANDLES, vec![0, 0]),
				(IDENTIFIERS, vec![1, b'm']),
				(ADDRESSES, vec![0; 32]),
			],
			tail: vec![0],
		}
	}

	fn with(mut self, kind: u8, content: impl Into<Vec<u8>>) -> Self {
		let content = content.into();
		match self.tables.iter_mut().find(|(other, _)| *other == kind) {
			Some((_, old)) => *old = content,
			None => self.tables.push((kind, content)),
		}
		self
	}

	/// With a function whose code unit is `code`: locals, count, instructions.
	fn with_code(self, code: &[u8]) -> Self {
		let mut handle = vec![0, 0, 0, 0, 0];
		if self.version >= 7 {
			handle.push(1);
		}
		self.with(FUNCTION_HANDLES, handle)
			.with(SIGNATURES, [0])
			.with(FUNCTION_DEFS, [&[0, 0, 0, 0], code].concat())
	}

	fn bytes(&self) -> Vec<u8> {
		let mut headers = Vec::new();
		let mut offset = 0;
		for (kind, content) in &self.tables {
			headers.push((*kind, offset, content.len()));
			offset += content.len();
		}
		self.bytes_with(&headers)
	}

	/// With these headers: kind, offset, size, each below 128 or in two bytes.
	fn bytes_with(&self, headers: &[(u8, usize, usize)]) -> Vec<u8> {
		let number = |n: usize| match n {
			0..=127 => vec![n as u8],
			_ => vec![n as u8 | 0x80, (n >> 7) as u8],
		};
		let mut bytes = vec![0xA1, 0x1C, 0xEB, 0x0B];
		bytes.extend(self.version.to_le_bytes());
		bytes.push(headers.len() as u8);
		for (kind, offset, size) in headers {
			bytes.push(*kind);
			bytes.extend(number(*offset));
			bytes.extend(number(*size));
		}
		for (_, content) in &self.tables {
			bytes.extend(content);
		}
		bytes.extend(&self.tail);
		bytes
	}

	fn error(&self) -> VmError {
		CompiledModule::deserialize(&self.bytes()).expect_err("it is malformed")
	}

	fn status(&self) -> S {
		self.error().status()
	}

	fn accept(&self) -> CompiledModule {
		CompiledModule::deserialize(&self.bytes()).expect("it is well-formed")
	}
}

fn status(bytes: &[u8]) -> S {
	CompiledModule::deserialize(bytes)
		.expect_err("it is malformed")
		.status()
}

#[test]
fn magic_must_be_there() {
	let mut bytes = Draft::new(6).bytes();
	assert!(CompiledModule::deserialize(&bytes).is_ok());
	assert_eq!(status(&bytes[..3]), S::BAD_MAGIC);
	assert_eq!(status(&[]), S::BAD_MAGIC);
	bytes[0] = 0xA0;
	assert_eq!(status(&bytes), S::BAD_MAGIC);
}

#[test]
fn versions_five_to_seven_are_read_with_and_without_mark() {
	for version in 5..=7 {
		assert_eq!(Draft::new(version).accept().version, version);
		assert_eq!(Draft::new(version | 0x0A00_0000).accept().version, version);
	}
	for word in [0, 4, 8, 0x0A00_0008, 0x0200_0006, 0x0800_0006, 0x0B00_0006] {
		let error = Draft::new(word).error();
		assert_eq!(error.status(), S::UNKNOWN_VERSION, "{word:x}");
		assert_eq!(error.byte_offset(), Some(4));
		assert!(error.message().contains("unsupported version"));
	}
	assert_eq!(status(&Draft::new(6).bytes()[..7]), S::MALFORMED);
}

#[test]
fn version_above_the_limit_is_refused() {
	let limits = BinaryLimits {
		max_version: 6,
		..BinaryLimits::default()
	};
	let read = |version| CompiledModule::deserialize_with(&Draft::new(version).bytes(), &limits);
	assert!(read(6).is_ok());
	assert_eq!(read(7).unwrap_err().status(), S::UNKNOWN_VERSION);
}

#[test]
fn tables_must_follow_each_other() {
	let draft = Draft::new(6);
	let good = [(1, 0, 2), (7, 2, 2), (8, 4, 32)];
	assert!(CompiledModule::deserialize(&draft.bytes_with(&good)).is_ok());
	for (bad, what) in [
		([(1, 0, 2), (7, 1, 3), (8, 4, 32)], "overlap"),
		([(1, 0, 2), (7, 3, 1), (8, 4, 32)], "gap"),
		([(1, 1, 1), (7, 2, 2), (8, 4, 32)], "gap in front"),
		([(1, 0, 2), (7, 2, 2), (8, 4, 99)], "behind the end"),
		([(1, 0, 4), (7, 4, 0), (8, 4, 32)], "empty"),
	] {
		assert_eq!(
			status(&draft.bytes_with(&bad)),
			S::BAD_HEADER_TABLE,
			"{what}"
		);
	}
	// Within the binary, but not within what follows the headers.
	assert_eq!(
		status(&draft.bytes_with(&[(1, 0, 2), (7, 2, 2), (8, 4, 40)])),
		S::MALFORMED
	);
}

#[test]
fn tables_may_come_in_any_order() {
	let mut draft = Draft::new(6);
	draft.tables.reverse();
	assert_eq!(draft.accept(), Draft::new(6).accept());
	// Headers in another order than contents.
	let draft = Draft::new(6);
	let bytes = draft.bytes_with(&[(8, 4, 32), (7, 2, 2), (1, 0, 2)]);
	assert_eq!(CompiledModule::deserialize(&bytes), Ok(draft.accept()));
}

#[test]
fn table_must_be_unique_and_known() {
	let mut draft = Draft::new(6);
	draft.tables.push((IDENTIFIERS, vec![1, b'n']));
	assert_eq!(draft.status(), S::DUPLICATE_TABLE);
	for kind in [0x0, 0x9, 0x15, 0xFF] {
		assert_eq!(
			Draft::new(7).with(kind, [0]).status(),
			S::UNKNOWN_TABLE_TYPE
		);
	}
	assert!(CompiledModule::deserialize(&Draft::new(6).with(METADATA, [0, 0]).bytes()).is_ok());
}

#[test]
fn trailing_bytes_are_refused() {
	let mut draft = Draft::new(6);
	draft.tail.push(0);
	let error = draft.error();
	assert_eq!(error.status(), S::TRAILING_BYTES);
	assert_eq!(error.byte_offset(), Some(draft.bytes().len() as u32 - 1));
}

#[test]
fn script_is_no_module_and_module_no_script() {
	let script = move_vm_fixtures::script().serialize().unwrap();
	assert!(CompiledScript::deserialize(&script).is_ok());
	assert_eq!(status(&script), S::TRAILING_BYTES);
	let module = move_vm_fixtures::counter().serialize().unwrap();
	assert_eq!(
		CompiledScript::deserialize(&module).unwrap_err().status(),
		S::MALFORMED
	);
	// Everything a script needs, but a table of modules.
	let mut draft = Draft::new(6)
		.with(SIGNATURES, [0])
		.with(STRUCT_DEFS, [0, 2, 0]);
	draft.tail = vec![0, 0, 0, 1, 0x02];
	let read = |draft: &Draft| CompiledScript::deserialize(&draft.bytes());
	assert_eq!(read(&draft).unwrap_err().status(), S::MALFORMED);
	draft.tables.pop();
	assert!(read(&draft).is_ok());
}

#[test]
fn numbers_must_be_short_and_small() {
	// The module's name: index 0 as one byte, in a longer form, without an end.
	let with = |handle: &[u8]| Draft::new(6).with(MODULE_HANDLES, handle);
	with(&[0, 0]).accept();
	assert_eq!(with(&[0, 0x80, 0]).status(), S::MALFORMED);
	assert_eq!(with(&[0, 0x80]).status(), S::MALFORMED);
	// 65535 is an index, though of nothing here; 65536 is none.
	assert_eq!(
		with(&[0, 0xFF, 0xFF, 0x03]).status(),
		S::INDEX_OUT_OF_BOUNDS
	);
	let error = with(&[0, 0x80, 0x80, 0x04]).error();
	assert_eq!(error.status(), S::MALFORMED);
	// Behind magic, version, count, three headers of three bytes and the address.
	assert_eq!(error.byte_offset(), Some(4 + 4 + 1 + 9 + 1));
}

#[test]
fn identifier_must_be_valid_and_within_the_limit() {
	let with = |content: &[u8]| Draft::new(6).with(IDENTIFIERS, content);
	with(&[1, b'm']).accept();
	for bad in [
		&[1, b'9'][..],
		&[1, b'_'],
		&[0],
		&[2, b'a', b'$'],
		&[2, 0xC3, 0xA9],
		&[1, 0xFF],
		&[5, b'a'],
	] {
		assert_eq!(with(bad).status(), S::MALFORMED, "{bad:?}");
	}
	let long = |count: usize| {
		let mut content = vec![count as u8 | 0x80, (count >> 7) as u8];
		content.extend(vec![b'a'; count]);
		with(&content)
	};
	long(255).accept();
	assert_eq!(long(256).status(), S::MALFORMED);
	let limits = BinaryLimits {
		max_identifier: 128,
		..BinaryLimits::default()
	};
	let read = |draft: Draft| CompiledModule::deserialize_with(&draft.bytes(), &limits);
	assert!(read(long(128)).is_ok());
	assert_eq!(read(long(129)).unwrap_err().status(), S::MALFORMED);
}

#[test]
fn address_must_have_thirty_two_bytes() {
	Draft::new(6).with(ADDRESSES, [0; 64]).accept();
	assert_eq!(
		Draft::new(6).with(ADDRESSES, [0; 33]).status(),
		S::MALFORMED
	);
}

#[test]
fn type_must_be_known_to_the_version() {
	let with = |version, signature: &[u8]| Draft::new(version).with(SIGNATURES, signature);
	for (byte, first) in [(0x1, 5), (0xD, 6), (0xE, 6), (0xF, 6)] {
		with(first, &[1, byte]).accept();
		if first > 5 {
			assert_eq!(with(first - 1, &[1, byte]).status(), S::MALFORMED);
		}
	}
	for function_or_signed in [0x10, 0x11, 0x16] {
		assert_eq!(with(7, &[1, function_or_signed]).status(), S::MALFORMED);
	}
	for garbage in [0x0, 0x17, 0xFF] {
		assert_eq!(with(7, &[1, garbage]).status(), S::UNKNOWN_SERIALIZED_TYPE);
	}
	assert_eq!(with(7, &[2, 0x1]).status(), S::MALFORMED);
}

#[test]
fn type_with_an_empty_argument_list_is_refused() {
	let with = |signature: &[u8]| {
		Draft::new(6)
			.with(STRUCT_HANDLES, [0, 0, 0, 1, 0, 0])
			.with(SIGNATURES, signature)
	};
	with(&[1, 0xB, 0, 1, 0x1]).accept();
	assert_eq!(with(&[1, 0xB, 0, 0]).status(), S::MALFORMED);
}

#[test]
fn type_is_nested_at_most_256_deep() {
	let nested = |depth: usize| {
		let mut signature = vec![1];
		signature.extend(vec![0xA; depth - 1]);
		signature.push(0x1);
		Draft::new(6).with(SIGNATURES, signature)
	};
	let module = nested(256).accept();
	assert_eq!(
		CompiledModule::deserialize(&module.serialize().unwrap()),
		Ok(module)
	);
	assert_eq!(nested(257).status(), S::MALFORMED);
	// Long before the bytes end, and without a deep stack.
	assert_eq!(nested(10_000).status(), S::MALFORMED);
}

#[test]
fn abilities_have_four_bits() {
	let with = |bits: u8| Draft::new(6).with(STRUCT_HANDLES, [0, 0, bits, 0]);
	assert_eq!(
		with(0xF).accept().pools.struct_handles[0].abilities,
		abilities("copy drop store key")
	);
	assert_eq!(with(0x10).status(), S::MALFORMED);
}

#[test]
fn phantom_is_a_bit() {
	let with = |phantom: u8| Draft::new(6).with(STRUCT_HANDLES, [0, 0, 0, 1, 0, phantom]);
	assert!(with(1).accept().pools.struct_handles[0].type_parameters[0].is_phantom);
	assert_eq!(with(2).status(), S::MALFORMED);
}

#[test]
fn struct_is_native_or_declared_and_an_enum_since_version_seven() {
	let with = |version, def: &[u8]| {
		Draft::new(version)
			.with(STRUCT_HANDLES, [0, 0, 0, 0])
			.with(STRUCT_DEFS, def)
	};
	with(6, &[0, 1]).accept();
	with(6, &[0, 2, 1, 0, 0x1]).accept();
	with(7, &[0, 3, 1, 0, 0]).accept();
	assert_eq!(with(6, &[0, 3, 1, 0, 0]).status(), S::MALFORMED);
	for flag in [0, 4] {
		assert_eq!(with(7, &[0, flag]).status(), S::UNKNOWN_NATIVE_STRUCT_FLAG);
	}
	// 127 variants are the most that the format has.
	let variants = |count: u8| {
		let mut def = vec![0, 3, count];
		def.extend([0, 0].repeat(usize::from(count & 0x7F)));
		with(7, &def)
	};
	variants(127).accept();
	assert_eq!(with(7, &[0, 3, 0x80, 0x01]).status(), S::MALFORMED);
}

#[test]
fn tables_of_enums_are_there_since_version_seven() {
	let with = |version| {
		let enums = Draft::new(version).with(STRUCT_HANDLES, [0, 0, 0, 0]);
		match version {
			7 => enums.with(STRUCT_DEFS, [0, 3, 1, 0, 0]),
			_ => enums.with(STRUCT_DEFS, [0, 2, 0]),
		}
		.with(VARIANT_HANDLES, [0, 0])
	};
	with(7).accept();
	assert_eq!(with(6).status(), S::MALFORMED);
}

#[test]
fn field_is_one_of_256() {
	let with = |handle: &[u8]| {
		Draft::new(6)
			.with(STRUCT_HANDLES, [0, 0, 0, 0])
			.with(STRUCT_DEFS, [0, 2, 1, 0, 0x1])
			.with(FIELD_HANDLES, handle)
	};
	with(&[0, 0]).accept();
	assert_eq!(with(&[0, 0xFF, 0x01]).status(), S::INDEX_OUT_OF_BOUNDS);
	assert_eq!(with(&[0, 0x80, 0x02]).status(), S::MALFORMED);
}

#[test]
fn function_has_known_visibility_and_flags() {
	let with = |def: &[u8]| Draft::new(6).with_code(&[]).with(FUNCTION_DEFS, def);
	let code = [0, 1, 0x02];
	for visibility in [0, 1, 3] {
		with(&[&[0, visibility, 0, 0], &code[..]].concat()).accept();
	}
	for visibility in [2, 4] {
		assert_eq!(
			with(&[&[0, visibility, 0, 0], &code[..]].concat()).status(),
			S::MALFORMED
		);
	}
	let entry = with(&[&[0, 0, 4, 0], &code[..]].concat()).accept();
	assert!(entry.function_defs[0].is_entry);
	let native = with(&[0, 0, 2, 0]).accept();
	assert_eq!(native.function_defs[0].code, None);
	for flags in [1, 8, 0x80] {
		assert_eq!(
			with(&[&[0, 0, flags, 0], &code[..]].concat()).status(),
			S::INVALID_FLAG_BITS
		);
	}
}

#[test]
fn access_specifiers_are_read_since_version_seven() {
	let with = |version, specifiers: &[u8]| {
		Draft::new(version)
			.with(SIGNATURES, [0])
			.with(FUNCTION_HANDLES, [&[0, 0, 0, 0, 0], specifiers].concat())
	};
	let handle = |module: CompiledModule| module.pools.function_handles[0].clone();
	assert_eq!(handle(with(6, &[]).accept()).access_specifiers, None);
	assert_eq!(handle(with(7, &[1]).accept()).access_specifiers, None);
	let one = handle(with(7, &[2, 1, 2, 1, 3, 0, 2, 0]).accept());
	assert_eq!(one.access_specifiers.unwrap().len(), 1);
	for bad in [
		&[][..],
		&[0],
		&[3],
		&[2, 1, 0, 1, 1, 1],
		&[2, 1, 4, 1, 1, 1],
		&[2, 1, 1, 0, 1, 1],
		&[2, 1, 1, 1, 6, 1],
		&[2, 1, 1, 1, 1, 4],
		&[2, 65],
	] {
		assert_eq!(with(7, bad).status(), S::MALFORMED, "{bad:?}");
	}
}

#[test]
fn instruction_must_be_known_to_the_version() {
	let with = |version, instruction: &[u8]| {
		Draft::new(version).with_code(&[&[0, 1], instruction].concat())
	};
	with(5, &[0x02]).accept();
	for newer in [0x4B, 0x4C, 0x4D] {
		with(6, &[newer]).accept();
		let error = with(5, &[newer]).error();
		assert_eq!(error.status(), S::MALFORMED);
		assert!(error.message().contains("newer"));
	}
	assert_eq!(with(6, &[0x52, 0]).status(), S::MALFORMED);
	assert_eq!(with(7, &[0x52, 0]).status(), S::INDEX_OUT_OF_BOUNDS);
	for later in [0x58, 0x68] {
		assert_eq!(with(7, &[later]).status(), S::MALFORMED);
	}
	for garbage in [0x00, 0x69, 0xFF] {
		assert_eq!(with(7, &[garbage]).status(), S::UNKNOWN_OPCODE);
	}
}

#[test]
fn integer_in_code_must_be_whole() {
	for (opcode, bytes, status) in [
		(0x31, 1, S::MALFORMED),
		(0x48, 2, S::BAD_U16),
		(0x49, 4, S::BAD_U32),
		(0x06, 8, S::BAD_U64),
		(0x32, 16, S::BAD_U128),
		(0x4A, 32, S::BAD_U256),
	] {
		let with = |count: usize| {
			Draft::new(6).with_code(&[&[0, 1, opcode][..], &vec![0xFF; count]].concat())
		};
		with(bytes).accept();
		assert_eq!(with(bytes - 1).status(), status);
	}
	// A vector's length is such an integer too.
	assert_eq!(
		Draft::new(6).with_code(&[0, 1, 0x40, 0, 1, 2, 3]).status(),
		S::BAD_U64
	);
}

#[test]
fn local_is_one_of_256() {
	let with = |local: &[u8]| Draft::new(6).with_code(&[&[0, 1, 0x0A], local].concat());
	assert_eq!(with(&[0xFF, 0x01]).status(), S::INDEX_OUT_OF_BOUNDS);
	assert_eq!(with(&[0x80, 0x02]).status(), S::MALFORMED);
}

#[test]
fn count_of_what_is_not_there_is_refused() {
	// 65535 instructions, one there; 255 types, one there; a constant of 65535 bytes, none there.
	assert_eq!(
		Draft::new(6)
			.with_code(&[0, 0xFF, 0xFF, 0x03, 0x02])
			.status(),
		S::MALFORMED
	);
	assert_eq!(
		Draft::new(6).with(SIGNATURES, [0xFF, 0x01, 0x1]).status(),
		S::MALFORMED
	);
	assert_eq!(
		Draft::new(6)
			.with(CONSTANTS, [0x1, 0xFF, 0xFF, 0x03])
			.status(),
		S::MALFORMED
	);
	Draft::new(6).with(CONSTANTS, [0x1, 1, 0]).accept();
}

#[test]
fn metadata_key_has_at_most_1023_bytes() {
	let with = |count: usize| {
		let mut content = vec![count as u8 | 0x80, (count >> 7) as u8];
		content.extend(vec![7; count]);
		content.push(0);
		Draft::new(6).with(METADATA, content)
	};
	assert_eq!(with(1023).accept().pools.metadata[0].key.len(), 1023);
	assert_eq!(with(1024).status(), S::MALFORMED);
}

#[test]
fn serializer_refuses_what_the_version_lacks() {
	let module = |version, type_: T| {
		let mut m = ModuleBuilder::new(1, "m").version(version);
		m.function(Function::new("f").parameters([type_]));
		m.build()
	};
	assert!(module(5, T::U8).serialize().is_ok());
	assert_eq!(
		module(5, T::U256).serialize().unwrap_err().status(),
		S::MALFORMED
	);
	assert_eq!(
		module(8, T::U8).serialize().unwrap_err().status(),
		S::UNKNOWN_VERSION
	);
	let mut enums = move_vm_fixtures::shapes();
	assert!(enums.serialize().is_ok());
	enums.version = 6;
	assert_eq!(enums.serialize().unwrap_err().status(), S::MALFORMED);
}

#[test]
fn serializer_refuses_what_the_format_has_no_place_for() {
	let with = |count: usize| {
		let mut m = ModuleBuilder::new(1, "m");
		m.signature(vec![T::Bool; count]);
		m.build().serialize()
	};
	assert!(with(255).is_ok());
	assert_eq!(with(256).unwrap_err().status(), S::MALFORMED);
	let nested = |depth: usize| {
		let mut m = ModuleBuilder::new(1, "m");
		let type_ = (1..depth).fold(T::Bool, |inner, _| T::Vector(Box::new(inner)));
		m.signature([type_]);
		m.build().serialize()
	};
	assert!(nested(256).is_ok());
	assert_eq!(nested(257).unwrap_err().status(), S::MALFORMED);
	let mut script = move_vm_fixtures::script();
	script.access_specifiers = Some(Vec::new());
	assert_eq!(script.serialize().unwrap_err().status(), S::MALFORMED);
}
