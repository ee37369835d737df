//! Calls and instantiations from outside of contracts: by transactions, by runtime APIs, by pallets.

use alloc::vec::Vec;
use core::iter;

use polkadot_sdk::{
	frame_support::{
		dispatch::{DispatchErrorWithPostInfo, DispatchResultWithPostInfo, PostDispatchInfo},
		storage::{child, transactional::with_transaction_unchecked},
	},
	frame_system::{self, EventRecord},
	sp_core::H256,
	sp_runtime::{DispatchError, TransactionOutcome},
	sp_weights::Weight,
};
use trivium_primitives::{AccountId, Balance};

use crate::{
	code::{self, Executable, Uploaded},
	contract::{self, ContractInfo, Key},
	deposit,
	frames::Stack,
	gas::GasMeter,
	weights::{entries, WeightInfo},
	Code, CodeUploadResult, CodeUploadReturnValue, CollectEvents, Config, ContractAccessError,
	ContractExecResult, ContractInfoOf, ContractInstantiateResult, ContractResult, DebugInfo,
	Error, ExecReturnValue, GetStorageResult, InstantiateReturnValue, Origin, Pallet,
	StorageDeposit,
};

/// An event record of the runtime.
pub type EventRecordOf<T> =
	EventRecord<<T as frame_system::Config>::RuntimeEvent, <T as frame_system::Config>::Hash>;

/// What every execution from outside is given.
#[derive(Clone, Debug)]
pub(crate) struct Common {
	/// Who acts, and pays for storage.
	pub origin: Origin,
	/// Planck to send along.
	pub value: Balance,
	/// Weight that may be used.
	pub gas_limit: Weight,
	/// What may be added to deposits; the default if not said.
	pub deposit_limit: Option<Balance>,
	/// Input.
	pub data: Vec<u8>,
	/// Whether debug messages are wanted.
	pub debug: DebugInfo,
}

/// What an execution came to.
pub(crate) struct Ended<R> {
	/// Its result.
	pub result: Result<R, DispatchError>,
	/// Its account of weight.
	pub gas: GasMeter,
	/// Deposit that changed hands.
	pub deposit: StorageDeposit,
	/// What it said.
	pub debug: Vec<u8>,
}

/// Readies a stack, runs `f` on it, and sums up.
fn with_stack<T: Config, R>(
	common: &Common,
	f: impl FnOnce(&mut Stack<T>) -> Result<R, DispatchError>,
) -> Ended<R> {
	let payer = common.origin.account().ok().cloned();
	let limit = match &payer {
		Some(payer) => deposit::checked_limit::<T>(payer, common.deposit_limit, common.value),
		None => Ok(0),
	};
	let (limit, refused) = match limit {
		Ok(limit) => (limit, None),
		Err(error) => (0, Some(error)),
	};
	let origin = common.origin.clone();
	let mut stack = Stack::<T>::new(origin, payer, common.gas_limit, limit, false);
	if common.debug == DebugInfo::UnsafeDebug {
		stack.debug = Some(Vec::new());
	}
	let result = match refused {
		Some(error) => Err(error),
		None => f(&mut stack),
	};
	Ended {
		result,
		deposit: stack.deposit.total(),
		debug: stack.debug.take().unwrap_or_default(),
		gas: stack.gas,
	}
}

/// Calls a contract.
pub(crate) fn call<T: Config>(target: AccountId, mut common: Common) -> Ended<ExecReturnValue> {
	let data = core::mem::take(&mut common.data);
	let value = common.value;
	with_stack::<T, _>(&common, |stack| {
		stack
			.call(target, value, data, Default::default(), true, false)
			.map_err(|failure| failure.error)
	})
}

/// Instantiates a contract from code that is stored.
pub(crate) fn instantiate<T: Config>(
	code: Stored,
	salt: &[u8],
	mut common: Common,
) -> Ended<(AccountId, ExecReturnValue)> {
	let data = core::mem::take(&mut common.data);
	let value = common.value;
	with_stack::<T, _>(&common, |stack| {
		common.origin.account()?;
		let code = match code {
			Stored::Loaded(code) => *code,
			Stored::Hash(hash) => Executable::load::<T>(hash, stack.gas_meter())?,
		};
		stack
			.instantiate(code, value, data, salt, Default::default())
			.map_err(|failure| failure.error)
	})
}

