//! What the node and clients can ask the runtime.

use alloc::vec::Vec;

use codec::Encode;
use pallet_cross_vm::CallLimit;
use pallet_interfaces::types::Attestation;
#[cfg(feature = "runtime-benchmarks")]
use polkadot_sdk::frame_benchmarking;
#[cfg(feature = "try-runtime")]
use polkadot_sdk::frame_try_runtime;
use polkadot_sdk::{
	cumulus_primitives_aura, cumulus_primitives_core, frame_support,
	frame_support::{
		dispatch::DispatchClass,
		genesis_builder_helper::{build_state, get_preset},
		weights::Weight,
	},
	frame_system_rpc_runtime_api,
	pallet_aura::Authorities,
	pallet_transaction_payment, pallet_transaction_payment_rpc_runtime_api,
	sp_api::{self, impl_runtime_apis},
	sp_block_builder, sp_consensus_aura,
	sp_consensus_aura::sr25519::AuthorityId as AuraId,
	sp_core::{crypto::KeyTypeId, OpaqueMetadata, H160, H256},
	sp_genesis_builder, sp_inherents, sp_offchain,
	sp_runtime::{
		traits::{Block as BlockT, ExtrinsicCall as _},
		transaction_validity::{TransactionSource, TransactionValidity},
		ApplyExtrinsicResult, ExtrinsicInclusionMode,
	},
	sp_session, sp_transaction_pool, sp_version,
};
use trivium_primitives::{
	interface::Described,
	trace::{Trace, TraceError},
	ContractRef, Receipt, ReceiptLog, ReceiptProof, Simulation, Value, VmId,
};

use crate::{
	configs::system::{ConsensusHook, RuntimeBlockWeights},
	constants::{
		time::SLOT_DURATION,
		velocity::{BLOCK_PROCESSING_VELOCITY, MAX_CLAIM_QUEUE_OFFSET, RELAY_PARENT_OFFSET},
	},
	genesis_config_presets, AccountId, Balance, Block, Contracts, CrossVm, Evm, Executive, Hash,
	InherentDataExt, Interfaces, MoveVm, Nonce, ParachainInfo, ParachainSystem, Runtime,
	RuntimeCall, RuntimeEvent, RuntimeGenesisConfig, SessionKeys, System, TransactionPayment,
	VERSION,
};

/// What an Ethereum transaction pays at most, its tip aside, if the call is one. It pays by its gas, and
/// nothing of what other transactions pay.
fn ethereum_fee(call: &RuntimeCall) -> Option<Balance> {
	match call {
		RuntimeCall::Evm(pallet_evm::Call::transact { raw }) => Some(Evm::fee_limit(raw)),
		_ => None,
	}
}

/// A fee that is for work alone, as `pallet-transaction-payment` tells it.
fn fee_of_gas(fee: Balance) -> pallet_transaction_payment::FeeDetails<Balance> {
	pallet_transaction_payment::FeeDetails {
		inclusion_fee: Some(pallet_transaction_payment::InclusionFee {
			base_fee: 0,
			len_fee: 0,
			adjusted_weight_fee: fee,
		}),
		tip: 0,
	}
}

/// An event with its phase, as dry runs of contracts report it.
type EventRecord = polkadot_sdk::frame_system::EventRecord<RuntimeEvent, Hash>;

/// What a dry run may use of what it asks for: never more than an extrinsic can have. Nobody pays for
/// a dry run, and anybody can ask for one.
fn bounded(asked: Option<Weight>) -> Weight {
	let weights = RuntimeBlockWeights::get();
	let most = weights
		.get(DispatchClass::Normal)
		.max_extrinsic
		.unwrap_or(weights.max_block);
	asked.map_or(most, |asked| asked.min(most))
}

