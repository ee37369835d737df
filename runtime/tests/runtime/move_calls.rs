//! Calls into Move modules and out of them, from and to ink! and the EVM.

use codec::Encode;
use pallet_wasm::CrossVmInput;
use polkadot_sdk::{
	frame_support::{assert_ok, traits::fungible::InspectHold, weights::Weight},
	sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie},
	sp_runtime::traits::Dispatchable,
};
use trivium_primitives::{
	account::{ethereum_account, module_account},
	AccountId, Bcs, CallError, ContractRef, Encoding, Scale, Signature, SolidityAbi, Value, VmId,
};
use trivium_runtime::{constants::currency::UNIT, Balances, MoveVm, RuntimeCall, RuntimeOrigin};

use crate::{
	common::{account, development},
	contracts::{
		create_bridge, cross_call, deploy, encoded, evm_call, ink_count, logs, move_count, slot,
		solidity_input,
	},
	ink::{deploy_hopping, deploy_relaying},
};

fn send(who: AccountId, call: RuntimeCall) {
	assert_ok!(call.dispatch(RuntimeOrigin::signed(who)));
}

/// A call of an ink! contract with enough for a chain of three.
fn call(ink: &AccountId, hop: CrossVmInput) -> RuntimeCall {
	pallet_wasm::Call::call {
		dest: ink.clone().into(),
		value: 0,
		gas_limit: Weight::from_parts(50_000_000_000, 1_000_000),
		storage_deposit_limit: Some(UNIT.into()),
		data: hop.encode(),
	}
	.into()
}

/// The function of the bridge that the contract in Solidity hands its input to.
const CALL_ACCOUNT: &str = "callAccount(bytes32,string,bytes,u32)";

/// The contract account of the counter.
fn counter() -> AccountId {
	module_account(&account(Alice), b"counter")
}

#[test]
fn account_has_a_counter_of_its_own_through_the_dispatch_pallet() {
	development().execute_with(|| {
		deploy();
		let module = ContractRef::Module(
			account(Alice),
			b"counter".to_vec().try_into().expect("is short"),
		);
		let call = |signature| cross_call(module.clone(), signature, vec![], Some(UNIT));
		send(account(Bob), call("create()"));
		send(account(Bob), call("increment()"));
		assert_eq!(move_count(&account(Bob)), 1);
	});
}

/// ink! calls Solidity calls Move: the counter is that of the contract in Solidity, and who signed pays for it.
#[test]
fn move_at_the_end_of_a_chain_sees_who_called_it_and_the_signer_pays() {
	development().execute_with(|| {
		let evm = deploy().evm_bridge;
		let ink = deploy_hopping();
		let hop = |signature: &str| CrossVmInput {
			target: ContractRef::Address(evm),
			value: 0,
			signature: CALL_ACCOUNT.as_bytes().to_vec(),
			args: (
				<[u8; 32]>::from(counter()),
				signature,
				Vec::<u8>::new(),
				0u32,
			)
				.encode(),
			weight: None,
			deposit: None,
			flags: 0,
		};
		let held = || {
			Balances::balance_on_hold(
				&pallet_move::HoldReason::StorageDeposit.into(),
				&account(Bob),
			)
		};
		send(account(Bob), call(&ink, hop("create()")));
		send(account(Bob), call(&ink, hop("increment()")));
		assert_eq!(move_count(&ethereum_account(&evm)), 1);
		assert!(held() > 0);
		let (vm, contract, ..) = logs().pop().expect("the counter logs");
		assert_eq!((vm, contract), (VmId::MOVE, counter()));

		// The same without ink!.
		let values = [
			Value::Bytes(counter().encode()),
			Value::Text(b"increment()".to_vec()),
			Value::Bytes(Vec::new()),
			Value::Uint(0.into()),
		];
		let input = solidity_input(CALL_ACCOUNT, &values);
		send(account(Bob), evm_call(evm, input, 10_000_000));
		assert_eq!(move_count(&ethereum_account(&evm)), 2);

		// And what it created goes back to who paid when the counter goes.
		send(account(Alice), call(&ink, hop("remove()")));
		assert_eq!(held(), 0);
		let module = (account(Alice), b"counter".to_vec());
		let of = vec![ethereum_account(&evm).encode()];
		assert!(MoveVm::call_view(module, b"get".to_vec(), vec![], of).is_err());
	});
}

/// A module of the tests' own, published by an account, and its contract account. Its bytecode names Alice.
fn publish(by: Sr25519Keyring, module: &str) -> AccountId {
	let path = format!(
		"{}/../contracts/move/tests-cross-vm/bytecode/{module}.mv",
		env!("CARGO_MANIFEST_DIR")
	);
	let mut code = std::fs::read(path).expect("it is built");
	let alice = account(Alice).encode();
	let at = (0..code.len()).find(|at| code[*at..].starts_with(&alice));
	let at = at.expect("it names its publisher");
	code[at..at + 32].copy_from_slice(&account(by).encode());
	let limit = pallet_move::types::CallLimit {
		ref_time: 100_000_000_000,
		proof_size: 1_000_000,
		deposit: Some(UNIT),
	};
	let modules = vec![code];
	let policy = pallet_move::types::UpgradePolicy::Immutable;
	let call = pallet_move::Call::publish_package {
		modules,
		policy,
		limit,
	};
	send(account(by), call.into());
	module_account(&account(by), module.as_bytes())
}

/// A call that a contract is to make: whom it calls, with which signature and arguments.
#[derive(Clone)]
struct Target(AccountId, String, Vec<Value>);

impl Target {
	fn new(account: AccountId, signature: &str, args: Vec<Value>) -> Self {
		Self(account, signature.into(), args)
	}

