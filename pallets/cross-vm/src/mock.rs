//! A runtime with three toy VMs, which the pallet has never heard of.
//!
//! A toy contract is a list of [`Op`]s in storage. Two of the VMs speak the Solidity ABI, one
//! SCALE; apart from that they are alike.

use alloc::{boxed::Box, vec, vec::Vec};
use core::marker::PhantomData;

use codec::{Decode, Encode};
use polkadot_sdk::{
	frame_support::{
		derive_impl, parameter_types,
		storage::{with_transaction, TransactionOutcome},
		traits::{fungible::Mutate, tokens::Preservation},
		weights::Weight,
	},
	sp_io::{storage, TestExternalities},
	sp_runtime::{traits::IdentityLookup, BuildStorage, DispatchError},
	*,
};
use trivium_primitives::{
	engine::error_of,
	interface::{Access, Deployment, Function, Interfaces},
	trace::FrameKind,
	AccountId, Balance, CallError, CallFlags, CallRequest, ContractRef, Dispatch, Encoding, Engine,
	EngineCall, EngineOutcome, Entry, Exit, Feature, LogRecord, Scale, Signature, SolidityAbi,
	TranscodeHost, Value, VmGate, VmId,
};

use crate as pallet_cross_vm;

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		CrossVm: pallet_cross_vm,
	}
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountId = AccountId;
	type Lookup = IdentityLookup<AccountId>;
	type AccountData = pallet_balances::AccountData<Balance>;
	type OnNewAccount = CrossVm;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
}

parameter_types! {
	pub const MaxDepth: u32 = 8;
	/// VMs out of service.
	pub static Disabled: Vec<VmId> = Vec::new();
	/// How contracts can be reached that have said so.
	pub static Rules: Vec<(AccountId, Access)> = Vec::new();
	/// How often the engines were told that a transaction is over.
	pub static TransactionsEnded: u32 = 0;
}

/// Out of service is what is in [`Disabled`].
pub struct Gate;
impl VmGate for Gate {
	fn ensure_callable(vm: VmId) -> Result<(), CallError> {
		if Disabled::get().contains(&vm) {
			return Err(CallError::VmDisabled(3));
		}
		Ok(())
	}
}

/// What contracts say of how they can be reached is in [`Rules`].
pub struct Said;
impl Interfaces for Said {
	fn function(_: &AccountId, _: [u8; 4]) -> Result<Function, CallError> {
		Err(CallError::NotFound)
	}
	fn function_weight() -> Weight {
		Weight::zero()
	}
	fn access(contract: &AccountId) -> Access {
		let rules = Rules::get();
		let rule = rules.into_iter().find(|(of, _)| of == contract);
		rule.map(|(_, access)| access).unwrap_or_default()
	}
	fn access_weight() -> Weight {
		Weight::from_parts(50, 5)
	}
}

impl pallet_cross_vm::Config for Test {
	type Engines = (Toy<Red>, Toy<Green>, Toy<Blue>);
	type Gate = Gate;
	type MaxDepth = MaxDepth;
	type Interfaces = Said;
	type Currency = Balances;
	type WeightInfo = ();
}

/// What a toy contract does, one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Op {
	/// Sets a key.
	Write(u8, u8),
	/// Adds one to a key.
	Increment(u8),
	/// Uses this much ref time.
	Burn(u64),
	/// Logs this.
	Log(u8),
	/// Logs these at once.
	Logs(Vec<u8>),
	/// Makes a call by the bridge; on failure ends with its error.
	Call(Call),
	/// Makes a call by the bridge; puts 0 for success or 1 + the error's code into the key.
	Try(u8, Call),
	/// Makes a call by the bridge within a frame of the VM's own that is then reverted; puts what
	/// [`Op::Try`] would into the key.
	Undone(u8, Call),
	/// Calls a contract of the same VM by the VM's own means.
	Inner(AccountId),
	/// Puts 1 into the key if the frame is read-only, otherwise 2.
	IsReadOnly(u8),
	/// Puts the caller's first byte into the key.
	Caller(u8),
	/// Takes a storage deposit.
	Deposit(Balance),
	/// Ends well with these values.
	Return(Vec<Value>),
	/// Ends badly.
	Revert(Vec<u8>),
}

