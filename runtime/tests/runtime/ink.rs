//! ink! contracts among the other machines: entered again by way of the EVM, and who has paid for what
//! they store, whichever door is used.

use codec::Encode;
use pallet_wasm::{
	api::runtime_decl_for_contracts_api::ContractsApi, Code, CollectEvents, CrossVmInput, DebugInfo,
};
use polkadot_sdk::{
	frame_support::{
		assert_ok,
		storage::transactional::with_transaction_unchecked,
		traits::fungible::{InspectHold, Mutate},
		weights::Weight,
	},
	sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie},
	sp_runtime::{traits::Dispatchable, TransactionOutcome},
};
use trivium_primitives::{AccountId, Balance, CallFlags, ContractRef};
use trivium_runtime::{
	constants::currency::UNIT, Balances, Block, Contracts, Runtime, RuntimeCall, RuntimeHoldReason,
	RuntimeOrigin,
};

use crate::{
	common::{account, development},
	contracts::{bridged_input, create_bridge, cross_call, evm_call, ink_call, GAS},
};

/// Stores as many bytes under one key as the last byte of its input says; none removes the item.
const STORE: &str = r#"
(module
	(import "seal0" "input" (func $input (param i32 i32)))
	(import "seal0" "seal_return" (func $return (param i32 i32 i32)))
	(import "seal2" "set_storage" (func $set (param i32 i32 i32 i32) (result i32)))
	(import "seal1" "clear_storage" (func $clear (param i32 i32) (result i32)))
	(import "env" "memory" (memory 1 1))
	;; 0: length of the input, 16: the key, 64: the result of an ink! message, 256: the input
	(func (export "deploy"))
	(func (export "call") (local $bytes i32)
		(i32.store (i32.const 0) (i32.const 1024))
		(call $input (i32.const 256) (i32.const 0))
		(local.set $bytes
			(i32.load8_u (i32.add (i32.const 255) (i32.load (i32.const 0)))))
		(if (local.get $bytes)
			(then (drop (call $set
				(i32.const 16) (i32.const 32) (i32.const 256) (local.get $bytes))))
			(else (drop (call $clear (i32.const 16) (i32.const 32)))))
		(call $return (i32.const 0) (i32.const 64) (i32.const 1))))
"#;

/// Counts in four bytes under one key. A long input it hands to the bridge in between; after that it
/// multiplies by ten what is there by then.
const COUNT_AND_HOP: &str = r#"
(module
	(import "seal0" "input" (func $input (param i32 i32)))
	(import "seal0" "seal_return" (func $return (param i32 i32 i32)))
	(import "seal0" "call_chain_extension"
		(func $bridge (param i32 i32 i32 i32 i32) (result i32)))
	(import "seal2" "set_storage" (func $set (param i32 i32 i32 i32) (result i32)))
	(import "seal1" "get_storage" (func $get (param i32 i32 i32 i32) (result i32)))
	(import "env" "memory" (memory 1 1))
	;; 0: length of the input, 8: length of the count, 16: the key, 64: the result of a message,
	;; 96: the count, 128: room for the answer of the bridge, 256: the input, 8192: the answer
	(data (i32.const 8) "\04")
	(func $load (drop
		(call $get (i32.const 16) (i32.const 32) (i32.const 96) (i32.const 8))))
	(func $store (param $count i32)
		(i32.store (i32.const 96) (local.get $count))
		(drop (call $set (i32.const 16) (i32.const 32) (i32.const 96) (i32.const 4))))
	(func (export "deploy") (call $store (i32.const 0)))
	(func (export "call")
		(i32.store (i32.const 0) (i32.const 4096))
		(call $input (i32.const 256) (i32.const 0))
		(call $load)
		(call $store (i32.add (i32.load (i32.const 96)) (i32.const 1)))
		(if (i32.gt_u (i32.load (i32.const 0)) (i32.const 16)) (then
			(i32.store (i32.const 128) (i32.const 1024))
			(drop (call $bridge (i32.const 0x08010000)
				(i32.const 256) (i32.load (i32.const 0)) (i32.const 8192) (i32.const 128)))
			(call $load)
			(call $store (i32.mul (i32.load (i32.const 96)) (i32.const 10)))))
		(call $return (i32.const 0) (i32.const 64) (i32.const 1))))
