//! Small contracts of each VM for tests of the runtime, and the calls that reach them.
//!
//! The first of each VM counts and logs once; told so, it fails afterwards.

use codec::Encode;
use hex_literal::hex;
use pallet_cross_vm::CallLimit;
use pallet_wasm::{Code, CollectEvents, DebugInfo};
use polkadot_sdk::{
	frame_support::{assert_ok, traits::fungible::Mutate, weights::Weight},
	sp_core::{H160, H256},
	sp_keyring::Sr25519Keyring::Alice,
};
use trivium_primitives::{Encoding, Signature, SolidityAbi, Type, Value};
use trivium_runtime::{
	constants::currency::UNIT, AccountId, Balances, Contracts, Evm, MoveVm, Runtime, RuntimeCall,
	RuntimeEvent, RuntimeOrigin, System,
};

use crate::common::account;

/// More gas than the contracts here need.
pub const GAS: u64 = 100_000;

/// More weight than the contracts here need.
pub const AMPLE: Weight = Weight::from_parts(10_000_000_000, 200_000);

/// What a contract is to do besides counting and logging: the last byte of its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
	/// Nothing, and end well.
	Well = 0,
	/// Revert.
	Revert = 1,
	/// Store an entry that is not there yet, and end well. ink! alone.
	Store = 2,
}

/// The contracts, after [`deploy`].
#[derive(Clone, Debug)]
pub struct Deployed {
	pub evm: H160,
	/// Hands its input on to the bridge and reverts if that does; notes `ORIGIN` in slot 0.
	pub evm_bridge: H160,
	pub ink: AccountId,
}

/// `slot 0 += 1; log 7; if the input's 32nd byte is not 0, revert`
const EVM_COUNTER: &[u8] = &hex!("5f54600101 5f55 60075f53 60015fa0 5f3560ff16 601857 00 5b5f5ffd");

/// `slot 0 = ORIGIN; CALL the bridge with the input; if it failed, revert`
const EVM_BRIDGE: &[u8] = &hex!("325f55 365f5f37 5f5f365f5f6108015af1 15 601657 00 5b5f5ffd");

/// Counts in four bytes under key 0; under key 1 goes what [`Mode::Store`] stores.
const INK: &str = r#"
(module
	(import "seal0" "input" (func $input (param i32 i32)))
	(import "seal0" "seal_return" (func $return (param i32 i32 i32)))
	(import "seal2" "set_storage" (func $set (param i32 i32 i32 i32) (result i32)))
	(import "seal1" "get_storage" (func $get (param i32 i32 i32 i32) (result i32)))
	(import "seal0" "deposit_event" (func $emit (param i32 i32 i32 i32)))
	(import "env" "memory" (memory 1 1))
	;; 0: length of the input, 8: length of the count, 16: key 0, 48: key 1, 96: the count,
	;; 128: what is logged, 129: the result of an ink! message, 256: the input
	(data (i32.const 8) "\04")
	(data (i32.const 48) "\01")
	(data (i32.const 128) "\07\00")
	(func (export "deploy")
		(drop (call $set (i32.const 16) (i32.const 32) (i32.const 96) (i32.const 4))))
	(func (export "call") (local $mode i32)
		(i32.store (i32.const 0) (i32.const 1024))
		(call $input (i32.const 256) (i32.const 0))
		(local.set $mode
			(i32.load8_u (i32.add (i32.const 255) (i32.load (i32.const 0)))))
		(drop (call $get (i32.const 16) (i32.const 32) (i32.const 96) (i32.const 8)))
		(i32.store (i32.const 96) (i32.add (i32.load (i32.const 96)) (i32.const 1)))
		(drop (call $set (i32.const 16) (i32.const 32) (i32.const 96) (i32.const 4)))
		(call $emit (i32.const 0) (i32.const 0) (i32.const 128) (i32.const 1))
		(if (i32.eq (local.get $mode) (i32.const 1)) (then
			(call $return (i32.const 1) (i32.const 0) (i32.const 0))))
		(if (i32.eq (local.get $mode) (i32.const 2)) (then
			(drop (call $set (i32.const 48) (i32.const 32) (i32.const 256) (i32.const 8)))))
		(call $return (i32.const 0) (i32.const 129) (i32.const 1))))
"#;

