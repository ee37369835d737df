//! The runtime over a world of accounts: natively, and as wasm in the executors that run it.
//!
//! Times are of the processor, as validators measure them, and not of the clock on the wall.

use std::{borrow::Cow, collections::BTreeMap, panic::AssertUnwindSafe, thread, time::Duration};

use codec::{Decode, Encode};
use pallet_evm::{
	api::runtime_decl_for_evm_api::EvmApi,
	types::{CodeInfo, ExecutionReport, EMPTY_CODE_HASH},
	Accounts, CodeInfos, Codes, Slots,
};
use polkadot_sdk::{
	cumulus_primitives_proof_size_hostfunction::storage_proof_size,
	frame_metadata_hash_extension::CheckMetadataHash,
	frame_system, pallet_balances, pallet_timestamp,
	pallet_transaction_payment::ChargeTransactionPayment,
	polkadot_node_core_pvf_common::{executor_interface, ProcessTime},
	sc_executor::{with_externalities_safe, HeapAllocStrategy, WasmExecutor},
	sc_executor_wasmtime::{
		self, Config, DeterministicStackLimit, RuntimeBlob, WasmModule, WasmtimeRuntime,
	},
	sp_core::{
		traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode},
		Blake2Hasher, Pair, H160, H256,
	},
	sp_externalities::Externalities,
	sp_genesis_builder::{runtime_decl_for_genesis_builder::GenesisBuilder, PresetId},
	sp_io,
	sp_keyring::Sr25519Keyring,
	sp_runtime::{generic::Era, traits::Header as _, BoundedVec, MultiSignature},
	sp_state_machine::{BasicExternalities, TestExternalities},
	sp_storage::Storage,
};
use serde_json::Value;
use trivium_primitives::account::ethereum_account;
use trivium_runtime::{
	Balances, Executive, Header, Nonce, Runtime, RuntimeCall, SignedPayload, TxExtension,
	UncheckedExtrinsic, WASM_BINARY,
};

/// A contract or a holder of coins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
	/// Planck.
	pub balance: u128,
	/// Ethereum's nonce.
	pub nonce: u64,
	/// The deployed code.
	pub code: Vec<u8>,
	/// Slots, none of them zero.
	pub storage: BTreeMap<H256, H256>,
}

/// The accounts that are there besides those of the development chain.
#[derive(Clone, Debug, Default)]
pub struct World {
	/// By address.
	pub accounts: BTreeMap<H160, Account>,
}

/// A call of a contract by an account that pays for it.
#[derive(Clone, Debug)]
pub struct Call {
	/// The caller.
	pub from: H160,
	/// The contract.
	pub target: H160,
	/// Its input.
	pub input: Vec<u8>,
	/// Gas; none is the block's limit.
	pub gas_limit: Option<u64>,
}

impl Call {
	/// The arguments of `EvmApi_call`.
	pub fn encode(&self) -> Vec<u8> {
		(
			ethereum_account(&self.from),
			self.target,
			&self.input,
			0u128,
			self.gas_limit,
		)
			.encode()
	}
}

/// Puts `patch` over `base`, object by object.
fn merge(base: &mut Value, patch: Value) {
	match (base, patch) {
		(Value::Object(base), Value::Object(patch)) => {
			for (key, value) in patch {
				merge(base.entry(key).or_insert(Value::Null), value);
			}
		}
		(base, patch) => *base = patch,
	}
}

impl World {
	/// Adds a contract with this code.
	pub fn with_contract(mut self, address: H160, code: Vec<u8>) -> Self {
		self.accounts.entry(address).or_default().code = code;
		self
	}

	/// The development chain's state within block 1, with these accounts.
	pub fn storage(&self) -> Storage {
		let mut ext = genesis();
		ext.execute_with(|| {
			Executive::initialize_block(&Header::new(
				1,
				Default::default(),
				Default::default(),
				Default::default(),
				Default::default(),
			));
			pallet_timestamp::Now::<Runtime>::put(1_700_000_000_000);
			self.write();
		});
		ext.into_storages()
	}

	/// Writes the accounts into the pallets' storage. Called under externalities.
	pub fn write(&self) {
		for (address, account) in &self.accounts {
			account.write(address);
		}
	}
}

/// The development chain's genesis.
pub fn genesis() -> BasicExternalities {
	let mut ext = BasicExternalities::new_empty();
	ext.execute_with(|| {
		let preset = |id: Option<PresetId>| -> Value {
			let json = Runtime::get_preset(&id).expect("the preset exists");
			serde_json::from_slice(&json).expect("a preset is JSON")
		};
		let mut genesis = preset(None);
		merge(&mut genesis, preset(Some(PresetId::from("development"))));
		Runtime::build_state(genesis.to_string().into_bytes()).expect("the preset builds");
	});
	ext
}

