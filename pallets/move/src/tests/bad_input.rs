//! Bytes that are no code, and arguments that fit nothing: a typed error each, a fee for the work, and
//! nothing else.

use crate::{mock::*, types::MAX_ENTRY_BYTES, CallLimit, Error, UpgradePolicy};
use move_vm_binary_format::module::Metadata;
use polkadot_sdk::{frame_support::assert_ok, sp_runtime::DispatchError};
use proptest::prelude::*;

/// The dispatch fails, is charged something, and leaves all as it was.
#[track_caller]
fn refused(call: crate::Call<Test>) -> DispatchError {
	let before = state();
	let (weight, result) = dispatch(call, issuer());
	let error = result.unwrap_err();
	assert!(weight.ref_time() > 0);
	assert_eq!(state(), before);
	assert_ne!(error, Error::<Test>::Internal.into());
	error
}

fn publish_call(module: Vec<u8>) -> crate::Call<Test> {
	crate::Call::publish_package {
		modules: vec![module],
		policy: UpgradePolicy::Compatible,
		limit: AMPLE,
	}
}

fn script_call(script: Vec<u8>) -> crate::Call<Test> {
	crate::Call::execute_script {
		script,
		type_args: vec![],
		args: vec![],
		limit: AMPLE,
	}
}

fn error(error: Error<Test>) -> DispatchError {
	error.into()
}

#[test]
fn short_bytes_are_no_module_and_no_script() {
	test(|| {
		for length in 0..=8usize {
			for byte in [0, 0xA1, 0xFF] {
				let bytes = vec![byte; length];
				let no_module = refused(publish_call(bytes.clone()));
				assert_eq!(no_module, error(Error::Deserialization(3002)));
				let no_script = refused(script_call(bytes));
				assert_eq!(no_script, error(Error::Deserialization(3024)));
			}
		}
	});
}

#[test]
fn truncated_modules_are_refused_at_every_byte() {
	test(|| {
		let whole = module("examples", "counter");
		for length in 0..whole.len() {
			refused(publish_call(whole[..length].to_vec()));
		}
		refused(publish_call([whole.clone(), vec![0]].concat()));
		assert_ok!(publish(issuer(), vec![whole]));
	});
}

#[test]
fn script_is_no_module_and_module_is_no_script() {
	test(|| {
		refused(publish_call(module("scripts", "pay_many")));
		refused(script_call(module("examples", "counter")));
	});
}

#[test]
fn module_under_another_address_is_refused() {
	test(|| {
		let before = state();
		let result = publish(alice(), package("examples"));
		assert_eq!(result, Err(error(Error::Verification(1067))));
		assert_eq!(state(), before);
	});
}

#[test]
fn module_without_what_it_needs_is_refused() {
	test(|| {
		let mut wanting = move_vm_fixtures::user();
		wanting.pools.address_identifiers[0] = crate::types::to_address(&issuer());
		let result = refused(publish_call(wanting.serialize().unwrap()));
		assert!(matches!(result, DispatchError::Module(_)));
	});
}

#[test]
fn package_of_no_module_or_too_many_is_refused() {
	test(|| {
		for count in [0, 65, 10_000] {
			let call = crate::Call::publish_package {
				modules: vec![vec![]; count],
				policy: UpgradePolicy::Immutable,
				limit: AMPLE,
			};
			assert_eq!(refused(call), error(Error::PackageSize));
		}
	});
}

#[test]
fn package_is_published_whole_or_not_at_all() {
	test(|| {
		let mut modules = package("examples");
		modules.push(vec![1, 2, 3]);
		refused(crate::Call::publish_package {
			modules,
			policy: UpgradePolicy::Compatible,
			limit: AMPLE,
		});
		assert!(MoveVm::modules_of(&issuer()).is_empty());
	});
}

#[test]
fn calls_of_what_is_not_there_are_refused() {
	test_with_examples(|| {
		let call = |function| execute_call(function, &[], vec![], AMPLE);
		for (function, expected) in [
			("nothing::create", Error::Verification(1081)),
			("0xbeef::counter::create", Error::Verification(1081)),
			("counter::nothing", Error::Verification(1091)),
			// Public, but not an entry.
			("counter::get", Error::Verification(1103)),
			// Neither.
			("my_coin::assert_issuer", Error::Verification(1103)),
			("not a name::create", Error::InvalidName),
			("counter::not a name", Error::InvalidName),
			("counter::", Error::InvalidName),
		] {
			assert_eq!(refused(call(function)), error(expected), "{function}");
		}
		let long = "x".repeat(100_000);
		let call = execute_call(&format!("counter::{long}"), &[], vec![], AMPLE);
		assert_eq!(refused(call), error(Error::InvalidName));
	});
}

