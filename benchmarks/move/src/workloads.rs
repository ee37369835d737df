//! What is run: functions of `0xB::bench`, each of which does something `n` times.

use move_vm_binary_format::{
	index::FunctionHandleIndex, Bytecode as B, CompiledModule, SignatureToken as T,
};
use move_vm_fixtures::{abilities, phantom, Function, ModuleBuilder, Tables};

/// A function and what running it with `n` takes.
pub struct Workload {
	/// Its name.
	pub name: &'static str,
	/// What it shows.
	pub about: &'static str,
	/// The `n` to run it with.
	pub n: u64,
	/// The bytecodes that this executes.
	pub bytecodes: u64,
}

const ADDRESS: u64 = 0xB;

/// Bytecodes around the body of a loop.
const LOOP: u64 = 9;

/// A function of `n` that runs `before`, then `n` times `body`, then `after` and returns. Local 0
/// is `n` and local 1 counts.
fn counted(
	name: &str,
	parameters: &[T],
	locals: &[T],
	before: Vec<B>,
	body: Vec<B>,
	after: Vec<B>,
) -> Function {
	let counter = parameters.len() as u8;
	let n = counter - 1;
	let mut code = vec![B::LdU64(0), B::StLoc(counter)];
	code.extend(before);
	let head = code.len() as u16;
	let end = head + 4 + body.len() as u16 + 5;
	code.extend([B::CopyLoc(counter), B::CopyLoc(n), B::Lt, B::BrFalse(end)]);
	code.extend(body);
	code.extend([
		B::MoveLoc(counter),
		B::LdU64(1),
		B::Add,
		B::StLoc(counter),
		B::Branch(head),
	]);
	code.extend(after);
	code.push(B::Ret);
	Function::new(name)
		.public()
		.entry()
		.parameters(parameters)
		.locals([&[T::U64], locals].concat())
		.code(code)
}

/// Calls of `fib(n)`: those that return at once, and those that call twice.
fn fib_calls(n: u64) -> (u64, u64) {
	if n < 2 {
		return (1, 0);
	}
	let (a, b) = (fib_calls(n - 1), fib_calls(n - 2));
	(a.0 + b.0, a.1 + b.1 + 1)
}