/// Code that is stored.
pub(crate) enum Stored {
	/// And has been paid for and loaded.
	Loaded(alloc::boxed::Box<Executable>),
	/// By its hash.
	Hash(H256),
}

/// A call, before and after it runs: who calls, the contract and its record.
pub(crate) fn base_of_call<T: Config>() -> Weight {
	T::WeightInfo::call().saturating_add(entries(3))
}

/// An instantiation, before and after it runs: as a call, and the code and its record.
pub(crate) fn base_of_instantiate<T: Config>(input: &[u8], salt: &[u8]) -> Weight {
	let (input, salt) = (contract::len_of(input), contract::len_of(salt));
	T::WeightInfo::instantiate(input, salt).saturating_add(entries(6))
}

/// The same with an upload.
pub(crate) fn base_of_instantiate_with_code<T: Config>(
	code: &[u8],
	input: &[u8],
	salt: &[u8],
) -> Weight {
	let code = contract::len_of(code);
	T::WeightInfo::upload_code(code)
		.saturating_add(T::WeightInfo::load_code(code))
		.saturating_add(base_of_instantiate::<T>(input, salt))
}

/// The answer of a dispatchable: a contract that reverts is an error, and what was used is charged.
pub(crate) fn dispatch_result<T: Config, R>(
	ended: Ended<R>,
	base: Weight,
	output: impl Fn(&R) -> &ExecReturnValue,
) -> DispatchResultWithPostInfo {
	let post_info = PostDispatchInfo {
		actual_weight: Some(ended.gas.consumed().saturating_add(base)),
		pays_fee: Default::default(),
	};
	let failed = |error| DispatchErrorWithPostInfo { post_info, error };
	let result = ended.result.map_err(failed)?;
	if output(&result).did_revert() {
		return Err(failed(Error::<T>::ContractReverted.into()));
	}
	Ok(post_info)
}

impl<T: Config> Pallet<T> {
	/// Calls a contract as if `origin` had; for runtime APIs and other pallets.
	#[allow(clippy::too_many_arguments)]
	pub fn bare_call(
		origin: AccountId,
		dest: AccountId,
		value: Balance,
		gas_limit: Weight,
		storage_deposit_limit: Option<Balance>,
		data: Vec<u8>,
		debug: DebugInfo,
		events: CollectEvents,
	) -> ContractExecResult<EventRecordOf<T>> {
		let ended = call::<T>(
			dest,
			Common {
				origin: Origin::Signed(origin),
				value,
				gas_limit,
				deposit_limit: storage_deposit_limit,
				data,
				debug,
			},
		);
		result_of::<T, _>(ended, events)
	}

	/// Instantiates a contract as if `origin` had, uploading its code if need be; for runtime APIs and
	/// other pallets.
	#[allow(clippy::too_many_arguments)]
	pub fn bare_instantiate(
		origin: AccountId,
		value: Balance,
		gas_limit: Weight,
		mut storage_deposit_limit: Option<Balance>,
		code: Code,
		data: Vec<u8>,
		salt: Vec<u8>,
		debug: DebugInfo,
		events: CollectEvents,
	) -> ContractInstantiateResult<EventRecordOf<T>> {
		let mut upload_deposit = 0;
		let code = match code {
			Code::Existing(hash) => Stored::Hash(hash),
			Code::Upload(code) => {
				match code::upload::<T>(origin.clone(), code, storage_deposit_limit) {
					Ok(Uploaded {
						executable,
						deposit,
					}) => {
						upload_deposit = deposit;
						storage_deposit_limit =
							storage_deposit_limit.map(|limit| limit.saturating_sub(deposit));
						Stored::Loaded(executable.into())
					}
					Err((error, fault)) => {
						let why = fault.filter(|_| debug == DebugInfo::UnsafeDebug);
						return result_of::<T, _>(
							Ended {
								result: Err(error),
								gas: GasMeter::new(Weight::zero()),
								deposit: StorageDeposit::default(),
								debug: why.map_or_else(Vec::new, |why| why.text().into()),
							},
							events,
						);
					}
				}
			}
		};
		let common = Common {
			origin: Origin::Signed(origin),
			value,
			gas_limit,
			deposit_limit: storage_deposit_limit,
			data,
			debug,
		};
		let ended = instantiate::<T>(code, &salt, common);
		let deposit = ended.deposit.plus(StorageDeposit::Charge(upload_deposit));
		let result = ended
			.result
			.map(|(account_id, result)| InstantiateReturnValue { result, account_id });
		result_of::<T, _>(
			Ended {
				result,
				gas: ended.gas,
				deposit,
				debug: ended.debug,
			},
			events,
		)
	}