#[test]
fn arguments_that_do_not_fit_are_refused() {
	test_with_examples(|| {
		assert_ok!(execute(issuer(), "counter::create", &[], vec![]));
		let by = |args: Vec<Vec<u8>>| execute_call("counter::increment_by", &[], args, AMPLE);
		for args in [vec![], vec![bcs(1u64), bcs(1u64)]] {
			assert_eq!(refused(by(args)), error(Error::Verification(1098)));
		}
		for arg in [
			vec![],
			bcs(1u32),
			[bcs(1u64), vec![0]].concat(),
			vec![0xFF; 100_000],
		] {
			assert_eq!(refused(by(vec![arg])), error(Error::Verification(1100)));
		}
	});
}

#[test]
fn type_arguments_that_do_not_fit_are_refused() {
	test_with_examples(|| {
		let with =
			|type_args: &[&str]| execute_call("0x1::coin::register", type_args, vec![], AMPLE);
		assert_eq!(refused(with(&[])), error(Error::Verification(1076)));
		assert_eq!(
			refused(with(&["u8", "u8"])),
			error(Error::Verification(1076))
		);
		let deep = format!("{}u8{}", "vector<".repeat(1_000), ">".repeat(1_000));
		for text in ["", "u7", "0x1::coin", "0x1::coin::Coin<", "vector<>", &deep] {
			assert_eq!(refused(with(&[text])), error(Error::InvalidTypeArgument));
		}
		let mut call = with(&["u8"]);
		if let crate::Call::execute { type_args, .. } = &mut call {
			type_args[0] = vec![0xFF, 0xFE];
		}
		assert_eq!(refused(call), error(Error::InvalidTypeArgument));
		// A type that is not there.
		refused(with(&["0x1::nothing::Nothing"]));
		refused(with(&["0x1::coin::Nothing"]));
	});
}

#[test]
fn absurd_limits_are_limits() {
	test_with_examples(|| {
		let with = |ref_time, proof_size, deposit| {
			let limit = CallLimit {
				ref_time,
				proof_size,
				deposit,
			};
			execute_call("counter::create", &[], vec![], limit)
		};
		assert_eq!(refused(with(0, u64::MAX, None)), error(Error::OutOfGas));
		assert_eq!(
			refused(with(u64::MAX, 0, None)),
			error(Error::OutOfProofSize)
		);
		assert_eq!(
			refused(with(u64::MAX, u64::MAX, Some(0))),
			error(Error::DepositLimitExceeded)
		);
		assert_ok!(dispatch(with(u64::MAX, u64::MAX, Some(u128::MAX)), issuer()).1);
	});
}

#[test]
fn module_too_long_for_an_entry_is_refused() {
	test(|| {
		let of_metadata = |bytes: usize| {
			let address = crate::types::to_address(&issuer());
			let mut large = move_vm_fixtures::ModuleBuilder::new(address, "large").version(6);
			for (key, chunk) in (0u8..).zip(vec![7; bytes].chunks(60_000)) {
				large.module.pools.metadata.push(Metadata {
					key: vec![key],
					value: chunk.to_vec(),
				});
			}
			large.build().serialize().unwrap()
		};
		let longest = MAX_ENTRY_BYTES as usize;
		let around = of_metadata(125_000).len() - 125_000;
		let refused_at = |bytes: usize| refused(publish_call(of_metadata(bytes)));
		// With what the record adds it is too long, though the VM takes it.
		let bytes = longest - around;
		let module = of_metadata(bytes);
		assert_eq!(module.len(), longest);
		assert_eq!(refused_at(bytes), error(Error::EntryTooLong));
		assert_eq!(refused_at(2 * longest), error(Error::Deserialization(3024)));
	});
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	/// A module with some bytes changed is refused or is a module; it never breaks an invariant.
	#[test]
	fn mutated_modules_break_nothing(
		which in prop::sample::select(vec!["counter", "escrow", "my_coin"]),
		changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
	) {
		let mut bytes = module("examples", which);
		for (place, byte) in changes {
			let place = place.index(bytes.len());
			bytes[place] = byte;
		}
		test(|| {
			let before = state();
			let (weight, result) = dispatch(publish_call(bytes), issuer());
			assert!(weight.ref_time() > 0);
			if let Err(error) = result {
				assert_eq!(state(), before);
				assert_ne!(error, Error::<Test>::Internal.into());
				assert!(!matches!(
					error,
					DispatchError::Module(module) if module.message == Some("Invariant")
				));
			}
		});
	}

	/// Any bytes as arguments are an error or a call; they never break an invariant.
	#[test]
	fn any_arguments_break_nothing(
		args in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..4),
		types in prop::collection::vec(".{0,40}", 0..3),
	) {
		test_with_examples(|| {
			for function in ["open", "release", "refund"] {
				let types: Vec<_> = types.iter().map(String::as_str).collect();
				let name = format!("escrow::{function}");
				refused(execute_call(&name, &types, args.clone(), AMPLE));
			}
		});
	}
}
