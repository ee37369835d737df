//! A caller of each machine that makes one call many times, and what is called.

use codec::Encode;
use pallet_wasm::{Code, CollectEvents, CrossVmInput, DebugInfo};
use polkadot_sdk::{
	frame_support::{assert_ok, weights::Weight},
	sp_core::{H160, H256},
	sp_keyring::Sr25519Keyring::Alice,
	sp_state_machine::BasicExternalities,
	sp_storage::Storage,
};
use trivium_benchmarks_evm::{asm::asm, chain::World};
use trivium_primitives::{
	account::{alias, module_account},
	AccountId, ContractRef, Encoding, Signature, SolidityAbi, Value, VmId,
};
use trivium_runtime::{constants::currency::UNIT, Contracts, MoveVm, RuntimeOrigin};

/// The EVM's bridge.
const BRIDGE: u64 = 0x0801;
/// The EVM's caller.
const EVM_CALLER: H160 = H160([0xE1; 20]);
/// The EVM's callee.
const EVM_CALLEE: H160 = H160([0xE2; 20]);

/// Calls the account of the argument's first word as often as the second says, with all that is behind it as input; for
/// `run(bytes)`.
const EVM_LOOP: &str = "64 36 CALLDATALOAD SUB DUP1 132 0 CALLDATACOPY \
	100 CALLDATALOAD \
	again: DUP1 ISZERO @end JUMPI \
	0 0 DUP4 0 0 68 CALLDATALOAD GAS CALL ISZERO @fail JUMPI \
	1 SWAP1 SUB @again JUMP \
	end: STOP \
	fail: 0 0 REVERT";

/// An ink! contract whose message is `body`. 0: lengths, 16: what it returns (the message ran), 64: the account of a callee,
/// 1024: its input: a selector, the argument's length in one or two bytes, how often, and what each call is made with.
fn ink(body: &str) -> Vec<u8> {
	let text = format!(
		r#"(module
			(import "seal0" "input" (func $input (param i32 i32)))
			(import "seal0" "seal_return" (func $return (param i32 i32 i32)))
			(import "seal1" "call"
				(func $call (param i32 i32 i64 i32 i32 i32 i32 i32) (result i32)))
			(import "seal0" "call_chain_extension"
				(func $extension (param i32 i32 i32 i32 i32) (result i32)))
			(import "env" "memory" (memory 2 2))
			(func (export "deploy"))
			(func (export "call") (local $times i32) (local $at i32) (local $len i32)
				{body}
				(call $return (i32.const 0) (i32.const 16) (i32.const 1))))"#
	);
	wat::parse_str(text).expect("is a module")
}

fn ink_loop(once: &str) -> Vec<u8> {
	ink(&format!(
		"(i32.store (i32.const 0) (i32.const 32768))
		(call $input (i32.const 1024) (i32.const 0))
		(local.set $at (i32.add (i32.const 1029) (i32.and (i32.load8_u (i32.const 1028)) (i32.const 1))))
		(local.set $times (i32.load (local.get $at)))
		(local.set $at (i32.add (local.get $at) (i32.const 4)))
		(local.set $len (i32.sub (i32.add (i32.load (i32.const 0)) (i32.const 1024)) (local.get $at)))
		(block $end (loop $again
			(br_if $end (i32.eqz (local.get $times)))
			(i32.store (i32.const 0) (i32.const 32768))
			(if {once} (then unreachable))
			(local.set $times (i32.sub (local.get $times) (i32.const 1)))
			(br $again)))"
	))
}

/// The contracts of a state.
pub struct Deployed {
	ink_callee: AccountId,
	ink_bridge: AccountId,
	ink_native: AccountId,
}

/// A call of a caller: whom, by which signature, with what.
pub struct Request {
	pub target: ContractRef,
	pub signature: &'static str,
	pub arguments: Vec<Value>,
}

fn move_module(name: &'static str) -> ContractRef {
	let name = name.as_bytes().to_vec().try_into().expect("is short");
	ContractRef::Module(Alice.to_account_id(), name)
}

