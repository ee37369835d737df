//! The call stack of one execution: entering a contract and leaving it.
//!
//! A frame is entered in a storage layer of its own and announced to the dispatch pallet. If its
//! contract fails or reverts, the layer goes and with it everything the frame and those below it did:
//! storage, coins, deposits, events, logs, counts of code. Only the weight that was used stays used.
//!
//! # Invariants
//! 1. Every frame that is noted in [`crate::live`] and announced to the dispatch pallet is forgotten and
//!    announced as over, in LIFO order.
//! 2. While control is anywhere but in a frame, that frame owes nothing: it was settled before.
//! 3. A frame below a read-only one is read-only.

use alloc::vec::Vec;

use polkadot_sdk::{
	frame_support::{
		ensure,
		storage::{with_transaction, TransactionOutcome},
		traits::{
			fungible::{Inspect, Mutate},
			tokens::{Fortitude, Preservation},
			Get,
		},
	},
	sp_core::H256,
	sp_runtime::DispatchError,
	sp_weights::Weight,
};
use trivium_primitives::{trace::FrameKind, AccountId, Balance, Dispatch, Entry, Exit, VmId};
use wasmi::Module;

use crate::{
	code::{self, Executable, PRESERVE},
	contract::{self, ContractInfo},
	deposit::{self, DepositMeter, Dues, Payment},
	errors::call_error,
	gas::GasMeter,
	live, module,
	shares::Place,
	Config, ContractInfoOf, Error, Event, ExecReturnValue, Origin, Pallet, TrieId,
};

/// Which function of a contract runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryPoint {
	/// The constructor.
	Deploy,
	/// A message.
	Call,
}

impl EntryPoint {
	/// The export's name.
	pub(crate) fn name(self) -> &'static str {
		match self {
			Self::Deploy => "deploy",
			Self::Call => "call",
		}
	}
}

/// One running contract.
pub(crate) struct Frame {
	/// In whose name it runs.
	pub account: AccountId,
	/// Whom it sees as its caller.
	pub caller: Origin,
	/// Planck that came along.
	pub value: Balance,
	/// What runs.
	pub entry: EntryPoint,
	/// The code is not the contract's own; its hash.
	pub delegated: Option<H256>,
	/// It may be entered again from below.
	pub allows_reentry: bool,
	/// It must not write.
	pub read_only: bool,
	/// It has removed itself.
	pub terminated: bool,
	/// Its storage. Fixed, as no contract that runs can be removed by another frame.
	pub trie_id: TrieId,
	/// Its input, until it is forwarded.
	pub input: Option<Vec<u8>>,
	/// What it may use.
	pub gas: GasMeter,
	/// What it may add to deposits.
	pub deposit: DepositMeter,
	/// What it owes for storage.
	pub dues: Dues,
}

/// Why a call of a contract failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
	/// The reason.
	pub error: DispatchError,
	/// The callee failed; otherwise it was not even called, or is its caller's fault.
	pub in_callee: bool,
}

impl<E: Into<DispatchError>> From<E> for Failure {
	fn from(error: E) -> Self {
		Self {
			error: error.into(),
			in_callee: false,
		}
	}
}

impl Failure {
	/// A failure of the callee.
	pub(crate) fn of_callee(error: impl Into<DispatchError>) -> Self {
		Self {
			error: error.into(),
			in_callee: true,
		}
	}
}

/// What a contract's run came to.
pub(crate) type ExecResult = Result<ExecReturnValue, Failure>;

/// What a caller gives a callee.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Allowance {
	/// Weight; zero in a dimension is all that is left.
	pub gas: Weight,
	/// Storage deposit, planck; `None` is all that is left.
	pub deposit: Option<Balance>,
}

/// The running contracts of one execution.
pub(crate) struct Stack<T: Config> {
	/// Who began it.
	origin: Origin,
	/// Who pays for storage; nobody if governance began it.
	payer: Option<AccountId>,
	/// Outermost first.
	frames: Vec<Frame>,
	/// What is there for the outermost frame, and what is left after it.
	pub(crate) gas: GasMeter,
	/// As `gas`.
	pub(crate) deposit: DepositMeter,
	/// The outermost frame must not write.
	read_only: bool,
	/// Collects debug messages, if they are wanted.
	pub(crate) debug: Option<Vec<u8>>,
	marker: core::marker::PhantomData<T>,
}

