//! Ethereum transactions: reading, the pool, fees, and what stays when they fail.

// `ValidateUnsigned` is how bare extrinsics are asked about: see the pallet.
#![allow(deprecated)]

use super::{
	signed::{address, key, Authorization, Kind, Unsigned},
	*,
};
use crate::{
	transaction::{decode, MAX_TRANSACTION_LEN_BYTES},
	types::EMPTY_CODE_HASH,
	Accounts, Applied, Refusal,
};
use codec::Encode;
use polkadot_sdk::{
	frame_support::{
		dispatch::GetDispatchInfo,
		traits::{fungible::Mutate, Hooks},
	},
	sp_runtime::{
		traits::{Convert, ValidateUnsigned},
		transaction_validity::{
			InvalidTransaction, TransactionSource, TransactionValidityError, UnknownTransaction,
			ValidTransaction,
		},
	},
	sp_weights::Weight,
};
use proptest::prelude::*;
use std::sync::LazyLock;

/// Funds of each key.
const WEALTH: Balance = 1_000_000_000_000;

/// Gives a key funds, and its address.
fn rich(number: u8) -> H160 {
	let address = address(&key(number));
	Balances::mint_into(&contract_account(address), WEALTH).expect("mints");
	address
}

fn hex(text: &str) -> Vec<u8> {
	(0..text.len())
		.step_by(2)
		.map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("is hexadecimal"))
		.collect()
}

/// Through the pool and into a block, as the chain does it with a bare extrinsic.
fn send(raw: Vec<u8>) -> Result<DispatchResultWithPostInfo, InvalidTransaction> {
	let call = RuntimeCall::Evm(crate::Call::transact { raw });
	match Test::pre_dispatch(&call) {
		Ok(()) => Ok(call.dispatch(RuntimeOrigin::none())),
		Err(TransactionValidityError::Invalid(invalid)) => Err(invalid),
		Err(unknown) => panic!("{unknown:?}"),
	}
}

/// Sends a transaction that is valid, and gives its event.
#[track_caller]
fn sent(unsigned: &Unsigned, number: u8) -> (H160, u64, Balance, Option<DispatchError>) {
	let raw = unsigned.sign(&key(number));
	let hash = H256(sp_io::hashing::keccak_256(&raw));
	send(raw).expect("is valid").expect("is dispatched");
	match System::events().pop().expect("there is an event").event {
		RuntimeEvent::Evm(Event::Transacted {
			from,
			contract,
			gas_used,
			gas_price,
			error,
			transaction_hash,
		}) => {
			assert_eq!(from, address(&key(number)));
			assert_eq!(transaction_hash, hash);
			(contract, gas_used, gas_price, error)
		}
		other => panic!("the last event is {other:?}"),
	}
}

/// What the pool says.
fn pooled(raw: Vec<u8>) -> Result<ValidTransaction, InvalidTransaction> {
	let call = RuntimeCall::Evm(crate::Call::transact { raw });
	match Test::validate_unsigned(TransactionSource::External, &call) {
		Ok(valid) => Ok(valid),
		Err(TransactionValidityError::Invalid(invalid)) => Err(invalid),
		Err(unknown) => panic!("{unknown:?}"),
	}
}

fn refused(unsigned: &Unsigned) -> InvalidTransaction {
	pooled(unsigned.sign(&key(1))).expect_err("is refused")
}

fn custom(refusal: Refusal) -> InvalidTransaction {
	InvalidTransaction::Custom(refusal.code())
}

// The example of EIP-155.
static EXAMPLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
	hex(
		"f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080\
		 25a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761a\
		 ecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"
			.replace(char::is_whitespace, "")
			.as_str(),
	)
});

#[test]
fn published_example_is_read_with_its_signer() {
	let tx = decode(&EXAMPLE).expect("decodes");
	let expected = hex("9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f");
	assert_eq!(tx.caller.as_slice(), expected);
	assert_eq!(tx.chain_id, Some(1));
	assert_eq!(
		(tx.nonce, tx.gas_price, tx.gas_limit),
		(9, 20_000_000_000, 21_000)
	);
	assert_eq!(tx.value.to::<u128>(), 1_000_000_000_000_000_000);
}

#[test]
fn every_kind_is_read_with_its_signer() {
	for kind in [
		Kind::Legacy,
		Kind::AccessList,
		Kind::DynamicFee,
		Kind::Delegation,
	] {
		let unsigned = Unsigned {
			kind,
			nonce: 300,
			tip: 2,
			data: vec![0, 1, 2],
			access: vec![(H160::repeat_byte(5), vec![H256::repeat_byte(6); 3])],
			authorizations: vec![Authorization {
				chain_id: 0,
				target: H160::repeat_byte(8),
				nonce: 0,
				key: key(2),
			}],
			..Default::default()
		};
		let tx = decode(&unsigned.sign(&key(1))).expect("decodes");
		assert_eq!(tx.caller.as_slice(), address(&key(1)).as_bytes());
		assert_eq!(
			(tx.nonce, tx.gas_price, tx.gas_limit),
			(300, 100, 1_000_000)
		);
		assert_eq!(tx.chain_id, Some(8_801));
		let (lists, authorizations) = match kind {
			Kind::Legacy => (0, 0),
			Kind::Delegation => (1, 1),
			_ => (1, 0),
		};
		assert_eq!(tx.access_list.len(), lists);
		assert_eq!(tx.authorization_list.len(), authorizations);
	}
}

