//! Functions of Move modules, called from ink! and from the EVM.

use codec::Encode;
use pallet_wasm::CrossVmInput;
use polkadot_sdk::{
	frame_support::{assert_ok, traits::fungible::InspectHold, weights::Weight},
	sp_keyring::Sr25519Keyring::{Alice, Bob},
	sp_runtime::traits::Dispatchable,
};
use trivium_primitives::{
	account::{ethereum_account, module_account},
	AccountId, ContractRef, Value, VmId,
};
use trivium_runtime::{constants::currency::UNIT, Balances, MoveVm, RuntimeCall, RuntimeOrigin};

use crate::{
	common::{account, development},
	contracts::{cross_call, deploy, evm_call, logs, move_count, solidity_input},
	ink::deploy_hopping,
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