/// Creation code that deploys `runtime`.
fn deployer(runtime: &[u8]) -> Vec<u8> {
	let len = u8::try_from(runtime.len()).expect("is short");
	// PUSH1 len DUP1 PUSH1 9 PUSH0 CODECOPY PUSH0 RETURN
	let mut code = vec![0x60, len, 0x80, 0x60, 0x09, 0x5f, 0x39, 0x5f, 0xf3];
	code.extend_from_slice(runtime);
	code
}

/// Deploys a program of the EVM on Alice's account.
pub fn create(code: &[u8]) -> H160 {
	create_from(&account(Alice), deployer(code))
}

/// Runs creation code on an account.
pub fn create_from(who: &AccountId, code: Vec<u8>) -> H160 {
	let origin = RuntimeOrigin::signed(who.clone());
	assert_ok!(Evm::create(origin, code, 0, 10_000_000));
	let created = System::events()
		.into_iter()
		.rev()
		.find_map(|record| match record.event {
			RuntimeEvent::Evm(pallet_evm::Event::Created { address, .. }) => Some(address),
			_ => None,
		});
	created.expect("a contract is created")
}

/// The contract [`Deployed::evm_bridge`] alone.
pub fn create_bridge() -> H160 {
	create(EVM_BRIDGE)
}

/// Puts the contracts on the chain, on Alice's account. The Move one is the repository's example.
pub fn deploy() -> Deployed {
	let alice = account(Alice);
	let ink = Contracts::bare_instantiate(
		alice.clone(),
		0,
		Weight::from_parts(100_000_000_000, 1_000_000),
		None,
		Code::Upload(wat::parse_str(INK).expect("is WASM")),
		Vec::new(),
		Vec::new(),
		DebugInfo::Skip,
		CollectEvents::Skip,
	);
	let path = concat!(
		env!("CARGO_MANIFEST_DIR"),
		"/../contracts/move/examples/bytecode/counter.mv"
	);
	let module = std::fs::read(path).expect("the example is built");
	let policy = pallet_move::types::UpgradePolicy::Immutable;
	assert_ok!(MoveVm::publish_package(
		RuntimeOrigin::signed(alice),
		vec![module],
		policy,
		pallet_move::types::CallLimit {
			ref_time: 10 * AMPLE.ref_time(),
			proof_size: 10 * AMPLE.proof_size(),
			deposit: Some(UNIT),
		}
	));
	let deployed = Deployed {
		evm: create(EVM_COUNTER),
		evm_bridge: create_bridge(),
		ink: ink.result.expect("instantiates").account_id,
	};
	System::reset_events();
	deployed
}

/// Gives an account money, so that it exists, and a counter in Move.
pub fn endow(who: &AccountId) {
	assert_ok!(Balances::mint_into(who, 10 * UNIT));
	let create: pallet_move::Call<Runtime> = move_call(b"create", vec![]);
	assert_ok!(polkadot_sdk::sp_runtime::traits::Dispatchable::dispatch(
		RuntimeCall::from(create),
		RuntimeOrigin::signed(who.clone())
	));
}

pub fn evm_call(target: H160, input: Vec<u8>, gas_limit: u64) -> RuntimeCall {
	pallet_evm::Call::call {
		target,
		input,
		value: 0,
		gas_limit,
	}
	.into()
}

/// A call of an EVM contract that reads a [`Mode`].
pub fn evm_mode(target: H160, mode: Mode) -> RuntimeCall {
	evm_call(target, H256::from_low_u64_be(mode as u64).0.to_vec(), GAS)
}

/// A call of an ink! contract, with the deposit that it may take.
pub fn ink_mode(target: &AccountId, mode: Mode, deposit: u128) -> RuntimeCall {
	ink_call(target, vec![mode as u8], Some(deposit))
}

/// A call of an ink! contract by its own door.
pub fn ink_call(target: &AccountId, data: Vec<u8>, deposit: Option<u128>) -> RuntimeCall {
	pallet_wasm::Call::call {
		dest: target.clone().into(),
		value: 0,
		gas_limit: AMPLE,
		storage_deposit_limit: deposit.map(Into::into),
		data,
	}
	.into()
}

/// A call of `f(u8)` by the dispatch pallet, with `results` that the signature promises.
pub fn cross_mode(
	target: impl Into<trivium_primitives::ContractRef>,
	mode: Mode,
	results: &str,
	deposit: Option<u128>,
) -> RuntimeCall {
	cross_call(
		target,
		&format!("f(u8)->({results})"),
		vec![Value::Uint((mode as u8).into())],
		deposit,
	)
}