#[test]
fn malformed_transactions_are_refused() {
	let raw = Unsigned::default().sign(&key(1));
	for end in 0..raw.len() {
		assert_eq!(decode(&raw[..end]), Err(Refusal::Malformed), "cut at {end}");
	}
	let mut longer = raw.clone();
	longer.push(0);
	assert_eq!(decode(&longer), Err(Refusal::Malformed));
	for first in [0x00, 0x05, 0x7F] {
		assert_eq!(decode(&[first, 0xC0]), Err(Refusal::TypeNotSupported));
	}
	assert_eq!(decode(&[0x80, 0xC0]), Err(Refusal::Malformed));
	assert_eq!(
		decode(&vec![0xC0; MAX_TRANSACTION_LEN_BYTES as usize + 1]),
		Err(Refusal::TooLong)
	);
}

#[test]
fn signature_with_large_s_is_refused() {
	use revm::primitives::U256;
	let raw = Unsigned::default().sign(&key(1));
	let order = U256::from_be_slice(&hex(
		"fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
	));
	let at = raw.len() - 32;
	let mut other = raw.clone();
	other[at..].copy_from_slice(&(order - U256::from_be_slice(&raw[at..])).to_be_bytes::<32>());
	// The parity of the other root.
	let parity = raw.len() - 67;
	other[parity] = if raw[parity] == 0x80 { 1 } else { 0x80 };
	assert_eq!(decode(&other), Err(Refusal::BadSignature));
}

proptest! {
	#[test]
	fn changed_byte_never_leaves_the_signer_as_it_was(at in 0usize..200, to: u8) {
		let unsigned = Unsigned { data: vec![1; 60], ..Default::default() };
		let mut raw = unsigned.sign(&key(1));
		let at = at % raw.len();
		prop_assume!(raw[at] != to);
		raw[at] = to;
		if let Ok(tx) = decode(&raw) {
			prop_assert_ne!(H160::from_slice(tx.caller.as_slice()), address(&key(1)));
		}
	}

	#[test]
	fn any_bytes_are_read_or_refused(mut raw: Vec<u8>, kind in 0u8..6) {
		let _ = decode(&raw);
		raw.insert(0, kind);
		let _ = decode(&raw);
	}
}

#[test]
fn transfer_moves_value_and_pays_base_fee_and_tip() {
	test(|| {
		let from = rich(1);
		let to = H160::repeat_byte(0x77);
		let unsigned = Unsigned {
			tip: 3,
			value: 12_345,
			gas_limit: 50_000,
			..Default::default()
		};
		let (contract, gas, price, error) = sent(&unsigned, 1);
		assert_eq!((contract, price, error), (to, GAS_FEE + 3, None));
		assert!((21_000..=50_000).contains(&gas));
		let (fee, tip) = fees();
		assert_eq!((fee, tip), (GAS_FEE * u128::from(gas), 3 * u128::from(gas)));
		assert_eq!(balance(&contract_account(to)), 12_345);
		assert_eq!(
			balance(&contract_account(from)),
			WEALTH - 12_345 - fee - tip
		);
		assert_eq!(balance(&collator()), 1 + fee + tip);
		assert_eq!(System::account_nonce(contract_account(from)), 1);
	});
}

#[test]
fn transfer_costs_21_000_gas_whatever_its_limit() {
	test(|| {
		rich(1);
		for (nonce, gas_limit) in [21_000, 50_000, 1_000_000, 1 << 24].into_iter().enumerate() {
			let unsigned = Unsigned {
				nonce: nonce as u64,
				gas_limit,
				value: 5,
				..Default::default()
			};
			let (_, gas, _, error) = sent(&unsigned, 1);
			assert_eq!((gas, error), (21_000, None), "limit {gas_limit}");
		}
	});
}

#[test]
fn fee_of_reads_does_not_depend_on_the_limit() {
	test(|| {
		rich(1);
		// 64 slots: more proof than their gas is worth.
		let contract = deploy("64 loop: 1 SWAP1 SUB DUP1 SLOAD POP DUP1 @loop JUMPI");
		let mut paid = Vec::new();
		for (nonce, gas_limit) in [600_000, 1_000_000, 1 << 24].into_iter().enumerate() {
			let unsigned = Unsigned {
				nonce: nonce as u64,
				to: Some(contract),
				gas_limit,
				..Default::default()
			};
			let (_, gas, _, error) = sent(&unsigned, 1);
			assert_eq!(error, None);
			paid.push(gas);
		}
		assert!(paid.iter().all(|gas| *gas == paid[0]), "{paid:?}");
		// Between what the gas of the reads alone comes to, and all of their proof at its price.
		let proof = u128::from(64 * crate::gas::SLOT_PROOF_BYTES) * PROOF_FEE / GAS_FEE;
		assert!(paid[0] > 21_000 + 64 * 2_100 && u128::from(paid[0]) < proof + 50_000);
	});
}

#[test]
fn token_transfer_costs_near_its_gas() {
	test(|| {
		rich(1);
		// Two balances change, in a code of 3 KiB; the first time both are new.
		let mut code = asm("1 0 SLOAD ADD 0 SSTORE 1 1 SLOAD ADD 1 SSTORE STOP");
		code.resize(3 * 1024, 0);
		let token = create(deployer(&code)).expect("deploys");
		for nonce in 0..2 {
			let unsigned = Unsigned {
				nonce,
				to: Some(token),
				gas_limit: 200_000,
				..Default::default()
			};
			let tx = decode(&unsigned.sign(&key(1))).expect("decodes");
			let applied = Evm::apply_transaction(tx).expect("is valid");
			assert_eq!(applied.result, Ok(vec![]));
			let (gas, charged) = (applied.gas_used, applied.gas_charged);
			assert!(
				charged >= gas && charged * 10 <= gas * 13,
				"{charged} for {gas}"
			);
		}
	});
}

