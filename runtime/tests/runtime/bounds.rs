//! Whatever a runtime API is asked, it does no more than one extrinsic could.
//!
//! Anybody can ask a node by `state_call`, and nobody pays for the answer.

use hex_literal::hex;
use pallet_cross_vm::{api::runtime_decl_for_cross_vm_api::CrossVmApi, CallLimit};
use pallet_evm::{
	api::runtime_decl_for_evm_api::EvmApi,
	trace::{StructLogger, TraceError, Tracer},
	Failure,
};
use pallet_wasm::{
	api::runtime_decl_for_contracts_api::ContractsApi, Code, CollectEvents, DebugInfo,
	Error as InkError,
};
use polkadot_sdk::{
	frame_support::{dispatch::DispatchClass, weights::Weight},
	sp_core::H160,
	sp_io::TestExternalities,
	sp_keyring::Sr25519Keyring::Alice,
};
use trivium_primitives::{CallError, ContractRef};
use trivium_runtime::{configs::system::RuntimeBlockWeights, Block, Contracts, Runtime};

use crate::common::{account, apply, development};

/// `JUMPDEST PUSH0 JUMP`: never ends by itself.
const EVM_LOOP: [u8; 3] = hex!("5b5f56");
/// Deploys [`EVM_LOOP`].
const EVM_LOOP_CREATION: [u8; 11] = hex!("62" "5b5f56" "5f52" "6003" "601d" "f3");

/// An ink! contract whose messages never end by themselves.
const WASM_LOOP: &str = r#"(module
	(import "env" "memory" (memory 1 1))
	(func (export "deploy"))
	(func (export "call") (loop (br 0))))"#;

/// What one ordinary extrinsic can have.
fn most() -> Weight {
	RuntimeBlockWeights::get()
		.get(DispatchClass::Normal)
		.max_extrinsic
		.expect("there is a limit")
}

/// The development chain with [`EVM_LOOP`] on it.
fn with_evm_loop() -> (TestExternalities, H160) {
	let mut ext = development();
	let contract = ext.execute_with(|| {
		let report = <Runtime as EvmApi<Block>>::create(
			account(Alice),
			EVM_LOOP_CREATION.to_vec(),
			None,
			0,
			None,
		);
		assert_eq!(report.result, Ok(EVM_LOOP.to_vec()));
		let create = pallet_evm::Call::<Runtime>::create {
			code: EVM_LOOP_CREATION.to_vec(),
			value: 0,
			gas_limit: 1_000_000,
		};
		apply(Alice, create)
			.expect("it is valid")
			.expect("it succeeds");
		report.created.expect("it creates a contract")
	});
	(ext, contract)
}

#[test]
fn cross_vm_simulation_is_bounded_by_an_extrinsic() {
	let (mut ext, contract) = with_evm_loop();
	ext.execute_with(|| {
		let limit = CallLimit {
			ref_time: u64::MAX,
			proof_size: u64::MAX,
			deposit: None,
		};
		for limit in [Some(limit), None] {
			let answer = <Runtime as CrossVmApi<Block>>::simulate(
				account(Alice),
				ContractRef::Address(contract),
				0,
				b"f()".to_vec(),
				vec![],
				limit,
			);
			assert_eq!(answer.result, Err(CallError::OutOfGas));
			assert!(answer.weight.all_lte(most()), "{:?}", answer.weight);
		}
	});
}

#[test]
fn evm_dry_runs_and_traces_are_bounded_by_an_extrinsic() {
	let (mut ext, contract) = with_evm_loop();
	ext.execute_with(|| {
		let call = |gas_limit| {
			<Runtime as EvmApi<Block>>::call(account(Alice), contract, vec![], 0, gas_limit)
		};
		assert_eq!(call(Some(u64::MAX)).result, Err(Failure::GasLimitTooHigh));
		let report = call(None);
		assert_eq!(report.result, Err(Failure::OutOfGas));
		assert!(report.weight.all_lte(most()), "{:?}", report.weight);

		let estimate =
			<Runtime as EvmApi<Block>>::estimate_gas(account(Alice), Some(contract), vec![], 0);
		assert!(estimate.is_err());
		let trace = <Runtime as EvmApi<Block>>::trace_call(
			account(Alice),
			Some(contract),
			vec![],
			0,
			Some(u64::MAX),
			Tracer::StructLog(StructLogger::default()),
		);
		assert_eq!(trace, Err(TraceError::Refused(Failure::GasLimitTooHigh)));
	});
}

#[test]
fn ink_dry_runs_are_bounded_by_an_extrinsic() {
	development().execute_with(|| {
		let code = wat::parse_str(WASM_LOOP).expect("it is valid");
		let dry_run = <Runtime as ContractsApi<Block, _>>::instantiate(
			account(Alice),
			0,
			Some(Weight::MAX),
			None,
			Code::Upload(code.clone()),
			vec![],
			vec![],
		);
		let contract = dry_run.result.expect("it instantiates").account_id;
		assert!(dry_run.gas_required.all_lte(most()));
		let made = Contracts::bare_instantiate(
			account(Alice),
			0,
			dry_run.gas_required,
			None,
			Code::Upload(code),
			vec![],
			vec![],
			DebugInfo::Skip,
			CollectEvents::Skip,
		);
		assert_eq!(made.result.expect("it instantiates").account_id, contract);
		for limit in [Some(Weight::MAX), None] {
			let answer = <Runtime as ContractsApi<Block, _>>::call(
				account(Alice),
				contract.clone(),
				0,
				limit,
				None,
				vec![],
			);
			assert_eq!(answer.result, Err(InkError::<Runtime>::OutOfGas.into()));
			assert!(
				answer.gas_required.all_lte(most()),
				"{:?}",
				answer.gas_required
			);
		}
	});
}