/// The module, and what to run in it.
pub fn build() -> (CompiledModule, Vec<Workload>) {
	let mut m = ModuleBuilder::new(ADDRESS, "bench").version(6);
	let mut workloads = Vec::new();
	let mut add = |name, about, n: u64, per_iteration: usize| {
		workloads.push(Workload {
			name,
			about,
			n,
			bytecodes: n * (per_iteration as u64 + LOOP),
		});
	};
	let n = [T::U64];

	// Locals: 0 n, 1 counter, 2 x.
	let body = vec![B::CopyLoc(2), B::CopyLoc(1), B::Add, B::StLoc(2)];
	add("sum", "loop, one addition", 1_000_000, body.len());
	let zero = vec![B::LdU64(0), B::StLoc(2)];
	m.function(counted("sum", &n, &[T::U64], zero.clone(), body, vec![]));

	let body = vec![
		B::MoveLoc(2),
		B::LdU64(6_364_136),
		B::Mul,
		B::LdU64(1_442_695),
		B::Add,
		B::LdU64(1 << 32),
		B::Mod,
		B::StLoc(2),
		B::CopyLoc(2),
		B::LdU8(7),
		B::Shr,
		B::CopyLoc(1),
		B::Xor,
		B::LdU64(0xFFFF_FFFF),
		B::BitAnd,
		B::StLoc(2),
	];
	add(
		"arithmetic",
		"multiplication, division, bits",
		500_000,
		body.len(),
	);
	m.function(counted(
		"arithmetic",
		&n,
		&[T::U64],
		zero.clone(),
		body,
		vec![],
	));

	let body = vec![
		B::MoveLoc(2),
		B::LdU128(3),
		B::Add,
		B::LdU128(1 << 100),
		B::Mod,
		B::StLoc(2),
	];
	add("wide", "u128", 500_000, body.len());
	let before = vec![B::LdU128(0), B::StLoc(2)];
	m.function(counted("wide", &n, &[T::U128], before, body, vec![]));

	let callee = Function::new("add_two")
		.parameters([T::U64, T::U64])
		.returns([T::U64])
		.code([B::MoveLoc(0), B::MoveLoc(1), B::Add, B::Ret]);
	let callee = m.function(callee).handle;
	let body = vec![B::MoveLoc(2), B::CopyLoc(1), B::Call(callee), B::StLoc(2)];
	add(
		"calls",
		"a call of a function of two",
		500_000,
		body.len() + 4,
	);
	m.function(counted("calls", &n, &[T::U64], zero.clone(), body, vec![]));

	let callee = Function::new("identity")
		.type_parameters([abilities("")])
		.parameters([T::TypeParameter(0)])
		.returns([T::TypeParameter(0)])
		.code([B::MoveLoc(0), B::Ret]);
	let identity = m.function(callee).handle;
	let inner = m.function_instantiation(identity, [T::TypeParameter(0)]);
	let callee = Function::new("twice")
		.type_parameters([abilities("")])
		.parameters([T::TypeParameter(0)])
		.returns([T::TypeParameter(0)])
		.code([B::MoveLoc(0), B::CallGeneric(inner), B::Ret]);
	let twice = m.function(callee).handle;
	let twice = m.function_instantiation(twice, [T::U64]);
	let body = vec![B::MoveLoc(2), B::CallGeneric(twice), B::StLoc(2)];
	add(
		"generic_calls",
		"a generic call of a generic call",
		500_000,
		body.len() + 3 + 2,
	);
	m.function(counted(
		"generic_calls",
		&n,
		&[T::U64],
		zero.clone(),
		body,
		vec![],
	));

	let point = m.struct_(
		"Point",
		abilities("copy drop"),
		&[],
		&[("x", T::U64), ("y", T::U64)],
	);
	let (x, y) = (m.field(point.def, 0), m.field(point.def, 1));
	let reference = T::MutableReference(Box::new(point.type_()));
	let body = vec![
		B::CopyLoc(3),
		B::ImmBorrowField(x),
		B::ReadRef,
		B::CopyLoc(3),
		B::ImmBorrowField(y),
		B::ReadRef,
		B::Add,
		B::CopyLoc(3),
		B::MutBorrowField(x),
		B::WriteRef,
	];
	add(
		"fields",
		"two fields read, one written",
		500_000,
		body.len(),
	);
	let before = vec![
		B::LdU64(1),
		B::LdU64(2),
		B::Pack(point.def),
		B::StLoc(2),
		B::MutBorrowLoc(2),
		B::StLoc(3),
	];
	m.function(counted(
		"fields",
		&n,
		&[point.type_(), reference],
		before,
		body,
		vec![B::MoveLoc(3), B::Pop],
	));

	let body = vec![
		B::CopyLoc(1),
		B::MoveLoc(2),
		B::Pack(point.def),
		B::Unpack(point.def),
		B::Add,
		B::StLoc(2),
	];
	add("pack", "a struct packed and unpacked", 500_000, body.len());
	m.function(counted("pack", &n, &[T::U64], zero.clone(), body, vec![]));

	let vector = T::Vector(Box::new(T::U64));
	let element = m.signature([T::U64]);
	let body = vec![
		B::MutBorrowLoc(2),
		B::CopyLoc(1),
		B::VecPushBack(element),
		B::ImmBorrowLoc(2),
		B::CopyLoc(1),
		B::VecImmBorrow(element),
		B::ReadRef,
		B::MutBorrowLoc(2),
		B::CopyLoc(1),
		B::VecMutBorrow(element),
		B::WriteRef,
	];
	add(
		"vectors",
		"an element pushed, read, written",
		500_000,
		body.len(),
	);
	let before = vec![B::VecPack(element, 0), B::StLoc(2)];
	m.function(counted("vectors", &n, &[vector], before, body, vec![]));

	fib(&mut m);
	coin(&mut m);
	let (leaves, inner) = fib_calls(25);
	workloads.push(Workload {
		name: "fib",
		about: "fib(25) by calling itself",
		n: 25,
		bytecodes: leaves * 6 + inner * 14,
	});
	workloads.push(Workload {
		name: "transfers",
		about: "a coin taken from one account and put into another",
		n: 100_000,
		bytecodes: 100_000 * (TRANSFER + LOOP),
	});
	(m.build(), workloads)
}

fn fib(m: &mut ModuleBuilder) {
	let fib = Function::new("fib")
		.public()
		.parameters([T::U64])
		.returns([T::U64]);
	let handle: FunctionHandleIndex = m.own_function_handle(&fib);
	m.function(fib.code([
		B::CopyLoc(0),
		B::LdU64(2),
		B::Lt,
		B::BrFalse(6),
		B::MoveLoc(0),
		B::Ret,
		// 6
		B::CopyLoc(0),
		B::LdU64(1),
		B::Sub,
		B::Call(handle),
		B::MoveLoc(0),
		B::LdU64(2),
		B::Sub,
		B::Call(handle),
		B::Add,
		B::Ret,
	]));
}