impl<T: Config> Stack<T> {
	/// Nothing runs yet.
	pub(crate) fn new(
		origin: Origin,
		payer: Option<AccountId>,
		gas_limit: Weight,
		deposit_limit: Balance,
		read_only: bool,
	) -> Self {
		Self {
			origin,
			payer,
			frames: Vec::new(),
			gas: GasMeter::new(gas_limit),
			deposit: DepositMeter::new(deposit_limit),
			read_only,
			debug: None,
			marker: core::marker::PhantomData,
		}
	}

	/// Who began the execution.
	pub(crate) fn origin(&self) -> &Origin {
		&self.origin
	}

	/// Who pays for storage.
	pub(crate) fn payer(&self) -> Option<&AccountId> {
		self.payer.as_ref()
	}

	/// What a deposit that was `old` and should be `new` comes to, planck: it grows only if somebody pays for it.
	pub(crate) fn affordable(&self, old: Balance, new: Balance) -> Balance {
		match self.payer {
			Some(_) => new,
			None => new.min(old),
		}
	}

	/// The frame that runs.
	///
	/// # Errors
	/// `ContractTrapped` if there is none, which cannot be: host functions are called by a contract.
	pub(crate) fn top(&mut self) -> Result<&mut Frame, DispatchError> {
		let top = self.frames.last_mut();
		top.ok_or_else(|| Error::<T>::ContractTrapped.into())
	}

	/// The account of weight that is being used.
	pub(crate) fn gas_meter(&mut self) -> &mut GasMeter {
		self.frames
			.last_mut()
			.map_or(&mut self.gas, |frame| &mut frame.gas)
	}

	fn deposit_meter(&mut self) -> &mut DepositMeter {
		self.frames
			.last_mut()
			.map_or(&mut self.deposit, |frame| &mut frame.deposit)
	}

	fn is_read_only(&self) -> bool {
		let top = self.frames.last();
		top.map_or(self.read_only, |frame| frame.read_only)
	}

	/// Whom a contract that is called now sees as its caller.
	fn as_caller(&self) -> Origin {
		let top = self.frames.last();
		top.map_or(self.origin.clone(), |frame| {
			Origin::Signed(frame.account.clone())
		})
	}

	/// Takes weight from the frame that runs.
	///
	/// # Errors
	/// `OutOfGas`.
	pub(crate) fn charge(&mut self, weight: Weight) -> Result<(), DispatchError> {
		self.gas_meter().charge::<T>(weight)
	}

	/// Calls a contract.
	///
	/// `allows_reentry` is whether the caller may be entered again meanwhile.
	///
	/// # Errors
	/// Whatever ends the callee or keeps it from beginning.
	pub(crate) fn call(
		&mut self,
		target: AccountId,
		value: Balance,
		input: Vec<u8>,
		allowance: Allowance,
		allows_reentry: bool,
		read_only: bool,
	) -> ExecResult {
		self.settle()?;
		if let Some(top) = self.frames.last_mut() {
			top.allows_reentry = allows_reentry;
		}
		let result = self.try_call(target, value, input, allowance, read_only);
		if let Some(top) = self.frames.last_mut() {
			top.allows_reentry = true;
		}
		result
	}

	fn try_call(
		&mut self,
		target: AccountId,
		value: Balance,
		input: Vec<u8>,
		allowance: Allowance,
		read_only: bool,
	) -> ExecResult {
		let locked = |frame: &Frame| frame.account == target && !frame.allows_reentry;
		ensure!(
			!self.frames.iter().any(locked),
			Error::<T>::ReentranceDenied
		);
		self.ensure_room()?;
		let info = ContractInfo::<T>::of_callable(&target)?;
		let code = Executable::load::<T>(info.code_hash, self.gas_meter())?;
		let caller = self.as_caller();
		let mut frame = self.frame(target, caller, value, info.trie_id, input, allowance);
		frame.read_only |= read_only;
		self.run(frame, code)
	}

	/// Runs other code in the name of the contract that runs.
	///
	/// # Errors
	/// As [`Self::call`].
	pub(crate) fn delegate_call(&mut self, code_hash: H256, input: Vec<u8>) -> ExecResult {
		self.settle()?;
		let code = Executable::load::<T>(code_hash, self.gas_meter())?;
		self.ensure_room()?;
		let top = self.top()?;
		let (account, caller) = (top.account.clone(), top.caller.clone());
		let (value, trie_id) = (top.value, top.trie_id.clone());
		let mut frame = self.frame(account, caller, value, trie_id, input, Allowance::default());
		frame.delegated = Some(code_hash);
		self.run(frame, code)
	}

