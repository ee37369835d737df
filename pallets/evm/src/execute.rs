//! Running the EVM: one top-level call or creation, or one call that another VM makes.

use alloc::vec::Vec;
use polkadot_sdk::{
	frame_support::traits::{Get, Time},
	frame_system,
	sp_core::{H160, H256},
	sp_io,
	sp_runtime::SaturatedConversion,
	sp_weights::Weight,
};
use revm::{
	context::{BlockEnv, Cfg, CfgEnv, Evm, JournalTr, LocalContext, LocalContextTr, TxEnv},
	context_interface::{block::BlobExcessGasAndPrice, context::ContextError},
	handler::{
		instructions::EthInstructions, EthFrame, EvmTr, FrameResult, ItemOrResult,
		PrecompileProvider,
	},
	interpreter::{
		interpreter::EthInterpreter, interpreter_action::FrameInit, CallInput, CallInputs,
		CallOutcome, CallScheme, CallValue, CreateInputs, CreateOutcome, CreateScheme, FrameInput,
		Gas, InstructionResult, InterpreterResult, SharedMemory,
	},
	primitives::{hardfork::SpecId, Address, Bytes, Log, TxKind, B256, U256},
	Context,
};
use trivium_primitives::{
	account, trace::FrameKind, AccountId, AddressMapping, Balance, Dispatch, Entry, Exit, VmId,
};

use crate::{
	bridge::{Ctx, Deposits, Environment, Precompiles},
	database::Stop,
	fees,
	gas::{
		frame_proof_allowance, ref_time_from_gas, FrameAllowance, ProofMeter, ALIAS_PROOF_BYTES,
		MAPPING_GAS,
	},
	instructions, interpret,
	journal::{EvmJournal, Shared},
	native,
	rules::Rules,
	trace,
	types::{from_address, to_address, to_b256, LogEntry, MAX_INIT_CODE_LEN_BYTES},
	ChainId, Config, Failure, Pallet,
};

/// EVM memory of all frames on the stack together, bytes, across the hops of a transaction. What is
/// above ends as out of gas. Ethereum's price keeps a single frame below this anyway; the limit is
/// for many frames at once, which would not fit the heap of a Substrate runtime.
pub const MEMORY_LIMIT_BYTES: u64 = 8 * 1024 * 1024;

/// What to run.
#[derive(Clone, Debug)]
pub(crate) enum Action {
	/// Call a contract, or only send value to an account.
	Call { target: H160, input: Vec<u8> },
	/// Create a contract, at an address made from the creator's nonce or from a salt.
	Create { code: Vec<u8>, salt: Option<H256> },
}

/// At what level an execution begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
	/// Signed by an account, and pays intrinsic gas as an Ethereum transaction does.
	Top,
	/// Made by a contract of another VM, which has paid for its own part.
	Nested,
}

/// One execution.
#[derive(Clone, Debug)]
pub(crate) struct Execution {
	/// The signer of the transaction: `tx.origin`.
	pub origin: AccountId,
	/// `msg.sender`
	pub caller: AccountId,
	pub action: Action,
	/// Planck sent along.
	pub value: Balance,
	pub gas_limit: u64,
	/// Proof size it may use, bytes.
	pub proof_limit: u64,
	pub level: Level,
	/// The first frame must not write, and so none below it.
	pub read_only: bool,
}

/// What an execution gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Success {
	/// What it returned; of a creation, the deployed code.
	pub data: Vec<u8>,
	/// The new contract.
	pub created: Option<H160>,
	/// The logs that it left, those of executions below it included.
	pub logs: Vec<LogEntry>,
}

/// What became of an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
	pub result: Result<Success, Failure>,
	/// Gas used for work, which is charged as a fee.
	pub gas_used: u64,
	/// Gas of the limit that is worth what hops took as storage deposits: spent in its frame, and not
	/// charged as a fee, also where the frame has failed and the deposit was given back.
	pub deposit_gas: u64,
	/// Storage deposits that hops took and that stand, planck. Known of the execution that begins a
	/// transaction alone; of others it is the transaction's so far.
	pub deposit: Balance,
	/// Proof size used, bytes.
	pub proof_used: u64,
}

