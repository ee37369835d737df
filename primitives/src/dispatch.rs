//! What a VM's bridge asks of the dispatch pallet.

use alloc::{borrow::Cow, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::{sp_core::H256, sp_weights::Weight};
use scale_info::TypeInfo;

use crate::{
	trace::{FrameKind, Inner},
	AccountId, Balance, CallError, ContractRef, Encoding, VmId,
};

/// What a caller allows a cross-VM call.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct CallFlags(pub u32);

impl CallFlags {
	/// The calling contract may be entered again while this call runs.
	pub const ALLOW_REENTRY: u32 = 1;
	/// Neither the callee nor what it calls may write.
	pub const READ_ONLY: u32 = 2;

	/// Whether [`CallFlags::ALLOW_REENTRY`] is set.
	pub fn allows_reentry(self) -> bool {
		self.0 & Self::ALLOW_REENTRY != 0
	}
	/// Whether [`CallFlags::READ_ONLY`] is set.
	pub fn is_read_only(self) -> bool {
		self.0 & Self::READ_ONLY != 0
	}
	/// Whether only known flags are set.
	pub fn is_known(self) -> bool {
		self.0 & !(Self::ALLOW_REENTRY | Self::READ_ONLY) == 0
	}
}

/// A call from a contract in one VM to a contract in any VM, as a bridge hands it over.
pub struct CallRequest<'a> {
	/// The VM of the calling contract.
	pub vm: VmId,
	/// The calling contract, whom the callee sees as its caller.
	pub caller: AccountId,
	/// Who acts in the transaction as the calling VM knows it, if it does. Used only where no
	/// execution has been announced.
	pub origin: Option<AccountId>,
	/// Contracts of the calling VM that are live in its present execution besides `caller`.
	/// [`Dispatch::call`] adds those announced by [`Dispatch::enter`].
	pub live: Vec<AccountId>,
	/// Whom to call.
	pub target: ContractRef,
	/// Planck to send along.
	pub value: Balance,
	/// Text of the callee's [`crate::Signature`].
	pub signature: &'a [u8],
	/// The signature by which the caller knows the function, if it is another: arguments and results are of its
	/// types. See [`crate::interface::translates`].
	pub face: Option<&'a [u8]>,
	/// Arguments in the caller's encoding, without selector.
	pub arguments: &'a [u8],
	/// The caller's encoding, for arguments and result.
	pub encoding: &'static dyn Encoding,
	/// What the whole hop may use, machinery included. The callee gets at most 63/64 of what is
	/// left of it, in both dimensions.
	pub limit: Weight,
	/// What the caller gives the callee of that; `None` is all.
	pub callee_limit: Option<Weight>,
	/// What the hop may add to the payer's storage deposits, planck; `None` is what the calling
	/// execution has left. Never more than that.
	pub deposit_limit: Option<Balance>,
	/// What the caller allows.
	pub flags: CallFlags,
	/// The calling frame itself is read-only.
	pub read_only: bool,
	/// The bridge was reached by a delegate call.
	pub delegated: bool,
}

/// What became of a [`CallRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallOutcome {
	/// What the hop used of its limit, charged whether or not it succeeded.
	pub used: Weight,
	/// What it and all below it took of the payer in storage deposits, planck; 0 if it failed.
	/// Refunds are not netted.
	pub deposit: Balance,
	/// The result in the caller's encoding.
	pub result: Result<Vec<u8>, CallError>,
}

/// An execution that begins, as its VM announces it.
pub struct Entry<'a> {
	/// The VM.
	pub vm: VmId,
	/// The contract that is to run.
	pub contract: &'a AccountId,
	/// Whom it sees as its caller.
	pub caller: &'a AccountId,
	/// Who acts in the transaction (`tx.origin`). Counts where this opens the transaction; below that, the
	/// hop has said it.
	pub actor: &'a AccountId,
	/// Planck that go with it.
	pub value: Balance,
	/// How it came about, as far as its VM can tell.
	pub kind: FrameKind,
	/// The code that runs, if not the contract's own, see [`crate::trace::TraceFrame::code`].
	pub code: Option<H256>,
	/// The function's name, where the VM knows it before the code runs (Move); empty otherwise.
	pub function: &'a [u8],
	/// What it is called with, in the VM's encoding. Asked for where somebody wants to know.
	pub input: &'a dyn Fn() -> Cow<'a, [u8]>,
	/// What it may have hops add to the actor's storage deposits, planck. Counts as `actor` does.
	pub deposit_limit: Balance,
}

