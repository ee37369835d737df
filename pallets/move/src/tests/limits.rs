//! Weight: what is used is paid, in both dimensions, also by what fails.

use crate::{
	gas::overshoot,
	mock::*,
	pallet::{execute_base, publish_base},
	CallLimit, Error,
};
use polkadot_sdk::{
	frame_support::{assert_ok, dispatch::GetDispatchInfo},
	sp_weights::Weight,
};

fn increment(limit: CallLimit) -> crate::Call<Test> {
	execute_call("counter::increment", &[], vec![], limit)
}

/// What the extrinsic costs besides what its limit pays for.
fn base() -> Weight {
	execute_base::<Test>(&(issuer(), b"counter".to_vec()), b"increment", &[], &[])
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
				limit: AMPLE,
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
			let base = publish_base::<Test>(&modules);
			let call = crate::Call::publish_package {
				modules,
				policy,
				limit: AMPLE,
			};
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

/// Endless code, and code that fills memory.
fn hostile() -> Vec<u8> {
	use move_vm_binary_format::{Bytecode as B, SignatureToken as T};
	use move_vm_fixtures::{Function, ModuleBuilder, Tables};
	let mut m = ModuleBuilder::new(crate::types::to_address(&issuer()), "hostile").version(6);
	let bytes = T::Vector(Box::new(T::U8));
	let all = T::Vector(Box::new(bytes.clone()));
	let (byte, element) = (m.signature([T::U8]), m.signature([bytes]));
	let endless = Function::new("endless").public().entry();
	m.function(endless.code([B::Branch(0)]));
	let greedy = Function::new("greedy").public().entry().locals([all]);
	m.function(greedy.code([
		B::VecPack(element, 0),
		B::StLoc(0),
		B::MutBorrowLoc(0),
		B::VecPack(byte, 0),
		B::VecPushBack(element),
		B::Branch(2),
	]));
	m.build().serialize().unwrap()
}

/// Whatever a runtime API is asked for, it does no more than a transaction may.
#[test]
fn answers_are_bounded_whatever_limit_is_asked_for() {
	use crate::{types::MoveCall, MoveFailure};
	use polkadot_sdk::frame_support::traits::Get;
	test(|| {
		assert_ok!(publish(issuer(), vec![hostile()]));
		let weights: polkadot_sdk::frame_system::limits::BlockWeights =
			<Test as polkadot_sdk::frame_system::Config>::BlockWeights::get();
		let most = weights
			.get(polkadot_sdk::frame_support::dispatch::DispatchClass::Normal)
			.max_extrinsic
			.unwrap();
		let asked = [
			None,
			Some(CallLimit {
				ref_time: u64::MAX,
				proof_size: u64::MAX,
				deposit: Some(u128::MAX),
			}),
		];
		for limit in asked {
			for function in ["endless", "greedy"] {
				let call = MoveCall::Execute {
					module: (issuer(), b"hostile".to_vec()),
					function: function.into(),
					type_args: vec![],
					args: vec![],
				};
				let module = (issuer(), b"hostile".to_vec());
				let base = execute_base::<Test>(&module, function.as_bytes(), &[], &[]);
				let estimate = MoveVm::estimate(alice(), call, limit);
				assert!(estimate.result.is_err());
				assert!(estimate
					.weight
					.all_lte(most.saturating_add(base).saturating_add(overshoot())));
			}
			let call = MoveCall::PublishPackage {
				modules: vec![vec![0; 1 << 20]; 64],
				policy: Default::default(),
			};
			assert!(MoveVm::estimate(alice(), call, limit).result.is_err());
		}
		for function in ["endless", "greedy"] {
			let view = MoveVm::call_view(
				(issuer(), b"hostile".to_vec()),
				function.into(),
				vec![],
				vec![],
			);
			assert!(matches!(view, Err(MoveFailure::Vm(_))), "{view:?}");
		}
	});
}

/// Functions share signatures, so that a small module has an interface of gigabytes.
#[test]
fn abi_of_a_module_is_bounded() {
	use move_vm_binary_format::{Bytecode as B, SignatureToken as T};
	use move_vm_fixtures::{abilities, Function, ModuleBuilder};
	let build = |functions: usize| {
		let mut m = ModuleBuilder::new(crate::types::to_address(&issuer()), "wide").version(6);
		let name = "N".repeat(120);
		let s = m.struct_(&name, abilities("drop"), &[], &[("v", T::U8)]);
		let parameters = vec![s.type_(); 100];
		for number in 0..functions {
			m.function(
				Function::new(&format!("f{number}"))
					.parameters(parameters.clone())
					.code([B::Ret]),
			);
		}
		m.build().serialize().unwrap()
	};
	test(|| {
		let abi = || MoveVm::module_abi(&issuer(), b"wide".to_vec());
		assert_ok!(publish(issuer(), vec![build(10)]));
		assert_eq!(abi().unwrap().functions.len(), 10);
		assert_ok!(upgrade(issuer(), vec![build(900)]));
		assert_eq!(abi(), None);
	});
}

/// Each byte that an event takes in the chain's list of events is paid for, before it is made.
#[test]
fn bytes_of_events_are_paid_for_as_they_are_deposited() {
	use codec::Encode;
	use move_vm_binary_format::{Bytecode as B, SignatureToken as T};
	use move_vm_fixtures::{abilities, Function, ModuleBuilder, Tables};
	let mut m = ModuleBuilder::new(crate::types::to_address(&alice()), "loud").version(6);
	let bytes = T::Vector(Box::new(T::U8));
	let e = m.struct_("E", abilities("drop store"), &[], &[("v", bytes.clone())]);
	let event = m.module_handle(1, "event");
	let emit = Function::new("emit")
		.type_parameters([abilities("drop store")])
		.parameters([T::TypeParameter(0)]);
	let emit = m.function_handle(event, &emit);
	let emit = m.function_instantiation(emit, [e.type_()]);
	m.function(
		Function::new("shout")
			.public()
			.entry()
			.parameters([bytes])
			.code([B::MoveLoc(0), B::Pack(e.def), B::CallGeneric(emit), B::Ret]),
	);
	let module = m.build().serialize().unwrap();
	test(|| {
		assert_ok!(publish(alice(), vec![module]));
		let shout = |bytes: usize, limit: CallLimit| {
			System::reset_events();
			let mut arg = Vec::new();
			move_vm_types::uleb128::write(&mut arg, bytes as u64);
			arg.resize(arg.len() + bytes, 7);
			let address = format!("{}::loud::shout", crate::types::to_address(&alice()));
			let call = execute_call(&address, &[], vec![arg], limit);
			let (weight, result) = dispatch(call, alice());
			(weight.ref_time(), result)
		};
		let deposited = || {
			let events = System::events();
			events
				.iter()
				.map(|record| record.encode().len() as u64)
				.sum::<u64>()
		};
		let (short, result) = shout(0, AMPLE);
		assert_ok!(result);
		let least = deposited();
		for bytes in [100, 10_000, 500_000] {
			let (time, result) = shout(bytes, AMPLE);
			assert_ok!(result);
			let grown = deposited() - least;
			assert!(grown >= 2 * bytes as u64);
			let price = grown * trivium_primitives::event::EVENT_BYTE_REF_TIME;
			assert!(time - short >= price, "{bytes}: {time} {short} {price}");
			// With a little less than that, nothing is deposited at all.
			let limit = CallLimit {
				ref_time: price,
				..AMPLE
			};
			assert_eq!(shout(bytes, limit).1, Err(Error::<Test>::OutOfGas.into()));
			let is_own = |event: &RuntimeEvent| matches!(event, RuntimeEvent::MoveVm(_));
			assert!(!System::events().iter().any(|record| is_own(&record.event)));
		}
		// What is longer than an event may be.
		assert!(shout(1024 * 1024, AMPLE).1.is_err());
	});
}