impl Outcome {
	/// Refused before the EVM runs, of `proof_limit` bytes. What may have been read until then are two
	/// aliases, the caller's and the contract's.
	fn refused(failure: Failure, proof_limit: u64) -> Self {
		Self {
			result: Err(failure),
			gas_used: 0,
			deposit_gas: 0,
			deposit: 0,
			proof_used: ALIAS_PROOF_BYTES.saturating_mul(2).min(proof_limit),
		}
	}

	/// What the dispatch pallet is told of it.
	pub(crate) fn exit(&self, used: Weight) -> Exit<'_> {
		match &self.result {
			Ok(success) => Exit::well(VmId::EVM, &success.data, used),
			Err(Failure::Reverted(data)) => Exit::reverted(VmId::EVM, data, used),
			Err(failure) => Exit::failed(VmId::EVM, failure.clone().into(), used),
		}
	}

	/// What the execution is charged.
	pub(crate) fn weight<T: Config>(&self) -> Weight {
		Weight::from_parts(ref_time_from_gas::<T>(self.gas_used), self.proof_used)
	}
}

/// The EVM that this pallet runs.
pub(crate) type TriviumEvm<T> =
	Evm<Ctx<T>, (), EthInstructions<EthInterpreter, Ctx<T>>, Precompiles, EthFrame<EthInterpreter>>;

/// Runs an execution, announced to the dispatch pallet.
///
/// Its caller's alias leads to it, or else value would be taken from an account that merely has the same
/// alias. An account that acts before it has come into being gets its alias here, and pays for that.
pub(crate) fn execute<T: Config>(mut execution: Execution) -> Outcome {
	let caller = T::Addresses::alias(&execution.caller);
	if T::Addresses::account(&caller) == execution.caller {
		return execute_mapped::<T>(execution);
	}
	let given = execution.proof_limit;
	let Some(gas_limit) = execution.gas_limit.checked_sub(MAPPING_GAS) else {
		return Outcome::refused(Failure::GasLimitTooLow, given);
	};
	// The execution pays for the alias with the account, but that is of what was there before: the first
	// write is beside it.
	let Some(proof_limit) = given.checked_sub(ALIAS_PROOF_BYTES) else {
		return Outcome::refused(Failure::OutOfProofSize, given);
	};
	if execution.read_only || !T::Addresses::ensure_mapped(&execution.caller) {
		return Outcome::refused(Failure::NotMapped, given);
	}
	execution.gas_limit = gas_limit;
	execution.proof_limit = proof_limit;
	let mut outcome = execute_mapped::<T>(execution);
	outcome.gas_used = outcome.gas_used.saturating_add(MAPPING_GAS);
	outcome.proof_used = outcome.proof_used.saturating_add(ALIAS_PROOF_BYTES);
	outcome
}

fn execute_mapped<T: Config>(execution: Execution) -> Outcome {
	let caller = T::Addresses::alias(&execution.caller);
	if let Err(failure) = check(&execution) {
		return Outcome::refused(failure, execution.proof_limit);
	}
	let contract = match &execution.action {
		Action::Call { target, .. } => native::entered::<T>(target),
		Action::Create { code, salt } => {
			let creator = to_address(&caller);
			let created = match salt {
				Some(salt) => {
					creator.create2(to_b256(salt), B256::new(sp_io::hashing::keccak_256(code)))
				}
				None => creator.create(Pallet::<T>::stored_nonce(&caller, &execution.caller)),
			};
			account::ethereum_account(&from_address(&created))
		}
	};
	// A nested call has been checked by the dispatch pallet, which knows what its caller allowed.
	if execution.level == Level::Top && T::Dispatch::ensure_enterable(&contract).is_err() {
		return Outcome::refused(Failure::ReentrancyDenied, execution.proof_limit);
	}
	// What hops may take in deposits is worth no more than the gas.
	let deposit_limit = fees::gas_price::<T>().saturating_mul(execution.gas_limit.into());
	T::Dispatch::enter(Entry {
		vm: VmId::EVM,
		contract: &contract,
		caller: &execution.caller,
		actor: &execution.origin,
		value: execution.value,
		kind: match &execution.action {
			Action::Call { .. } => FrameKind::Entry,
			Action::Create { .. } => FrameKind::Create,
		},
		code: None,
		function: &[],
		input: &|| match &execution.action {
			Action::Call { input, .. } => input.into(),
			Action::Create { code, .. } => code.into(),
		},
		deposit_limit,
	});
	let mut outcome = run::<T>(execution, to_address(&caller));
	if outcome.result.is_ok() {
		outcome.deposit = T::Dispatch::deposit_taken();
	}
	T::Dispatch::leave(outcome.exit(outcome.weight::<T>()));
	outcome
}

