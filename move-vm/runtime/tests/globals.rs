//! Global storage: what is read and written, when, and that nothing is if anything fails.

mod support;

use std::{cell::RefCell, rc::Rc};

use move_vm_binary_format::{bytecode::Bytecode as B, CompiledModule, SignatureToken as T};
use move_vm_fixtures::{abilities, counter, generic_coin, Function, ModuleBuilder};
use move_vm_runtime::{Gas, Host, Limits, MemoryHost, Session};
use move_vm_types::{AccountAddress, ModuleId, StatusCode, StructTag, VmResult};
use support::{address, assert_status, id, struct_tag, u64_bytes, Chain};

const COUNTER: &str = "0x42::counter::Counter";

fn counter_of(chain: &Chain, low: u8) -> Option<Vec<u8>> {
	let key = (address(low), struct_tag(COUNTER));
	chain.0.resources.get(&key).cloned()
}

fn bytes_of(address: AccountAddress) -> Vec<u8> {
	address.0.to_vec()
}

#[test]
fn resources_are_created_changed_and_read() {
	let mut chain = Chain::with(&[counter()]);
	let m = id(0x42, "counter");
	chain.enter(&m, "create", &[], &[], &[address(7)]).unwrap();
	assert_eq!(counter_of(&chain, 7), Some(u64_bytes(0)));
	for _ in 0..3 {
		let argument = [bytes_of(address(7))];
		chain.enter(&m, "increment", &[], &argument, &[]).unwrap();
	}
	assert_eq!(counter_of(&chain, 7), Some(u64_bytes(3)));
	assert_eq!(
		chain.call(&m, "value", &[bytes_of(address(7))]).unwrap(),
		[u64_bytes(3)]
	);
}

#[test]
fn missing_and_double_resources_are_errors_at_their_place() {
	let mut chain = Chain::with(&[counter()]);
	let m = id(0x42, "counter");
	let missing = chain.enter(&m, "increment", &[], &[bytes_of(address(7))], &[]);
	let error = assert_status(missing, StatusCode::MISSING_DATA);
	assert_eq!(error.code_offset(), Some((1, 1)));
	chain.enter(&m, "create", &[], &[], &[address(7)]).unwrap();
	let double = chain.enter(&m, "create", &[], &[], &[address(7)]);
	let error = assert_status(double, StatusCode::RESOURCE_ALREADY_EXISTS);
	assert_eq!(error.code_offset(), Some((0, 3)));
	let mut chain = Chain::with(&[generic_coin()]);
	let take = chain.call_generic(&id(0x42, "coin"), "take", &["u8"], &[bytes_of(address(7))]);
	let error = assert_status(take, StatusCode::MISSING_DATA);
	assert_eq!(error.code_offset(), Some((5, 1)));
}

#[test]
fn damaged_resources_are_refused() {
	let mut chain = Chain::with(&[counter()]);
	let key = (address(7), struct_tag(COUNTER));
	chain.0.resources.insert(key, vec![1, 2]);
	let argument = [bytes_of(address(7))];
	assert_status(
		chain.enter(&id(0x42, "counter"), "increment", &[], &argument, &[]),
		StatusCode::FAILED_TO_DESERIALIZE_RESOURCE,
	);
}

/// What a host is asked, in order.
#[derive(Default)]
struct Recorder {
	inner: MemoryHost,
	log: Rc<RefCell<Vec<&'static str>>>,
}

impl Recorder {
	fn note(&self, what: &'static str) {
		self.log.borrow_mut().push(what);
	}
}

impl Host for Recorder {
	fn module(&mut self, id: &ModuleId) -> VmResult<Option<Vec<u8>>> {
		self.note("module");
		self.inner.module(id)
	}

	fn set_module(&mut self, id: &ModuleId, record: &[u8]) -> VmResult<()> {
		self.note("set_module");
		self.inner.set_module(id, record)
	}

	fn resource(&mut self, address: &AccountAddress, tag: &StructTag) -> VmResult<Option<Vec<u8>>> {
		self.note("resource");
		self.inner.resource(address, tag)
	}

	fn set_resource(
		&mut self,
		address: &AccountAddress,
		tag: &StructTag,
		value: Option<&[u8]>,
	) -> VmResult<()> {
		self.note(if value.is_some() {
			"set_resource"
		} else {
			"remove_resource"
		});
		self.inner.set_resource(address, tag, value)
	}

	fn new_table_handle(&mut self) -> VmResult<AccountAddress> {
		self.inner.new_table_handle()
	}