#[test]
fn transactions_of_a_block_are_charged_no_more_than_its_gas() {
	test(|| {
		rich(1);
		BlockGasLimit::set(250_000);
		let transfer = |nonce, gas_limit| {
			Unsigned {
				nonce,
				gas_limit,
				..Default::default()
			}
			.sign(&key(1))
		};
		let mut nonce = 0;
		// Full, by what they were charged and not by what they asked for.
		while crate::BlockGas::<Test>::get() + 100_000 <= 250_000 {
			send(transfer(nonce, 100_000))
				.expect("fits")
				.expect("is dispatched");
			nonce += 1;
			assert_eq!(crate::BlockGas::<Test>::get(), 21_000 * nonce);
		}
		assert_eq!(nonce, 8);
		let exhausted = InvalidTransaction::ExhaustsResources;
		assert_eq!(send(transfer(nonce, 100_000)).unwrap_err(), exhausted);
		// A smaller one goes in still.
		send(transfer(nonce, 50_000))
			.expect("fits")
			.expect("is dispatched");
		// The next block is empty.
		<Evm as Hooks<u64>>::on_finalize(1);
		assert!(!crate::BlockGas::<Test>::exists());
		send(transfer(nonce + 1, 100_000))
			.expect("fits")
			.expect("is dispatched");
		BlockGasLimit::set(60_000_000);
	});
}

#[test]
fn estimate_is_within_what_a_transaction_may_take_or_says_that_it_is_not_enough() {
	test(|| {
		let from = contract_account(rich(1));
		// Each round takes 26 gas.
		let contract = deploy("0 CALLDATALOAD loop: 1 SWAP1 SUB DUP1 @loop JUMPI");
		let estimate =
			|rounds: u64| Evm::estimate_gas(from.clone(), Some(contract), word(rounds), 0);
		let limit = estimate(600_000).expect("fits into a transaction");
		assert!((15_000_000..=1 << 24).contains(&limit), "{limit}");
		let unsigned = Unsigned {
			to: Some(contract),
			data: word(600_000),
			gas_limit: limit,
			..Default::default()
		};
		assert_eq!(sent(&unsigned, 1).3, None);
		// An extrinsic could do it, but no Ethereum transaction.
		assert_eq!(estimate(900_000), Err(crate::Failure::ExceedsTransaction));
		let report = Evm::simulate_call(from.clone(), contract, word(900_000), 0, None);
		assert_eq!(report.result, Ok(vec![]));

		// Nor what reads more than the proof of the largest transaction.
		let reader = deploy("0 loop: DUP1 SLOAD POP 1 ADD @loop JUMP");
		assert_eq!(
			Evm::estimate_gas(from.clone(), Some(reader), vec![], 0),
			Err(crate::Failure::ExceedsTransaction)
		);
		// What fails for another reason says which.
		let reverting = deploy("0 0 REVERT");
		assert_eq!(
			Evm::estimate_gas(from, Some(reverting), vec![], 0),
			Err(crate::Failure::Reverted(vec![]))
		);
	});
}

#[test]
fn prices_of_old_transactions_are_paid_in_full() {
	test(|| {
		rich(1);
		for (nonce, kind) in [Kind::Legacy, Kind::AccessList].into_iter().enumerate() {
			let unsigned = Unsigned {
				kind,
				nonce: nonce as u64,
				price: 11,
				..Default::default()
			};
			assert_eq!(sent(&unsigned, 1).2, 11);
		}
	});
}

#[test]
fn failed_execution_pays_and_uses_its_nonce() {
	test(|| {
		let from = rich(1);
		let contract = deploy("1 0 SSTORE 0 0 REVERT");
		let unsigned = Unsigned {
			to: Some(contract),
			value: 9,
			..Default::default()
		};
		let (_, gas, price, error) = sent(&unsigned, 1);
		assert_eq!(error, Some(crate::Error::<Test>::Reverted.into()));
		assert_eq!(slot(contract, 0), U256::zero());
		assert_eq!(balance(&contract_account(contract)), 0);
		assert_eq!(
			balance(&contract_account(from)),
			WEALTH - price * u128::from(gas)
		);
		assert_eq!(System::account_nonce(contract_account(from)), 1);
	});
}

#[test]
fn creation_takes_the_next_nonce_whether_it_succeeds_or_not() {
	test(|| {
		let from = rich(1);
		for (nonce, code, created) in [
			(0, deployer(&asm("STOP")), true),
			(1, asm("0 0 REVERT"), false),
			(2, asm("INVALID"), false),
			(3, deployer(&asm("STOP")), true),
		] {
			let unsigned = Unsigned {
				nonce,
				to: None,
				data: code,
				..Default::default()
			};
			let (contract, gas, _, error) = sent(&unsigned, 1);
			assert_eq!(error.is_none(), created, "nonce {nonce}");
			assert_eq!(
				contract,
				crate::types::from_address(&crate::types::to_address(&from).create(nonce)),
				"also one that failed names the contract that it was to create"
			);
			if nonce == 2 {
				assert_eq!(gas, unsigned.gas_limit, "all gas is gone");
			}
			assert_eq!(System::account_nonce(contract_account(from)), nonce + 1);
		}
	});
}

