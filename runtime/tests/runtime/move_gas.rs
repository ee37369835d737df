//! What Move charges against what its work was measured to take in the runtime that ships.

use crate::common::development;
use codec::Encode;
use pallet_move::{classes, CallLimit, UpgradePolicy};
use polkadot_sdk::{
	frame_support::{traits::fungible::Mutate, weights::Weight},
	sp_runtime::traits::Dispatchable,
};
use trivium_runtime::{
	constants::currency::UNIT, weights::pallet_move::WeightInfo, Balances, Runtime, RuntimeCall,
	RuntimeOrigin,
};

const LIMIT: CallLimit = CallLimit {
	ref_time: 1 << 50,
	proof_size: 1 << 40,
	deposit: Some(UNIT),
};

/// Dispatches a call of the classes' account, which has to succeed; its ref time.
fn ref_time(call: pallet_move::Call<Runtime>) -> u64 {
	let origin = RuntimeOrigin::signed(classes::ACCOUNT);
	let post = RuntimeCall::MoveVm(call).dispatch(origin);
	let weight = post.expect("it succeeds").actual_weight;
	weight.expect("it is what was used").ref_time()
}

/// What rounds of a class are charged, picoseconds.
fn charged(function: &[u8], rounds: u64) -> u64 {
	ref_time(pallet_move::Call::execute {
		module: (classes::ACCOUNT, classes::NAME.to_vec()),
		function: function.to_vec(),
		type_args: vec![],
		args: vec![rounds.encode()],
		limit: LIMIT,
	})
}

/// `cargo test … move_gas_covers_every_measured_class -- --nocapture` prints the table.
#[test]
fn move_gas_covers_every_measured_class() {
	const ROUNDS: u32 = 1_000;
	let mut short = Vec::new();
	development().execute_with(|| {
		Balances::set_balance(&classes::ACCOUNT, 1_000 * UNIT);
		ref_time(pallet_move::Call::publish_package {
			modules: vec![classes::BYTECODE.to_vec()],
			policy: UpgradePolicy::Compatible,
			limit: LIMIT,
		});
		for function in classes::SET_UP {
			charged(function, 0);
		}
		for (name, weight) in classes::all::<WeightInfo<Runtime>>() {
			let measured: Weight = weight(ROUNDS).saturating_sub(weight(0));
			let taken = measured.ref_time() / u64::from(ROUNDS);
			let name_bytes = name.as_bytes();
			let paid = (charged(name_bytes, 30) - charged(name_bytes, 20)) / 10;
			let line = format!(
				"{name:20} {:>10.3} µs of {:>10.3} µs ({:.2})",
				taken as f64 / 1e6,
				paid as f64 / 1e6,
				taken as f64 / paid as f64,
			);
			println!("{line}");
			if taken > paid {
				short.push(line);
			}
		}
	});
	assert!(short.is_empty(), "undercharged:\n{}", short.join("\n"));
}