	fn table_entry(&mut self, handle: &AccountAddress, key: &[u8]) -> VmResult<Option<Vec<u8>>> {
		self.inner.table_entry(handle, key)
	}

	fn set_table_entry(
		&mut self,
		handle: &AccountAddress,
		key: &[u8],
		value: Option<&[u8]>,
	) -> VmResult<()> {
		self.inner.set_table_entry(handle, key, value)
	}

	fn emit(&mut self, tag: &StructTag, value: &[u8]) -> VmResult<()> {
		self.note("emit");
		self.inner.emit(tag, value)
	}

	fn balance(&mut self, address: &AccountAddress) -> VmResult<u128> {
		self.inner.balance(address)
	}
}

#[test]
fn reads_are_lazy_and_only_what_changed_is_written() {
	let chain = Chain::with(&[counter()]);
	let mut host = Recorder {
		inner: chain.0,
		..Recorder::default()
	};
	let log = host.log.clone();
	let taken = || std::mem::take(&mut *log.borrow_mut());
	let m = id(0x42, "counter");
	let argument = || vec![bytes_of(address(7))];
	let mut session = Session::new(&mut host, Limits::PRODUCTION, Gas::new(u64::MAX));
	session
		.execute_entry(&m, "create", vec![], vec![], &[address(7)])
		.unwrap();
	assert_eq!(taken(), ["module", "resource"]);
	session
		.execute_entry(&m, "increment", vec![], argument(), &[])
		.unwrap();
	session
		.call_function(&m, "value", vec![], argument(), &[])
		.unwrap();
	assert_eq!(taken(), [""; 0]);
	session.finish().0.unwrap();
	assert_eq!(taken(), ["set_resource"]);
	let mut session = Session::new(&mut host, Limits::PRODUCTION, Gas::new(u64::MAX));
	session
		.call_function(&m, "value", vec![], argument(), &[])
		.unwrap();
	session.finish().0.unwrap();
	assert_eq!(taken(), ["module", "resource"]);
}

/// `cycle(&signer)`: creates a resource and takes it out again; `take(address)` only takes.
fn cycle() -> CompiledModule {
	let mut m = ModuleBuilder::new(0x42, "m");
	let r = m.struct_("R", abilities("key drop"), &[], &[("v", T::U8)]);
	m.function(
		Function::new("put")
			.parameters([T::Reference(Box::new(T::Signer))])
			.code([
				B::MoveLoc(0),
				B::LdU8(1),
				B::Pack(r.def),
				B::MoveTo(r.def),
				B::Ret,
			]),
	);
	m.function(
		Function::new("take")
			.parameters([T::Address])
			.acquires([r.def])
			.code([B::MoveLoc(0), B::MoveFrom(r.def), B::Pop, B::Ret]),
	);
	m.build()
}

#[test]
fn what_comes_and_goes_within_a_session_is_not_written() {
	let chain = Chain::with(&[cycle()]);
	let mut host = Recorder {
		inner: chain.0,
		..Recorder::default()
	};
	let m = id(0x42, "m");
	let signer = || vec![bytes_of(address(7))];
	let run = |host: &mut Recorder, functions: &[&str]| {
		let mut session = Session::new(host, Limits::PRODUCTION, Gas::new(u64::MAX)).for_tests();
		for function in functions {
			session
				.call_function(&m, function, vec![], signer(), &[])
				.unwrap();
		}
		session.finish().0.unwrap();
		std::mem::take(&mut *host.log.borrow_mut())
	};
	assert_eq!(run(&mut host, &["put", "take"]), ["module", "resource"]);
	assert_eq!(
		run(&mut host, &["put"]),
		["module", "resource", "set_resource"]
	);
	assert_eq!(
		run(&mut host, &["take"]),
		["module", "resource", "remove_resource"]
	);
	assert!(host.inner.resources.is_empty());
}