#[test]
fn proof_that_runs_out_takes_all_gas_and_the_nonce() {
	test(|| {
		let from = rich(1);
		// Reads one cold slot after the other.
		let contract = deploy("0 loop: DUP1 SLOAD POP 1 ADD @loop JUMP");
		let unsigned = Unsigned {
			to: Some(contract),
			gas_limit: 200_000,
			..Default::default()
		};
		let (_, gas, _, error) = sent(&unsigned, 1);
		assert_eq!(error, Some(crate::Error::<Test>::OutOfProofSize.into()));
		assert_eq!(gas, 200_000);
		assert_eq!(System::account_nonce(contract_account(from)), 1);
	});
}

#[test]
fn access_list_does_not_hide_the_proof_of_a_new_contracts_slots() {
	test(|| {
		let proof = |number: u8, listed: bool| {
			let contract = crate::types::to_address(&rich(number)).create(0);
			let contract = crate::types::from_address(&contract);
			let unsigned = Unsigned {
				to: None,
				data: asm("1 7 SSTORE"),
				access: match listed {
					true => vec![(contract, vec![H256::from_low_u64_be(7)])],
					false => vec![],
				},
				..Default::default()
			};
			let info = send(unsigned.sign(&key(number)))
				.expect("is valid")
				.expect("is dispatched");
			assert_eq!(slot(contract, 7), 1.into());
			info.actual_weight.expect("is weighed").proof_size()
		};
		assert_eq!(proof(1, true), proof(2, false));
	});
}

#[test]
fn whole_balance_can_be_sent_less_the_fee() {
	test(|| {
		let from = rich(1);
		let unsigned = Unsigned {
			kind: Kind::Legacy,
			price: GAS_FEE,
			gas_limit: 21_000,
			value: WEALTH - GAS_FEE * 21_000,
			..Default::default()
		};
		sent(&unsigned, 1);
		assert_eq!(balance(&contract_account(from)), 0);
		assert_eq!(System::account_nonce(contract_account(from)), 1);
	});
}

#[test]
fn held_balance_pays_for_nothing() {
	test(|| {
		use polkadot_sdk::frame_support::traits::fungible::MutateHold;
		let from = rich(1);
		Balances::hold(&TestHold::Something, &contract_account(from), WEALTH / 2).expect("holds");
		let unsigned = Unsigned {
			value: WEALTH / 2,
			..Default::default()
		};
		assert_eq!(refused(&unsigned), InvalidTransaction::Payment);
	});
}

#[test]
fn pool_orders_by_nonce() {
	test(|| {
		let from = rich(1);
		let tag = |nonce: u64| (contract_account(from), nonce).encode();
		let at = |nonce| {
			pooled(
				Unsigned {
					nonce,
					..Default::default()
				}
				.sign(&key(1)),
			)
		};
		let ready = at(0).expect("is ready");
		assert_eq!((ready.requires, ready.provides), (vec![], vec![tag(0)]));
		let future = at(2).expect("is future");
		assert_eq!(
			(future.requires, future.provides),
			(vec![tag(1)], vec![tag(2)])
		);

		// A block takes only the next.
		let early = Unsigned {
			nonce: 2,
			..Default::default()
		};
		assert_eq!(
			send(early.sign(&key(1))).unwrap_err(),
			InvalidTransaction::Future
		);
		sent(&Unsigned::default(), 1);
		assert_eq!(at(0).unwrap_err(), InvalidTransaction::Stale);
		assert_eq!(at(u64::MAX).unwrap_err(), custom(Refusal::NonceOverflow));
	});
}

#[test]
fn pool_prefers_the_tip_for_the_share_of_a_block() {
	test(|| {
		rich(1);
		let priority = |tip, gas_limit| {
			let unsigned = Unsigned {
				tip,
				gas_limit,
				..Default::default()
			};
			pooled(unsigned.sign(&key(1))).expect("is valid").priority
		};
		assert!(priority(20, 1_000_000) > priority(10, 1_000_000));
		assert!(priority(0, 1_000_000) > priority(0, 10_000_000));
	});
}

#[test]
fn pool_refuses_what_cannot_run() {
	test(|| {
		rich(1);
		let ok = Unsigned::default;
		let cases = [
			(
				Unsigned {
					kind: Kind::Blobs,
					..ok()
				},
				custom(Refusal::BlobsNotSupported),
			),
			(
				Unsigned {
					chain_id: Some(1),
					..ok()
				},
				custom(Refusal::WrongChain),
			),
			(
				Unsigned {
					kind: Kind::Legacy,
					chain_id: None,
					..ok()
				},
				custom(Refusal::NoChain),
			),
			(
				Unsigned {
					price: GAS_FEE - 1,
					..ok()
				},
				custom(Refusal::FeeCapTooLow),
			),
			(
				Unsigned {
					kind: Kind::Legacy,
					price: GAS_FEE - 1,
					..ok()
				},
				custom(Refusal::FeeCapTooLow),
			),
			(
				Unsigned { tip: 101, ..ok() },
				custom(Refusal::TipAboveFeeCap),
			),
			(
				Unsigned {
					gas_limit: 20_999,
					..ok()
				},
				custom(Refusal::GasLimitTooLow),
			),
			// EIP-7623: 40 gas for each byte, though its intrinsic gas is 16.
			(
				Unsigned {
					gas_limit: 24_999,
					data: vec![1; 100],
					..ok()
				},
				custom(Refusal::GasLimitTooLow),
			),
			// EIP-7825
			(
				Unsigned {
					gas_limit: (1 << 24) + 1,
					..ok()
				},
				custom(Refusal::GasLimitTooHigh),
			),
			// EIP-3860
			(
				Unsigned {
					to: None,
					data: vec![0; 0xC001],
					..ok()
				},
				custom(Refusal::InitCodeTooLarge),
			),
			(
				Unsigned {
					value: WEALTH,
					..ok()
				},
				InvalidTransaction::Payment,
			),
			(
				Unsigned {
					price: u128::MAX,
					..ok()
				},
				custom(Refusal::CostOverflow),
			),
			(
				Unsigned {
					kind: Kind::Delegation,
					..ok()
				},
				custom(Refusal::NoAuthorizations),
			),
		];
		for (unsigned, expected) in cases {
			assert_eq!(refused(&unsigned), expected);
			assert_eq!(send(unsigned.sign(&key(1))).unwrap_err(), expected);
		}
		BlockGasLimit::set(500_000);
		assert_eq!(refused(&ok()), custom(Refusal::GasLimitTooHigh));
	});
}