"#;

/// Hands its input to the bridge, and does not care what comes of it.
const HOP: &str = r#"
(module
	(import "seal0" "input" (func $input (param i32 i32)))
	(import "seal0" "call_chain_extension"
		(func $bridge (param i32 i32 i32 i32 i32) (result i32)))
	(import "env" "memory" (memory 1 1))
	;; 0: length of the input, 4: room for the answer, 256: the input, 8192: the answer
	(func (export "deploy"))
	(func (export "call")
		(i32.store (i32.const 0) (i32.const 4096))
		(call $input (i32.const 256) (i32.const 0))
		(i32.store (i32.const 4) (i32.const 1024))
		(drop (call $bridge (i32.const 0x08010000)
			(i32.const 256) (i32.load (i32.const 0)) (i32.const 8192) (i32.const 4)))))
"#;

/// [`COUNT_AND_HOP`], instantiated.
pub fn deploy_hopping() -> AccountId {
	deploy(COUNT_AND_HOP)
}

/// [`COUNT_AND_HOP`] for callers in other machines: what it hands to the bridge is its input without the
/// selector. Another one for each number.
pub fn deploy_relaying(number: u8) -> AccountId {
	let whole = "(i32.const 256) (i32.load (i32.const 0)) (i32.const 8192)";
	let rest = "(i32.const 260) (i32.sub (i32.load (i32.const 0)) (i32.const 4)) (i32.const 8192)";
	assert!(COUNT_AND_HOP.contains(whole));
	deploy_with_salt(&COUNT_AND_HOP.replace(whole, rest), vec![number])
}

fn deploy(code: &str) -> AccountId {
	deploy_with_salt(code, Vec::new())
}

/// Uploads and instantiates a contract written as text, on Alice's account.
pub fn deploy_with_salt(code: &str, salt: Vec<u8>) -> AccountId {
	let made = Contracts::bare_instantiate(
		account(Alice),
		0,
		Weight::from_parts(100_000_000_000, 1_000_000),
		None,
		Code::Upload(wat::parse_str(code).expect("is WASM")),
		Vec::new(),
		salt,
		DebugInfo::Skip,
		CollectEvents::Skip,
	);
	made.result.expect("instantiates").account_id
}

fn send(who: AccountId, call: RuntimeCall) {
	assert_ok!(call.dispatch(RuntimeOrigin::signed(who)));
}

/// What is on hold at a contract for its storage, in ten-thousandths of a coin.
fn held(contract: &AccountId) -> Balance {
	let reason = RuntimeHoldReason::Contracts(pallet_wasm::HoldReason::StorageDepositReserve);
	Balances::balance_on_hold(&reason, contract) / (UNIT / 10_000)
}

/// What an account has, in ten-thousandths of a coin, to be compared.
fn coins(who: &AccountId) -> i128 {
	(Balances::free_balance(who) / (UNIT / 10_000)) as i128
}

/// The example of `docs/fees.md`, number by number.
#[test]
fn deposits_are_paid_and_given_back_as_the_page_on_fees_says() {
	development().execute_with(|| {
		let [alice, bob, carol] = [Alice, Bob, Charlie].map(account);
		assert_ok!(Balances::mint_into(&carol, UNIT));
		let bridge = create_bridge();
		let ink = deploy(STORE);
		let own = held(&ink);
		let begun = [&alice, &bob, &carol].map(coins);
		let check = |on_hold: Balance, of_alice: i128, of_bob: i128| {
			let now = [&alice, &bob, &carol].map(coins);
			assert_eq!(held(&ink) - own, on_hold);
			assert_eq!(begun[0] - now[0], of_alice);
			assert_eq!(begun[1] - now[1], of_bob);
			assert_eq!(begun[2], now[2]);
		};

		send(
			alice.clone(),
			evm_call(bridge, bridged_input(&ink, 40), 40 * GAS),
		);
		check(14, 14, 0);
		send(
			bob.clone(),
			evm_call(bridge, bridged_input(&ink, 100), 40 * GAS),
		);
		check(20, 14, 6);
		send(alice.clone(), ink_call(&ink, vec![70], Some(0)));
		check(17, 14, 3);
		let nothing = trivium_primitives::Value::Uint(0.into());
		send(
			carol.clone(),
			cross_call(ink.clone(), "f(u8)", vec![nothing], None),
		);
		check(0, 0, 0);
	});
}

