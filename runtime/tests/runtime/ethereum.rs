//! Ethereum transactions as the chain's pool and blocks see them.

use codec::{Decode, Encode};
use hex_literal::hex;
use pallet_evm::{api::runtime_decl_for_evm_api::EvmApi, fees::gas_price};
use polkadot_sdk::{
	frame_support::{
		dispatch::GetDispatchInfo,
		traits::fungible::Mutate,
		weights::{Weight, WeightToFee as _},
	},
	frame_system, pallet_proxy, pallet_sudo,
	pallet_transaction_payment_rpc_runtime_api::runtime_decl_for_transaction_payment_api::TransactionPaymentApi,
	pallet_utility,
	sp_core::H160,
	sp_keyring::Sr25519Keyring::{Alice, Bob},
	sp_runtime::{
		traits::ExtrinsicLike,
		transaction_validity::{InvalidTransaction, TransactionSource},
		DispatchError,
	},
};
use trivium_primitives::account::ethereum_account;
use trivium_runtime::{
	configs::fees::WeightToFee,
	constants::{
		currency::UNIT,
		fee::INCLUDED_PROOF_BYTES,
		gas::{BLOCK_GAS_LIMIT, WEIGHT_PER_GAS},
		MAXIMUM_BLOCK_WEIGHT, NORMAL_DISPATCH_RATIO,
	},
	Balance, Balances, Executive, Runtime, RuntimeCall, RuntimeEvent, System, UncheckedExtrinsic,
};

use crate::common::{
	account, apply, balance, development, ethereum, preset, ETHEREUM_SENDER, ETHEREUM_TRANSFER,
};

fn transact() -> RuntimeCall {
	RuntimeCall::Evm(pallet_evm::Call::transact {
		raw: ETHEREUM_TRANSFER.to_vec(),
	})
}

/// The development chain, with funds for the sender of the transfer.
fn with_sender<R>(f: impl FnOnce() -> R) -> R {
	development().execute_with(|| {
		Balances::mint_into(&ethereum_account(&ETHEREUM_SENDER), UNIT).expect("mints");
		f()
	})
}

#[test]
fn each_network_has_a_chain_id_of_its_own() {
	let ids = ["development", "local_testnet"].map(|name| {
		preset(name).execute_with(|| {
			(
				pallet_evm::ChainId::<Runtime>::get(),
				pallet_evm::AllowKeyless::<Runtime>::get(),
			)
		})
	});
	assert_eq!(ids, [(8_748_487, true), (8_748_488, false)]);
}

#[test]
fn transaction_is_a_bare_extrinsic_that_encodes_again_as_it_was() {
	with_sender(|| {
		let encoded = Runtime::extrinsic(ETHEREUM_TRANSFER.to_vec());
		let extrinsic = UncheckedExtrinsic::decode(&mut &encoded[..]).expect("decodes");
		assert!(extrinsic.is_bare());
		assert_eq!(extrinsic.encode(), encoded);
		// Behind the length: bare, version 5, and the call.
		let mut inner = vec![5];
		transact().encode_to(&mut inner);
		assert_eq!(encoded, inner.encode());
	});
}

#[test]
fn event_has_the_hash_that_the_sender_knows() {
	with_sender(|| {
		Executive::apply_extrinsic(ethereum(ETHEREUM_TRANSFER))
			.expect("it is valid")
			.expect("it succeeds");
		let known = polkadot_sdk::sp_io::hashing::keccak_256(ETHEREUM_TRANSFER);
		assert!(System::events().iter().any(|record| matches!(
			&record.event,
			RuntimeEvent::Evm(pallet_evm::Event::Transacted { transaction_hash, .. })
				if transaction_hash.0 == known
		)));
	});
}

#[test]
fn transaction_weighs_what_it_used_of_what_it_announced() {
	with_sender(|| {
		let before = System::block_weight();
		let extrinsic = ethereum(ETHEREUM_TRANSFER);
		let len = extrinsic.encode().len() as u32;
		let announced = extrinsic.get_dispatch_info().total_weight();
		let size = System::block_size();
		Executive::apply_extrinsic(extrinsic)
			.expect("it is valid")
			.expect("it succeeds");
		let after = System::block_weight();
		let used = after.total().saturating_sub(before.total());
		assert!(used.ref_time() > 525_000_000, "its 21,000 gas are in it");
		assert!(used.proof_size() > len.into());
		let most = announced.saturating_add(Weight::from_parts(200_000_000, len.into()));
		assert!(used.all_lte(most), "{used:?} of {most:?}");
		assert!(System::block_size() >= size + len, "its length is counted");
	});
}

