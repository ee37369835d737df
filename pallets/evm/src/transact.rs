//! Ethereum transactions: whether one may run, and running it.
//!
//! The rules are Ethereum's, in its order: what the transaction says of itself, the sender's code and
//! nonce, and funds for the gas limit at the highest price offered and for the value. The fee for the
//! whole gas limit is taken from the ledger before anything runs, and what is left over is given back
//! at the end. From then on the transaction has happened, whether its execution succeeds or not: the
//! nonce is used, the authorizations stand and the gas is paid for.

use alloc::vec::Vec;
use polkadot_sdk::{
	frame_support::{
		defensive,
		traits::{
			fungible::Balanced,
			tokens::{Fortitude, Precision, Preservation},
			Get, Imbalance, OnUnbalanced,
		},
	},
	sp_core::H160,
	sp_weights::Weight,
};
use revm::{
	context::{JournalTr, LocalContextTr, TxEnv},
	context_interface::{
		journaled_state::account::JournaledAccountTr,
		result::{InvalidHeader, InvalidTransaction},
		transaction::{Transaction, TransactionType},
		Block, Cfg,
	},
	handler::{execution, post_execution, pre_execution, validation, FrameResult},
	interpreter::{
		interpreter_action::FrameInit, Gas, GasTracker, InitialAndFloorGas, SharedMemory,
	},
	primitives::U256,
	state::AccountInfo,
};
use trivium_primitives::{
	account, trace::FrameKind, AccountId, AddressMapping, Balance, Dispatch, Entry, VmId,
};

use crate::{
	bridge::Environment,
	database::{Stop, StorageDb},
	execute::{build, context, entry, run_frames, Outcome, Success, TriviumEvm},
	fees,
	gas::{transaction_weight, ProofMeter, ALIAS_PROOF_BYTES, CODE_PROOF_BYTES},
	journal::{EvmJournal, Shared},
	native,
	rules::Rules,
	trace,
	transaction::recover_authorities,
	types::{from_address, to_b256, EMPTY_CODE_HASH},
	BlockGas, ChainId, Codes, Config, Failure, Pallet, Refusal,
};

/// A transaction that may run now.
#[derive(Clone, Debug)]
pub(crate) struct Valid {
	pub tx: TxEnv,
	/// The sender.
	pub account: AccountId,
	gas: InitialAndFloorGas,
	/// Planck for each gas, tip included.
	pub price: Balance,
	/// The part of it that is the block's.
	base_price: Balance,
	/// Planck for the blobs.
	blob_fee: Balance,
	/// Proof size of looking at the sender's code, bytes.
	code_proof_bytes: u64,
}

/// What became of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
	/// Who signed it.
	pub sender: H160,
	/// The contract called, or the address of the one to be created.
	pub contract: H160,
	/// The new contract.
	pub created: Option<H160>,
	/// What was returned, or why the execution failed.
	pub result: Result<Vec<u8>, Failure>,
	/// Gas used by the EVM, which counts against the gas limit.
	pub gas_used: u64,
	/// Gas paid for; see [`fees::charged_gas`].
	pub gas_charged: u64,
	/// Planck paid for each gas.
	pub gas_price: Balance,
	/// What the transaction is charged in the block's budget.
	pub weight: Weight,
}

impl From<InvalidHeader> for Refusal {
	fn from(_: InvalidHeader) -> Self {
		Self::BadBlock
	}
}

impl From<Stop> for Failure {
	fn from(Stop(failure): Stop) -> Self {
		failure
	}
}

impl From<InvalidTransaction> for Failure {
	fn from(_: InvalidTransaction) -> Self {
		Self::Internal
	}
}

