//! Accounts and slots before and after.

use super::{
	super::signed::{address, key, Authorization, Kind, Unsigned},
	*,
};
use polkadot_sdk::frame_support::traits::fungible::Mutate;

const ALL: Tracer = Tracer::Prestate(PrestateTracer {
	diff_mode: false,
	disable_code: false,
	disable_storage: false,
});
const DIFF: Tracer = Tracer::Prestate(PrestateTracer {
	diff_mode: true,
	disable_code: false,
	disable_storage: false,
});

fn code_hash(code: &[u8]) -> String {
	hex(sp_io::hashing::keccak_256(code))
}

fn coinbase() -> String {
	at(Coinbase::get())
}

#[test]
fn what_was_used_is_told_as_it_was_before() {
	test(|| {
		let looked_at = deploy("STOP");
		let program = format!("1 0 SSTORE 1 SLOAD POP {} BALANCE POP", token(looked_at));
		let contract = deploy(&program);
		let nobody = H160::repeat_byte(0x33);
		let outer = deploy(&format!(
			"{} {} EXTCODEHASH POP",
			calls(contract, 90_000, "CALL"),
			token(nobody)
		));
		let creations = Evm::account_info(&account::alias(&alice())).nonce;
		let of = |target: H160, storage: Value| {
			let code = Evm::code_at(&target);
			let mut account = json!({
				"balance": "0x0",
				"nonce": 1,
				"code": hex(&code),
				"codeHash": code_hash(&code),
			});
			if !storage.is_null() {
				account["storage"] = storage;
			}
			account
		};
		let expected = json!({
			me(): { "balance": quantity(FUNDS as u64), "nonce": creations },
			coinbase(): { "balance": "0x0" },
			at(nobody): { "balance": "0x0" },
			at(outer): of(outer, Value::Null),
			at(looked_at): of(looked_at, Value::Null),
			at(contract): of(contract, json!({ full(0): full(0), full(1): full(0) })),
		});
		assert_eq!(trace(outer, vec![], ALL), expected);

		let bare = Tracer::Prestate(PrestateTracer {
			diff_mode: false,
			disable_code: true,
			disable_storage: true,
		});
		let trace = trace(outer, vec![], bare);
		assert_eq!(
			trace[at(contract)],
			json!({
				"balance": "0x0",
				"nonce": 1,
				"codeHash": code_hash(&Evm::code_at(&contract)),
			})
		);
	});
}

#[test]
fn difference_has_what_changed_and_nothing_else() {
	test(|| {
		let heir = H160::repeat_byte(0x33);
		// Slot 0 is cleared, 1 is set, 2 is changed, 3 stays.
		let contract = deploy(&format!(
			"CALLDATASIZE @run JUMPI 5 0 SSTORE 6 2 SSTORE 8 3 SSTORE STOP \
			run: 0 0 SSTORE 1 1 SSTORE 7 2 SSTORE 3 SLOAD 3 SSTORE 4 SLOAD POP \
			0 0 0 0 2 {} GAS CALL POP",
			token(heir)
		));
		call(contract, vec![]).expect("sets up");
		let creations = Evm::account_info(&account::alias(&alice())).nonce;
		let code = Evm::code_at(&contract);
		let trace = trace_value(contract, vec![1], 3, DIFF);
		assert_eq!(
			trace,
			json!({
				"pre": {
					me(): { "balance": quantity(FUNDS as u64), "nonce": creations },
					at(heir): { "balance": "0x0" },
					at(contract): {
						"balance": "0x0",
						"nonce": 1,
						"code": hex(&code),
						"codeHash": code_hash(&code),
						"storage": { full(0): full(5), full(2): full(6) },
					},
				},
				"post": {
					me(): { "balance": quantity(FUNDS as u64 - 3) },
					at(heir): { "balance": "0x2" },
					at(contract): {
						"balance": "0x1",
						"storage": { full(1): full(1), full(2): full(7) },
					},
				},
			})
		);
	});
}

#[test]
fn created_contract_is_only_in_the_state_after() {
	test(|| {
		let code = deployer(&asm("STOP"));
		let contract = deploy("CALLDATASIZE 0 0 CALLDATACOPY CALLDATASIZE 0 0 CREATE POP");
		let nonce = Evm::account_info(&contract).nonce;
		let created = revm_create(contract, nonce);
		let diff = trace(contract, code.clone(), DIFF);
		assert_eq!(
			diff["post"],
			json!({
				at(contract): { "nonce": nonce + 1 },
				at(created): {
					"nonce": 1,
					"code": "0x00",
					"codeHash": code_hash(&[0]),
				},
			})
		);
		assert_eq!(diff["pre"].get(at(created)), None);
		assert_eq!(trace(contract, code.clone(), ALL).get(at(created)), None);

		// It may have had funds before.
		Balances::mint_into(&contract_account(created), 6).expect("mints");
		let diff = trace(contract, code.clone(), DIFF);
		assert_eq!(diff["pre"][at(created)], json!({ "balance": "0x6" }));
		assert_eq!(
			trace(contract, code, ALL)[at(created)],
			json!({ "balance": "0x6" })
		);
	});
}

fn revm_create(creator: H160, nonce: u64) -> H160 {
	crate::types::from_address(&crate::types::to_address(&creator).create(nonce))
}