/// A call by the bridge.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Call {
	pub target: ContractRef,
	pub value: Balance,
	pub signature: Vec<u8>,
	pub args: Vec<Value>,
	/// The signature by which the caller knows the function; `args` are of its types.
	pub face: Option<Vec<u8>>,
	/// Native bytes in place of `args`.
	pub raw: Option<Vec<u8>>,
	pub limit: Option<Weight>,
	pub deposit: Option<Balance>,
	pub flags: u32,
	pub delegated: bool,
}

/// A call of `run()` without anything.
pub fn call(target: &AccountId) -> Call {
	Call {
		target: target.clone().into(),
		value: 0,
		signature: b"run()".to_vec(),
		args: Vec::new(),
		face: None,
		raw: None,
		limit: None,
		deposit: None,
		flags: 0,
		delegated: false,
	}
}

/// A call of `run()` that may come back.
pub fn call_reentrant(target: &AccountId) -> Call {
	Call {
		flags: CallFlags::ALLOW_REENTRY,
		..call(target)
	}
}

/// One of the toy VMs.
pub trait Colour {
	const VM: VmId;
	const ENCODING: &'static dyn Encoding;
}
pub struct Red;
pub struct Green;
pub struct Blue;
impl Colour for Red {
	const VM: VmId = VmId(101);
	const ENCODING: &'static dyn Encoding = &SolidityAbi;
}
impl Colour for Green {
	const VM: VmId = VmId(102);
	const ENCODING: &'static dyn Encoding = &Scale;
}
impl Colour for Blue {
	const VM: VmId = VmId(103);
	const ENCODING: &'static dyn Encoding = &SolidityAbi;
}

/// The engine of a toy VM.
pub struct Toy<C>(PhantomData<C>);

fn code_key(vm: VmId, contract: &AccountId) -> Vec<u8> {
	(b"toy-code", vm, contract).encode()
}

fn value_key(contract: &AccountId, key: u8) -> Vec<u8> {
	(b"toy-value", contract, key).encode()
}

/// Stores a contract.
pub fn deploy<C: Colour>(contract: &AccountId, ops: Vec<Op>) {
	storage::set(&code_key(C::VM, contract), &ops.encode());
}

/// What a contract has under a key; 0 if nothing.
pub fn value_of(contract: &AccountId, key: u8) -> u8 {
	storage::get(&value_key(contract, key)).map_or(0, |value| value[0])
}

fn log<C: Colour>(contract: &AccountId, data: &[u8]) {
	CrossVm::log(data.iter().map(|data| LogRecord {
		vm: C::VM,
		contract: contract.clone(),
		topics: Vec::new(),
		data: vec![*data],
	}));
}

fn set_value(contract: &AccountId, key: u8, value: u8) {
	storage::set(&value_key(contract, key), &[value]);
}

/// What every toy call costs.
pub const BASE: Weight = Weight::from_parts(1_000, 100);

struct Machine<'a, C> {
	call: &'a EngineCall,
	used: Weight,
	deposit: Balance,
	_colour: PhantomData<C>,
}