	/// Makes a new contract.
	///
	/// # Errors
	/// As [`Self::call`]; `DuplicateContract`.
	pub(crate) fn instantiate(
		&mut self,
		code: Executable,
		value: Balance,
		input: Vec<u8>,
		salt: &[u8],
		allowance: Allowance,
	) -> Result<(AccountId, ExecReturnValue), Failure> {
		self.settle()?;
		self.ensure_room()?;
		let caller = self.as_caller();
		let account = contract::address::<T>(caller.account()?, &code.hash, &input, salt);
		ensure!(
			!ContractInfoOf::<T>::contains_key(&account),
			Error::<T>::DuplicateContract
		);
		let trie_id = TrieId::default();
		let mut frame = self.frame(account.clone(), caller, value, trie_id, input, allowance);
		frame.entry = EntryPoint::Deploy;
		let output = self.run(frame, code)?;
		Ok((account, output))
	}

	/// # Errors
	/// `MaxCallDepthReached`.
	fn ensure_room(&self) -> Result<(), DispatchError> {
		let is_room = live::count() < T::MaxFrames::get() as usize;
		ensure!(is_room, Error::<T>::MaxCallDepthReached);
		Ok(())
	}

	/// What a frame holds of memory while it runs, at most, bytes; its translated code aside.
	fn memory_of(frame: &Frame) -> usize {
		let pages = T::Schedule::get().limits.memory_bytes() as usize;
		let input = frame.input.as_ref().map_or(0, Vec::len);
		pages
			.saturating_add(module::MAX_STACK_BYTES)
			.saturating_add(input)
	}

	fn frame(
		&mut self,
		account: AccountId,
		caller: Origin,
		value: Balance,
		trie_id: TrieId,
		input: Vec<u8>,
		allowance: Allowance,
	) -> Frame {
		Frame {
			account,
			caller,
			value,
			entry: EntryPoint::Call,
			delegated: None,
			allows_reentry: true,
			read_only: self.is_read_only(),
			terminated: false,
			trie_id,
			input: Some(input),
			gas: self.gas_meter().nested(allowance.gas),
			deposit: self.deposit_meter().nested(allowance.deposit),
			dues: Dues::default(),
		}
	}

	/// Runs a frame in a layer of its own.
	fn run(&mut self, frame: Frame, mut code: Executable) -> ExecResult {
		let account = frame.account.clone();
		let bytes = Self::memory_of(&frame);
		let is_room = live::has_room(&code.hash, code.info.code_len, bytes);
		ensure!(is_room, Error::<T>::MaxCallDepthReached);
		let module = code.module::<T>().map_err(Failure::of_callee)?;
		// A delegate call does not enter the contract: it is in there already.
		let enterable = match frame.delegated {
			Some(_) => Ok(()),
			None => T::Dispatch::ensure_enterable(&account),
		};
		live::enter(live::Live {
			contract: account.clone(),
			constructing: frame.entry == EntryPoint::Deploy,
			code: code.hash,
			code_len: code.info.code_len,
			module: module.clone(),
			bytes,
		});
		// Governance has no account: the contract stands for itself, and nothing may be taken.
		let actor = self.payer.as_ref().unwrap_or(&account);
		T::Dispatch::enter(Entry {
			vm: VmId::WASM,
			contract: &account,
			caller: frame.caller.account().unwrap_or(&account),
			actor,
			value: frame.value,
			kind: match (frame.entry, &frame.delegated) {
				(EntryPoint::Deploy, _) => FrameKind::Create,
				(_, Some(_)) => FrameKind::DelegateCall,
				(_, None) if self.frames.is_empty() => FrameKind::Entry,
				(_, None) => FrameKind::Call,
			},
			code: frame.delegated,
			function: &[],
			input: &|| frame.input.as_deref().unwrap_or_default().into(),
			deposit_limit: frame.deposit.left(),
		});
		self.frames.push(frame);

		let result = match enterable {
			Ok(()) => in_layer(|| self.run_in_layer(&code, &module)),
			Err(_) => Err(Failure::of_callee(Error::<T>::ReentranceDenied)),
		};

		let ok = matches!(&result, Ok(output) if !output.did_revert());
		let mut used = Weight::zero();
		if let Some(frame) = self.frames.pop() {
			used = frame.gas.consumed();
			self.gas_meter().absorb(&frame.gas);
			if ok {
				self.deposit_meter().absorb(&frame.deposit);
			}
		}
		live::leave();
		T::Dispatch::leave(match &result {
			Ok(output) if ok => Exit::well(VmId::WASM, &output.data, used),
			Ok(output) => Exit::reverted(VmId::WASM, &output.data, used),
			Err(failure) => Exit::failed(VmId::WASM, call_error::<T>(failure.error), used),
		});
		result
	}