impl Account {
	/// Writes the account into the pallets' storage. Called under externalities.
	pub fn write(&self, address: &H160) {
		let is_kept = self.nonce != 0 || !self.code.is_empty() || !self.storage.is_empty();
		frame_system::Account::<Runtime>::insert(
			ethereum_account(address),
			frame_system::AccountInfo {
				nonce: self.nonce,
				providers: u32::from(self.balance != 0) + u32::from(is_kept),
				data: pallet_balances::AccountData {
					free: self.balance,
					..Default::default()
				},
				..Default::default()
			},
		);
		let issuance = Balances::total_issuance()
			.checked_add(self.balance)
			.expect("the balances fit");
		pallet_balances::TotalIssuance::<Runtime>::put(issuance);
		if is_kept {
			Accounts::<Runtime>::insert(address, store_code(&self.code));
		}
		for (key, value) in &self.storage {
			Slots::<Runtime>::insert(address, key, value);
		}
	}
}

/// Stores a code, or one more reference to it, and gives its hash.
fn store_code(code: &[u8]) -> H256 {
	if code.is_empty() {
		return EMPTY_CODE_HASH;
	}
	let hash = H256(sp_io::hashing::keccak_256(code));
	CodeInfos::<Runtime>::mutate(hash, |info| {
		let known = info.get_or_insert(CodeInfo {
			len_bytes: code.len() as u32,
			references: 0,
		});
		known.references += 1;
	});
	let code = BoundedVec::try_from(code.to_vec()).expect("the code is within EIP-170");
	Codes::<Runtime>::insert(hash, code);
	hash
}

/// A transaction as a wallet would make it. Called under externalities of the chain that it is for.
pub fn sign(key: Sr25519Keyring, nonce: Nonce, call: RuntimeCall) -> UncheckedExtrinsic {
	let extension = TxExtension::new((
		frame_system::AuthorizeCall::new(),
		frame_system::CheckNonZeroSender::new(),
		frame_system::CheckSpecVersion::new(),
		frame_system::CheckTxVersion::new(),
		frame_system::CheckGenesis::new(),
		frame_system::CheckEra::from(Era::Immortal),
		frame_system::CheckNonce::from(nonce),
		frame_system::CheckWeight::new(),
		ChargeTransactionPayment::from(0),
		CheckMetadataHash::new(false),
	));
	let payload = SignedPayload::new(call, extension).expect("the extension knows its chain");
	let signature = payload.using_encoded(|bytes| key.pair().sign(bytes));
	let (call, extension, _) = payload.deconstruct();
	UncheckedExtrinsic::new_signed(
		call,
		key.to_account_id().into(),
		MultiSignature::from(signature).into(),
		extension,
	)
}

/// State as a map: the counterpart of an in-memory database.
pub fn in_memory(storage: Storage) -> BasicExternalities {
	BasicExternalities::new(storage)
}

/// State as a trie: what a node has.
pub fn in_trie(storage: Storage) -> TestExternalities<Blake2Hasher> {
	TestExternalities::new(storage)
}

/// Runs a call in the native runtime. Called under externalities; leaves nothing in them.
pub fn call_natively(call: &Call) -> (Duration, ExecutionReport) {
	let from = ethereum_account(&call.from);
	let input = call.input.clone();
	let start = ProcessTime::now();
	let report = <Runtime as EvmApi<trivium_runtime::Block>>::call(
		from,
		call.target,
		input,
		0,
		call.gas_limit,
	);
	(start.elapsed(), report)
}

/// What a validator offers to a parachain, the storage that the parachain brings along itself
/// (`validate_block` answers these functions from the proof), and nothing else: what is missing traps.
type ValidatorHostFunctions = (
	sp_io::allocator::HostFunctions,
	sp_io::crypto::HostFunctions,
	sp_io::hashing::HostFunctions,
	sp_io::logging::HostFunctions,
	sp_io::misc::HostFunctions,
	sp_io::trie::HostFunctions,
	(
		sp_io::storage::HostFunctions,
		sp_io::default_child_storage::HostFunctions,
		sp_io::transaction_index::HostFunctions,
		storage_proof_size::HostFunctions,
	),
);

/// What a parachain's node offers to it.
type NodeHostFunctions = (
	storage_proof_size::HostFunctions,
	sp_io::SubstrateHostFunctions,
);

/// How a relay chain's validators compile and limit a parachain, as long as the relay chain's
/// governance does not change their parameters: 65,536 values on the stack and 130 MiB of memory.
pub const VALIDATOR: Config = executor_interface::DEFAULT_CONFIG;

/// The runtime that ships, compiled.
pub struct Wasm(Engine);