/// Bytecodes of a transfer: the loop's body, `withdraw` and `deposit`.
const TRANSFER: u64 = 5 + 20 + 13;

/// `open(&signer, amount)` makes a store with a generic coin; `transfers(n)` moves one of the coin `n`
/// times from `0xB` to `0xC`.
fn coin(m: &mut ModuleBuilder) {
	let parameter = T::TypeParameter(0);
	let coin = m.struct_(
		"Coin",
		abilities("store"),
		&[phantom("")],
		&[("value", T::U64)],
	);
	let coin_type = coin.type_with([parameter.clone()]);
	let store = m.struct_(
		"Store",
		abilities("key"),
		&[phantom("")],
		&[("balance", coin_type.clone())],
	);
	let money = m.struct_("Money", abilities(""), &[], &[("dummy", T::Bool)]);
	let coin_of = m.struct_instantiation(coin.def, [parameter.clone()]);
	let store_of = m.struct_instantiation(store.def, [parameter.clone()]);
	let value = m.field(coin.def, 0);
	let value = m.field_instantiation(value, [parameter.clone()]);
	let balance = m.field(store.def, 0);
	let balance = m.field_instantiation(balance, [parameter.clone()]);
	let one = [abilities("")];
	let value_ref = T::MutableReference(Box::new(T::U64));

	let withdraw = m.function(
		Function::new("withdraw")
			.type_parameters(one)
			.parameters([T::Address, T::U64])
			.returns([coin_type.clone()])
			.acquires([store.def])
			.locals([value_ref.clone()])
			.code([
				B::MoveLoc(0),
				B::MutBorrowGlobalGeneric(store_of),
				B::MutBorrowFieldGeneric(balance),
				B::MutBorrowFieldGeneric(value),
				B::StLoc(2),
				B::CopyLoc(2),
				B::ReadRef,
				B::CopyLoc(1),
				B::Ge,
				B::BrFalse(17),
				B::CopyLoc(2),
				B::ReadRef,
				B::CopyLoc(1),
				B::Sub,
				B::MoveLoc(2),
				B::WriteRef,
				B::Branch(21),
				// 17
				B::MoveLoc(2),
				B::Pop,
				B::LdU64(1),
				B::Abort,
				// 21
				B::MoveLoc(1),
				B::PackGeneric(coin_of),
				B::Ret,
			]),
	);
	let deposit = m.function(
		Function::new("deposit")
			.type_parameters(one)
			.parameters([T::Address, coin_type])
			.acquires([store.def])
			.locals([value_ref])
			.code([
				B::MoveLoc(0),
				B::MutBorrowGlobalGeneric(store_of),
				B::MutBorrowFieldGeneric(balance),
				B::MutBorrowFieldGeneric(value),
				B::StLoc(2),
				B::CopyLoc(2),
				B::ReadRef,
				B::MoveLoc(1),
				B::UnpackGeneric(coin_of),
				B::Add,
				B::MoveLoc(2),
				B::WriteRef,
				B::Ret,
			]),
	);
	let money = [money.type_()];
	let withdraw = m.function_instantiation(withdraw.handle, money.clone());
	let deposit = m.function_instantiation(deposit.handle, money.clone());
	let coin_of = m.struct_instantiation(coin.def, money.clone());
	let store_of = m.struct_instantiation(store.def, money);
	let mut addresses = [0xB, 0xC].map(|low| {
		let mut bytes = vec![0; 32];
		bytes[31] = low;
		m.constant(T::Address, bytes)
	});
	addresses.sort_by_key(|index| index.0);
	let [from, to] = addresses;
	m.function(
		Function::new("open")
			.public()
			.parameters([T::Reference(Box::new(T::Signer)), T::U64])
			.code([
				B::MoveLoc(0),
				B::MoveLoc(1),
				B::PackGeneric(coin_of),
				B::PackGeneric(store_of),
				B::MoveToGeneric(store_of),
				B::Ret,
			]),
	);
	let body = vec![
		B::LdConst(to),
		B::LdConst(from),
		B::LdU64(1),
		B::CallGeneric(withdraw),
		B::CallGeneric(deposit),
	];
	let transfers = counted("transfers", &[T::U64], &[], vec![], body, vec![]);
	m.function(transfers.acquires([store.def]));
}