/// Its signature is its own, so nobody else's is needed, and none lets it in by another door.
#[test]
fn transaction_is_refused_through_every_other_door() {
	with_sender(|| {
		let bad = Err(DispatchError::BadOrigin);
		let boxed = || Box::new(transact());
		assert_eq!(apply(Alice, transact()), Ok(bad));
		let all = pallet_utility::Call::batch_all {
			calls: vec![transact()],
		};
		assert_eq!(apply(Alice, RuntimeCall::Utility(all)), Ok(bad));
		let derived = pallet_utility::Call::as_derivative {
			index: 0,
			call: boxed(),
		};
		assert_eq!(apply(Alice, RuntimeCall::Utility(derived)), Ok(bad));
		let results = |call: RuntimeCall| {
			apply(Alice, call).expect("is valid").expect("succeeds");
			System::events()
				.into_iter()
				.rev()
				.find_map(|record| match record.event {
					RuntimeEvent::Sudo(pallet_sudo::Event::Sudid { sudo_result }) => {
						Some(sudo_result)
					}
					RuntimeEvent::Proxy(pallet_proxy::Event::ProxyExecuted { result }) => {
						Some(result)
					}
					_ => None,
				})
				.expect("there is a result")
		};
		let sudo = RuntimeCall::Sudo(pallet_sudo::Call::sudo { call: boxed() });
		assert_eq!(results(sudo), bad);
		let add = pallet_proxy::Call::add_proxy {
			delegate: account(Alice).into(),
			proxy_type: Default::default(),
			delay: 0,
		};
		apply(Bob, RuntimeCall::Proxy(add))
			.expect("is valid")
			.expect("succeeds");
		let proxied = pallet_proxy::Call::proxy {
			real: account(Bob).into(),
			force_proxy_type: None,
			call: boxed(),
		};
		assert_eq!(results(RuntimeCall::Proxy(proxied)), bad);
		assert_eq!(System::account_nonce(ethereum_account(&ETHEREUM_SENDER)), 0);
	});
}

#[test]
fn no_other_call_comes_bare() {
	with_sender(|| {
		let calls = [
			RuntimeCall::System(frame_system::Call::remark { remark: vec![] }),
			RuntimeCall::Evm(pallet_evm::Call::call {
				target: H160::zero(),
				input: vec![],
				value: 0,
				gas_limit: 100_000,
			}),
			RuntimeCall::Utility(pallet_utility::Call::batch {
				calls: vec![transact()],
			}),
		];
		for call in calls {
			let extrinsic = UncheckedExtrinsic::new_bare(call);
			let validity = Executive::validate_transaction(
				TransactionSource::External,
				extrinsic.clone(),
				Default::default(),
			);
			assert!(validity.is_err(), "{extrinsic:?}");
			// Nor does an author get it to do anything.
			assert!(!matches!(Executive::apply_extrinsic(extrinsic), Ok(Ok(()))));
		}
	});
}

/// See `keyless_deployment_is_taken_where_the_chain_allows_it` of the pallet; this is at the chain's own
/// prices.
const CREATE2_PROXY: &[u8] = &hex!(
	"f8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffff"
	"ffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b80"
	"82525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a0"
	"2222222222222222222222222222222222222222222222222222222222222222"
);

#[test]
fn keyless_deployment_works_at_the_development_chains_prices() {
	development().execute_with(|| {
		let deployer = ethereum_account(&hex!("3fab184622dc19b6109349b94811493bf2a45362").into());
		let proxy: H160 = hex!("4e59b44847b379578588920ca78fbf26c0b4956c").into();
		// What its makers ask for: 100,000 gas at 100 gwei.
		Balances::mint_into(&deployer, UNIT / 100).expect("mints");
		Executive::apply_extrinsic(ethereum(CREATE2_PROXY))
			.expect("it is valid")
			.expect("it succeeds");
		assert_eq!(Runtime::code_at(proxy).len(), 69);
		assert!(balance(&deployer) < UNIT / 100);
	});
}

#[test]
fn keyless_transactions_are_refused_on_a_network() {
	preset("local_testnet").execute_with(|| {
		let validity = Executive::validate_transaction(
			TransactionSource::External,
			ethereum(CREATE2_PROXY),
			Default::default(),
		);
		let refusal = pallet_evm::Refusal::NoChain.code();
		assert_eq!(validity, Err(InvalidTransaction::Custom(refusal).into()));
	});
}

#[test]
fn fee_that_wallets_ask_for_is_the_gas_limits() {
	with_sender(|| {
		let extrinsic = ethereum(ETHEREUM_TRANSFER);
		let len = extrinsic.encode().len() as u32;
		let most = 21_000 * gas_price::<Runtime>();
		let info = Runtime::query_info(extrinsic.clone(), len);
		assert_eq!(info.partial_fee, most);
		let details = Runtime::query_fee_details(extrinsic.clone(), len);
		assert_eq!(details.final_fee(), most);
		let before = balance(&ethereum_account(&ETHEREUM_SENDER));
		Executive::apply_extrinsic(extrinsic)
			.expect("it is valid")
			.expect("it succeeds");
		let paid = before - 12_345 - balance(&ethereum_account(&ETHEREUM_SENDER));
		assert!(paid <= most);
	});
}

#[test]
fn gas_of_a_limit_pays_for_the_proof_that_it_allows() {
	development().execute_with(|| {
		let bytes = 1_000_000;
		let proof = Weight::from_parts(0, bytes + INCLUDED_PROOF_BYTES);
		let price = WeightToFee::weight_to_fee(&proof);
		let gas = u128::from(bytes * pallet_evm::gas::GAS_PER_PROOF_BYTE);
		assert!(price <= gas * gas_price::<Runtime>());
	});
}

