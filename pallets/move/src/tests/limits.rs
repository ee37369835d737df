//! Weight: what is used is paid, in both dimensions, also by what fails.

use crate::{gas::overshoot, mock::*, weights::WeightInfo, CallLimit, Error};
use polkadot_sdk::{
	frame_support::{assert_ok, dispatch::GetDispatchInfo},
	sp_weights::Weight,
};

fn increment(limit: CallLimit) -> crate::Call<Test> {
	execute_call("counter::increment", &[], vec![], limit)
}

/// What the extrinsic costs besides what its limit pays for.
fn base() -> Weight {
	<() as WeightInfo>::execute("counter".len() as u32 + "increment".len() as u32)
}

#[test]
fn what_is_not_used_is_not_charged() {
	test_with_examples(|| {
		assert_ok!(execute(alice(), "counter::create", &[], vec![]));
		let (weight, result) = dispatch(increment(AMPLE), alice());
		assert_ok!(result);
		let reserved = increment(AMPLE).get_dispatch_info().call_weight;
		assert_eq!(
			reserved,
			base()
				.saturating_add(AMPLE.weight())
				.saturating_add(overshoot())
		);
		assert!(weight.ref_time() > base().ref_time());
		assert!(weight.ref_time() < reserved.ref_time() / 10);
		assert!(weight.proof_size() > base().proof_size());
		assert!(weight.proof_size() < reserved.proof_size() / 10);
	});
}

#[test]
fn running_out_of_gas_costs_the_limit_and_leaves_nothing() {
	test_with_examples(|| {
		assert_ok!(execute(alice(), "counter::create", &[], vec![]));
		let (enough, result) = dispatch(increment(AMPLE), alice());
		assert_ok!(result);
		let needed = enough.ref_time() - base().ref_time();
		for part in [0, 1, needed / 4, needed / 2, needed - WEIGHT_PER_GAS] {
			let before = state();
			let limit = CallLimit {
				ref_time: part,
				..AMPLE
			};
			let (weight, result) = dispatch(increment(limit), alice());
			assert_eq!(result, Err(Error::<Test>::OutOfGas.into()), "{part}");
			assert_eq!(state(), before);
			assert!(weight.ref_time() <= base().ref_time() + part);
			assert!(weight.ref_time() + 4 * WEIGHT_PER_GAS >= base().ref_time() + part / 2);
		}
		let limit = CallLimit {
			ref_time: needed,
			..AMPLE
		};
		assert_ok!(dispatch(increment(limit), alice()).1);
	});
}

#[test]
fn running_out_of_proof_size_leaves_nothing() {
	test_with_examples(|| {
		assert_ok!(execute(alice(), "counter::create", &[], vec![]));
		let (enough, result) = dispatch(increment(AMPLE), alice());
		assert_ok!(result);
		let needed = enough.proof_size() - base().proof_size();
		for part in [0, 1, needed / 2, needed - 1] {
			let before = state();
			let limit = CallLimit {
				proof_size: part,
				..AMPLE
			};
			let (weight, result) = dispatch(increment(limit), alice());
			assert_eq!(result, Err(Error::<Test>::OutOfProofSize.into()), "{part}");
			assert_eq!(state(), before);
			assert!(weight.proof_size() >= base().proof_size() + part);
		}
		let limit = CallLimit {
			proof_size: needed,
			..AMPLE
		};
		assert_ok!(dispatch(increment(limit), alice()).1);
	});
}

#[test]
fn proof_size_counts_the_bytes_of_what_is_read() {
	test_with_examples(|| {
		let module = MoveVm::module_bytecode(&issuer(), b"counter".to_vec())
			.unwrap()
			.data;
		let (weight, result) =
			dispatch(execute_call("counter::create", &[], vec![], AMPLE), alice());
		assert_ok!(result);
		assert!(weight.proof_size() > base().proof_size() + module.len() as u64);
	});
}

#[test]
fn failed_call_pays_for_what_it_did() {
	test_with_examples(|| {
		// Loads the module, looks for the counter, aborts.
		let (weight, result) = dispatch(increment(AMPLE), alice());
		assert_eq!(
			result,
			Err(Error::<Test>::Aborted {
				category: 6,
				reason: 2
			}
			.into())
		);
		assert!(weight.ref_time() > base().ref_time());
		assert!(weight.proof_size() > base().proof_size());
		assert!(weight.ref_time() < base().ref_time() + AMPLE.ref_time / 10);
	});
}

#[test]
fn larger_package_costs_more() {
	test(|| {
		let cost = |modules: Vec<Vec<u8>>| {
			let call = crate::Call::publish_package {
				modules,
				policy: Default::default(),
			};
			let (weight, result) = dispatch(call, issuer());
			assert_ok!(result);
			weight
		};
		let small = cost(vec![module("examples", "counter")]);
		let large = cost(vec![
			module("examples", "escrow"),
			module("examples", "my_coin"),
		]);
		assert!(large.ref_time() > small.ref_time());
		assert!(large.proof_size() > small.proof_size());
	});
}

#[test]
fn refused_module_pays_for_what_the_verifier_did() {
	use move_vm_binary_format::Bytecode as B;
	test(|| {
		// Long code that is fine up to its end.
		let module = |end: &[B]| {
			let address = crate::types::to_address(&issuer());
			let mut m = move_vm_fixtures::ModuleBuilder::new(address, "m").version(6);
			let code = [&vec![B::Nop; 4_000], end].concat();
			m.function(move_vm_fixtures::Function::new("f").public().code(code));
			vec![m.build().serialize().unwrap()]
		};
		let cost = |modules: Vec<Vec<u8>>| {
			let policy = Default::default();
			let base = <() as WeightInfo>::publish_package(crate::pallet::bytes_of(&modules));
			let call = crate::Call::publish_package { modules, policy };
			let (weight, result) = dispatch(call, issuer());
			(weight.ref_time() - base.ref_time(), result)
		};
		let (refused, result) = cost(module(&[B::Add, B::Ret]));
		assert_eq!(result, Err(Error::<Test>::Verification(1009).into()));
		let (accepted, result) = cost(module(&[B::Nop, B::Ret]));
		assert_ok!(result);
		// That it is there already is found before it is verified.
		let (known, result) = cost(module(&[B::Nop, B::Ret]));
		assert_eq!(result, Err(Error::<Test>::Verification(1095).into()));
		assert!(known < refused && refused < accepted);
		// Stack usage is the second pass over code; the later ones were not run.
		assert!(
			refused - known > (accepted - known) / 20,
			"{known} {refused} {accepted}"
		);
	});
}