impl_runtime_apis! {
	// --- Execution -------------------------------------------------------------------------------

	impl sp_api::Core<Block> for Runtime {
		fn version() -> sp_version::RuntimeVersion {
			VERSION
		}

		fn execute_block(block: <Block as BlockT>::LazyBlock) {
			Executive::execute_block(block)
		}

		fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
			Executive::initialize_block(header)
		}
	}

	impl sp_api::Metadata<Block> for Runtime {
		fn metadata() -> OpaqueMetadata {
			OpaqueMetadata::new(Runtime::metadata().into())
		}

		fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
			Runtime::metadata_at_version(version)
		}

		fn metadata_versions() -> Vec<u32> {
			Runtime::metadata_versions()
		}
	}

	impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
		fn execute_view_function(
			id: frame_support::view_functions::ViewFunctionId,
			input: Vec<u8>,
		) -> Result<Vec<u8>, frame_support::view_functions::ViewFunctionDispatchError> {
			Runtime::execute_view_function(id, input)
		}
	}

	impl sp_block_builder::BlockBuilder<Block> for Runtime {
		fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
			Executive::apply_extrinsic(extrinsic)
		}

		fn finalize_block() -> <Block as BlockT>::Header {
			Executive::finalize_block()
		}

		fn inherent_extrinsics(
			data: sp_inherents::InherentData,
		) -> Vec<<Block as BlockT>::Extrinsic> {
			data.create_extrinsics()
		}

		fn check_inherents(
			block: <Block as BlockT>::LazyBlock,
			data: sp_inherents::InherentData,
		) -> sp_inherents::CheckInherentsResult {
			data.check_extrinsics(&block)
		}
	}

	impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
		fn validate_transaction(
			source: TransactionSource,
			tx: <Block as BlockT>::Extrinsic,
			block_hash: <Block as BlockT>::Hash,
		) -> TransactionValidity {
			Executive::validate_transaction(source, tx, block_hash)
		}
	}

	impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
		fn offchain_worker(header: &<Block as BlockT>::Header) {
			Executive::offchain_worker(header)
		}
	}

	// --- Consensus -------------------------------------------------------------------------------

	impl sp_session::SessionKeys<Block> for Runtime {
		fn generate_session_keys(
			owner: Vec<u8>,
			seed: Option<Vec<u8>>,
		) -> sp_session::OpaqueGeneratedSessionKeys {
			SessionKeys::generate(&owner, seed).into()
		}

		fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
			SessionKeys::decode_into_raw_public_keys(&encoded)
		}
	}

	impl sp_consensus_aura::AuraApi<Block, AuraId> for Runtime {
		fn slot_duration() -> sp_consensus_aura::SlotDuration {
			sp_consensus_aura::SlotDuration::from_millis(SLOT_DURATION)
		}

		fn authorities() -> Vec<AuraId> {
			Authorities::<Runtime>::get().into_inner()
		}
	}

	impl cumulus_primitives_aura::AuraUnincludedSegmentApi<Block> for Runtime {
		fn can_build_upon(
			included_hash: <Block as BlockT>::Hash,
			slot: cumulus_primitives_aura::Slot,
		) -> bool {
			ConsensusHook::can_build_upon(included_hash, slot)
		}
	}

	impl cumulus_primitives_core::CollectCollationInfo<Block> for Runtime {
		fn collect_collation_info(
			header: &<Block as BlockT>::Header,
		) -> cumulus_primitives_core::CollationInfo {
			ParachainSystem::collect_collation_info(header)
		}
	}

	impl cumulus_primitives_core::GetParachainInfo<Block> for Runtime {
		fn parachain_id() -> cumulus_primitives_core::ParaId {
			ParachainInfo::parachain_id()
		}
	}

	impl cumulus_primitives_core::RelayParentOffsetApi<Block> for Runtime {
		fn relay_parent_offset() -> u32 {
			RELAY_PARENT_OFFSET
		}

		fn max_claim_queue_offset() -> u8 {
			MAX_CLAIM_QUEUE_OFFSET
		}
	}

	impl cumulus_primitives_core::SchedulingV3EnabledApi<Block> for Runtime {
		fn scheduling_v3_enabled() -> bool {
			false
		}
	}

	impl cumulus_primitives_core::TargetBlockRate<Block> for Runtime {
		fn target_block_rate() -> u32 {
			BLOCK_PROCESSING_VELOCITY
		}
	}

	impl cumulus_primitives_core::KeyToIncludeInRelayProof<Block> for Runtime {
		fn keys_to_prove() -> cumulus_primitives_core::RelayProofRequest {
			Default::default()
		}
	}

	// --- Accounts and fees -----------------------------------------------------------------------

	impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
		fn account_nonce(account: AccountId) -> Nonce {
			System::account_nonce(account)
		}
	}

	impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance>
		for Runtime
	{
		fn query_info(
			uxt: <Block as BlockT>::Extrinsic,
			len: u32,
		) -> pallet_transaction_payment_rpc_runtime_api::RuntimeDispatchInfo<Balance> {
			let info = TransactionPayment::query_info(uxt.clone(), len);
			let partial_fee = ethereum_fee(uxt.call()).unwrap_or(info.partial_fee);
			pallet_transaction_payment_rpc_runtime_api::RuntimeDispatchInfo { partial_fee, ..info }
		}

		fn query_fee_details(
			uxt: <Block as BlockT>::Extrinsic,
			len: u32,
		) -> pallet_transaction_payment::FeeDetails<Balance> {
			match ethereum_fee(uxt.call()) {
				Some(fee) => fee_of_gas(fee),
				None => TransactionPayment::query_fee_details(uxt, len),
			}
		}

		fn query_weight_to_fee(weight: Weight) -> Balance {
			TransactionPayment::weight_to_fee(weight)
		}

		fn query_length_to_fee(length: u32) -> Balance {
			TransactionPayment::length_to_fee(length)
		}
	}

	impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<
		Block,
		Balance,
		RuntimeCall,
	> for Runtime {
		fn query_call_info(
			call: RuntimeCall,
			len: u32,
		) -> pallet_transaction_payment::RuntimeDispatchInfo<Balance> {
			let fee = ethereum_fee(&call);
			let info = TransactionPayment::query_call_info(call, len);
			let partial_fee = fee.unwrap_or(info.partial_fee);
			pallet_transaction_payment::RuntimeDispatchInfo { partial_fee, ..info }
		}

		fn query_call_fee_details(
			call: RuntimeCall,
			len: u32,
		) -> pallet_transaction_payment::FeeDetails<Balance> {
			match ethereum_fee(&call) {
				Some(fee) => fee_of_gas(fee),
				None => TransactionPayment::query_call_fee_details(call, len),
			}
		}

		fn query_weight_to_fee(weight: Weight) -> Balance {
			TransactionPayment::weight_to_fee(weight)
		}

		fn query_length_to_fee(length: u32) -> Balance {
			TransactionPayment::length_to_fee(length)
		}
	}

	// --- Contracts -------------------------------------------------------------------------------

	impl pallet_cross_vm::api::CrossVmApi<Block> for Runtime {
		fn simulate(
			origin: AccountId,
			target: ContractRef,
			value: Balance,
			signature: Vec<u8>,
			args: Vec<Value>,
			limit: Option<CallLimit>,
		) -> Simulation {
			CrossVm::simulate(origin, target, value, signature, args, limit)
		}

		fn resolve(target: ContractRef) -> (AccountId, Option<VmId>) {
			CrossVm::resolve(target)
		}

		fn alias_of(account: AccountId) -> H160 {
			CrossVm::alias_of(account)
		}

		fn account_of(alias: H160) -> AccountId {
			CrossVm::account_of(alias)
		}

		fn receipts() -> Vec<Receipt> {
			CrossVm::receipts()
		}

		fn prove_receipt(index: u32) -> Option<ReceiptProof> {
			CrossVm::prove_receipt(index)
		}

		fn logs() -> Vec<(Option<u32>, ReceiptLog)> {
			CrossVm::logs()
		}

		fn trace(block: Block, index: u32) -> Result<Trace, TraceError> {
			let (header, extrinsics) = block.deconstruct();
			CrossVm::trace(
				header.number,
				extrinsics,
				index,
				|| {
					Executive::initialize_block(&header);
				},
				Executive::apply_extrinsic,
			)
		}
	}

	impl pallet_interfaces::api::InterfacesApi<Block> for Runtime {
		fn interface_of(contract: ContractRef) -> Option<Described> {
			Interfaces::describe(&contract)
		}

		fn attestations(
			contract: AccountId,
			by: Vec<AccountId>,
		) -> Vec<(AccountId, Attestation)> {
			Interfaces::attestations(&contract, by)
		}
	}

	impl pallet_evm::api::EvmApi<Block> for Runtime {
		fn call(
			from: AccountId,
			target: H160,
			input: Vec<u8>,
			value: Balance,
			gas_limit: Option<u64>,
		) -> pallet_evm::types::ExecutionReport {
			Evm::simulate_call(from, target, input, value, gas_limit)
		}

		fn create(
			from: AccountId,
			code: Vec<u8>,
			salt: Option<H256>,
			value: Balance,
			gas_limit: Option<u64>,
		) -> pallet_evm::types::ExecutionReport {
			Evm::simulate_create(from, code, salt, value, gas_limit)
		}

		fn estimate_gas(
			from: AccountId,
			target: Option<H160>,
			input: Vec<u8>,
			value: Balance,
		) -> Result<u64, pallet_evm::Failure> {
			Evm::estimate_gas(from, target, input, value)
		}

		fn account(address: H160) -> pallet_evm::types::AccountInfo {
			Evm::account_info(&address)
		}

		fn storage_at(address: H160, key: H256) -> H256 {
			Evm::storage_at(&address, &key)
		}

		fn code_at(address: H160) -> Vec<u8> {
			Evm::code_at(&address)
		}

		fn trace_transaction(
			block: Block,
			index: u32,
			tracer: pallet_evm::trace::Tracer,
		) -> Result<pallet_evm::trace::Trace, pallet_evm::trace::TraceError> {
			let (header, extrinsics) = block.deconstruct();
			Evm::ensure_next(header.number)?;
			Executive::initialize_block(&header);
			Evm::trace_extrinsic(extrinsics, index, tracer, Executive::apply_extrinsic)
		}

		fn trace_block(
			block: Block,
			tracer: pallet_evm::trace::Tracer,
		) -> Result<Vec<(u32, pallet_evm::trace::Trace)>, pallet_evm::trace::TraceError> {
			let (header, extrinsics) = block.deconstruct();
			Evm::ensure_next(header.number)?;
			Executive::initialize_block(&header);
			Evm::trace_extrinsics(extrinsics, tracer, Executive::apply_extrinsic)
		}

		fn trace_call(
			from: AccountId,
			target: Option<H160>,
			input: Vec<u8>,
			value: Balance,
			gas_limit: Option<u64>,
			tracer: pallet_evm::trace::Tracer,
		) -> Result<pallet_evm::trace::Trace, pallet_evm::trace::TraceError> {
			Evm::trace_call(from, target, input, value, gas_limit, tracer)
		}

		fn extrinsic(raw: Vec<u8>) -> Vec<u8> {
			let call = RuntimeCall::Evm(pallet_evm::Call::transact { raw });
			crate::UncheckedExtrinsic::new_bare(call).encode()
		}
	}

	impl pallet_move::api::MoveApi<Block> for Runtime {
		fn call_view(
			module: pallet_move::types::ModuleRef,
			function: Vec<u8>,
			type_args: Vec<Vec<u8>>,
			args: Vec<Vec<u8>>,
		) -> Result<Vec<Vec<u8>>, pallet_move::MoveFailure> {
			MoveVm::call_view(module, function, type_args, args)
		}

		fn estimate(
			origin: AccountId,
			call: pallet_move::types::MoveCall,
			limit: Option<pallet_move::CallLimit>,
		) -> pallet_move::types::Estimate {
			MoveVm::estimate(origin, call, limit)
		}

		fn module_abi(
			account: AccountId,
			name: Vec<u8>,
		) -> Option<pallet_move::types::ModuleAbi> {
			MoveVm::module_abi(&account, name)
		}

		fn module_bytecode(account: AccountId, name: Vec<u8>) -> Option<pallet_move::types::Stored> {
			MoveVm::module_bytecode(&account, name)
		}

		fn resource(account: AccountId, tag: Vec<u8>) -> Option<pallet_move::types::Stored> {
			MoveVm::resource(&account, &tag)
		}

		fn modules_of(account: AccountId) -> Vec<Vec<u8>> {
			MoveVm::modules_of(&account)
		}
	}

	impl pallet_wasm::api::ContractsApi<Block, EventRecord> for Runtime {
		fn call(
			origin: AccountId,
			dest: AccountId,
			value: Balance,
			gas_limit: Option<Weight>,
			storage_deposit_limit: Option<Balance>,
			input_data: Vec<u8>,
		) -> pallet_wasm::ContractExecResult<EventRecord> {
			pallet_wasm::tried(bounded(gas_limit), |gas_limit| {
				Contracts::bare_call(
					origin.clone(),
					dest.clone(),
					value,
					gas_limit,
					storage_deposit_limit,
					input_data.clone(),
					pallet_wasm::DebugInfo::UnsafeDebug,
					pallet_wasm::CollectEvents::UnsafeCollect,
				)
			})
		}

		fn instantiate(
			origin: AccountId,
			value: Balance,
			gas_limit: Option<Weight>,
			storage_deposit_limit: Option<Balance>,
			code: pallet_wasm::Code,
			data: Vec<u8>,
			salt: Vec<u8>,
		) -> pallet_wasm::ContractInstantiateResult<EventRecord> {
			pallet_wasm::tried(bounded(gas_limit), |gas_limit| {
				Contracts::bare_instantiate(
					origin.clone(),
					value,
					gas_limit,
					storage_deposit_limit,
					code.clone(),
					data.clone(),
					salt.clone(),
					pallet_wasm::DebugInfo::UnsafeDebug,
					pallet_wasm::CollectEvents::UnsafeCollect,
				)
			})
		}

		fn upload_code(
			origin: AccountId,
			code: Vec<u8>,
			storage_deposit_limit: Option<Balance>,
			determinism: pallet_wasm::Determinism,
		) -> pallet_wasm::CodeUploadResult {
			let _ = determinism;
			Contracts::bare_upload_code(origin, code, storage_deposit_limit)
		}

		fn get_storage(
			address: AccountId,
			key: Vec<u8>,
		) -> pallet_wasm::GetStorageResult {
			Contracts::get_storage(address, key)
		}
	}

	// --- Genesis ---------------------------------------------------------------------------------

	impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
		fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
			build_state::<RuntimeGenesisConfig>(config)
		}

		fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
			get_preset::<RuntimeGenesisConfig>(id, genesis_config_presets::get_preset)
		}

		fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
			genesis_config_presets::preset_names()
		}
	}

	// --- Tools -----------------------------------------------------------------------------------

	#[cfg(feature = "try-runtime")]
	impl frame_try_runtime::TryRuntime<Block> for Runtime {
		fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
			// The caller is a developer's tool, which reports the panic.
			let weight = Executive::try_runtime_upgrade(checks).unwrap();
			(weight, RuntimeBlockWeights::get().max_block)
		}

		fn execute_block(
			block: <Block as BlockT>::LazyBlock,
			state_root_check: bool,
			signature_check: bool,
			select: frame_try_runtime::TryStateSelect,
		) -> Weight {
			Executive::try_execute_block(block, state_root_check, signature_check, select).unwrap()
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	impl frame_benchmarking::Benchmark<Block> for Runtime {
		fn benchmark_metadata(extra: bool) -> (
			Vec<frame_benchmarking::BenchmarkList>,
			Vec<frame_support::traits::StorageInfo>,
		) {
			crate::benchmarks::metadata(extra)
		}

		fn dispatch_benchmark(
			config: frame_benchmarking::BenchmarkConfig,
		) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
			crate::benchmarks::dispatch(config)
		}
	}
}