#[test]
fn gas_that_ends_anywhere_leaves_the_chain_as_it_was() {
	let mut chain = Chain::with(&[counter()]);
	let m = id(0x42, "counter");
	chain.enter(&m, "create", &[], &[], &[address(7)]).unwrap();
	let before = chain.0.clone();
	let run = |host: &mut MemoryHost, gas: u64| {
		let mut session = Session::new(host, Limits::PRODUCTION, Gas::new(gas));
		let called =
			session.execute_entry(&m, "increment", vec![], vec![bytes_of(address(7))], &[]);
		let (finished, gas) = session.finish();
		(called.and(finished), gas)
	};
	let mut host = before.clone();
	let (result, gas) = run(&mut host, 1 << 40);
	result.unwrap();
	let needed = gas.used();
	assert_ne!(host, before);
	// Every amount up to 2000 below what is needed, and many below that.
	let step = (needed / 2_000).max(1) as usize;
	for amount in (0..needed).step_by(step).chain(needed - 2_000..needed) {
		let mut host = before.clone();
		let (result, gas) = run(&mut host, amount);
		assert_status(result, StatusCode::OUT_OF_GAS);
		assert_eq!((gas.left(), gas.used()), (0, amount));
		assert_eq!(host, before, "{amount} of {needed}");
	}
	let mut host = before.clone();
	let (result, gas) = run(&mut host, needed);
	result.unwrap();
	assert_eq!(gas.left(), 0);
}

#[test]
fn failed_session_stays_failed_and_writes_nothing() {
	let mut chain = Chain::with(&[counter()]);
	let before = chain.0.clone();
	let m = id(0x42, "counter");
	let mut session = chain.session(support::GAS);
	session
		.execute_entry(&m, "create", vec![], vec![], &[address(7)])
		.unwrap();
	let twice = session.execute_entry(&m, "create", vec![], vec![], &[address(7)]);
	let error = assert_status(twice, StatusCode::RESOURCE_ALREADY_EXISTS);
	let value = session.call_function(&m, "value", vec![], vec![bytes_of(address(7))], &[]);
	assert_eq!(value.unwrap_err(), error);
	assert_eq!(session.finish().0.unwrap_err(), error);
	assert_eq!(chain.0, before);
}

#[test]
fn flush_shows_and_invalidate_looks_again() {
	let mut chain = Chain::with(&[counter()]);
	let m = id(0x42, "counter");
	let value = |session: &mut Session<'_>| {
		let results = session.call_function(&m, "value", vec![], vec![bytes_of(address(7))], &[]);
		results.unwrap()
	};
	let mut session = chain.session(support::GAS);
	session
		.execute_entry(&m, "create", vec![], vec![], &[address(7)])
		.unwrap();
	session.flush().unwrap();
	session
		.execute_entry(&m, "increment", vec![], vec![bytes_of(address(7))], &[])
		.unwrap();
	session.flush().unwrap();
	session.invalidate().unwrap();
	assert_eq!(value(&mut session), [u64_bytes(1)]);
	session.finish().0.unwrap();
	assert_eq!(counter_of(&chain, 7), Some(u64_bytes(1)));
	// With something unwritten the session must not forget.
	let mut session = chain.session(support::GAS);
	session
		.execute_entry(&m, "increment", vec![], vec![bytes_of(address(7))], &[])
		.unwrap();
	assert!(session.invalidate().is_err());
}

#[test]
fn sessions_see_what_was_published_and_upgraded_in_them() {
	let build = |result: u8| {
		let mut m = ModuleBuilder::new(0x42, "m");
		m.function(
			Function::new("f")
				.public()
				.returns([T::U8])
				.code([B::LdU8(result), B::Ret]),
		);
		m.build().serialize().unwrap()
	};
	let mut chain = Chain::default();
	let m = id(0x42, "m");
	let mut session = chain.session(support::GAS);
	for result in [1, 2] {
		session
			.publish(
				&[build(result)],
				address(0x42),
				move_vm_runtime::Republish::Compatible,
			)
			.unwrap();
		let results = session.call_function(&m, "f", vec![], vec![], &[]);
		assert_eq!(results.unwrap(), [[result]]);
	}
	session.finish().0.unwrap();
	assert_eq!(chain.call(&m, "f", &[]).unwrap(), [[2]]);
}

#[test]
fn resources_of_types_that_tags_cannot_name_are_refused() {
	let mut chain = Chain::with(&[generic_coin()]);
	let m = id(0x42, "coin");
	// `put<T>` stores a `Box<Coin<T>>`: two levels on top of the type argument.
	let mut put = |levels: usize| {
		let type_ = format!("{}u8{}", "vector<".repeat(levels), ">".repeat(levels));
		let mut session = chain.session(support::GAS).for_tests();
		session
			.call_function(
				&m,
				"put",
				vec![support::tag(&type_)],
				vec![u64_bytes(1)],
				&[address(7)],
			)
			.and_then(|_| session.finish().0)
	};
	put(5).unwrap();
	assert_status(put(6), StatusCode::TYPE_TAG_LIMIT_EXCEEDED);
	assert_eq!(chain.0.resources.len(), 1);
}