impl<T: Config> Pallet<T> {
	/// Whether a transaction may run on top of the present state.
	///
	/// # Errors
	/// The first rule that it breaks.
	pub(crate) fn check_transaction(tx: TxEnv) -> Result<Valid, Refusal> {
		let is_blob = tx.tx_type == TransactionType::Eip4844 as u8;
		if is_blob && !T::Rules::accepts_blobs() {
			return Err(Refusal::BlobsNotSupported);
		}
		if is_blob && tx.kind.is_create() {
			return Err(Refusal::BadBlobs);
		}
		let sender = from_address(&tx.caller);
		let account = T::Addresses::account(&sender);

		// By the transaction alone.
		let nothing = EvmJournal::<T>::new(StorageDb::new(ProofMeter::default(), Vec::new()));
		let mut context = context::<T>(nothing, tx, Environment::new(account.clone()));
		validation::validate_env::<_, Refusal>(&mut context)?;
		let (tx, cfg, block) = (context.tx, context.cfg, context.block);
		let left = T::BlockGasLimit::get().saturating_sub(BlockGas::<T>::get());
		if tx.gas_limit > left {
			return Err(Refusal::BlockFull);
		}
		let gas = validation::validate_initial_tx_gas_with_gas_params(
			&tx,
			*cfg.spec(),
			cfg.gas_params(),
			cfg.is_eip7623_disabled(),
			false,
			cfg.tx_gas_limit_cap(),
			None,
		)?;

		// By the sender.
		if account::ethereum_address(&account) != Some(sender) {
			return Err(Refusal::SenderNotEoa);
		}
		let view = Self::view(&sender);
		let code = (view.code_hash != EMPTY_CODE_HASH)
			.then(|| Codes::<T>::get(view.code_hash))
			.flatten();
		let code_proof_bytes = code.as_ref().map_or(0, |code| code_proof_bytes(code));
		let code = code.map(|code| crate::database::bytecode(code.into_inner()));
		let balance = U256::from(view.balance);
		let info = AccountInfo {
			balance,
			nonce: view.nonce,
			code_hash: to_b256(&view.code_hash),
			code,
			account_id: None,
		};
		pre_execution::validate_account_nonce_and_code_with_components(&info, &tx, &cfg)?;
		tx.ensure_enough_balance(balance)?;

		let base_price = Balance::from(block.basefee());
		let blob_fee = match is_blob {
			true => block
				.blob_gasprice()
				.unwrap_or_default()
				.checked_mul(tx.total_blob_gas().into())
				.ok_or(Refusal::CostOverflow)?,
			false => 0,
		};
		Ok(Valid {
			account,
			gas,
			price: tx.effective_gas_price(base_price),
			base_price,
			blob_fee,
			code_proof_bytes,
			tx,
		})
	}

	/// Runs a transaction. The pallet's only way to do so: [`Pallet::transact`] comes here with what
	/// it has decoded.
	///
	/// # Errors
	/// The transaction may not run; nothing has changed.
	pub fn apply_transaction(tx: TxEnv) -> Result<Applied, Refusal> {
		Self::run_transaction(Self::check_transaction(tx)?)
	}

	pub(crate) fn run_transaction(valid: Valid) -> Result<Applied, Refusal> {
		let Valid {
			mut tx,
			account,
			gas,
			price,
			base_price,
			blob_fee,
			code_proof_bytes,
		} = valid;
		// An authority that may delegate is paid for where its account is loaded, alias included. One that may
		// not is loaded nowhere.
		let mut proof_bytes = code_proof_bytes;
		recover_authorities(&mut tx, ChainId::<T>::get(), |authority| {
			let may_delegate = !T::Addresses::is_mapped(&from_address(authority));
			if !may_delegate {
				proof_bytes = proof_bytes.saturating_add(ALIAS_PROOF_BYTES);
			}
			may_delegate
		});
		let sender = from_address(&tx.caller);
		let (gas_limit, input_len) = (tx.gas_limit, tx.data.len());
		let contract = match tx.kind.to() {
			Some(target) => from_address(target),
			None => from_address(&tx.caller.create(tx.nonce)),
		};
		let contract_account = native::entered::<T>(&contract);
		if T::Dispatch::ensure_enterable(&contract_account).is_err() {
			// No contract is live where a transaction begins.
			return Err(Refusal::BadBlock);
		}

		// Checked: it is at most what the sender was found to have.
		let gas_fee = price
			.checked_mul(gas_limit.into())
			.ok_or(Refusal::CostOverflow)?;
		let prepaid = gas_fee.checked_add(blob_fee).ok_or(Refusal::CostOverflow)?;
		let mut credit = T::Currency::withdraw(
			&account,
			prepaid,
			Precision::Exact,
			Preservation::Expendable,
			Fortitude::Polite,
		)
		.map_err(|_| Refusal::InsufficientFunds)?;
		// Blob gas is burnt, whatever happens.
		drop(credit.extract(blob_fee));

		// What hops may take in deposits is worth no more than the gas.
		T::Dispatch::enter(Entry {
			vm: VmId::EVM,
			contract: &contract_account,
			caller: &account,
			actor: &account,
			// What does not fit cannot be paid, and the execution fails.
			value: Balance::try_from(tx.value).unwrap_or(Balance::MAX),
			kind: match tx.kind.to() {
				Some(_) => FrameKind::Entry,
				None => FrameKind::Create,
			},
			code: None,
			function: &[],
			input: &|| tx.data[..].into(),
			deposit_limit: gas_fee,
		});
		let outcome = run::<T>(tx, gas, account.clone(), proof_bytes);
		let base = Self::transaction_base(input_len);
		let weight = transaction_weight::<T>(base, outcome.gas_used, outcome.proof_used);
		// What went into deposits is paid already.
		let for_fee = gas_limit.saturating_sub(outcome.deposit_gas);
		let gas_charged = fees::charged_gas::<T>(outcome.gas_used, weight, for_fee);
		BlockGas::<T>::mutate(|gas| *gas = gas.saturating_add(gas_charged));

		// Before the transaction ends, because Ethereum pays the author before it removes what was
		// destructed.
		let used = Balance::from(gas_charged);
		let mut fee = credit.extract(price.saturating_mul(used));
		if let Err(rest) = T::Currency::resolve(&account, credit) {
			fee.subsume(rest);
		}
		let base_fee = fee.extract(base_price.min(price).saturating_mul(used));
		T::FeeHandler::on_unbalanceds([base_fee, fee].into_iter());
		T::Dispatch::leave(outcome.exit(weight));

		let created = outcome
			.result
			.as_ref()
			.ok()
			.and_then(|success| success.created);
		Ok(Applied {
			sender,
			contract,
			created,
			result: outcome.result.map(|success| success.data),
			gas_used: outcome.gas_used,
			gas_charged,
			gas_price: price,
			weight,
		})
	}
}