fn check(execution: &Execution) -> Result<(), Failure> {
	if execution.read_only && execution.value != 0 {
		return Err(Failure::ReadOnly);
	}
	match &execution.action {
		Action::Create { code, .. } if code.len() as u64 > MAX_INIT_CODE_LEN_BYTES.into() => {
			Err(Failure::InitCodeTooLarge)
		}
		_ => Ok(()),
	}
}

/// Intrinsic gas and the least that must be paid ([EIP-7623](https://eips.ethereum.org/EIPS/eip-7623)).
fn intrinsic_gas(cfg: &CfgEnv, execution: &Execution) -> (u64, u64) {
	if execution.level == Level::Nested {
		return (0, 0);
	}
	let (input, is_create) = match &execution.action {
		Action::Call { input, .. } => (input, false),
		Action::Create { code, .. } => (code, true),
	};
	let gas = cfg
		.gas_params()
		.initial_tx_gas(input, is_create, 0, 0, 0, None);
	(gas.initial_regular_gas(), gas.floor_gas())
}

fn run<T: Config>(execution: Execution, caller: Address) -> Outcome {
	let (mut journal, memory_bytes) =
		EvmJournal::<T>::resume(Shared::take::<T>(), ProofMeter::new(execution.proof_limit));
	let depth = journal.live_frames();
	let gas_limit = execution.gas_limit;

	let refreshed = journal.refresh();
	let checkpoint = journal.checkpoint();
	let first_log = journal.log_count();
	let environment = Environment {
		origin: execution.origin.clone(),
		live: Vec::new(),
		memory_outside_bytes: memory_bytes,
		deposits: match execution.level {
			Level::Top => Deposits::OF_GAS,
			Level::Nested => Deposits::Inherited,
		},
	};
	// The interpreter asks for the origin and the gas price alone; the rest is in the first frame.
	let tx = TxEnv {
		caller: match execution.level {
			Level::Top => caller,
			Level::Nested => to_address(&T::Addresses::alias(&execution.origin)),
		},
		gas_limit,
		gas_price: fees::gas_price::<T>(),
		kind: TxKind::Call(Address::ZERO),
		..Default::default()
	};
	let mut evm = build::<T>(context::<T>(journal, tx, environment));
	let traced = trace::begin();

	let (gas_left, ended) = match refreshed {
		Ok(()) => drive(&mut evm, execution, caller, depth, traced),
		Err(failure) => (gas_limit, Err(failure)),
	};
	let mut gas_used = gas_limit.saturating_sub(gas_left);
	let result = ended.and_then(|success| {
		let journal = &mut evm.ctx.journaled_state;
		journal.write()?;
		journal.mark();
		let logs = journal.logs_from(first_log).iter().map(entry).collect();
		journal.checkpoint_commit();
		Ok(Success { logs, ..success })
	});
	let journal = &mut evm.ctx.journaled_state;
	let deposit_gas = evm.ctx.chain.deposits.gas();
	if let Err(failure) = &result {
		journal.unwind(depth, checkpoint);
		if failure.is_external() {
			gas_used = gas_limit.saturating_sub(deposit_gas);
		}
	}
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

pub(crate) fn entry(log: &Log) -> LogEntry {
	LogEntry {
		address: from_address(&log.address),
		topics: log
			.data
			.topics()
			.iter()
			.map(crate::types::from_b256)
			.collect(),
		data: log.data.data.to_vec(),
	}
}

/// The context of an execution: what the EVM is told of the chain.
pub(crate) fn context<T: Config>(
	journal: EvmJournal<T>,
	tx: TxEnv,
	environment: Environment,
) -> Ctx<T> {
	let spec = T::Rules::spec();
	let mut cfg = CfgEnv::new_with_spec(spec);
	cfg.chain_id = ChainId::<T>::get();
	cfg.memory_limit =
		T::Rules::memory_limit_bytes().saturating_sub(environment.memory_outside_bytes);
	T::Rules::configure(&mut cfg);

	let base_fee = fees::gas_price::<T>();
	let mut block = BlockEnv {
		number: U256::from(frame_system::Pallet::<T>::block_number().saturated_into::<u64>()),
		beneficiary: to_address(&T::Coinbase::get()),
		timestamp: U256::from(T::Time::now().checked_div(1000).unwrap_or_default()),
		gas_limit: T::BlockGasLimit::get(),
		basefee: u64::try_from(base_fee).unwrap_or(u64::MAX),
		difficulty: U256::ZERO,
		prevrandao: Some(to_b256(&T::PrevRandao::get())),
		// There are no blobs, so their gas has its lowest price.
		blob_excess_gas_and_price: Some(BlobExcessGasAndPrice::new_with_spec(0, spec)),
		slot_num: 0,
	};
	T::Rules::describe_block(&mut block);
	Context {
		block,
		tx,
		cfg,
		journaled_state: journal,
		chain: environment,
		local: LocalContext::default(),
		error: Ok(()),
	}
}

/// The EVM, with what is warm from the start.
pub(crate) fn build<T: Config>(mut context: Ctx<T>) -> TriviumEvm<T> {
	let spec = *context.cfg.spec();
	let precompiles = Precompiles::new::<T>();
	let journal = &mut context.journaled_state;
	JournalTr::set_spec_id(journal, spec);
	if journal.precompile_addresses().is_empty() {
		let addresses = <Precompiles as PrecompileProvider<Ctx<T>>>::warm_addresses(&precompiles);
		journal.warm_precompiles(addresses);
	}
	// EIP-3651
	if spec.is_enabled_in(SpecId::SHANGHAI) {
		journal.warm_coinbase_account(context.block.beneficiary);
	}
	Evm::new(context, instructions::table(spec), precompiles)
}

/// Runs the first frame and all below it. Gives the gas that is left, and what came of it.
fn drive<T: Config>(
	evm: &mut TriviumEvm<T>,
	execution: Execution,
	caller: Address,
	depth: usize,
	traced: bool,
) -> (u64, Result<Success, Failure>) {
	let gas_limit = execution.gas_limit;
	let level = execution.level;
	let (intrinsic, floor) = intrinsic_gas(&evm.ctx.cfg, &execution);
	let Some(gas) = gas_limit.checked_sub(intrinsic.max(floor)) else {
		return (gas_limit, Err(Failure::GasLimitTooLow));
	};
	// What the floor holds back beyond the intrinsic gas can be used by execution, but not by deposits.
	let held_back = floor.saturating_sub(intrinsic);
	evm.ctx.chain.deposits.reserve(held_back);
	let gas = gas.saturating_add(held_back);
	let is_create = matches!(execution.action, Action::Create { .. });

	let ended = first_frame(evm, execution, caller, gas, depth)
		.and_then(|first| run_frames(evm, first, traced));
	let ended = match ended {
		Ok(ended) => ended,
		Err(failure) => return (gas, Err(failure)),
	};

	let result = ended.instruction_result();
	// What went into deposits is not used up: it is not for work, and is not charged as a fee.
	let mut left = evm.ctx.chain.deposits.gas();
	if result.is_ok_or_revert() {
		left = left.saturating_add(ended.gas().remaining());
	}
	let spent = gas_limit.saturating_sub(left);
	if result.is_ok() {
		let refunded = ended.gas().refunded();
		match level {
			// EIP-3529: at most a fifth.
			Level::Top => {
				let most = spent.checked_div(5).unwrap_or_default();
				left = left.saturating_add(most.min(u64::try_from(refunded).unwrap_or_default()));
			}
			// A refund below a hop is not paid out; one taken back below a hop is.
			Level::Nested => left = left.saturating_sub(refunded.min(0).unsigned_abs()),
		}
	}
	let left = left.min(gas_limit.saturating_sub(floor));

	let created = match &ended {
		FrameResult::Create(outcome) if result.is_ok() => outcome.address,
		_ => None,
	};
	let output = ended.into_interpreter_result().output;
	let outcome = match Failure::of(result, &output) {
		Some(failure) => Err(failure),
		None if is_create && created.is_none() => Err(Failure::NonceOverflow),
		None => Ok(Success {
			data: output.to_vec(),
			created: created.as_ref().map(from_address),
			logs: Vec::new(),
		}),
	};
	(left, outcome)
}

fn first_frame<T: Config>(
	evm: &mut TriviumEvm<T>,
	execution: Execution,
	caller: Address,
	gas: u64,
	depth: usize,
) -> Result<FrameInit, Failure> {
	let stop = |Stop(failure): Stop| failure;
	let mut memory = SharedMemory::new_with_buffer(evm.ctx.local.shared_memory_buffer().clone());
	memory.set_memory_limit(evm.ctx.cfg.memory_limit());
	let journal = &mut evm.ctx.journaled_state;
	let value = U256::from(execution.value);
	journal.load_account(caller).map_err(stop)?;

	let frame_input = match execution.action {
		Action::Call { target, input } => {
			let target = to_address(&target);
			let info = &journal
				.load_account_with_code(target)
				.map_err(stop)?
				.data
				.info;
			let mut known_bytecode = (info.code_hash, info.code.clone().unwrap_or_default());
			// EIP-7702: one step, and no further.
			if let Some(delegate) = known_bytecode.1.eip7702_address() {
				let info = &journal
					.load_account_with_code(delegate)
					.map_err(stop)?
					.data
					.info;
				known_bytecode = (info.code_hash, info.code.clone().unwrap_or_default());
			}
			FrameInput::Call(alloc::boxed::Box::new(CallInputs {
				input: CallInput::Bytes(Bytes::from(input)),
				return_memory_offset: 0..0,
				gas_limit: gas,
				reservoir: 0,
				bytecode_address: target,
				known_bytecode,
				target_address: target,
				caller,
				value: CallValue::Transfer(value),
				scheme: match execution.read_only {
					true => CallScheme::StaticCall,
					false => CallScheme::Call,
				},
				is_static: execution.read_only,
				charged_new_account_state_gas: false,
			}))
		}
		Action::Create { code, salt } => {
			let scheme = match salt {
				Some(salt) => CreateScheme::Create2 {
					salt: U256::from_be_bytes(salt.0),
				},
				None => CreateScheme::Create,
			};
			FrameInput::Create(alloc::boxed::Box::new(CreateInputs::new(
				caller,
				scheme,
				value,
				Bytes::from(code),
				gas,
				0,
			)))
		}
	};
	Ok(FrameInit {
		depth,
		memory,
		frame_input,
	})
}

/// What a frame came to when it was to begin: the contract in which it runs, or its end.
pub(crate) type Begun = Result<ItemOrResult<Address, FrameResult>, ContextError<Stop>>;
/// What a frame came to when it ran: another frame that is to begin, or its end.
pub(crate) type Ran = Result<ItemOrResult<FrameInit, FrameResult>, ContextError<Stop>>;

/// How frames begin and run: plainly, or watched by a tracer.
pub(crate) trait Frames<T: Config> {
	fn begin(evm: &mut TriviumEvm<T>, init: FrameInit) -> Begun;
	fn run(evm: &mut TriviumEvm<T>) -> Ran;
}

/// Nobody watches.
pub(crate) struct Unwatched;

impl<T: Config> Frames<T> for Unwatched {
	fn begin(evm: &mut TriviumEvm<T>, init: FrameInit) -> Begun {
		let is_first = evm.ctx.chain.live.is_empty();
		if let Some(refused) = refusal::<T>(&init.frame_input, is_first) {
			return Ok(ItemOrResult::Result(refused));
		}
		let created_with = match &init.frame_input {
			FrameInput::Create(create) => Some(create.gas_limit()),
			_ => None,
		};
		if !is_first {
			carve_proof(evm, &init.frame_input);
		}
		let begun = evm
			.frame_init(init)
			.map(|begun| begun.map_item(|frame| frame.interpreter.input.target_address));
		let mut begun = match (begun, created_with) {
			// There was no proof size for looking at the new contract's address: its frame has not
			// begun, and nothing has to be undone.
			(Err(ContextError::Db(Stop(Failure::OutOfProofSize))), Some(gas)) if !is_first => {
				ItemOrResult::Result(FrameResult::Create(CreateOutcome::new_oog(gas, 0)))
			}
			(begun, _) => begun?,
		};
		if let ItemOrResult::Result(result) = &mut begun {
			if !is_first {
				leave_frame(&mut evm.ctx, result);
			} else if evm.ctx.journaled_state.meter().has_run_out() {
				return Err(ContextError::Db(Stop(Failure::OutOfProofSize)));
			}
		}
		Ok(begun)
	}

	fn run(evm: &mut TriviumEvm<T>) -> Ran {
		let frame = evm.frame_stack.get();
		let action = interpret::run(&mut frame.interpreter, &evm.instruction, &mut evm.ctx);
		let mut ran = frame.process_next_action(&mut evm.ctx, action);
		if let Ok(ItemOrResult::Result(result)) = &mut ran {
			frame.set_finished(true);
			end_frame(&mut evm.ctx, result);
		}
		ran
	}
}

/// Gives the frame that is about to begin its part of the proof size that is left.
fn carve_proof<T: Config>(evm: &mut TriviumEvm<T>, input: &FrameInput) {
	let gas = match input {
		FrameInput::Call(call) => call.gas_limit,
		FrameInput::Create(create) => create.gas_limit(),
		FrameInput::Empty => 0,
	};
	// The caller has paid what it gives away.
	let caller = &evm.frame_stack.get().interpreter;
	let gas_left = caller.gas.remaining().saturating_add(gas);
	let meter = evm.ctx.journaled_state.meter();
	let allowance = match T::Rules::prices_by_weight() {
		true => frame_proof_allowance(meter.left(), gas, gas_left, meter.beyond()),
		// Ethereum knows no proof size.
		false => FrameAllowance {
			bytes: meter.left(),
			in_proportion: meter.left(),
		},
	};
	meter.enter(allowance);
}

/// What follows the end of a frame that has run. It is the innermost of those that are live.
pub(crate) fn end_frame<T: Config>(context: &mut Ctx<T>, result: &mut FrameResult) {
	// What the first frame is allowed is the execution's own limit.
	if context.chain.live.len() > 1 {
		leave_frame(context, result);
	}
}

/// Gives back what a frame has left of its proof size. Running out of it is like running out of gas:
/// that frame's end, and not its caller's.
fn leave_frame<T: Config>(context: &mut Ctx<T>, result: &mut FrameResult) {
	if !context.journaled_state.meter().leave() {
		return;
	}
	if let Err(ContextError::Db(Stop(Failure::OutOfProofSize))) = &context.error {
		context.error = Ok(());
	}
	let result = result.interpreter_result_mut();
	debug_assert!(result.result.is_halt(), "there was no proof size to go on");
	result.result = InstructionResult::OutOfGas;
}

/// Runs a frame and all below it; `traced` if a tracer is on.
pub(crate) fn run_frames<T: Config>(
	evm: &mut TriviumEvm<T>,
	first: FrameInit,
	traced: bool,
) -> Result<FrameResult, Failure> {
	match (traced, T::Dispatch::is_watched()) {
		(true, _) => frame_loop::<T, trace::Watched>(evm, first),
		(false, true) => frame_loop::<T, trace::Told>(evm, first),
		(false, false) => frame_loop::<T, Unwatched>(evm, first),
	}
}

/// The frame loop: a frame runs until it ends or begins another.
fn frame_loop<T: Config, F: Frames<T>>(
	evm: &mut TriviumEvm<T>,
	first: FrameInit,
) -> Result<FrameResult, Failure> {
	let mut next = first;
	loop {
		let enters = enters(&next.frame_input);
		let mut ended = match F::begin(evm, next) {
			Ok(ItemOrResult::Item(contract)) => {
				evm.ctx.chain.live.push((contract, enters));
				None
			}
			Ok(ItemOrResult::Result(result)) if evm.ctx.chain.live.is_empty() => {
				return finish(evm, result)
			}
			Ok(ItemOrResult::Result(result)) => Some(result),
			Err(error) => return Err(stopped(evm, error)),
		};
		loop {
			if let Some(result) = ended.take() {
				match evm.frame_return_result(result) {
					Ok(Some(last)) => return finish(evm, last),
					Ok(None) => {}
					Err(error) => return Err(stopped(evm, error)),
				}
			}
			match F::run(evm) {
				Ok(ItemOrResult::Item(init)) => {
					next = init;
					break;
				}
				Ok(ItemOrResult::Result(result)) => {
					evm.ctx.chain.live.pop();
					ended = Some(result);
				}
				Err(error) => return Err(stopped(evm, error)),
			}
		}
	}
}

/// Whether a frame enters a contract, or goes on within the one that makes it.
fn enters(input: &FrameInput) -> bool {
	match input {
		FrameInput::Call(call) => matches!(call.scheme, CallScheme::Call | CallScheme::StaticCall),
		_ => true,
	}
}

/// The end of a call that must not begin: it would enter a contract that is on the stack and was
/// left for another VM without leave to re-enter it.
fn refusal<T: Config>(input: &FrameInput, is_first: bool) -> Option<FrameResult> {
	let FrameInput::Call(call) = input else {
		return None;
	};
	if is_first || !enters(input) || call.known_bytecode.1.is_empty() {
		return None;
	}
	let contract = account::ethereum_account(&from_address(&call.target_address));
	let error = T::Dispatch::ensure_enterable(&contract).err()?;
	let result = InterpreterResult::new(
		InstructionResult::Revert,
		Bytes::from(crate::abi::encode_error(&error)),
		Gas::new(call.gas_limit),
	);
	Some(FrameResult::Call(CallOutcome::new(
		result,
		call.return_memory_offset.clone(),
	)))
}

/// The outermost frame's result, unless something from outside ended it.
fn finish<T: Config>(evm: &mut TriviumEvm<T>, result: FrameResult) -> Result<FrameResult, Failure> {
	match core::mem::replace(&mut evm.ctx.error, Ok(())) {
		Ok(()) => Ok(result),
		Err(error) => Err(reason(error)),
	}
}

fn stopped<T: Config>(evm: &mut TriviumEvm<T>, error: ContextError<Stop>) -> Failure {
	// What the context noted is more exact than what came up through `revm`.
	match core::mem::replace(&mut evm.ctx.error, Ok(())) {
		Ok(()) => reason(error),
		Err(noted) => reason(noted),
	}
}

fn reason(error: ContextError<Stop>) -> Failure {
	match error {
		ContextError::Db(Stop(failure)) => failure,
		ContextError::Custom(_) => Failure::Internal,
	}
}