/// The inner visit sees what the outer one stored, and the outer one what the inner one did.
#[test]
fn contract_entered_again_by_way_of_the_evm_has_one_storage() {
	development().execute_with(|| {
		let bridge = create_bridge();
		let ink = deploy(COUNT_AND_HOP);
		let args = (
			<[u8; 32]>::from(ink.clone()),
			"f(u8)",
			vec![0u8; 32],
			CallFlags::ALLOW_REENTRY,
		);
		let hop = |flags: u32| CrossVmInput {
			target: ContractRef::Address(bridge),
			value: 0,
			signature: b"callAccount(bytes32,string,bytes,u32)".to_vec(),
			args: args.encode(),
			weight: None,
			deposit: None,
			flags,
		};
		let count = || {
			let value = Contracts::get_storage(ink.clone(), vec![0; 32]);
			let value = value
				.expect("it is a contract")
				.expect("it counts from the start");
			u32::from_le_bytes(value.try_into().expect("four bytes"))
		};
		// Without leave the inner visit is refused: 1, then 10.
		let call = |flags| ink_call(&ink, hop(flags).encode(), None);
		send(account(Alice), call(0));
		assert_eq!(count(), 10);
		// With leave it counts too: 11, 12, then 120.
		send(account(Alice), call(CallFlags::ALLOW_REENTRY));
		assert_eq!(count(), 120);
	});
}

/// What a callee in another machine had to have for a moment is not seen from above, and this contract survives that its
/// hop fails.
#[test]
fn limit_that_a_dry_run_asks_for_suffices_for_hops() {
	development().execute_with(|| {
		let (ink, store, bridge) = (deploy(HOP), deploy(STORE), create_bridge());
		let hop = |target: ContractRef, signature: &str, args: Vec<u8>| CrossVmInput {
			target,
			value: 0,
			signature: signature.into(),
			args,
			weight: None,
			deposit: None,
			flags: 0,
		};
		let to_ink = hop(ContractRef::Account(store.clone()), "f(u8)", vec![9]);
		let through_evm = hop(
			ContractRef::Address(bridge),
			"callAccount(bytes32,string,bytes,u32)",
			(
				<[u8; 32]>::from(store.clone()),
				"f(u8)",
				[&[0; 31][..], &[20u8]].concat(),
				0u32,
			)
				.encode(),
		);
		for (hop, len) in [(to_ink, 9), (through_evm, 20)] {
			let dry_run = |limit| {
				with_transaction_unchecked(|| {
					TransactionOutcome::Rollback(<Runtime as ContractsApi<Block, _>>::call(
						account(Alice),
						ink.clone(),
						0,
						limit,
						None,
						hop.encode(),
					))
				})
			};
			let asked = dry_run(None);
			assert!(asked.result.is_ok());
			let exact = dry_run(Some(asked.gas_required));
			assert_eq!(exact.gas_consumed, asked.gas_consumed);
			let made = Contracts::bare_call(
				account(Alice),
				ink.clone(),
				0,
				asked.gas_required,
				None,
				hop.encode(),
				DebugInfo::Skip,
				CollectEvents::Skip,
			);
			assert!(made.result.is_ok());
			let stored = Contracts::get_storage(store.clone(), vec![0; 32]).unwrap();
			assert_eq!(
				stored.map(|value| value.len()),
				Some(len),
				"the hop has stored"
			);
		}
	});
}
