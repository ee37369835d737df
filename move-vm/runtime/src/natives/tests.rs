//! Natives against a context in memory.

use std::collections::BTreeMap;

use move_vm_types::{
	AccountAddress, Identifier, ModuleId, StatusCode, StructTag, TypeTag, VmError, VmResult,
};
use proptest::prelude::*;

use super::{Arguments, NativeContext, NativeEntry, NativeResult, NativeTable};
use crate::{
	gas::Gas,
	host::Host,
	values::{Layout, Memory, TypeId, Value, VectorKind},
};

/// Types that the tests name by number.
const TYPES: [&str; 7] = [
	"u8",
	"0x1::coin::Coin<0xcafe::my_coin::MyCoin, vector<u256>>",
	"0x2::m::Box",
	"0x1::event::HandleEvent<0x2::m::Box>",
	"0x1::event::HandleEvent<vector<vector<0x2::m::Box>>>",
	"0x1::event::HandleEvent<vector<u64>>",
	"vector<0x2::m::Box>",
];
const U8: TypeId = TypeId(0);
const COIN: TypeId = TypeId(1);
const BOX: TypeId = TypeId(2);
const BOX_BY_HANDLE: TypeId = TypeId(3);
const BOXES_BY_HANDLE: TypeId = TypeId(4);
const NUMBERS_BY_HANDLE: TypeId = TypeId(5);
const BOXES: TypeId = TypeId(6);

fn module(address: u8, name: &str) -> Option<ModuleId> {
	Some(ModuleId {
		address: AccountAddress::from_low_byte(address),
		name: Identifier::new(name).unwrap(),
	})
}

struct TestContext {
	memory: Memory,
	gas: Gas,
	events: Vec<(StructTag, Vec<u8>)>,
	entries: BTreeMap<(AccountAddress, Vec<u8>), u32>,
	tables: u8,
	/// Whose code calls, and whose code called that.
	callers: [Option<ModuleId>; 2],
}

impl NativeContext for TestContext {
	fn caller(&self) -> VmResult<Option<ModuleId>> {
		Ok(self.callers[0].clone())
	}

	fn outer_caller(&self) -> VmResult<Option<ModuleId>> {
		Ok(self.callers[1].clone())
	}

	fn live(&self) -> VmResult<Vec<ModuleId>> {
		Ok(Vec::new())
	}

	fn ask(&mut self, _: &mut dyn FnMut(&mut dyn Host) -> VmResult<()>) -> VmResult<()> {
		Err(VmError::new(StatusCode::VM_EXTENSION_ERROR))
	}

	fn room(&mut self) -> VmResult<u64> {
		Ok(u64::MAX)
	}

	fn value_given(&mut self, _: TypeId, _: &[u8], _: Option<&ModuleId>) -> VmResult<Value> {
		Err(VmError::new(StatusCode::VM_EXTENSION_ERROR))
	}

	fn hand_over(&mut self) -> VmResult<()> {
		Ok(())
	}

	fn take_back(&mut self) -> VmResult<()> {
		Ok(())
	}

	fn parts(&mut self) -> (&mut Memory, &mut Gas) {
		(&mut self.memory, &mut self.gas)
	}

	fn type_tag(&mut self, type_id: TypeId) -> VmResult<TypeTag> {
		let name = TYPES
			.get(type_id.0 as usize)
			.ok_or_else(|| VmError::new(StatusCode::TYPE_RESOLUTION_FAILURE))?;
		Ok(TypeTag::parse(name).unwrap())
	}

	fn vector_kind(&mut self, type_id: TypeId) -> VmResult<VectorKind> {
		Ok(if type_id == U8 {
			VectorKind::U8
		} else {
			VectorKind::Other
		})
	}

	fn layout(&mut self, _type_id: TypeId) -> VmResult<Layout> {
		Ok(Layout::U8)
	}

	fn allocate(&mut self, _bytes: u64) -> VmResult<()> {
		Ok(())
	}

	fn emit(&mut self, tag: StructTag, value: Vec<u8>) -> VmResult<()> {
		self.events.push((tag, value));
		Ok(())
	}