#[test]
fn contract_that_was_created_and_destructed_is_in_neither() {
	test(|| {
		let heir = H160::repeat_byte(0x33);
		let contract = deploy("CALLDATASIZE 0 0 CALLDATACOPY CALLDATASIZE 0 CALLVALUE CREATE POP");
		let created = revm_create(contract, Evm::account_info(&contract).nonce);
		let code = asm(&format!("1 0 SSTORE {} SELFDESTRUCT", token(heir)));
		let diff = trace_value(contract, code, 5, DIFF);
		assert_eq!(diff["post"][at(heir)], json!({ "balance": "0x5" }));
		for side in ["pre", "post"] {
			assert_eq!(diff[side].get(at(created)), None, "{side}");
		}
	});
}

#[test]
fn older_contract_that_destructs_itself_only_loses_its_balance() {
	test(|| {
		let heir = H160::repeat_byte(0x33);
		let contract = deploy(&format!("{} SELFDESTRUCT", token(heir)));
		Balances::mint_into(&contract_account(contract), 8).expect("mints");
		let diff = trace(contract, vec![], DIFF);
		assert_eq!(diff["pre"][at(contract)]["balance"], "0x8");
		assert_eq!(diff["post"][at(contract)], json!({ "balance": "0x0" }));
	});
}

#[test]
fn execution_that_fails_changes_nothing_but_is_told() {
	test(|| {
		let contract = deploy("1 0 SSTORE 0 0 REVERT");
		let diff = trace(contract, vec![], DIFF);
		assert_eq!(diff, json!({ "pre": {}, "post": {} }));
		let before = trace(contract, vec![], ALL);
		assert_eq!(before[at(contract)]["storage"], json!({ full(0): full(0) }));
	});
}

#[test]
fn step_that_fails_has_used_nothing() {
	test(|| {
		let contract = deploy(&calls(deploy("1 0 SSTORE"), 10, "CALL"));
		let trace = trace(contract, vec![], ALL);
		let touched = trace.as_object().unwrap().values();
		assert!(touched
			.clone()
			.all(|account| account.get("storage").is_none()));
		assert_eq!(touched.count(), 4);
	});
}

#[test]
fn state_below_a_hop_is_in_it_even_if_the_hop_fails() {
	test(|| {
		let inner = deploy("1 0 SSTORE");
		let contract = deploy(&format!("{TO_BRIDGE} POP"));
		let input = || bridge_call(&wasm(), "f()", &[], 0);
		set_foreign(move |_| nested(&wasm(), inner, vec![]));
		let diff = trace(contract, input(), DIFF);
		assert_eq!(
			diff["post"],
			json!({ at(inner): { "storage": { full(0): full(1) } } })
		);

		set_foreign(move |_| {
			nested(&wasm(), inner, vec![])?;
			Err(trivium_primitives::CallError::NotFound)
		});
		assert_eq!(trace(contract, input(), DIFF)["post"], json!({}));
		let before = trace(contract, input(), ALL);
		assert_eq!(before[at(inner)]["storage"], json!({ full(0): full(0) }));
	});
}

#[test]
fn transaction_has_its_fee_and_its_authorizations() {
	test(|| {
		let sender = address(&key(1));
		Balances::mint_into(&contract_account(sender), 1_000_000_000_000).expect("mints");
		let authority = address(&key(2));
		let library = deploy("1 0 SSTORE");
		let unsigned = Unsigned {
			kind: Kind::Delegation,
			to: Some(authority),
			authorizations: vec![Authorization {
				chain_id: CHAIN_ID,
				target: library,
				nonce: 0,
				key: key(2),
			}],
			..Default::default()
		};
		let raw = unsigned.sign(&key(1));
		let run = || {
			let tx = crate::transaction::decode(&raw).expect("decodes");
			Evm::apply_transaction(tx).expect("is valid")
		};
		let diff = trace_of(DIFF, run);
		let before = trace_of(ALL, run);
		let applied = run();
		let fee = applied.gas_price as u64 * applied.gas_charged;
		assert_eq!(
			diff["pre"][at(sender)],
			json!({ "balance": quantity(1_000_000_000_000) })
		);
		assert_eq!(
			diff["post"][at(sender)],
			json!({ "balance": quantity(1_000_000_000_000 - fee), "nonce": 1 })
		);
		let delegation = [&[0xEF, 0x01, 0x00][..], library.as_bytes()].concat();
		assert_eq!(diff["pre"][at(authority)], json!({ "balance": "0x0" }));
		assert_eq!(
			diff["post"][at(authority)],
			json!({
				"nonce": 1,
				"code": hex(&delegation),
				"codeHash": code_hash(&delegation),
				"storage": { full(0): full(1) },
			})
		);
		// The code that ran was looked up too.
		assert_eq!(before[at(library)]["code"], hex(Evm::code_at(&library)));

		// Taken back: the code is gone, and that is said.
		let clear = Unsigned {
			nonce: 1,
			to: Some(H160::repeat_byte(0x77)),
			authorizations: vec![Authorization {
				chain_id: CHAIN_ID,
				target: H160::zero(),
				nonce: 1,
				key: key(2),
			}],
			..unsigned
		};
		let raw = clear.sign(&key(1));
		let diff = trace_of(DIFF, || {
			let tx = crate::transaction::decode(&raw).expect("decodes");
			Evm::apply_transaction(tx).expect("is valid")
		});
		assert_eq!(
			diff["post"][at(authority)],
			json!({ "nonce": 2, "code": "0x", "codeHash": code_hash(&[]) })
		);
	});
}
