//! What each kind of proxy may do.

use pallet_cross_vm::CallLimit;
use polkadot_sdk::{
	frame_support::traits::InstanceFilter,
	frame_system, pallet_balances, pallet_collator_selection, pallet_proxy, pallet_session,
	pallet_sudo, pallet_utility,
	sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie},
	sp_runtime::traits::Hash as _,
};
use trivium_runtime::{
	configs::utility::ProxyType::{self, Any, CancelProxy, Collator, Contracts, NonTransfer},
	constants::currency::UNIT,
	genesis_config_presets::ENDOWMENT,
	Runtime, RuntimeCall,
};

use crate::common::{account, apply, balance, development};

const KINDS: [ProxyType; 5] = [Any, NonTransfer, CancelProxy, Collator, Contracts];

/// One call of each sort, with the kinds of proxy that may make it.
fn table() -> Vec<(RuntimeCall, Vec<ProxyType>)> {
	let bob = account(Bob);
	vec![
		(
			pallet_balances::Call::transfer_keep_alive {
				dest: bob.clone().into(),
				value: 1,
			}
			.into(),
			vec![Any],
		),
		(
			frame_system::Call::remark { remark: vec![] }.into(),
			vec![Any, NonTransfer],
		),
		(
			pallet_utility::Call::batch { calls: vec![] }.into(),
			vec![Any, NonTransfer],
		),
		(
			pallet_proxy::Call::reject_announcement {
				delegate: bob.clone().into(),
				call_hash: <Runtime as frame_system::Config>::Hashing::hash(&[]),
			}
			.into(),
			vec![Any, NonTransfer, CancelProxy],
		),
		(
			pallet_collator_selection::Call::register_as_candidate {}.into(),
			vec![Any, NonTransfer, Collator],
		),
		(
			pallet_session::Call::purge_keys {}.into(),
			vec![Any, NonTransfer, Collator],
		),
		(
			pallet_wasm::Call::call {
				dest: bob.clone().into(),
				value: 0,
				gas_limit: Default::default(),
				storage_deposit_limit: None,
				data: vec![],
			}
			.into(),
			vec![Any, Contracts],
		),
		(
			pallet_evm::Call::call {
				target: Default::default(),
				input: Default::default(),
				value: 0,
				gas_limit: 0,
			}
			.into(),
			vec![Any, Contracts],
		),
		(
			pallet_cross_vm::Call::call {
				target: bob.into(),
				value: 0,
				signature: Default::default(),
				args: vec![],
				limit: CallLimit {
					ref_time: 0,
					proof_size: 0,
					deposit: None,
				},
			}
			.into(),
			vec![Any, Contracts],
		),
		(pallet_sudo::Call::remove_key {}.into(), vec![Any]),
	]
}

#[test]
fn proxy_filters_match_the_table() {
	for (call, allowed) in table() {
		for kind in KINDS {
			assert_eq!(
				kind.filter(&call),
				allowed.contains(&kind),
				"{kind:?} and {call:?}"
			);
		}
	}
}

/// A proxy may appoint another of a kind it covers, so "covers" must not promise too much.
#[test]
fn superset_allows_all_that_its_subset_allows() {
	for (a, b) in KINDS.iter().flat_map(|a| KINDS.iter().map(move |b| (a, b))) {
		if a.is_superset(b) {
			for (call, _) in table() {
				assert!(
					!b.filter(&call) || a.filter(&call),
					"{a:?} covers {b:?} but not {call:?}"
				);
			}
		}
	}
	assert!(KINDS
		.iter()
		.all(|kind| Any.is_superset(kind) && kind.is_superset(kind)));
	assert!(!Contracts.is_superset(&NonTransfer) && !NonTransfer.is_superset(&Contracts));
}

#[test]
fn proxy_cannot_transfer_through_a_batch() {
	development().execute_with(|| {
		let add = pallet_proxy::Call::<Runtime>::add_proxy {
			delegate: account(Bob).into(),
			proxy_type: NonTransfer,
			delay: 0,
		};
		apply(Alice, add)
			.expect("it is valid")
			.expect("it succeeds");
		let before = balance(&account(Alice));

		let transfer = pallet_balances::Call::<Runtime>::transfer_keep_alive {
			dest: account(Charlie).into(),
			value: UNIT,
		};
		let batch = pallet_utility::Call::<Runtime>::batch {
			calls: vec![transfer.into()],
		};
		let proxied = pallet_proxy::Call::<Runtime>::proxy {
			real: account(Alice).into(),
			force_proxy_type: None,
			call: Box::new(batch.into()),
		};
		apply(Bob, proxied)
			.expect("it is valid")
			.expect("the proxy call itself succeeds");
		assert_eq!(balance(&account(Charlie)), ENDOWMENT);
		assert_eq!(balance(&account(Alice)), before);
	});
}