enum Engine {
	Validator {
		runtime: Box<WasmtimeRuntime>,
		heap: HeapAllocStrategy,
	},
	Node {
		executor: WasmExecutor<NodeHostFunctions>,
		code: Vec<u8>,
		hash: Vec<u8>,
	},
}

impl Wasm {
	/// Compiles the runtime as a validator does.
	pub fn validator() -> Self {
		Self::with_code(binary(), VALIDATOR)
	}

	/// Compiles a runtime, compressed or not, as a validator with these parameters does.
	pub fn with_code(code: &[u8], config: Config) -> Self {
		let heap = config.semantics.heap_alloc_strategy;
		let blob = RuntimeBlob::uncompress_if_needed(code).expect("the runtime is wasm");
		let runtime = sc_executor_wasmtime::create_runtime::<ValidatorHostFunctions>(blob, config)
			.expect("the runtime compiles");
		Self(Engine::Validator {
			runtime: Box::new(runtime),
			heap,
		})
	}

	/// Leaves a runtime to the executor of a node with its default settings.
	pub fn node(code: &[u8]) -> Self {
		Self(Engine::Node {
			executor: WasmExecutor::builder().build(),
			code: code.to_vec(),
			hash: sp_io::hashing::blake2_256(code).to_vec(),
		})
	}

	/// Calls a function of the runtime, in a fresh instance. Gives the time and the encoded result.
	///
	/// # Errors
	/// The runtime trapped.
	pub fn run(
		&self,
		ext: &mut dyn Externalities,
		function: &str,
		arguments: &[u8],
	) -> Result<(Duration, Vec<u8>), String> {
		let (time, result, _) = self.run_measured(ext, function, arguments);
		Ok((time, result?))
	}

	/// As [`Wasm::run`], and gives the bytes of memory that the host's allocator took for the call;
	/// none if they are not known. That includes what the runtime's heap holds in reserve.
	pub fn run_measured(
		&self,
		ext: &mut dyn Externalities,
		function: &str,
		arguments: &[u8],
	) -> (Duration, Result<Vec<u8>, String>, Option<u32>) {
		let start = ProcessTime::now();
		let mut memory_bytes = None;
		let result = match &self.0 {
			Engine::Validator { runtime, heap } => {
				let call = AssertUnwindSafe(|| {
					let mut instance = runtime.new_instance(*heap)?;
					let (result, stats) = instance.call_with_allocation_stats(function, arguments);
					memory_bytes = stats.map(|stats| stats.address_space_used);
					result
				});
				with_externalities_safe(ext, call).and_then(|result| result)
			}
			Engine::Node {
				executor,
				code,
				hash,
			} => {
				let code = RuntimeCode {
					code_fetcher: &WrappedRuntimeCode(Cow::Borrowed(code)),
					heap_pages: None,
					hash: hash.clone(),
				};
				let context = CallContext::Onchain { import: false };
				executor.call(ext, &code, function, arguments, context).0
			}
		};
		let time = start.elapsed();
		(
			time,
			result.map_err(|error| error.to_string()),
			memory_bytes,
		)
	}

	/// Runs a call by `EvmApi_call`; leaves nothing in the externalities.
	///
	/// # Errors
	/// The runtime trapped.
	pub fn call(
		&self,
		ext: &mut dyn Externalities,
		call: &Call,
	) -> Result<(Duration, ExecutionReport), String> {
		let (time, report) = self.run(ext, "EvmApi_call", &call.encode())?;
		let report =
			ExecutionReport::decode(&mut &report[..]).map_err(|error| error.to_string())?;
		Ok((time, report))
	}

	/// What a call takes that does nothing: making an instance, passing bytes in and out. The
	/// shortest of several.
	pub fn overhead(&self, ext: &mut dyn Externalities) -> Duration {
		(0..25)
			.map(|_| {
				self.run(ext, "Core_version", &[])
					.expect("the runtime has a version")
					.0
			})
			.min()
			.unwrap_or_default()
	}
}

/// The runtime that ships.
pub fn binary() -> &'static [u8] {
	WASM_BINARY.expect("the runtime is built with its wasm")
}

/// Runs `f` in a thread whose stack is as large as that on which a validator runs a parachain.
pub fn with_validator_stack<R: Send + 'static>(f: impl FnOnce() -> R + Send + 'static) -> R {
	let native = VALIDATOR.semantics.deterministic_stack_limit.map_or(
		0,
		|DeterministicStackLimit {
		     native_stack_max, ..
		 }| { native_stack_max as usize },
	);
	thread::Builder::new()
		.stack_size(native + 2 * 1024 * 1024)
		.spawn(f)
		.expect("there is memory for a thread")
		.join()
		.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