	fn run_in_layer(&mut self, code: &Executable, module: &Module) -> ExecResult {
		if self.top()?.entry == EntryPoint::Deploy {
			self.begin_contract(code)?;
		}
		self.transfer_value()?;
		let input_len = self.top()?.input.as_ref().map_or(0, Vec::len);
		self.charge_digest(input_len)?;
		let output = module::run(self, module)?;
		self.charge_digest(output.data.len())?;
		if output.did_revert() {
			return Ok(output);
		}
		self.end_frame()?;
		Ok(output)
	}

	/// Charges a first frame for the hash of its input or its output, of which its receipt has one each if it has a
	/// receipt.
	fn charge_digest(&mut self, len_bytes: usize) -> Result<(), DispatchError> {
		match self.frames.len() {
			1 => {
				let weight = T::Dispatch::digest_weight(len_bytes);
				self.gas_meter().charge::<T>(weight)
			}
			_ => Ok(()),
		}
	}

	/// Readies the record and the account of a new contract.
	fn begin_contract(&mut self, code: &Executable) -> Result<(), DispatchError> {
		let payer = self.payer.clone().ok_or(DispatchError::RootNotAllowed)?;
		let frame = self.top()?;
		let mut info = ContractInfo::<T>::create(&frame.account, code.hash)?;
		info.set_base_deposit(&code.info);
		let base = info.storage_base_deposit;
		frame.trie_id = info.trie_id.clone();
		ContractInfoOf::<T>::insert(&frame.account, info);
		code::use_code::<T>(&code.hash)?;
		deposit::create_account::<T>(&payer, &frame.account, &mut frame.deposit)?;
		self.payment(|payment| payment.reprice::<T>(Place::Base, 0, base))
			.map(drop)
	}

	/// Moves the value that goes along, once: code that is delegate-called sees it and does not get it
	/// again.
	fn transfer_value(&mut self) -> Result<(), DispatchError> {
		let frame = self.top()?;
		if frame.value == 0 || frame.delegated.is_some() {
			return Ok(());
		}
		let from = frame.caller.account()?.clone();
		transfer_with_call::<T>(&from, &frame.account, frame.value)
	}

	/// What is left to do when a contract has succeeded.
	fn end_frame(&mut self) -> Result<(), Failure> {
		let frame = self.top()?;
		let contract = frame.account.clone();
		let event = match (frame.entry, frame.delegated) {
			(EntryPoint::Deploy, _) => {
				ensure!(!frame.terminated, Error::<T>::TerminatedInConstructor);
				let deployer = frame.caller.account()?.clone();
				Event::Instantiated { deployer, contract }
			}
			(EntryPoint::Call, Some(code_hash)) => Event::DelegateCalled {
				contract,
				code_hash,
			},
			(EntryPoint::Call, None) => Event::Called {
				caller: frame.caller.clone(),
				contract,
			},
		};
		Pallet::<T>::deposit_event(event);
		self.settle().map_err(Failure::of_callee)
	}

	/// Settles what the frame that runs owes, before control goes elsewhere.
	///
	/// # Errors
	/// `StorageDepositLimitExhausted`, `StorageDepositNotEnoughFunds`.
	pub(crate) fn settle(&mut self) -> Result<(), DispatchError> {
		let Some(frame) = self.frames.last_mut() else {
			return Ok(());
		};
		let dues = core::mem::take(&mut frame.dues);
		if frame.terminated || dues.is_empty() {
			return Ok(());
		}
		self.payment(|payment| payment.settle::<T>(dues))
	}