/// Proof size of reading this code, bytes.
fn code_proof_bytes(code: &[u8]) -> u64 {
	let len_bytes = u64::try_from(code.len()).unwrap_or(u64::MAX);
	CODE_PROOF_BYTES.saturating_add(len_bytes)
}

impl<T: Config> Pallet<T> {
	/// Proof size that a transaction of this sender takes before it runs, bytes: its code, a delegation
	/// ([EIP-7702](https://eips.ethereum.org/EIPS/eip-7702)), is looked at.
	pub(crate) fn sender_proof_bytes(sender: &AccountId) -> u64 {
		let Some(sender) = account::ethereum_address(sender) else {
			return 0;
		};
		let code_hash = Self::view(&sender).code_hash;
		if code_hash == EMPTY_CODE_HASH {
			return 0;
		}
		Codes::<T>::get(code_hash).map_or(0, |code| code_proof_bytes(&code))
	}
}

/// Runs a transaction whose gas limit has been paid for. `proof_bytes` have been read already: the sender's
/// code, which it was checked by, and aliases of authorities that may not delegate.
fn run<T: Config>(
	tx: TxEnv,
	gas: InitialAndFloorGas,
	account: AccountId,
	proof_bytes: u64,
) -> Outcome {
	let gas_limit = tx.gas_limit;
	let allowance = T::Rules::transaction_proof_allowance(gas_limit);
	let mut meter = ProofMeter::new(allowance);
	// Each authorization has 25,000 gas of its own, which allow three times what an alias takes.
	if meter.charge(proof_bytes).is_err() {
		defensive!("a sender's code is a delegation, which every transaction's allowance covers");
	}
	let (mut journal, memory_bytes) = EvmJournal::<T>::resume(Shared::take::<T>(), meter);
	let frames = journal.live_frames();
	let refreshed = journal.refresh();
	let first_log = journal.log_count();
	let mut evm = build::<T>(context::<T>(journal, tx, Environment::new(account)));
	let traced = trace::begin();
	if traced {
		trace::authorized(&evm.ctx.tx);
	}

	// What stays even if the execution fails: the nonce and the authorizations.
	let begun = refreshed.and_then(|()| begin(&mut evm));
	let checkpoint = evm.ctx.journaled_state.checkpoint();
	let mut spent = Gas::new(gas_limit);
	let ended = begun.and_then(|refund| drive(&mut evm, gas, refund, &mut spent, traced));
	let mut gas_used = spent.used();
	let result = ended.and_then(|success| {
		let journal = &mut evm.ctx.journaled_state;
		// In a layer of its own, so that it can be taken back if the ledger refuses a balance.
		journal.materialise()?;
		let logs = journal.logs_from(first_log).iter().map(entry).collect();
		journal.checkpoint_commit();
		Ok(Success { logs, ..success })
	});
	let deposit_gas = evm.ctx.chain.deposits.gas();
	if let Err(failure) = &result {
		evm.ctx.journaled_state.unwind(frames, checkpoint);
		if failure.is_external() {
			gas_used = gas_limit.saturating_sub(deposit_gas);
		}
		if let Err(failure) = settle(&mut evm) {
			log::error!(target: crate::LOG_TARGET, "a nonce cannot be written: {failure:?}");
		}
	}
	let journal = &mut evm.ctx.journaled_state;
	let proof_used = journal.meter().used();
	journal.suspend(memory_bytes).put();
	let outcome = Outcome {
		result,
		gas_used,
		deposit_gas,
		deposit: 0,
		proof_used,
	};
	if traced {
		trace::end(gas_limit, &outcome);
	}
	outcome
}