/// Neither time nor proof of a block's ordinary share is worth more gas than the block says it has, nor
/// is either cut short by it.
#[test]
fn gas_of_a_block_is_what_either_dimension_comes_to() {
	development().execute_with(|| {
		let normal = NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_WEIGHT;
		let by_time = normal.ref_time() / WEIGHT_PER_GAS;
		let proof = normal.proof_size() + INCLUDED_PROOF_BYTES;
		let price = WeightToFee::weight_to_fee(&Weight::from_parts(0, proof));
		let by_proof = (price / gas_price::<Runtime>()) as u64;
		assert_eq!(by_time, BLOCK_GAS_LIMIT);
		assert!(by_proof <= BLOCK_GAS_LIMIT && BLOCK_GAS_LIMIT - by_proof < 100);
	});
}

#[test]
fn largest_transaction_is_that_of_the_fork() {
	development().execute_with(|| {
		let base = Weight::from_parts(1_000_000_000, 0);
		let most = pallet_evm::gas::largest_transaction::<Runtime>(base, 131_072);
		assert_eq!(most, 1 << 24);
	});
}

#[test]
fn receipt_of_a_creation_that_reverts_names_the_address_that_it_was_for() {
	use pallet_evm::revm::primitives::Address;
	use trivium_primitives::account::alias;
	development().execute_with(|| {
		let creator = Address::new(alias(&account(Alice)).0);
		// `PUSH0 PUSH0 REVERT`
		let code = hex!("5f5ffd").to_vec();
		let salt = polkadot_sdk::sp_core::H256::repeat_byte(7);
		let hash = polkadot_sdk::sp_io::hashing::keccak_256(&code);
		let cases = [
			(
				pallet_evm::Call::create {
					code: code.clone(),
					value: 0,
					gas_limit: 200_000,
				},
				creator.create(0),
			),
			(
				pallet_evm::Call::create2 {
					code,
					salt,
					value: 0,
					gas_limit: 200_000,
				},
				creator.create2(salt.0, hash),
			),
		];
		for (call, address) in cases {
			assert!(apply(Alice, RuntimeCall::Evm(call))
				.expect("is valid")
				.is_err());
			let receipt = System::events()
				.into_iter()
				.rev()
				.find_map(|record| match record.event {
					RuntimeEvent::CrossVm(pallet_cross_vm::Event::Receipt { receipt }) => {
						Some(receipt)
					}
					_ => None,
				})
				.expect("there is a receipt");
			assert!(!receipt.success);
			assert_eq!(
				receipt.contract,
				ethereum_account(&H160(address.into_array()))
			);
		}
	});
}

/// What a call costs, planck: as an extrinsic that Alice signs, and as an Ethereum transaction.
fn both_fees(code: &[u8]) -> (Balance, Balance) {
	use pallet_evm::revm::{
		context::TxEnv,
		primitives::{Address, TxKind},
	};
	with_sender(|| {
		let create = pallet_evm::Call::create {
			code: code.to_vec(),
			value: 0,
			gas_limit: 1_000_000,
		};
		apply(Alice, RuntimeCall::Evm(create))
			.expect("is valid")
			.expect("succeeds");
		let creator = Address::new(trivium_primitives::account::alias(&account(Alice)).0);
		let contract = creator.create(0);
		let before = balance(&account(Alice));
		let call = pallet_evm::Call::call {
			target: H160(contract.into_array()),
			input: vec![],
			value: 0,
			gas_limit: 1_000_000,
		};
		apply(Alice, RuntimeCall::Evm(call))
			.expect("is valid")
			.expect("succeeds");
		let extrinsic = before - balance(&account(Alice));

		let tx = TxEnv {
			caller: Address::new(ETHEREUM_SENDER.0),
			gas_limit: 1_000_000,
			gas_price: gas_price::<Runtime>(),
			kind: TxKind::Call(contract),
			chain_id: Some(8_748_487),
			..Default::default()
		};
		let applied = pallet_evm::Pallet::<Runtime>::apply_transaction(tx).expect("is valid");
		assert_eq!(applied.result, Ok(vec![]));
		let transaction = applied.gas_price * u128::from(applied.gas_charged);
		println!(
			"extrinsic {extrinsic}, transaction {transaction} planck: {} gas of {} charged",
			applied.gas_used, applied.gas_charged
		);
		(extrinsic, transaction)
	})
}

#[test]
fn extrinsic_costs_at_most_four_times_what_a_transaction_does() {
	// Counts: `SLOAD(0) + 1` is stored; and nothing at all.
	let counter = hex!("60088060095f395ff3" "5f546001015f5500");
	let idle = hex!("60018060095f395ff3" "00");
	for code in [&counter[..], &idle[..]] {
		let (extrinsic, transaction) = both_fees(code);
		assert!(extrinsic > transaction && extrinsic < 4 * transaction);
	}
}
