//! Gas: each way through the code pays for each instruction once, however they are fused, and for
//! sizes on top.

mod support;

use move_vm_binary_format::{bytecode::Bytecode as B, CompiledModule, SignatureToken as T};
use move_vm_fixtures::{loops, Function, ModuleBuilder, Tables};
use move_vm_runtime::{
	gas::schedule::{ARITHMETIC, CALL, COMPARE_BYTE, COPY_BYTE, LOCAL, SIMPLE},
	Gas, Host, Limits, MemoryHost, Session,
};
use move_vm_types::{AccountAddress, ModuleId, StatusCode, StructTag, VmResult};
use support::{assert_status, id, u64_bytes, Chain};

/// The gas that `0x42::NAME::function(n)` takes.
fn gas_of(chain: &mut Chain, module: &str, function: &str, n: u64) -> u64 {
	let gas = Gas::new(u64::MAX);
	let mut session = Session::new(&mut chain.0, Limits::PRODUCTION, gas).for_tests();
	session
		.call_function(&id(0x42, module), function, vec![], vec![u64_bytes(n)], &[])
		.unwrap();
	session.gas().used()
}

#[test]
fn turns_of_a_loop_cost_the_same_each() {
	let mut chain = Chain::with(&[loops()]);
	let mut sum = |n| gas_of(&mut chain, "loops", "sum", n);
	// Ten that move scalars, three that compute.
	let turn = u64::from(10 * SIMPLE + 3 * ARITHMETIC);
	assert_eq!(sum(1) - sum(0), turn);
	assert_eq!(sum(1_000) - sum(0), 1_000 * turn);
}

#[test]
fn calls_cost_their_code_and_their_locals() {
	let mut chain = Chain::with(&[loops()]);
	let mut fib = |n| gas_of(&mut chain, "loops", "fib", n);
	// A call that returns at once, and one that calls twice, without what it calls.
	let leaf = u64::from(LOCAL + 5 * SIMPLE + ARITHMETIC);
	let inner = u64::from(LOCAL + 8 * SIMPLE + 4 * ARITHMETIC + 2 * CALL);
	// Of `fib(n)` there are `fib(n + 1)` leaves and one less inner calls, `fib` from 1, 1 on.
	let leaves = [1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89];
	for n in 2..10 {
		let total = |n: usize| leaves[n] * leaf + (leaves[n] - 1) * inner;
		assert_eq!(
			fib(n as u64 + 1) - fib(n as u64),
			total(n + 1) - total(n),
			"{n}"
		);
	}
}

/// Code that does `what` with a vector of `n` bytes in local 1 and one more in local 3.
fn with_vector(what: &[B], locals: usize) -> CompiledModule {
	let mut m = ModuleBuilder::new(0x42, "m");
	let byte = m.signature([T::U8]);
	assert_eq!(byte.0, 0);
	let vector = T::Vector(Box::new(T::U8));
	let mut code = vec![
		B::VecPack(byte, 0),
		B::StLoc(1),
		B::LdU64(0),
		B::StLoc(2),
		// 4
		B::CopyLoc(2),
		B::CopyLoc(0),
		B::Lt,
		B::BrFalse(16),
		B::MutBorrowLoc(1),
		B::LdU8(7),
		B::VecPushBack(byte),
		B::MoveLoc(2),
		B::LdU64(1),
		B::Add,
		B::StLoc(2),
		B::Branch(4),
	];
	code.extend_from_slice(what);
	code.push(B::Ret);
	m.function(
		Function::new("f")
			.parameters([T::U64])
			.locals([vec![vector.clone(), T::U64], vec![vector; locals]].concat())
			.code(code),
	);
	m.build()
}

#[test]
fn copies_and_comparisons_cost_by_size() {
	let nothing = with_vector(&[B::Nop], 1);
	let extra = |what: &[B], n: u64| {
		let mut with = Chain::with(&[with_vector(what, 1)]);
		let mut without = Chain::with(std::slice::from_ref(&nothing));
		gas_of(&mut with, "m", "f", n) - gas_of(&mut without, "m", "f", n)
	};
	let growth = |what: &[B]| extra(what, 1_000) - extra(what, 0);
	assert_eq!(growth(&[B::CopyLoc(1), B::Pop]), 1_000 * COPY_BYTE);
	assert_eq!(growth(&[B::CopyLoc(1), B::StLoc(3)]), 1_000 * COPY_BYTE);
	assert_eq!(
		growth(&[B::ImmBorrowLoc(1), B::ReadRef, B::Pop]),
		1_000 * COPY_BYTE
	);
	assert_eq!(growth(&[B::MoveLoc(1), B::StLoc(3)]), 0);
	assert_eq!(
		growth(&[B::ImmBorrowLoc(1), B::ImmBorrowLoc(1), B::Eq, B::Pop]),
		1_000 * COMPARE_BYTE
	);
}