/// An execution that has ended.
pub struct Exit<'a> {
	/// The VM.
	pub vm: VmId,
	/// What it returned, or reverted with.
	pub output: &'a [u8],
	/// What its VM used for it, all below it included.
	pub used: Weight,
	/// Why what it did is taken back, if it is. The data of [`CallError::Reverted`] is left out: it is `output`.
	pub error: Option<CallError>,
}

impl<'a> Exit<'a> {
	/// It ended well, with this output.
	pub fn well(vm: VmId, output: &'a [u8], used: Weight) -> Self {
		Self {
			vm,
			output,
			used,
			error: None,
		}
	}

	/// It reverted, with this data.
	pub fn reverted(vm: VmId, data: &'a [u8], used: Weight) -> Self {
		Self {
			vm,
			output: data,
			used,
			error: Some(CallError::Reverted(Vec::new())),
		}
	}

	/// It failed in another way, and says nothing.
	pub fn failed(vm: VmId, error: CallError, used: Weight) -> Self {
		Self {
			vm,
			output: &[],
			used,
			error: Some(error),
		}
	}
}

/// A log of any VM, on its way to becoming a canonical event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRecord {
	/// The VM.
	pub vm: VmId,
	/// The contract that logged.
	pub contract: AccountId,
	/// At most four in the EVM and in ink!.
	pub topics: Vec<H256>,
	/// The payload in the VM's own encoding.
	pub data: Vec<u8>,
}

/// The dispatch pallet as the VM pallets see it.
///
/// A *transaction* here is one outermost call into any VM (a batch of two such calls is two).
/// A VM announces each execution that begins with [`Dispatch::enter`] and its end with
/// [`Dispatch::leave`]; the first of them opens the transaction and the last closes it.
///
/// # Storage deposits
/// Who acts pays: the caller of the outermost call, whoever signs or pays the fee (below a proxy, a
/// multisignature, a derivative account or sudo it is the account in whose name the call is made).
/// What hops take counts against one limit for each execution, inherited downwards: an execution
/// never has more left than the one that called it. The sum is kept in storage, so that it is taken
/// back with what is rolled back, by whomever.
pub trait Dispatch {
	/// Makes a cross-VM call for a contract.
	fn call(request: CallRequest<'_>) -> CallOutcome;

	/// A contract begins to run in `vm`. Pairs with [`Dispatch::leave`].
	///
	/// Announced for each native frame where the VM can (WASM), or for the outermost frame only,
	/// and then the others are named in [`CallRequest::live`] (EVM).
	///
	/// Where this opens a transaction its input is hashed for the receipt, and the output when it ends: a VM
	/// charges [`Dispatch::digest_weight`] for both, unless its own price of making them long covers that.
	fn enter(entry: Entry<'_>);

	/// Whether control may enter `contract` from where it is now, asked for every contract that a
	/// VM enters on its own (hops are checked by [`Dispatch::call`]): it may, unless the contract
	/// is live in an execution that was left for another VM without leave to re-enter.
	///
	/// # Errors
	/// [`CallError::ReentrancyDenied`].
	fn ensure_enterable(contract: &AccountId) -> Result<(), CallError>;

	/// The contract announced last has ended.
	fn leave(exit: Exit<'_>);

	/// What hashing this many bytes of the present execution's input or output for a receipt costs; nothing where another
	/// execution opened the transaction, and they are not hashed.
	fn digest_weight(len_bytes: usize) -> Weight;

	/// Whether somebody watches what runs, for a trace, and wants to be told of frames that are not announced.
	/// Must change nothing in what runs.
	fn is_watched() -> bool {
		false
	}

	/// A frame of the VM's own begins within the present execution. Told while somebody watches.
	fn begin_inner(_frame: Inner<'_>) {}

	/// The frame told last has ended.
	fn end_inner(_exit: Exit<'_>) {}

	/// The number of the present transaction; a VM's transaction-long memory that bears another
	/// number is stale.
	fn transaction() -> u64;

	/// What hops of the present transaction have taken in storage deposits and what stands of it
	/// now, planck.
	fn deposit_taken() -> Balance;

	/// Publishes logs as canonical events, at the present place in the call tree. Whoever calls this
	/// has charged [`crate::event::log_event_weight`] for each.
	fn log(logs: impl IntoIterator<Item = LogRecord>);
}

/// Whether governance lets a VM run, asked at every hop.
pub trait VmGate {
	/// `Ok` if calls into the VM are allowed now.
	///
	/// # Errors
	/// [`CallError::VmDisabled`] or [`CallError::FeatureDisabled`].
	fn ensure_callable(vm: VmId) -> Result<(), CallError>;
}

/// Every VM is in service.
impl VmGate for () {
	fn ensure_callable(_: VmId) -> Result<(), CallError> {
		Ok(())
	}
}
