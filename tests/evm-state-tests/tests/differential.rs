//! Random programs have the same effect in the pallet as in `revm` alone.

use proptest::prelude::*;
use trivium_evm_state_tests::differential::{compare, Scenario};

proptest! {
	#![proptest_config(ProptestConfig::with_cases(2_000))]

	#[test]
	fn random_programs_run_as_in_revm(bytes in proptest::collection::vec(any::<u8>(), 0..1_500)) {
		let scenario = Scenario::new(&bytes);
		if let Err(difference) = compare(&scenario) {
			prop_assert!(false, "{difference}\n{scenario:?}");
		}
	}
}