#[test]
fn floor_of_calldata_is_paid() {
	test(|| {
		rich(1);
		let unsigned = Unsigned {
			gas_limit: 200_000,
			data: vec![1; 3_000],
			..Default::default()
		};
		assert_eq!(sent(&unsigned, 1).1, 21_000 + 40 * 3_000);
	});
}

#[test]
fn sender_with_code_is_refused() {
	test(|| {
		let from = rich(1);
		let code_hash = H256(sp_io::hashing::keccak_256(&[0]));
		let write = crate::storage::AccountWrite {
			balance: WEALTH,
			nonce: 0,
			code_hash,
			code: Some(&[0]),
		};
		Evm::write_account(&from, write, &mut Default::default()).expect("writes");
		assert_eq!(refused(&Unsigned::default()), custom(Refusal::SenderNotEoa));
	});
}

#[test]
fn no_account_and_no_governor_dispatches_a_transaction() {
	test(|| {
		rich(1);
		let raw = Unsigned::default().sign(&key(1));
		for origin in [RuntimeOrigin::signed(alice()), RuntimeOrigin::root()] {
			let call = RuntimeCall::Evm(crate::Call::transact { raw: raw.clone() });
			assert_eq!(
				call.dispatch(origin).unwrap_err().error,
				DispatchError::BadOrigin
			);
		}
	});
}

#[test]
fn no_other_call_is_a_bare_extrinsic() {
	test(|| {
		let call = RuntimeCall::Evm(crate::Call::call {
			target: H160::zero(),
			input: vec![],
			value: 0,
			gas_limit: 100_000,
		});
		let refused = TransactionValidityError::from(UnknownTransaction::NoUnsignedValidator);
		for source in [TransactionSource::External, TransactionSource::InBlock] {
			assert_eq!(Test::validate_unsigned(source, &call), Err(refused));
		}
		assert_eq!(Test::pre_dispatch(&call), Err(refused));
		assert_eq!(
			call.dispatch(RuntimeOrigin::none()).unwrap_err().error,
			DispatchError::BadOrigin
		);
	});
}

/// The pool asks with `InBlock` too, about transactions of a block that it does not know.
#[test]
fn transaction_whose_turn_has_not_come_waits_whatever_the_source() {
	test(|| {
		rich(1);
		let raw = Unsigned {
			nonce: 1,
			..Default::default()
		}
		.sign(&key(1));
		let call = RuntimeCall::Evm(crate::Call::transact { raw });
		for source in [
			TransactionSource::External,
			TransactionSource::Local,
			TransactionSource::InBlock,
		] {
			let valid = Test::validate_unsigned(source, &call).expect("may wait");
			assert_eq!((valid.requires.len(), valid.provides.len()), (1, 1));
		}
		assert_eq!(
			Test::pre_dispatch(&call),
			Err(InvalidTransaction::Future.into())
		);
	});
}

#[test]
fn bare_extrinsic_is_checked_again_when_it_is_dispatched() {
	test(|| {
		rich(1);
		let mut raw = Unsigned::default().sign(&key(1));
		let last = raw.len() - 1;
		raw[last] ^= 1;
		let call = RuntimeCall::Evm(crate::Call::transact { raw });
		assert!(Test::pre_dispatch(&call).is_err());
		assert_eq!(
			call.dispatch(RuntimeOrigin::none()).unwrap_err().error,
			crate::Error::<Test>::TransactionRefused.into()
		);
	});
}

#[test]
fn chain_without_a_number_takes_no_transactions() {
	test(|| {
		rich(1);
		crate::ChainId::<Test>::kill();
		crate::AllowKeyless::<Test>::put(true);
		for (kind, chain_id) in [
			(Kind::DynamicFee, Some(0)),
			(Kind::DynamicFee, Some(CHAIN_ID)),
			(Kind::Legacy, Some(0)),
			(Kind::Legacy, None),
		] {
			let unsigned = Unsigned {
				kind,
				chain_id,
				..Default::default()
			};
			assert_eq!(refused(&unsigned), custom(Refusal::ChainWithoutNumber));
		}
	});
}

// The deployment of the CREATE2 proxy that every chain of Ethereum's kind has at the same address:
// https://github.com/Arachnid/deterministic-deployment-proxy
static CREATE2_PROXY: LazyLock<Vec<u8>> = LazyLock::new(|| {
	hex(concat!(
		"f8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffff",
		"ffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b80",
		"82525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a0",
		"2222222222222222222222222222222222222222222222222222222222222222",
	))
});