	fn balance(&mut self, address: &AccountAddress) -> VmResult<u128> {
		Ok(u128::from(address.0[31]) << 100)
	}

	fn new_table_handle(&mut self) -> VmResult<AccountAddress> {
		self.tables += 1;
		Ok(AccountAddress([self.tables; 32]))
	}

	fn table_entry(
		&mut self,
		handle: &AccountAddress,
		key: Vec<u8>,
		value_type: TypeId,
	) -> VmResult<u32> {
		let memory = &mut self.memory;
		let slot = self
			.entries
			.entry((*handle, key))
			.or_insert_with(|| memory.add_global(value_type, None).unwrap());
		Ok(*slot)
	}
}

impl TestContext {
	fn new() -> Self {
		Self::with_gas(u64::MAX)
	}

	fn with_gas(gas: u64) -> Self {
		Self {
			memory: Memory::default(),
			gas: Gas::new(gas),
			events: Vec::new(),
			entries: BTreeMap::new(),
			tables: 0,
			callers: [None, None],
		}
	}

	/// A reference to a new local.
	fn local(&mut self, value: Value) -> Value {
		Value::local_reference(self.memory.enter_frame([value], 1).unwrap())
	}

	fn call(
		&mut self,
		module: &str,
		function: &str,
		types: &[TypeId],
		arguments: Vec<Value>,
	) -> VmResult<NativeResult> {
		let table = NativeTable::default();
		let index = table.find(&AccountAddress::ONE, module, function).unwrap();
		let mut arguments = arguments.into_iter();
		table.get(index).unwrap()(self, types, &mut Arguments::new(&mut arguments))
	}

	#[track_caller]
	fn value(
		&mut self,
		module: &str,
		function: &str,
		types: &[TypeId],
		arguments: Vec<Value>,
	) -> Value {
		match self.call(module, function, types, arguments) {
			Ok(NativeResult::One(value)) => value,
			other => panic!("{other:?}"),
		}
	}

	#[track_caller]
	fn unit(&mut self, module: &str, function: &str, types: &[TypeId], arguments: Vec<Value>) {
		match self.call(module, function, types, arguments) {
			Ok(NativeResult::Unit) => {}
			other => panic!("{other:?}"),
		}
	}

	#[track_caller]
	fn abort(
		&mut self,
		module: &str,
		function: &str,
		types: &[TypeId],
		arguments: Vec<Value>,
	) -> u64 {
		match self.call(module, function, types, arguments) {
			Ok(NativeResult::Abort(code)) => code,
			other => panic!("{other:?}"),
		}
	}
}

fn text(text: &str) -> Value {
	Value::bytes(text.as_bytes().to_vec())
}

