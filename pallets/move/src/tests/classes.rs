//! The module of the classes: it is the one that the fixtures build, and all of it runs.

use crate::{classes, mock::*, STD_ACCOUNT};
use move_vm_fixtures::classes::{module as built, MODULE, SET_UP};
use polkadot_sdk::frame_support::assert_ok;
use trivium_primitives::AccountId;

/// `cargo run --release -p move-vm-fixtures --example classes -- pallets/move/src/classes.mv` writes it anew.
#[test]
fn module_of_the_classes_is_that_of_the_fixtures() {
	let (module, list) = built(crate::types::to_address(&classes::ACCOUNT));
	let bytes = module.serialize().unwrap();
	assert!(bytes == classes::BYTECODE, "see the head of this test");
	assert_eq!(MODULE.as_bytes(), classes::NAME);
	assert_eq!(SET_UP.map(str::as_bytes), classes::SET_UP);
	let names = classes::all::<()>();
	assert!(list
		.iter()
		.map(|class| class.name)
		.eq(names.iter().map(|(name, _)| *name)));
}

#[test]
fn each_class_runs_and_is_charged_by_rounds() {
	test(|| {
		assert_ne!(classes::ACCOUNT, AccountId::new([0; 32]));
		assert_ne!(classes::ACCOUNT, STD_ACCOUNT);
		assert_ok!(publish(classes::ACCOUNT, vec![classes::BYTECODE.to_vec()]));
		let run = |function: &[u8], rounds: u64| {
			let call = crate::Call::execute {
				module: (classes::ACCOUNT, classes::NAME.to_vec()),
				function: function.to_vec(),
				type_args: vec![],
				args: vec![bcs(rounds)],
				limit: AMPLE,
			};
			let (weight, result) = dispatch(call, classes::ACCOUNT);
			assert_ok!(result);
			weight.ref_time()
		};
		for function in classes::SET_UP {
			run(function, 0);
		}
		for (name, _) in classes::all::<()>() {
			let name = name.as_bytes();
			let (none, some, many) = (run(name, 1), run(name, 2), run(name, 12));
			assert!(none < some);
			// Nothing that a round is charged depends on how many there were before.
			if !name.starts_with(b"table_") {
				assert_eq!(
					many - some,
					10 * (some - none),
					"{:?}",
					String::from_utf8_lossy(name)
				);
			}
		}
	});
}