impl Deployed {
	/// Makes a state with them, and says where they are.
	pub fn new() -> (Self, Storage) {
		let world = World::default()
			.with_contract(EVM_CALLER, asm(EVM_LOOP))
			.with_contract(EVM_CALLEE, asm("STOP"));
		let mut state = BasicExternalities::new(world.storage());
		let deployed = state.execute_with(|| {
			publish();
			let bridge = ink_loop(
				"(call $extension (i32.const 0x08010000) (local.get $at) (local.get $len)
					(i32.const 65536) (i32.const 0))",
			);
			let native = ink_loop(
				"(call $call (i32.const 0) (local.get $at) (i64.const 0) (i32.const 512)
					(i32.add (local.get $at) (i32.const 32)) (i32.sub (local.get $len) (i32.const 32))
					(i32.const -1) (i32.const 0))",
			);
			Self {
				ink_callee: instantiate(ink(""), 0),
				ink_bridge: instantiate(bridge, 1),
				ink_native: instantiate(native, 2),
			}
		});
		(deployed, state.into_storages())
	}

	/// What a call of a callee names.
	fn callee(&self, vm: VmId) -> ContractRef {
		match vm {
			VmId::EVM => EVM_CALLEE.into(),
			VmId::WASM => self.ink_callee.clone().into(),
			_ => move_module("looping"),
		}
	}

	/// Calls a contract of `to` from one of `from`, this often.
	pub fn hops(&self, from: VmId, to: VmId, argument: &[u8], times: u64) -> Request {
		let signature = signature(argument);
		let values = values(argument);
		match from {
			VmId::EVM => {
				let input = bridge_call(&self.callee(to), signature, &values);
				evm_request(H160::from_low_u64_be(BRIDGE), times, &input)
			}
			VmId::WASM => {
				let types = types(signature);
				let input = CrossVmInput {
					target: self.callee(to),
					value: 0,
					signature: signature.as_bytes().to_vec(),
					args: encoded(&trivium_primitives::Scale, &types, &values),
					weight: None,
					deposit: None,
					flags: 0,
				};
				ink_request(&self.ink_bridge, times, &input.encode())
			}
			_ => {
				let types = types(signature);
				let arguments = encoded(&trivium_primitives::Bcs, &types, &values);
				Request {
					target: move_module("looping"),
					signature: "run(address,bytes,bytes,u64)",
					arguments: vec![
						Value::Address(account_of(&self.callee(to))),
						Value::Bytes(signature.as_bytes().to_vec()),
						Value::Bytes(arguments),
						Value::Uint(times.into()),
					],
				}
			}
		}
	}

	/// Calls a contract of the same machine in the machine's own way, this often.
	pub fn native(&self, vm: VmId, argument: &[u8], times: u64) -> Request {
		match vm {
			VmId::EVM => {
				let parsed = Signature::parse(signature(argument).as_bytes()).expect("parses");
				let mut input = parsed.solidity_selector().to_vec();
				input.extend(encoded(&SolidityAbi, &parsed.params, &values(argument)));
				evm_request(EVM_CALLEE, times, &input)
			}
			VmId::WASM => {
				let mut input: Vec<u8> = self.ink_callee.clone().encode();
				input.extend([0; 4]);
				input.extend(argument.encode());
				ink_request(&self.ink_native, times, &input)
			}
			_ => Request {
				target: move_module("looping"),
				signature: "run_within(u64)",
				arguments: vec![Value::Uint(times.into())],
			},
		}
	}
}

fn signature(argument: &[u8]) -> &'static str {
	match argument.is_empty() {
		true => "nothing()",
		false => "take(bytes)",
	}
}

fn values(argument: &[u8]) -> Vec<Value> {
	match argument.is_empty() {
		true => Vec::new(),
		false => vec![Value::Bytes(argument.to_vec())],
	}
}