fn hex(bytes: &[u8]) -> String {
	bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn table_of_natives_is_sorted_and_knows_the_hosts_own() {
	fn none(
		_: &mut dyn NativeContext,
		_: &[TypeId],
		_: &mut Arguments<'_>,
	) -> VmResult<NativeResult> {
		Ok(NativeResult::Unit)
	}
	const EXTRA: &[NativeEntry] = &[
		NativeEntry {
			address: AccountAddress::ONE,
			module: "hash",
			function: "sha2_256",
			code: none,
		},
		NativeEntry {
			address: AccountAddress::ONE,
			module: "cross_vm",
			function: "call",
			code: none,
		},
	];
	let names: Vec<_> = super::STANDARD.iter().map(|(m, f, _)| (*m, *f)).collect();
	assert!(names.is_sorted());
	let table = NativeTable::new(EXTRA);
	for (index, (module, function)) in names.iter().enumerate() {
		let found = table.find(&AccountAddress::ONE, module, function);
		assert_eq!(found, Some(index as u16));
		assert!(table.get(index as u16).is_some());
		assert_eq!(table.find(&AccountAddress::ZERO, module, function), None);
	}
	let own = table
		.find(&AccountAddress::ONE, "cross_vm", "call")
		.unwrap();
	assert_eq!(usize::from(own), names.len() + 1);
	assert!(table.get(own).is_some());
	assert!(table.get(own + 1).is_none());
	assert_eq!(table.find(&AccountAddress::ONE, "hash", "md5"), None);
}

#[test]
fn hashes_agree_with_the_published_vectors() {
	let mut context = TestContext::new();
	// FIPS 180-4 and FIPS 202 examples: the empty message and "abc".
	for (function, message, digest) in [
		(
			"sha2_256",
			"",
			"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		),
		(
			"sha2_256",
			"abc",
			"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		),
		(
			"sha3_256",
			"",
			"a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
		),
		(
			"sha3_256",
			"abc",
			"3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
		),
	] {
		let value = context.value("hash", function, &[], vec![text(message)]);
		assert_eq!(hex(&value.into_bytes().unwrap()), digest);
	}
}

#[test]
fn bcs_reads_through_references() {
	let mut context = TestContext::new();
	let pair = Value::pack(vec![Value::U16(0x0102), text("ab")].into()).unwrap();
	let reference = context.local(pair);
	let bytes = context.value("bcs", "to_bytes", &[U8], vec![reference.clone()]);
	assert_eq!(bytes.into_bytes().unwrap(), [2, 1, 2, b'a', b'b']);
	let size = context.value("bcs", "serialized_size", &[U8], vec![reference]);
	assert_eq!(size.into_u64().unwrap(), 5);
	// Something that has no bytes.
	for function in ["to_bytes", "serialized_size"] {
		assert_eq!(
			context.abort("bcs", function, &[U8], vec![Value::Invalid]),
			0x1C5
		);
	}
}

#[test]
fn signers_address_is_borrowed() {
	let mut context = TestContext::new();
	let signer = context.local(Value::signer([5; 32].into()));
	let address = context.value("signer", "borrow_address", &[], vec![signer]);
	let address = context.memory.read_reference(&address).unwrap();
	assert_eq!(address.into_address().unwrap(), [5; 32].into());
}

#[test]
fn utf8_is_checked_as_unicode_defines_it() {
	let mut context = TestContext::new();
	for (bytes, expected) in [
		(&b""[..], true),
		("é€😀".as_bytes(), true),
		(b"\xc0\x80", false),
		(b"\xed\xa0\x80", false),
		(b"\xf4\x90\x80\x80", false),
		(b"\xe2\x82", false),
	] {
		let reference = context.local(Value::bytes(bytes.to_vec()));
		let valid = context.value("string", "internal_check_utf8", &[], vec![reference]);
		assert_eq!(valid.into_bool().unwrap(), expected, "{bytes:?}");
	}
}

#[test]
fn parts_of_strings_are_cut_found_and_bounded() {
	let mut context = TestContext::new();
	let string = context.local(text("aéb"));
	let mut boundaries = Vec::new();
	for index in [0, 1, 2, 3, 4, 5, u64::MAX] {
		let arguments = vec![string.clone(), Value::U64(index)];
		let result = context.value("string", "internal_is_char_boundary", &[], arguments);
		boundaries.push(result.into_bool().unwrap());
	}
	assert_eq!(boundaries, [true, true, false, true, true, false, false]);

	let mut cut = |start, end| {
		let arguments = vec![string.clone(), Value::U64(start), Value::U64(end)];
		context.call("string", "internal_sub_string", &[], arguments)
	};
	match cut(1, 3).unwrap() {
		NativeResult::One(part) => assert_eq!(part.into_bytes().unwrap(), "é".as_bytes()),
		other => panic!("{other:?}"),
	}
	for (start, end) in [(3, 1), (0, 5), (u64::MAX, u64::MAX)] {
		assert!(matches!(cut(start, end).unwrap(), NativeResult::Abort(2)));
	}

	for (pattern, expected) in [("b", 3), ("é", 1), ("", 0), ("x", 4), ("aébc", 4)] {
		let pattern = context.local(text(pattern));
		let arguments = vec![string.clone(), pattern];
		let index = context.value("string", "internal_index_of", &[], arguments);
		assert_eq!(index.into_u64().unwrap(), expected);
	}
}

#[test]
fn type_names_are_canonical() {
	let mut context = TestContext::new();
	for (type_id, name) in [(U8, TYPES[0]), (COIN, TYPES[1])] {
		let bytes = context.value("type_name", "get_bytes", &[type_id], vec![]);
		assert_eq!(bytes.into_bytes().unwrap(), name.as_bytes());
	}
	let name = context.value("type_name", "get", &[U8], vec![]);
	let string = name.unpack().unwrap().into_vec().remove(0);
	let bytes = string.unpack().unwrap().into_vec().remove(0);
	assert_eq!(bytes.into_bytes().unwrap(), b"u8");
	let address = context.value("type_name", "address_of", &[COIN], vec![]);
	assert_eq!(address.into_address().unwrap(), AccountAddress::ONE);
	assert_eq!(
		context.abort("type_name", "address_of", &[U8], vec![]),
		0x10001
	);
}

#[test]
fn type_names_stop_when_the_budget_does() {
	let mut context = TestContext::with_gas(1_000);
	let error = context
		.call("type_name", "get_bytes", &[COIN], vec![])
		.unwrap_err();
	assert_eq!(error.status(), StatusCode::OUT_OF_GAS);
}

#[test]
fn events_carry_type_and_bytes_in_order() {
	let mut context = TestContext::new();
	let message = |n| Value::pack(vec![Value::U8(n)].into()).unwrap();
	context.callers = [module(2, "m"), None];
	context.unit("event", "emit", &[BOX], vec![message(1)]);
	let store = vec![Value::bytes(vec![9]), Value::U64(0), message(2)];
	context.callers = [module(1, "event"), module(1, "coin")];
	context.unit("event", "write_to_event_store", &[COIN], store);
	context.callers = [module(2, "m"), None];
	let events: Vec<_> = context
		.events
		.iter()
		.map(|(tag, bytes)| (tag.to_string(), bytes.clone()))
		.collect();
	assert_eq!(
		events,
		[(TYPES[2].into(), vec![1]), (TYPES[1].into(), vec![2])]
	);
	assert_eq!(
		context.abort("event", "emit", &[U8], vec![Value::U8(1)]),
		0x10001
	);
	assert_eq!(
		context.abort("event", "emit", &[BOX], vec![Value::Invalid]),
		0x1C5
	);
	assert_eq!(context.events.len(), 2);
}

/// Events that a module may emit and those that it may not: who calls, who called that, the type.
#[test]
fn event_of_another_modules_type_is_refused() {
	let (own, other, event) = (module(2, "m"), module(3, "m"), module(1, "event"));
	let message = || Value::pack(vec![Value::U8(1)].into()).unwrap();
	for (callers, type_id, expected) in [
		([own.clone(), None], BOX, None),
		// Whoever called it before.
		([own.clone(), other.clone()], BOX, None),
		([other.clone(), own.clone()], BOX, Some(0x50002)),
		([module(2, "other"), None], BOX, Some(0x50002)),
		([None, None], BOX, Some(0x50002)),
		// A vector is no event, and a wrapper of the library's is not the module's own.
		([other.clone(), None], BOXES, Some(0x10001)),
		([own.clone(), None], BOX_BY_HANDLE, Some(0x50002)),
		// Through a handle it is who calls the library.
		([event.clone(), own.clone()], BOX_BY_HANDLE, None),
		([event.clone(), own.clone()], BOXES_BY_HANDLE, None),
		([event.clone(), other.clone()], BOX_BY_HANDLE, Some(0x50002)),
		(
			[event.clone(), other.clone()],
			BOXES_BY_HANDLE,
			Some(0x50002),
		),
		([event.clone(), None], BOX_BY_HANDLE, Some(0x50002)),
		([event.clone(), other.clone()], NUMBERS_BY_HANDLE, None),
	] {
		let mut context = TestContext::new();
		context.callers = callers.clone();
		let result = context.call("event", "emit", &[type_id], vec![message()]);
		let code = match result.unwrap() {
			NativeResult::Unit => None,
			NativeResult::Abort(code) => Some(code),
			other => panic!("{other:?}"),
		};
		assert_eq!(code, expected, "{callers:?} {type_id:?}");
		assert_eq!(context.events.len(), usize::from(expected.is_none()));
	}
}

#[test]
fn balances_come_from_the_host() {
	let mut context = TestContext::new();
	let address = Value::address(AccountAddress::from_low_byte(3));
	let balance = context.value("native_token", "balance_of", &[], vec![address]);
	assert_eq!(balance.into_u128().unwrap(), 3 << 100);
}

#[test]
fn debug_says_nothing() {
	let mut context = TestContext::new();
	let reference = context.local(Value::U8(1));
	context.unit("debug", "print", &[U8], vec![reference]);
	context.unit("debug", "print_stack_trace", &[], vec![]);
}

#[test]
fn table_entries_are_added_borrowed_and_removed() {
	const TYPE_ARGUMENTS: &[TypeId] = &[U8, U8, BOX];
	let mut context = TestContext::new();
	let handle = context.value("table", "new_table_handle", &[], vec![]);
	let other = context.value("table", "new_table_handle", &[], vec![]);
	assert!(!context.memory.equal(&handle, &other).unwrap());
	let mut table = |handle: Value| {
		let table = Value::pack(vec![handle, Value::U64(0)].into()).unwrap();
		context.local(table)
	};
	let (table, other) = (table(handle), table(other));
	let boxed = |n| Value::pack(vec![Value::U8(n)].into()).unwrap();
	let key = || vec![table.clone(), Value::U8(7)];
	let with = |value: Value| vec![table.clone(), Value::U8(7), value];
	let contains = |context: &mut TestContext, table: &Value, key: u8| {
		let arguments = vec![table.clone(), Value::U8(key)];
		let found = context.value("table", "contains_box", TYPE_ARGUMENTS, arguments);
		found.into_bool().unwrap()
	};

	for function in ["borrow_box", "borrow_box_mut", "remove_box"] {
		assert_eq!(
			context.abort("table", function, TYPE_ARGUMENTS, key()),
			0x60002
		);
	}
	assert!(!contains(&mut context, &table, 7));
	context.unit("table", "add_box", TYPE_ARGUMENTS, with(boxed(1)));
	assert!(contains(&mut context, &table, 7));
	assert!(!contains(&mut context, &table, 8));
	assert!(!contains(&mut context, &other, 7));
	assert_eq!(
		context.abort("table", "add_box", TYPE_ARGUMENTS, with(boxed(2))),
		0x80001
	);

	let mut reference = context.value("table", "borrow_box_mut", TYPE_ARGUMENTS, key());
	reference.borrow_field(0).unwrap();
	context
		.memory
		.write_reference(&reference, Value::U8(5))
		.unwrap();
	let reference = context.value("table", "borrow_box", TYPE_ARGUMENTS, key());
	let read = context.memory.read_reference(&reference).unwrap();
	assert!(context.memory.equal(&read, &boxed(5)).unwrap());

	let removed = context.value("table", "remove_box", TYPE_ARGUMENTS, key());
	assert!(context.memory.equal(&removed, &boxed(5)).unwrap());
	assert!(!contains(&mut context, &table, 7));
	assert!(context.memory.resolve(&reference).is_err());

	let without_form = vec![table.clone(), Value::Invalid];
	assert_eq!(
		context.abort("table", "contains_box", TYPE_ARGUMENTS, without_form),
		0x1C5
	);
}

#[test]
fn vector_functions_do_what_the_instructions_do() {
	let mut context = TestContext::new();
	let vector = context.value("vector", "empty", &[U8], vec![]);
	assert!(vector.as_bytes().is_ok());
	let vector = context.local(vector);
	for element in [1, 2, 3] {
		let arguments = vec![vector.clone(), Value::U8(element)];
		context.unit("vector", "push_back", &[U8], arguments);
	}
	let indices = vec![vector.clone(), Value::U64(0), Value::U64(2)];
	context.unit("vector", "swap", &[U8], indices);
	let length = context.value("vector", "length", &[U8], vec![vector.clone()]);
	assert_eq!(length.into_u64().unwrap(), 3);
	for function in ["borrow", "borrow_mut"] {
		let first = vec![vector.clone(), Value::U64(0)];
		let element = context.value("vector", function, &[U8], first);
		assert_eq!(
			context
				.memory
				.read_reference(&element)
				.unwrap()
				.into_u8()
				.unwrap(),
			3
		);
		let beyond = vec![vector.clone(), Value::U64(3)];
		let error = context.call("vector", function, &[U8], beyond).unwrap_err();
		assert_eq!(error.status(), StatusCode::VECTOR_OPERATION_ERROR);
		assert_eq!(error.sub_status(), Some(1));
	}
	let last = context.value("vector", "pop_back", &[U8], vec![vector.clone()]);
	assert_eq!(last.into_u8().unwrap(), 1);
	let whole = context.memory.read_reference(&vector).unwrap();
	let error = context
		.call("vector", "destroy_empty", &[U8], vec![whole])
		.unwrap_err();
	assert_eq!(error.sub_status(), Some(3));
	for expected in [2, 3] {
		let last = context.value("vector", "pop_back", &[U8], vec![vector.clone()]);
		assert_eq!(last.into_u8().unwrap(), expected);
	}
	let error = context
		.call("vector", "pop_back", &[U8], vec![vector.clone()])
		.unwrap_err();
	assert_eq!(error.sub_status(), Some(2));
	let whole = context.memory.read_reference(&vector).unwrap();
	context.unit("vector", "destroy_empty", &[U8], vec![whole]);
}

#[test]
fn work_is_paid_for_in_proportion_and_before_it_is_done() {
	for (module, function, per_byte) in [
		("hash", "sha2_256", 10),
		("hash", "sha3_256", 10),
		("bcs", "to_bytes", 1),
		("string", "internal_check_utf8", 1),
	] {
		let run = |len: usize, gas| {
			let mut context = TestContext::with_gas(gas);
			let data = Value::bytes(vec![b'a'; len]);
			let argument = match module {
				"hash" => data,
				_ => context.local(data),
			};
			let result = context.call(module, function, &[U8], vec![argument]);
			(result, context.gas.used())
		};
		let (_, short) = run(0, u64::MAX);
		let (_, long) = run(10_000, u64::MAX);
		assert!(long - short >= 10_000 * per_byte, "{module}::{function}");
		let (result, used) = run(10_000, long - 1);
		assert_eq!(result.unwrap_err().status(), StatusCode::OUT_OF_GAS);
		assert_eq!(used, long - 1);
	}
}

proptest! {
	/// Every native with arguments that no verified caller would pass.
	#[test]
	fn wrong_arguments_never_panic(
		native in 0..super::STANDARD.len(),
		arguments in prop::collection::vec(0u8..9, 0..4),
		types in prop::collection::vec(0u32..4, 0..4),
	) {
		let mut context = TestContext::with_gas(1_000_000);
		let arguments: Vec<_> = arguments
			.into_iter()
			.map(|kind| match kind {
				0 => Value::Invalid,
				1 => Value::U64(1),
				2 => text("a"),
				3 => Value::address(AccountAddress::ONE),
				4 => context.local(text("abc")),
				5 => context.local(Value::signer(AccountAddress::ONE)),
				6 => Value::local_reference(99),
				7 => Value::pack(vec![Value::U8(1)].into()).unwrap(),
				_ => {
					let handle = Value::address(AccountAddress::ONE);
					let table = Value::pack(vec![handle, Value::U64(0)].into()).unwrap();
					context.local(table)
				}
			})
			.collect();
		let types: Vec<_> = types.into_iter().map(TypeId).collect();
		let (module, function, _) = super::STANDARD[native];
		let before = context.gas.left();
		let _ = context.call(module, function, &types, arguments);
		prop_assert!(context.gas.left() <= before);
	}
}