	/// Its arguments in an encoding.
	fn input(&self, encoding: &dyn Encoding) -> Value {
		let signature = Signature::parse(self.1.as_bytes()).expect("is a signature");
		Value::Bytes(encoded(encoding, &signature.params, &self.2))
	}

	/// The call of a contract that makes this call.
	fn by(&self, relay: &Relay) -> Self {
		let [account, text] = [
			Value::Bytes(self.0.encode()),
			Value::Bytes(self.1.clone().into_bytes()),
		];
		match relay {
			Relay::Move(module) => Self::new(
				module.clone(),
				"send(address,bytes,bytes)",
				vec![Value::Address(self.0.clone()), text, self.input(&Bcs)],
			),
			Relay::Evm(contract) => Self::new(
				contract.clone(),
				CALL_ACCOUNT,
				vec![
					account,
					Value::Text(self.1.clone().into_bytes()),
					self.input(&SolidityAbi),
					Value::Uint(0.into()),
				],
			),
			// The fields of `CrossVmInput`.
			Relay::Ink(contract) => {
				let zero = || Value::Uint(0.into());
				Self::new(
					contract.clone(),
					"f(u8,bytes32,u128,bytes,bytes,u8,u8,u32)",
					vec![
						zero(),
						account,
						zero(),
						text,
						self.input(&Scale),
						zero(),
						zero(),
						zero(),
					],
				)
			}
		}
	}

	/// As a call of the dispatch pallet, with all that a transaction may have.
	fn send(&self) {
		let call = pallet_cross_vm::Call::call {
			target: ContractRef::Account(self.0.clone()),
			value: 0,
			signature: self.1.as_bytes().to_vec().try_into().expect("is short"),
			args: self.2.clone(),
			limit: pallet_cross_vm::CallLimit {
				ref_time: 400_000_000_000,
				proof_size: 4_000_000,
				deposit: Some(UNIT),
			},
		};
		send(account(Bob), call.into());
	}
}

/// A contract that calls on.
enum Relay {
	Move(AccountId),
	Evm(AccountId),
	Ink(AccountId),
}

#[test]
fn move_calls_solidity_and_ink() {
	development().execute_with(|| {
		let deployed = deploy();
		let module = publish(Alice, "caller");
		let evm = ethereum_account(&deployed.evm);
		let mode = |mode: u8| vec![Value::Uint(mode.into())];
		for target in [&evm, &deployed.ink] {
			Target::new(target.clone(), "f(u8)", mode(0))
				.by(&Relay::Move(module.clone()))
				.send();
		}
		assert_eq!(slot(deployed.evm).to_low_u64_be(), 1);
		assert_eq!(ink_count(&deployed.ink), 1);
		let machines: Vec<_> = logs()
			.into_iter()
			.map(|(vm, contract, ..)| (vm, contract))
			.collect();
		assert_eq!(
			machines,
			[(VmId::EVM, evm.clone()), (VmId::WASM, deployed.ink.clone())]
		);

		// What fails there is a value for Move, and nothing stays of it.
		let shifted = Value::Uint((1u64 << 32).into());
		for (target, signature, mode) in [
			// It reads the 32nd byte of its input, selector included.
			(evm, "f(u256)", shifted),
			(deployed.ink.clone(), "f(u8)", Value::Uint(1.into())),
		] {
			let attempt = trivium_runtime::CrossVm::simulate(
				account(Bob),
				ContractRef::Account(module.clone()),
				0,
				b"attempt_send(address,bytes,bytes)->(u64,bytes)".to_vec(),
				vec![
					Value::Address(target.clone()),
					Value::Bytes(signature.as_bytes().to_vec()),
					Target::new(target, signature, vec![mode]).input(&Bcs),
				],
				Some(pallet_cross_vm::CallLimit {
					ref_time: 100_000_000_000,
					proof_size: 2_000_000,
					deposit: None,
				}),
			);
			let reverted = vec![Value::Uint(1.into()), Value::Bytes(vec![])];
			assert_eq!(attempt.result, Ok::<_, CallError>(reverted));
		}
		assert_eq!(slot(deployed.evm).to_low_u64_be(), 1);
		assert_eq!(ink_count(&deployed.ink), 1);
	});
}

/// Eight hops below the extrinsic's own call, from machine to machine.
#[test]
fn chain_over_three_machines_is_as_long_as_the_dispatch_allows() {
	development().execute_with(|| {
		let deployed = deploy();
		let relays = [
			Relay::Move(publish(Alice, "caller")),
			Relay::Evm(ethereum_account(&create_bridge())),
			Relay::Ink(deploy_relaying(1)),
			Relay::Move(publish(Bob, "caller")),
			Relay::Evm(ethereum_account(&create_bridge())),
			Relay::Ink(deploy_relaying(2)),
			Relay::Move(publish(Charlie, "caller")),
			Relay::Evm(ethereum_account(&create_bridge())),
		];
		let end = Target::new(
			ethereum_account(&deployed.evm),
			"f(u8)",
			vec![Value::Uint(0.into())],
		);
		let chain = |relays: &[Relay]| {
			relays
				.iter()
				.rev()
				.fold(end.clone(), |call, relay| call.by(relay))
		};
		chain(&relays).send();
		assert_eq!(slot(deployed.evm).to_low_u64_be(), 1);
		// One more is too many: it fails where an ink! contract takes no notice.
		let mut longer = vec![Relay::Ink(deploy_relaying(3))];
		longer.extend(relays);
		chain(&longer).send();
		assert_eq!(slot(deployed.evm).to_low_u64_be(), 1);
	});
}