/// What comes before the first frame. Gives the gas that authorizations give back.
fn begin<T: Config>(evm: &mut TriviumEvm<T>) -> Result<u64, Failure> {
	pre_execution::load_accounts::<_, Failure>(evm)?;
	let context = &mut evm.ctx;
	let caller = context.tx.caller;
	let mut sender = context.journaled_state.load_account_mut(caller)?.data;
	// A creation does it in its frame.
	if context.tx.kind.is_call() && !sender.bump_nonce() {
		return Err(Failure::NonceOverflow);
	}
	// No gas is charged here before Amsterdam.
	let mut gas = GasTracker::new(context.tx.gas_limit, context.tx.gas_limit, 0);
	let refund = pre_execution::apply_eip7702_auth_list::<_, Failure>(context, &mut gas)?;
	Ok(refund.unwrap_or_default())
}

/// Runs the frames, and sums up the gas as a transaction pays for it.
fn drive<T: Config>(
	evm: &mut TriviumEvm<T>,
	initial: InitialAndFloorGas,
	refund: u64,
	spent: &mut Gas,
	traced: bool,
) -> Result<Success, Failure> {
	let context = &mut evm.ctx;
	let gas_limit = context.tx.gas_limit;
	let intrinsic = initial.initial_regular_gas();
	let held_back = initial.floor_gas().saturating_sub(intrinsic);
	context.chain.deposits.reserve(held_back);
	let left = gas_limit.saturating_sub(intrinsic);
	let mut gas = GasTracker::new(gas_limit, left, 0);
	let mut memory = SharedMemory::new_with_buffer(context.local.shared_memory_buffer().clone());
	memory.set_memory_limit(context.cfg.memory_limit());
	let frame_input = execution::create_init_frame(context, &mut gas)?.ok_or(Failure::OutOfGas)?;
	let ended = run_frames(
		evm,
		FrameInit {
			depth: 0,
			memory,
			frame_input,
		},
		traced,
	)?;

	let result = ended.instruction_result();
	// What went into deposits is not used up: it is not for work, and is not charged as a fee.
	let mut left = evm.ctx.chain.deposits.gas();
	if result.is_ok_or_revert() {
		left = left.saturating_add(ended.gas().remaining());
	}
	spent.set_spent(gas_limit.saturating_sub(left));
	if result.is_ok() {
		spent.record_refund(ended.gas().refunded());
	}
	let refund = i64::try_from(refund).unwrap_or(i64::MAX);
	post_execution::refund(evm.ctx.cfg.gas_params(), spent, refund);
	post_execution::eip7623_check_gas_floor(spent, initial);

	let is_create = evm.ctx.tx.kind.is_create();
	let created = match &ended {
		FrameResult::Create(outcome) if result.is_ok() => outcome.address,
		_ => None,
	};
	let output = ended.into_interpreter_result().output;
	match Failure::of(result, &output) {
		Some(failure) => Err(failure),
		None if is_create && created.is_none() => Err(Failure::NonceOverflow),
		None => Ok(Success {
			data: output.to_vec(),
			created: created.as_ref().map(from_address),
			logs: Vec::new(),
		}),
	}
}

/// Writes what stays of a transaction whose execution has failed.
fn settle<T: Config>(evm: &mut TriviumEvm<T>) -> Result<(), Failure> {
	let context = &mut evm.ctx;
	let next = context.tx.nonce.saturating_add(1);
	// The proof of this account is part of what every transaction pays for.
	let meter = core::mem::replace(context.journaled_state.meter(), ProofMeter::new(u64::MAX));
	let mut sender = context
		.journaled_state
		.load_account_mut(context.tx.caller)?
		.data;
	if sender.nonce() < next {
		sender.set_nonce(next);
	}
	*context.journaled_state.meter() = meter;
	let journal = &mut context.journaled_state;
	journal.write()?;
	journal.mark();
	Ok(())
}