impl<C: Colour> Machine<'_, C> {
	fn charge(&mut self, weight: Weight) -> Result<(), CallError> {
		let used = self.used + weight;
		if used.any_gt(self.call.limit) {
			self.used = self.call.limit;
			return Err(CallError::OutOfGas);
		}
		self.used = used;
		Ok(())
	}

	fn hop(&mut self, contract: &AccountId, call: &Call) -> Result<Vec<u8>, CallError> {
		let signature = call.face.as_ref().unwrap_or(&call.signature);
		let signature = Signature::parse(signature).ok();
		let arguments = call.raw.clone().unwrap_or_else(|| {
			let types = signature.map(|s| s.params).unwrap_or_default();
			C::ENCODING
				.encode(&types, &call.args, &mut Free)
				.unwrap_or_default()
		});
		let outcome = <CrossVm as Dispatch>::call(CallRequest {
			vm: C::VM,
			caller: contract.clone(),
			origin: None,
			live: Vec::new(),
			target: call.target.clone(),
			value: call.value,
			signature: &call.signature,
			face: call.face.as_deref(),
			arguments: &arguments,
			encoding: C::ENCODING,
			limit: self.call.limit - self.used,
			callee_limit: call.limit,
			deposit_limit: call.deposit,
			flags: CallFlags(call.flags),
			read_only: self.call.read_only,
			delegated: call.delegated,
		});
		assert!(
			outcome.used.all_lte(self.call.limit - self.used),
			"a hop keeps to its limit"
		);
		self.used += outcome.used;
		outcome.result
	}

	fn run(&mut self, contract: &AccountId) -> Result<Vec<u8>, CallError> {
		CrossVm::enter(Entry {
			vm: C::VM,
			contract,
			caller: &self.call.caller,
			actor: &self.call.payer,
			value: 0,
			kind: FrameKind::Entry,
			code: None,
			function: &[],
			input: &|| (&[][..]).into(),
			deposit_limit: self.call.deposit_limit,
		});
		let result = self.run_announced(contract);
		CrossVm::leave(Exit {
			vm: C::VM,
			output: &[],
			used: Weight::zero(),
			error: result.as_ref().err().cloned(),
		});
		result
	}

	fn run_announced(&mut self, contract: &AccountId) -> Result<Vec<u8>, CallError> {
		self.charge(BASE)?;
		let code = storage::get(&code_key(C::VM, contract)).ok_or(CallError::NotFound)?;
		let ops = Vec::<Op>::decode(&mut &code[..]).unwrap();
		for op in ops {
			match op {
				Op::Write(..) | Op::Increment(_) | Op::Log(_) | Op::Logs(_)
					if self.call.read_only =>
				{
					return Err(CallError::ReadOnly)
				}
				Op::Write(key, value) => set_value(contract, key, value),
				Op::Increment(key) => set_value(contract, key, value_of(contract, key) + 1),
				Op::Burn(ref_time) => self.charge(Weight::from_parts(ref_time, 0))?,
				Op::Log(data) => log::<C>(contract, &[data]),
				Op::Logs(data) => log::<C>(contract, &data),
				Op::Call(call) => {
					self.hop(contract, &call)?;
				}
				Op::Try(key, call) => {
					let code = match self.hop(contract, &call) {
						Ok(_) => 0,
						Err(error) => 1 + error.encode()[0],
					};
					if !self.call.read_only {
						set_value(contract, key, code);
					}
				}
				Op::Undone(key, call) => {
					let hopped = with_transaction(|| {
						TransactionOutcome::Rollback(Ok::<_, DispatchError>(
							self.hop(contract, &call),
						))
					});
					let code = match hopped.expect("tests do not nest that deep") {
						Ok(_) => 0,
						Err(error) => 1 + error.encode()[0],
					};
					set_value(contract, key, code);
				}
				Op::Inner(other) => {
					CrossVm::ensure_enterable(&other)?;
					self.run(&other)?;
				}
				Op::IsReadOnly(key) => {
					set_value(contract, key, if self.call.read_only { 1 } else { 2 })
				}
				Op::Caller(key) => {
					let first: &[u8] = self.call.caller.as_ref();
					set_value(contract, key, first[0]);
				}
				Op::Deposit(amount) => {
					if self.deposit + amount > self.call.deposit_limit {
						return Err(CallError::InsufficientBalance);
					}
					Balances::transfer(&self.call.payer, &bank(), amount, Preservation::Preserve)
						.map_err(|_| CallError::InsufficientBalance)?;
					self.deposit += amount;
				}
				Op::Return(values) => {
					let types = types_of(&values);
					return C::ENCODING.encode(&types, &values, &mut Free);
				}
				Op::Revert(data) => return Err(CallError::Reverted(data)),
			}
		}
		Ok(Vec::new())
	}
}

/// Runs a contract as the VM's own extrinsic would: announced, in a layer, and not by a hop.
pub fn door<C: Colour>(
	actor: &AccountId,
	contract: &AccountId,
	deposit_limit: Balance,
) -> Result<Vec<u8>, CallError> {
	let call = EngineCall {
		caller: actor.clone(),
		payer: actor.clone(),
		target: contract.clone(),
		value: 0,
		input: Vec::new(),
		limit: Weight::from_parts(10_000_000_000, 1_000_000),
		deposit_limit,
		read_only: false,
	};
	let mut failure = None;
	let result = with_transaction(|| {
		let mut machine = Machine::<C> {
			call: &call,
			used: Weight::zero(),
			deposit: 0,
			_colour: PhantomData,
		};
		match machine.run(contract) {
			Ok(output) => TransactionOutcome::Commit(Ok::<_, DispatchError>(output)),
			Err(error) => {
				failure = Some(error);
				TransactionOutcome::Rollback(Err(DispatchError::Other("rolled back")))
			}
		}
	});
	result.map_err(|_| failure.unwrap_or(CallError::TRAPPED))
}