#[test]
fn keyless_deployment_is_taken_where_the_chain_allows_it() {
	test(|| {
		let sender = H160::from_slice(&hex("3fab184622dc19b6109349b94811493bf2a45362"));
		let proxy = H160::from_slice(&hex("4e59b44847b379578588920ca78fbf26c0b4956c"));
		let account = contract_account(sender);
		// 100,000 gas at 100 gwei.
		let cost = 100_000 * 100_000_000_000;
		Balances::mint_into(&account, cost).expect("mints");
		assert_eq!(
			pooled(CREATE2_PROXY.clone()),
			Err(custom(Refusal::NoChain)),
			"not unless it is allowed"
		);

		crate::AllowKeyless::<Test>::put(true);
		pooled(CREATE2_PROXY.clone()).expect("is valid");
		send(CREATE2_PROXY.clone())
			.expect("is valid")
			.expect("is dispatched");
		assert_eq!(Evm::code_at(&proxy).len(), 69);
		assert!(balance(&account) < cost);

		// It does what it is for: it creates at an address that its input alone decides.
		let code = deployer(&asm("STOP"));
		let salt = [0; 32];
		let input = [&salt[..], &code].concat();
		call(proxy, input).expect("creates");
		let created =
			crate::types::to_address(&proxy).create2(salt, sp_io::hashing::keccak_256(&code));
		assert!(!Evm::code_at(&crate::types::from_address(&created)).is_empty());

		// Once.
		assert_eq!(
			pooled(CREATE2_PROXY.clone()),
			Err(InvalidTransaction::Stale)
		);
	});
}

#[test]
fn replacement_needs_a_tenth_more() {
	test(|| {
		rich(1);
		let priority = |price: u128, tip: u128, gas_limit: u64| {
			let unsigned = Unsigned {
				price,
				tip,
				gas_limit,
				..Default::default()
			};
			pooled(unsigned.sign(&key(1))).expect("is valid").priority
		};
		// By a planck more each time, forty times: at most as often as there is a tenth between.
		let mut replaced = 0;
		let mut last = priority(2_000, 1_000, 100_000);
		for more in 1..=40 {
			let next = priority(2_000, 1_000 + more, 100_000);
			replaced += u32::from(next > last);
			last = last.max(next);
		}
		assert!(replaced <= 1, "replaced {replaced} times");
		// Nor by more gas.
		let mut replaced = 0;
		for more in 1..=40 {
			let next = priority(2_000, 1_000, 100_000 + more);
			replaced += u32::from(next > last);
			last = last.max(next);
		}
		assert!(replaced <= 1, "replaced {replaced} times");
		// A quarter more always does.
		assert!(priority(2_000, 1_300, 100_000) > priority(2_000, 1_000, 100_000));
	});
}

/// How many of a size fit into a block counts without a tip, and a lower limit offers nothing.
#[test]
fn lower_gas_limit_alone_hardly_ever_replaces() {
	test(|| {
		rich(1);
		let priorities: std::collections::BTreeSet<u64> = (1..=80)
			.map(|part| {
				let unsigned = Unsigned {
					gas_limit: part * 25_000,
					..Default::default()
				};
				let valid = pooled(unsigned.sign(&key(1))).expect("is valid");
				valid.priority
			})
			.collect();
		assert!(priorities.len() <= 3, "{priorities:?}");
	});
}

/// A transaction that delegates.
fn delegate(nonce: u64, authorizations: Vec<Authorization>) -> Unsigned {
	Unsigned {
		kind: Kind::Delegation,
		nonce,
		authorizations,
		..Default::default()
	}
}

#[test]
fn delegation_runs_code_in_the_authority_and_can_be_cleared() {
	test(|| {
		rich(1);
		let authority = rich(2);
		let code = deploy("CALLER 0 SSTORE ADDRESS 1 SSTORE");
		let authorization = |target, nonce| Authorization {
			chain_id: 8_801,
			target,
			nonce,
			key: key(2),
		};
		let mut unsigned = delegate(0, vec![authorization(code, 0)]);
		unsigned.to = Some(authority);
		assert_eq!(sent(&unsigned, 1).3, None);
		let number = |address: H160| U256::from_big_endian(address.as_bytes());
		assert_eq!(slot(authority, 0), number(address(&key(1))));
		assert_eq!(slot(authority, 1), number(authority));
		assert_eq!(System::account_nonce(contract_account(authority)), 1);
		let stored = Evm::code_at(&authority);
		assert_eq!(stored, [&[0xEF, 0x01, 0x00], code.as_bytes()].concat());

		// It still sends transactions, and an extrinsic finds the code too.
		let own = Unsigned {
			nonce: 1,
			..Default::default()
		};
		assert_eq!(sent(&own, 2).3, None);
		call(authority, vec![]).expect("calls");
		assert_eq!(slot(authority, 0), number(account::alias(&alice())));

		let cleared = delegate(1, vec![authorization(H160::zero(), 2)]);
		assert_eq!(sent(&cleared, 1).3, None);
		assert_eq!(Accounts::<Test>::get(authority), Some(EMPTY_CODE_HASH));
		assert_eq!(System::account_nonce(contract_account(authority)), 3);
	});
}