pub fn cross_call(
	target: impl Into<trivium_primitives::ContractRef>,
	signature: &str,
	args: Vec<Value>,
	deposit: Option<u128>,
) -> RuntimeCall {
	pallet_cross_vm::Call::call {
		target: target.into(),
		value: 0,
		signature: signature.as_bytes().to_vec().try_into().expect("is short"),
		args,
		limit: CallLimit {
			ref_time: 2 * AMPLE.ref_time(),
			proof_size: 2 * AMPLE.proof_size(),
			deposit,
		},
	}
	.into()
}

/// A call of a function of the Move counter.
pub fn move_call(function: &[u8], args: Vec<Vec<u8>>) -> pallet_move::Call<Runtime> {
	pallet_move::Call::execute {
		module: (account(Alice), b"counter".to_vec()),
		function: function.to_vec(),
		type_args: vec![],
		args,
		limit: pallet_move::types::CallLimit {
			ref_time: AMPLE.ref_time(),
			proof_size: AMPLE.proof_size(),
			deposit: Some(UNIT),
		},
	}
}

/// Signature and arguments for [`Deployed::evm_bridge`] that make it call `f(u8)` of a contract.
pub fn bridged(target: &AccountId, argument: u8) -> (&'static str, Vec<Value>) {
	let argument = H256::from_low_u64_be(argument.into()).0.to_vec();
	(
		"callAccount(bytes32,string,bytes,u32)",
		vec![
			Value::Bytes(target.encode()),
			Value::Text(b"f(u8)".to_vec()),
			Value::Bytes(argument),
			Value::Uint(0.into()),
		],
	)
}

/// The same as the input of an EVM call.
pub fn bridged_input(target: &AccountId, argument: u8) -> Vec<u8> {
	let (signature, values) = bridged(target, argument);
	solidity_input(signature, &values)
}

/// The input of an EVM call.
pub fn solidity_input(signature: &str, values: &[Value]) -> Vec<u8> {
	let signature = Signature::parse(signature.as_bytes()).expect("is a signature");
	let mut input = signature.solidity_selector().to_vec();
	input.extend(encoded(&SolidityAbi, &signature.params, values));
	input
}

/// Values in an encoding.
pub fn encoded(encoding: &dyn Encoding, types: &[Type], values: &[Value]) -> Vec<u8> {
	let encoded = encoding.encode(types, values, &mut Unmetered);
	encoded.expect("the values are of these types")
}

/// Transcoding without a budget.
struct Unmetered;
impl trivium_primitives::TranscodeHost for Unmetered {
	fn charge(&mut self, _: usize) -> Result<(), trivium_primitives::CallError> {
		Ok(())
	}
	fn alias(&mut self, account: &AccountId) -> Result<H160, trivium_primitives::CallError> {
		Ok(trivium_primitives::account::alias(account))
	}
	fn account(&mut self, alias: &H160) -> Result<AccountId, trivium_primitives::CallError> {
		Ok(trivium_primitives::account::ethereum_account(alias))
	}
}

/// What slot 0 of an EVM contract holds.
pub fn slot(contract: H160) -> H256 {
	pallet_evm::Slots::<Runtime>::get(contract, H256::zero())
}

/// What the ink! contract has counted.
pub fn ink_count(contract: &AccountId) -> u32 {
	let value = Contracts::get_storage(contract.clone(), vec![0; 32])
		.expect("it is a contract")
		.expect("it counts from its deployment on");
	u32::from_le_bytes(value.try_into().expect("four bytes"))
}

/// What the Move counter of an account shows.
pub fn move_count(of: &AccountId) -> u64 {
	let module = (account(Alice), b"counter".to_vec());
	let shown = MoveVm::call_view(module, b"get".to_vec(), vec![], vec![of.encode()]);
	u64::from_le_bytes(
		shown.expect("has a counter")[0]
			.clone()
			.try_into()
			.expect("eight bytes"),
	)
}

/// The canonical logs of the block so far.
pub fn logs() -> Vec<(trivium_primitives::VmId, AccountId, Vec<H256>, Vec<u8>)> {
	System::read_events_no_consensus()
		.filter_map(|record| match record.event {
			RuntimeEvent::CrossVm(pallet_cross_vm::Event::Log {
				vm,
				contract,
				topics,
				data,
				..
			}) => Some((vm, contract, topics, data)),
			_ => None,
		})
		.collect()
}