/// Types under which toy contracts return values.
fn types_of(values: &[Value]) -> Vec<trivium_primitives::Type> {
	use trivium_primitives::Type;
	values
		.iter()
		.map(|value| match value {
			Value::Bool(_) => Type::Bool,
			Value::Address(_) => Type::Address,
			Value::Text(_) => Type::Text,
			Value::Maybe(_) => Type::Maybe(Box::new(Type::Uint(64))),
			_ => Type::Uint(64),
		})
		.collect()
}

/// Where toy deposits go.
pub fn bank() -> AccountId {
	AccountId::new([0xBB; 32])
}

/// Transcoding without a budget.
struct Free;
impl TranscodeHost for Free {
	fn charge(&mut self, _: usize) -> Result<(), CallError> {
		Ok(())
	}
	fn alias(&mut self, account: &AccountId) -> Result<sp_core::H160, CallError> {
		Ok(trivium_primitives::account::alias(account))
	}
	fn account(&mut self, alias: &sp_core::H160) -> Result<AccountId, CallError> {
		Ok(<CrossVm as trivium_primitives::AddressMapping>::account(
			alias,
		))
	}
}

impl<C: Colour> Engine for Toy<C> {
	const VM: VmId = C::VM;
	const NAME: &'static str = "toy";

	fn encoding() -> &'static dyn Encoding {
		C::ENCODING
	}
	fn resolve(target: &AccountId) -> bool {
		storage::get(&code_key(C::VM, target)).is_some()
	}
	fn lookup_weight() -> Weight {
		Weight::from_parts(100, 10)
	}
	fn code_of(target: &AccountId) -> Option<sp_core::H256> {
		Self::resolve(target).then(sp_core::H256::zero)
	}
	fn code_of_weight() -> Weight {
		Self::lookup_weight()
	}
	fn is_deployer(_: &AccountId, _: &AccountId, _: &Deployment) -> bool {
		false
	}
	fn encode_call(
		signature: &Signature,
		arguments: &[Value],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<u8>, CallError> {
		C::ENCODING.encode(&signature.params, arguments, host)
	}
	fn decode_return(
		signature: &Signature,
		output: &[u8],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<Value>, CallError> {
		C::ENCODING.decode(&signature.results, output, host)
	}
	fn decode_error(
		signature: &Signature,
		data: &[u8],
		host: &mut dyn TranscodeHost,
	) -> Result<Option<Vec<Value>>, CallError> {
		error_of(C::ENCODING, signature.error_types(), data, host)
	}
	fn call(call: EngineCall) -> EngineOutcome {
		let target = call.target.clone();
		if call.value > 0 {
			let moved =
				Balances::transfer(&call.caller, &target, call.value, Preservation::Expendable);
			if moved.is_err() {
				return EngineOutcome::failed(BASE, CallError::InsufficientBalance);
			}
		}
		let mut machine = Machine::<C> {
			call: &call,
			used: Weight::zero(),
			deposit: 0,
			_colour: PhantomData,
		};
		let result = machine.run(&target);
		EngineOutcome {
			used: machine.used,
			deposit: machine.deposit,
			result,
		}
	}
	fn transaction_end() {
		TransactionsEnded::mutate(|n| *n += 1);
	}
	fn catalogue() -> Vec<Feature> {
		vec![Feature {
			id: 1,
			name: b"ops".to_vec(),
		}]
	}
}

/// An account with 1,000,000 planck.
pub fn alice() -> AccountId {
	AccountId::new([0xA1; 32])
}

/// An account to put a contract at.
pub fn at(n: u8) -> AccountId {
	AccountId::new([n; 32])
}

pub fn new_test_ext() -> TestExternalities {
	let mut storage = frame_system::GenesisConfig::<Test>::default()
		.build_storage()
		.unwrap();
	pallet_balances::GenesisConfig::<Test> {
		balances: vec![(alice(), 1_000_000), (bank(), 1)],
		..Default::default()
	}
	.assimilate_storage(&mut storage)
	.unwrap();
	let mut ext = TestExternalities::from(storage);
	ext.execute_with(|| System::set_block_number(1));
	ext
}
