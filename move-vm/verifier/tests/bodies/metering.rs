//! What a verification may cost is bounded, whatever the module.

use move_vm_types::{StatusCode, VerifierLimits};
use move_vm_verifier::{code_unit, Meter};

use crate::worst;

#[test]
fn worst_modules_end_within_the_budget() {
	let limits = VerifierLimits::PRODUCTION;
	for (name, module) in worst::all() {
		let mut meter = Meter::new(&limits);
		let result = code_unit::verify_module(&module, &limits, &mut meter);
		match result.map_err(|error| error.status()) {
			Ok(()) | Err(StatusCode::PROGRAM_TOO_COMPLEX) => {}
			Err(status) => panic!("{name}: {status}"),
		}
		assert!(meter.used() <= limits.meter_units_per_module, "{name}");
	}
}

#[test]
fn smaller_budget_ends_sooner() {
	let limits = VerifierLimits {
		meter_units_per_function: 20_000,
		..VerifierLimits::PRODUCTION
	};
	for (name, module) in worst::all() {
		let mut meter = Meter::new(&limits);
		let error = code_unit::verify_module(&module, &limits, &mut meter).expect_err(name);
		assert_eq!(error.status(), StatusCode::PROGRAM_TOO_COMPLEX, "{name}");
	}
}

#[test]
fn same_module_takes_the_same_units() {
	let limits = VerifierLimits::PRODUCTION;
	let units = || -> Vec<u64> {
		let measure = |module| {
			let mut meter = Meter::new(&limits);
			code_unit::verify_module(&module, &limits, &mut meter).unwrap();
			meter.used()
		};
		move_vm_fixtures::all().into_iter().map(measure).collect()
	};
	assert_eq!(units(), units());
}