/// The sender's code is looked at before the transaction runs.
#[test]
fn an_estimate_suffices_for_a_sender_that_has_delegated() {
	test(|| {
		rich(1);
		let sender = rich(2);
		let code = deploy("STOP");
		let authorization = Authorization {
			chain_id: CHAIN_ID,
			target: code,
			nonce: 0,
			key: key(2),
		};
		assert_eq!(sent(&delegate(0, vec![authorization]), 1).3, None);
		// More proof than each transaction has for nothing.
		let contract = deploy(
			&(0..40u32)
				.map(|slot| format!("{slot} SLOAD POP "))
				.collect::<String>(),
		);
		for (nonce, number) in [(1, 1u8), (1, 2)] {
			let from = contract_account(address(&key(number)));
			let gas_limit = Evm::estimate_gas(from, Some(contract), vec![], 0).unwrap();
			let unsigned = Unsigned {
				nonce,
				to: Some(contract),
				gas_limit,
				..Default::default()
			};
			assert_eq!(sent(&unsigned, number).3, None, "key {number}");
		}
		assert!(Evm::code_at(&sender).starts_with(&[0xEF, 1, 0]));
	});
}

#[test]
fn delegation_stands_even_if_the_execution_fails() {
	test(|| {
		rich(1);
		let authority = rich(2);
		let contract = deploy("0 0 REVERT");
		let authorization = Authorization {
			chain_id: 0,
			target: contract,
			nonce: 0,
			key: key(2),
		};
		let mut unsigned = delegate(0, vec![authorization]);
		unsigned.to = Some(authority);
		let (.., error) = sent(&unsigned, 1);
		assert_eq!(error, Some(crate::Error::<Test>::Reverted.into()));
		assert!(!Evm::code_at(&authority).is_empty());
	});
}

#[test]
fn authorization_that_does_not_fit_is_passed_over() {
	test(|| {
		rich(1);
		let authority = rich(2);
		let good = Authorization {
			chain_id: 8_801,
			target: H160::repeat_byte(1),
			nonce: 0,
			key: key(2),
		};
		let bad = vec![
			Authorization {
				chain_id: 1,
				..good.clone()
			},
			Authorization {
				nonce: 1,
				..good.clone()
			},
			Authorization {
				nonce: u64::MAX,
				..good.clone()
			},
		];
		assert_eq!(sent(&delegate(0, bad), 1).3, None);
		assert!(Evm::code_at(&authority).is_empty());
		assert_eq!(System::account_nonce(contract_account(authority)), 0);

		// The alias of an account of another kind never gets code.
		alias_to(authority, &bob());
		assert_eq!(sent(&delegate(1, vec![good]), 1).3, None);
		assert_eq!(Accounts::<Test>::get(authority), None);
	});
}

#[test]
fn authorities_that_cannot_be_applied_are_not_looked_up() {
	let authorization = |chain_id, nonce| Authorization {
		chain_id,
		target: H160::repeat_byte(1),
		nonce,
		key: key(2),
	};
	let list = vec![
		authorization(CHAIN_ID, 0),
		authorization(0, 5),
		authorization(1, 0),
		authorization(CHAIN_ID, u64::MAX),
	];
	let mut tx = decode(&delegate(0, list).sign(&key(1))).expect("decodes");
	let mut asked = Vec::new();
	crate::transaction::recover_authorities(&mut tx, CHAIN_ID, |authority| {
		asked.push(H160(authority.0 .0));
		true
	});
	assert_eq!(asked, [address(&key(2)); 2]);
}

#[test]
fn alias_of_an_authority_that_may_not_delegate_is_in_the_proof() {
	test(|| {
		rich(1);
		alias_to(address(&key(2)), &bob());
		let proof = |nonce, chain_id| {
			let authorization = Authorization {
				chain_id,
				target: H160::repeat_byte(1),
				nonce: 0,
				key: key(2),
			};
			let raw = delegate(nonce, vec![authorization; 3]).sign(&key(1));
			let tx = Evm::read_transaction(&raw).expect("is read");
			let applied = Evm::apply_transaction(tx).expect("is valid");
			applied.weight.proof_size()
		};
		let unasked = proof(0, 1);
		assert_eq!(
			proof(1, CHAIN_ID),
			unasked + 3 * crate::gas::ALIAS_PROOF_BYTES
		);
	});
}

#[test]
fn hop_in_a_transaction_commits_with_it_and_falls_with_it() {
	test(|| {
		let from = rich(1);
		set_foreign(move |call| {
			// The fee is gone before another VM runs.
			assert!(balance(&contract_account(address(&key(1)))) < WEALTH);
			assert_eq!(call.origin, contract_account(address(&key(1))));
			move_funds(&wasm(), &bob(), 5)?;
			Ok(vec![])
		});
		let keep = deploy(&format!("{TO_BRIDGE} {PASS_ON}"));
		let fail = deploy(&format!("{TO_BRIDGE} 0 0 REVERT"));
		for (nonce, contract, moved) in [(0, keep, 5), (1, fail, 5)] {
			let unsigned = Unsigned {
				nonce,
				to: Some(contract),
				data: bridge_call(&wasm(), "f()", &[], 0),
				..Default::default()
			};
			sent(&unsigned, 1);
			assert_eq!(balance(&bob()), FUNDS + moved);
			assert_eq!(System::account_nonce(contract_account(from)), nonce + 1);
		}
	});
}

#[test]
fn issuance_stays_whatever_a_transaction_does() {
	test(|| {
		rich(1);
		let before = Balances::total_issuance();
		let burner = deployer(&asm("ADDRESS SELFDESTRUCT"));
		for (nonce, to, data) in [
			(0, Some(H160::repeat_byte(3)), vec![]),
			(1, None, asm("INVALID")),
			(2, None, burner),
		] {
			let unsigned = Unsigned {
				nonce,
				to,
				data,
				tip: 1,
				value: 10,
				..Default::default()
			};
			sent(&unsigned, 1);
			assert_eq!(Balances::total_issuance(), before);
			let sum: Balance = polkadot_sdk::frame_system::Account::<Test>::iter_values()
				.map(|info| info.data.free)
				.sum();
			assert_eq!(sum, before);
		}
	});
}