	/// Runs `f` with what is needed to have the frame that runs pay for something.
	pub(crate) fn payment<R>(
		&mut self,
		f: impl FnOnce(Payment<'_>) -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		let frame = self.frames.last_mut().ok_or(Error::<T>::ContractTrapped)?;
		f(Payment {
			contract: &frame.account,
			trie_id: &frame.trie_id,
			payer: self.payer.as_ref(),
			meter: &mut frame.deposit,
		})
	}

	/// Whether the frame that runs runs another contract's code.
	pub(crate) fn is_delegated(&self) -> bool {
		let top = self.frames.last();
		top.is_some_and(|frame| frame.delegated.is_some())
	}

	/// Removes the contract that runs.
	///
	/// # Errors
	/// `TerminatedWhileReentrant` if it runs in any other frame as well.
	pub(crate) fn terminate(&mut self, beneficiary: &AccountId) -> Result<(), DispatchError> {
		let frame = self.top()?;
		let account = frame.account.clone();
		ensure!(
			live::count_of(&account) == 1,
			Error::<T>::TerminatedWhileReentrant
		);
		ensure!(
			frame.entry == EntryPoint::Call,
			Error::<T>::TerminatedInConstructor
		);
		// The lists of who has paid what have changed already. What is paid out by them has to be on hold, and what they
		// have lost has to have been given back.
		self.settle()?;
		self.top()?.terminated = true;
		let info = ContractInfo::<T>::load(&account)?;
		ContractInfoOf::<T>::remove(&account);
		code::release_code::<T>(&info.code_hash);
		for dependency in info.delegate_dependencies.keys() {
			code::release_code::<T>(dependency);
		}
		crate::deletion::enqueue::<T>(info.trie_id.clone());
		Pallet::<T>::deposit_event(Event::Terminated {
			contract: account,
			beneficiary: beneficiary.clone(),
		});
		self.payment(|payment| deposit::close::<T>(payment, &info, beneficiary))
	}
}

#[cfg(feature = "runtime-benchmarks")]
impl<T: Config> Stack<T> {
	/// Begins a frame of a contract without running anything.
	pub(crate) fn enter_for_benchmark(
		&mut self,
		account: AccountId,
		trie_id: TrieId,
		input: Vec<u8>,
	) {
		Self::leave_all_for_benchmark();
		let actor = self.payer.clone().unwrap_or_else(|| account.clone());
		let caller = self.as_caller();
		let allowance = Allowance::default();
		let frame = self.frame(account.clone(), caller, 0, trie_id, input, allowance);
		T::Dispatch::enter(Entry {
			vm: VmId::WASM,
			contract: &account,
			caller: &actor,
			actor: &actor,
			value: 0,
			kind: FrameKind::Entry,
			code: None,
			function: &[],
			input: &|| (&[][..]).into(),
			deposit_limit: frame.deposit.left(),
		});
		let code = crate::classes::contract(&[0], &[]);
		if let Ok(module) = module::translate(&code) {
			live::enter(live::Live {
				contract: account,
				constructing: false,
				code: H256::zero(),
				code_len: 0,
				module,
				bytes: 0,
			});
		}
		self.frames.push(frame);
	}

	/// Ends what another run of a benchmark has left: it has no end of its own, because what follows the
	/// measured block is not run each time.
	pub(crate) fn leave_all_for_benchmark() {
		while live::count() > 0 {
			live::leave();
			T::Dispatch::leave(Exit::well(VmId::WASM, &[], Weight::zero()));
		}
	}

	/// Sets the input of the frame that runs.
	pub(crate) fn set_input_for_benchmark(&mut self, input: Vec<u8>) {
		if let Some(frame) = self.frames.last_mut() {
			frame.input = Some(input);
		}
	}
}

/// Moves coins along with a call. As a rule an account is kept by its balance. One that lives by
/// something else as well, as a contract of the EVM or whoever has sent a transaction does, may give
/// all that it has.
///
/// # Errors
/// `TransferFailed`.
pub(crate) fn transfer_with_call<T: Config>(
	from: &AccountId,
	to: &AccountId,
	value: Balance,
) -> Result<(), DispatchError> {
	use Preservation::{Expendable, Protect};
	let free = T::Currency::reducible_balance(from, Protect, Fortitude::Polite);
	let preservation = if value <= free { Expendable } else { PRESERVE };
	transfer::<T>(from, to, value, preservation)
}

/// Moves coins.
///
/// # Errors
/// `TransferFailed`.
pub(crate) fn transfer<T: Config>(
	from: &AccountId,
	to: &AccountId,
	value: Balance,
	preservation: Preservation,
) -> Result<(), DispatchError> {
	if value > 0 && from != to {
		T::Currency::transfer(from, to, value, preservation)
			.map_err(|_| Error::<T>::TransferFailed)?;
	}
	Ok(())
}

/// Runs `f` in a storage layer that stays only if it succeeds and does not revert.
fn in_layer(f: impl FnOnce() -> ExecResult) -> ExecResult {
	let outcome = with_transaction(|| {
		let result = f();
		match &result {
			Ok(output) if !output.did_revert() => {
				TransactionOutcome::Commit(Ok::<_, DispatchError>(result))
			}
			_ => TransactionOutcome::Rollback(Ok(result)),
		}
	});
	// The error is that of too many layers, and then `f` has not run.
	outcome.unwrap_or_else(|error| Err(Failure::of_callee(error)))
}