fn types(signature: &str) -> Vec<trivium_primitives::Type> {
	let parsed = Signature::parse(signature.as_bytes()).expect("parses");
	parsed.params
}

fn account_of(target: &ContractRef) -> AccountId {
	match target {
		ContractRef::Account(account) => account.clone(),
		ContractRef::Address(address) => trivium_primitives::account::ethereum_account(address),
		ContractRef::Module(publisher, name) => module_account(publisher, name),
	}
}

/// Charges nothing: what is encoded here is not measured.
struct Free;
impl trivium_primitives::TranscodeHost for Free {
	fn charge(&mut self, _: usize) -> Result<(), trivium_primitives::CallError> {
		Ok(())
	}
	fn alias(&mut self, account: &AccountId) -> Result<H160, trivium_primitives::CallError> {
		Ok(alias(account))
	}
	fn account(&mut self, address: &H160) -> Result<AccountId, trivium_primitives::CallError> {
		Ok(trivium_primitives::account::ethereum_account(address))
	}
}

fn encoded(
	encoding: &dyn Encoding,
	types: &[trivium_primitives::Type],
	values: &[Value],
) -> Vec<u8> {
	encoding
		.encode(types, values, &mut Free)
		.expect("is encoded")
}

/// What calls the bridge's `call(address,string,bytes)`.
fn bridge_call(target: &ContractRef, signature: &str, values: &[Value]) -> Vec<u8> {
	let bridge = Signature::parse(b"call(address,string,bytes)").expect("parses");
	let arguments = encoded(&SolidityAbi, &types(signature), values);
	let mut input = bridge.solidity_selector().to_vec();
	let values = [
		Value::Address(account_of(target)),
		Value::Text(signature.as_bytes().to_vec()),
		Value::Bytes(arguments),
	];
	input.extend(encoded(&SolidityAbi, &bridge.params, &values));
	input
}

fn evm_request(target: H160, times: u64, input: &[u8]) -> Request {
	let argument = [
		H256::from(target).as_bytes(),
		H256::from_low_u64_be(times).as_bytes(),
		input,
	]
	.concat();
	Request {
		target: EVM_CALLER.into(),
		signature: "run(bytes)",
		arguments: vec![Value::Bytes(argument)],
	}
}

fn ink_request(contract: &AccountId, times: u64, input: &[u8]) -> Request {
	let mut argument = (times as u32).to_le_bytes().to_vec();
	argument.extend_from_slice(input);
	assert!(
		argument.len() < 1 << 14,
		"its compact length has two bytes at most"
	);
	Request {
		target: contract.clone().into(),
		signature: "run(bytes)",
		arguments: vec![Value::Bytes(argument)],
	}
}

fn instantiate(code: Vec<u8>, salt: u8) -> AccountId {
	let result = Contracts::bare_instantiate(
		Alice.to_account_id(),
		0,
		Weight::from_parts(100_000_000_000, 1_000_000),
		None,
		Code::Upload(code),
		Vec::new(),
		vec![salt],
		DebugInfo::Skip,
		CollectEvents::Skip,
	);
	result.result.expect("instantiates").account_id
}

/// Publishes the modules of the tests, in their order.
fn publish() {
	let folder = concat!(
		env!("CARGO_MANIFEST_DIR"),
		"/../../contracts/move/tests-cross-vm"
	);
	let order = std::fs::read_to_string(format!("{folder}/ORDER")).expect("is there");
	let modules = order
		.split_whitespace()
		.map(|name| std::fs::read(format!("{folder}/bytecode/{name}.mv")).expect("is built"));
	assert_ok!(MoveVm::publish_package(
		RuntimeOrigin::signed(Alice.to_account_id()),
		modules.collect(),
		pallet_move::types::UpgradePolicy::Immutable,
		pallet_move::types::CallLimit {
			ref_time: 500_000_000_000,
			proof_size: 2_000_000,
			deposit: Some(1_000 * UNIT),
		}
	));
}