/// Runs `contract` both ways, each in a chain of its own, and gives what it weighed: as an Ethereum
/// transaction, which also tells its fee, and as an extrinsic.
fn both_doors(text: &str, data: Vec<u8>) -> (Weight, Applied, Weight) {
	let mut ext = new_test_ext();
	let contract = ext.execute_with(|| {
		rich(1);
		deploy(text)
	});
	ext.commit_all().expect("commits");
	let mut post = None;
	let mut applied = None;
	ext.execute_with(|| {
		let result = polkadot_sdk::frame_support::storage::with_transaction(|| {
			let unsigned = Unsigned {
				to: Some(contract),
				data: data.clone(),
				..Default::default()
			};
			let tx = decode(&unsigned.sign(&key(1))).expect("decodes");
			applied = Some(Evm::apply_transaction(tx).expect("is valid"));
			polkadot_sdk::sp_runtime::TransactionOutcome::Rollback(Ok::<(), DispatchError>(()))
		});
		result.expect("rolls back");
		let result = call_with(&alice(), contract, data, 0, 1_000_000);
		post = result.expect("succeeds").actual_weight;
	});
	let applied = applied.expect("ran");
	(applied.weight, applied, post.expect("is weighed"))
}

#[test]
fn same_work_weighs_the_same_through_either_door() {
	use crate::gas::{extrinsic_weight, transaction_weight};
	let sweep = "64 loop: 1 SWAP1 SUB DUP1 SLOAD POP DUP1 @loop JUMPI";
	for (program, what) in [
		("1 0 SSTORE", "storage"),
		("64 loop: 1 SWAP1 SUB DUP1 @loop JUMPI", "compute"),
		(sweep, "reads, which weigh more in the proof than in time"),
	] {
		let (weight, applied, extrinsic) = both_doors(program, vec![]);
		assert_eq!(applied.result, Ok(vec![]), "{what}");
		// One formula; what differs is the base, and what a signer takes.
		let (gas, proof) = (applied.gas_used, weight.proof_size());
		let as_extrinsic = extrinsic_weight::<Test>(<() as crate::WeightInfo>::call(0), gas, proof);
		assert_eq!(extrinsic, as_extrinsic, "{what}");
		let as_transaction = transaction_weight::<Test>(Evm::transaction_base(0), gas, proof);
		assert_eq!(weight, as_transaction, "{what}");
		// Its gas, or its proof beyond what every transaction has, rounded up to whole gas.
		let for_proof = WeightPrice::convert(Weight::from_parts(0, proof)).div_ceil(GAS_FEE);
		let expected = u128::from(applied.gas_used).max(for_proof);
		assert_eq!(u128::from(applied.gas_charged), expected, "{what}");
		if program == sweep {
			assert!(applied.gas_charged > applied.gas_used, "{what}");
		}
	}
}

#[test]
fn weight_is_within_what_was_announced() {
	test(|| {
		rich(1);
		let contract = deploy("64 loop: 1 SWAP1 SUB DUP1 SLOAD POP DUP1 @loop JUMPI");
		let raw = Unsigned {
			to: Some(contract),
			..Default::default()
		}
		.sign(&key(1));
		let announced = RuntimeCall::Evm(crate::Call::transact { raw: raw.clone() })
			.get_dispatch_info()
			.call_weight;
		let used = send(raw)
			.expect("is valid")
			.expect("is dispatched")
			.actual_weight
			.expect("is weighed");
		assert!(used.all_lte(announced), "{used:?} of {announced:?}");
	});
}

#[test]
fn fork_has_the_blob_fee_at_its_lowest_and_no_blobs() {
	test(|| {
		let contract = deploy("BLOBBASEFEE 0 MSTORE 0 BLOBHASH 32 MSTORE 64 0 RETURN");
		let output = view(contract, vec![]);
		assert_eq!(output, [word(1), word(0)].concat());
	});
}

#[test]
fn every_precompiled_contract_of_osaka_is_there() {
	test(|| {
		let contracts = <TestRules as crate::Rules>::precompiles();
		let is_there = |number: u64| {
			let address = H160::from_low_u64_be(number);
			contracts.contains(&crate::types::to_address(&address))
		};
		for number in (0x01..=0x11).chain([0x100]) {
			assert!(is_there(number), "{number:#x}");
		}
		for number in [0x00, 0x12, 0xFF, 0x101] {
			assert!(!is_there(number), "{number:#x}");
		}
	});
}

#[test]
fn estimated_limit_is_enough_through_either_door() {
	test(|| {
		let from = contract_account(rich(1));
		let contract = deploy("64 loop: 1 SWAP1 SUB DUP1 SLOAD POP DUP1 @loop JUMPI");
		let limit = Evm::estimate_gas(from, Some(contract), vec![], 0).expect("succeeds");
		let unsigned = Unsigned {
			to: Some(contract),
			gas_limit: limit,
			..Default::default()
		};
		let (_, gas, _, error) = sent(&unsigned, 1);
		assert_eq!(error, None);
		assert!(gas <= limit);
		call_with(&alice(), contract, vec![], 0, limit).expect("succeeds");
	});
}