#[test]
fn endless_code_ends() {
	for code in [
		vec![B::Branch(0)],
		vec![B::LdTrue, B::BrTrue(0), B::Ret],
		vec![B::LdU64(1), B::LdU64(2), B::Lt, B::BrTrue(0), B::Ret],
		vec![
			B::LdU64(0),
			B::StLoc(0),
			B::CopyLoc(0),
			B::CopyLoc(0),
			B::Eq,
			B::BrTrue(2),
			B::Ret,
		],
	] {
		let mut m = ModuleBuilder::new(0x42, "m");
		m.function(Function::new("f").locals([T::U64]).code(code));
		let mut chain = Chain::with(&[m.build()]);
		let mut session = chain.session(10_000_000);
		let result = session.call_function(&id(0x42, "m"), "f", vec![], vec![], &[]);
		assert_status(result, StatusCode::OUT_OF_GAS);
		assert_eq!(session.gas().left(), 0);
	}
}

#[test]
fn both_ways_of_a_branch_are_paid_for() {
	// Jumps over five instructions or not; plain and fused branches.
	let cost = |condition: &[B], branch: fn(u16) -> B| {
		let mut code = condition.to_vec();
		let end = code.len() as u16 + 1 + 5;
		code.push(branch(end));
		code.extend(vec![B::Nop; 5]);
		code.push(B::Ret);
		let mut m = ModuleBuilder::new(0x42, "m");
		m.function(Function::new("f").parameters([T::U64]).code(code));
		gas_of(&mut Chain::with(&[m.build()]), "m", "f", 3)
	};
	let five = u64::from(5 * (SIMPLE / 2));
	assert_eq!(
		cost(&[B::LdTrue], B::BrFalse) - cost(&[B::LdTrue], B::BrTrue),
		five
	);
	assert_eq!(
		cost(&[B::LdFalse], B::BrTrue) - cost(&[B::LdFalse], B::BrFalse),
		five
	);
	for less in [
		vec![B::CopyLoc(0), B::LdU64(4), B::Lt],
		vec![B::CopyLoc(0), B::CopyLoc(0), B::Le],
		vec![B::LdU64(3), B::LdU64(4), B::Lt],
	] {
		assert_eq!(cost(&less, B::BrFalse) - cost(&less, B::BrTrue), five);
	}
}

/// A chain that charges for each module that is read.
struct Priced {
	chain: MemoryHost,
	price: u64,
	owed: u64,
}

#[rustfmt::skip]
impl Host for Priced {
	fn module(&mut self, id: &ModuleId) -> VmResult<Option<Vec<u8>>> {
		self.owed += self.price;
		self.chain.module(id)
	}
	fn take_charge(&mut self) -> u64 {
		std::mem::take(&mut self.owed)
	}

	fn set_module(&mut self, id: &ModuleId, record: &[u8]) -> VmResult<()> {
		self.chain.set_module(id, record)
	}
	fn resource(&mut self, address: &AccountAddress, tag: &StructTag) -> VmResult<Option<Vec<u8>>> {
		self.chain.resource(address, tag)
	}
	fn set_resource(&mut self, address: &AccountAddress, tag: &StructTag, value: Option<&[u8]>) -> VmResult<()> {
		self.chain.set_resource(address, tag, value)
	}
	fn new_table_handle(&mut self) -> VmResult<AccountAddress> {
		self.chain.new_table_handle()
	}
	fn table_entry(&mut self, handle: &AccountAddress, key: &[u8]) -> VmResult<Option<Vec<u8>>> {
		self.chain.table_entry(handle, key)
	}
	fn set_table_entry(&mut self, handle: &AccountAddress, key: &[u8], value: Option<&[u8]>) -> VmResult<()> {
		self.chain.set_table_entry(handle, key, value)
	}
	fn emit(&mut self, tag: &StructTag, value: &[u8]) -> VmResult<()> {
		self.chain.emit(tag, value)
	}
	fn balance(&mut self, address: &AccountAddress) -> VmResult<u128> {
		self.chain.balance(address)
	}
}

#[test]
fn hosts_work_is_paid_for_out_of_the_same_gas() {
	let chain = Chain::with(&[loops()]).0;
	let run = |price, gas| {
		let mut host = Priced {
			chain: chain.clone(),
			price,
			owed: 0,
		};
		let mut session = Session::new(&mut host, Limits::PRODUCTION, Gas::new(gas)).for_tests();
		let arguments = vec![u64_bytes(3)];
		let result = session.call_function(&id(0x42, "loops"), "sum", vec![], arguments, &[]);
		(result, session.gas().used())
	};
	let (result, free) = run(0, u64::MAX);
	result.unwrap();
	let (result, priced) = run(1_000_000, u64::MAX);
	result.unwrap();
	assert_eq!(priced, free + 1_000_000);
	assert_status(run(1_000_000, free + 999_999).0, StatusCode::OUT_OF_GAS);
}