	/// Uploads code as if `origin` had.
	pub fn bare_upload_code(
		origin: AccountId,
		code: Vec<u8>,
		storage_deposit_limit: Option<Balance>,
	) -> CodeUploadResult {
		let uploaded = code::upload::<T>(origin, code, storage_deposit_limit);
		let uploaded = uploaded.map_err(|(error, fault)| {
			if let Some(fault) = fault {
				log::debug!(target: crate::LOG_TARGET, "code refused: {}", fault.text());
			}
			error
		})?;
		Ok(CodeUploadReturnValue {
			code_hash: uploaded.executable.hash,
			deposit: uploaded.deposit,
		})
	}

	/// The value under a key of a contract's storage. The key is one of variable length.
	pub fn get_storage(account: AccountId, key: Vec<u8>) -> GetStorageResult {
		let info =
			ContractInfo::<T>::load(&account).map_err(|_| ContractAccessError::DoesntExist)?;
		let key = Key::variable::<T>(key).map_err(|_| ContractAccessError::KeyDecodingFailed)?;
		Ok(child::get_raw(
			&contract::trie(&info.trie_id),
			&key.hashed(),
		))
	}

	/// The account that a contract will have that `deployer` instantiates.
	pub fn contract_address(
		deployer: &AccountId,
		code_hash: &H256,
		input: &[u8],
		salt: &[u8],
	) -> AccountId {
		contract::address::<T>(deployer, code_hash, input, salt)
	}

	/// The code of a contract.
	pub fn code_hash(account: &AccountId) -> Option<H256> {
		ContractInfoOf::<T>::get(account).map(|info| info.code_hash)
	}
}

/// How often a limit is raised: by a 64th of it first, each time by twice as much, so that it has doubled in the end.
const RAISES: u32 = 7;

/// Tries something out, and says which limit of weight suffices for the same outcome.
///
/// What a frame had to have for a moment is known of this VM's own frames. Below a hop it is not: a callee in another VM
/// may have been charged more than it used, and each frame hands on no more than its part. So the limit that
/// seems to suffice is tried, and raised until the outcome is the same, at most to twice as much. The same are its
/// result and what it used, because a contract may survive that a hop failed. For an outcome that depends on how much
/// weight was left, and so is another each time, the first limit stands. All trials but one together use no more
/// than `limit`.
pub fn tried<R: PartialEq, E>(
	limit: Weight,
	run: impl Fn(Weight) -> ContractResult<R, E>,
) -> ContractResult<R, E> {
	let run = |limit| with_transaction_unchecked(|| TransactionOutcome::Rollback(run(limit)));
	let mut outcome = run(limit);
	let least = outcome.gas_required;
	let mut spent = outcome.gas_consumed;
	let raises = (0..RAISES).rev().map(|halvings| least.div(1 << halvings));
	for raise in iter::once(Weight::zero()).chain(raises) {
		let enough = least.saturating_add(raise);
		if enough.any_gt(limit) || spent.any_gt(limit) {
			break;
		}
		let again = run(enough);
		if (&again.result, again.gas_consumed) == (&outcome.result, outcome.gas_consumed) {
			outcome.gas_required = enough;
			break;
		}
		spent = spent.saturating_add(again.gas_consumed);
	}
	outcome
}

fn result_of<T: Config, R>(
	ended: Ended<R>,
	events: CollectEvents,
) -> ContractResult<Result<R, DispatchError>, EventRecordOf<T>> {
	let events = (events == CollectEvents::UnsafeCollect).then(|| {
		let records = frame_system::Pallet::<T>::read_events_no_consensus();
		records.map(|record| *record).collect()
	});
	ContractResult {
		gas_consumed: ended.gas.consumed(),
		gas_required: ended.gas.required(),
		storage_deposit: ended.deposit,
		debug_message: ended.debug,
		result: ended.result,
		events,
	}
}
