//! One hop from contract to contract, step by step as the crate's head lists them.

use alloc::vec::Vec;
use core::cell::RefCell;

use codec::Encode;
use polkadot_sdk::{
	frame_support::{
		dispatch::{DispatchErrorWithPostInfo, DispatchResultWithPostInfo, PostDispatchInfo},
		storage::{with_transaction, TransactionOutcome},
		traits::Get,
		weights::Weight,
	},
	sp_core::H256,
	sp_io::hashing::keccak_256,
	sp_runtime::DispatchError,
};
use trivium_primitives::{
	engine::target_account,
	event::{event_weight, EVENT_RECORD_BYTES},
	interface::{says_true, translates},
	trace::{FrameKind, TraceFrame},
	AccountId, Balance, CallError, CallFlags, CallOutcome, CallRequest, CallTreeFrame, ContractRef,
	Encoding, EncodingError, EngineCall, Engines, Interfaces, Signature, Value, VmGate, VmId,
};

use trivium_receipts::hash::KECCAK_EMPTY;

use crate::{
	meter::{Meter, Transcoder},
	receipts,
	stack::{self, Execution, Leaving, Root},
	CallLimit, Config, DepositTaken, Error, Event, Pallet, WeightInfo,
};

/// A hop to make.
struct Hop<'a> {
	/// The execution that is left; `None` for the outermost call of an extrinsic.
	from: Option<Leaving>,
	/// The machine of the caller, if that is a contract.
	caller_vm: Option<VmId>,
	caller: AccountId,
	/// Who acts in the transaction.
	actor: AccountId,
	target: ContractRef,
	value: Balance,
	signature: &'a [u8],
	/// The signature by which the caller knows the function, if it is another.
	face: Option<&'a [u8]>,
	arguments: Arguments<'a>,
	limit: Weight,
	callee_limit: Option<Weight>,
	deposit_limit: Option<Balance>,
	flags: CallFlags,
	read_only: bool,
	delegated: bool,
}

/// Arguments as the caller has them.
enum Arguments<'a> {
	Native(&'static dyn Encoding, &'a [u8]),
	Canonical(&'a [Value]),
}

/// What is known of the frame so far, for the call tree.
struct Seen {
	vm: Option<VmId>,
	contract: AccountId,
	/// What it and all below it took in storage deposits.
	deposit: Balance,
	/// With what it failed, where the caller is given a value nevertheless.
	error: Option<CallError>,
	/// Of the call that opened the transaction: what it was called with and what it said, for the receipt.
	receipt: Option<Said>,
}

/// Keccak-256 of a call's input and output.
struct Said {
	input: H256,
	output: H256,
}

/// What a call came to, in canonical values.
enum Outcome {
	Results(Vec<Value>),
	/// It failed with this error, which says what the signature has a type for.
	Refused(CallError, Vec<Value>),
}

/// What came of a hop.
struct Done<R> {
	used: Weight,
	deposit: Balance,
	vm: Option<VmId>,
	contract: AccountId,
	result: Result<R, CallError>,
}

/// A bridge's call.
pub(crate) fn call_from_bridge<T: Config>(request: CallRequest<'_>) -> CallOutcome {
	let encoding = request.encoding;
	let actor = stack::with(|context| context.actor.clone()).flatten();
	let hop = Hop {
		from: Some(Leaving {
			vm: request.vm,
			contract: request.caller.clone(),
			allow_reentry: request.flags.allows_reentry(),
			live: request.live,
		}),
		caller_vm: Some(request.vm),
		actor: actor
			.or(request.origin)
			.unwrap_or_else(|| request.caller.clone()),
		caller: request.caller,
		target: request.target,
		value: request.value,
		signature: request.signature,
		face: request.face,
		arguments: Arguments::Native(encoding, request.arguments),
		limit: request.limit,
		callee_limit: request.callee_limit,
		deposit_limit: request.deposit_limit,
		flags: request.flags,
		read_only: request.read_only,
		delegated: request.delegated,
	};
	let done = make::<T, _>(hop, |signature, outcome, meter| {
		let outcome = match &outcome {
			Outcome::Results(results) => Ok(&results[..]),
			Outcome::Refused(_, error) => Err(&error[..]),
		};
		let mut transcoder = Transcoder::<T>::writing(meter);
		let outcome = encoding.encode_outcome(signature, outcome, &mut transcoder)?;
		outcome.map_err(CallError::Reverted)
	});
	CallOutcome {
		used: done.used,
		deposit: done.deposit,
		result: done.result,
	}
}

/// What the extrinsic costs besides what its limit covers: itself and its receipt.
pub(crate) fn extrinsic_weight<T: Config>(args: &[Value]) -> Weight {
	T::WeightInfo::call(u32::try_from(args.encoded_size()).unwrap_or(u32::MAX))
}

/// The extrinsic.
pub(crate) fn call_extrinsic<T: Config>(
	caller: AccountId,
	target: ContractRef,
	value: Balance,
	signature: &[u8],
	args: &[Value],
	limit: CallLimit,
) -> DispatchResultWithPostInfo {
	let base = extrinsic_weight::<T>(args);
	let (done, _) = call_canonical::<T>(caller.clone(), target, value, signature, args, limit);
	let post_info = PostDispatchInfo::from(Some(base.saturating_add(done.used)));
	match (done.result, done.vm) {
		(Ok(results), Some(vm)) => {
			let contract = done.contract;
			Pallet::<T>::deposit_event(Event::Called {
				caller,
				contract,
				vm,
				results,
			});
			Ok(post_info)
		}
		(Ok(_), None) => Err(DispatchErrorWithPostInfo {
			post_info,
			error: Error::<T>::NotFound.into(),
		}),
		(Err(error), _) => Err(DispatchErrorWithPostInfo {
			post_info,
			error: Error::<T>::from(error).into(),
		}),
	}
}

/// Runs [`call_extrinsic`]'s call, keeps nothing of it, and tells what it would do.
pub(crate) fn simulate<T: Config>(
	caller: AccountId,
	target: ContractRef,
	value: Balance,
	signature: &[u8],
	args: &[Value],
	limit: CallLimit,
) -> trivium_primitives::Simulation {
	stack::with(|context| context.tree = Some(Vec::new()));
	let done = with_transaction(|| {
		let done = call_canonical::<T>(caller, target, value, signature, args, limit);
		TransactionOutcome::Rollback(Ok::<_, DispatchError>(done))
	});
	let mut frames = stack::with(|context| context.tree.take())
		.flatten()
		.unwrap_or_default();
	frames.sort_by_key(|frame| frame.index);
	match done {
		Ok((done, refusal)) => trivium_primitives::Simulation {
			result: done.result,
			refusal,
			weight: done.used,
			deposit: done.deposit,
			frames,
		},
		Err(_) => trivium_primitives::Simulation {
			result: Err(CallError::DepthExceeded),
			refusal: None,
			weight: Weight::zero(),
			deposit: 0,
			frames,
		},
	}
}

fn call_canonical<T: Config>(
	caller: AccountId,
	target: ContractRef,
	value: Balance,
	signature: &[u8],
	args: &[Value],
	limit: CallLimit,
) -> (Done<Vec<Value>>, Option<Vec<Value>>) {
	let actor = stack::with(|context| context.actor.clone()).flatten();
	let hop = Hop {
		from: None,
		caller_vm: None,
		actor: actor.unwrap_or_else(|| caller.clone()),
		caller,
		target,
		value,
		signature,
		face: None,
		arguments: Arguments::Canonical(args),
		limit: limit.weight(),
		callee_limit: None,
		deposit_limit: Some(limit.deposit.unwrap_or_default()),
		flags: CallFlags::default(),
		read_only: false,
		delegated: false,
	};
	let refusal = RefCell::new(None);
	let done = make::<T, _>(hop, |_, outcome, meter| match outcome {
		Outcome::Results(results) => {
			// They become an event.
			let len_bytes = CALLED_EVENT_BYTES.saturating_add(results.encoded_size());
			meter.charge(event_weight(len_bytes))?;
			Ok(results)
		}
		Outcome::Refused(error, values) => {
			refusal.replace(Some(values));
			Err(error)
		}
	});
	(done, refusal.into_inner())
}

/// Most bytes of [`Event::Called`] without its results: the record, two accounts and a VM.
pub(crate) const CALLED_EVENT_BYTES: usize = EVENT_RECORD_BYTES + 32 + 32 + 1;

/// Makes a hop and notes it in the call tree. `finish` turns the outcome into what the caller wants, on the hop's
/// budget: results still within its storage layer, a refusal after that.
fn make<T: Config, R>(
	mut hop: Hop<'_>,
	finish: impl Fn(&Signature, Outcome, &mut Meter) -> Result<R, CallError>,
) -> Done<R> {
	let mut meter = Meter::new(hop.limit);
	let mut seen = Seen {
		vm: None,
		contract: target_account_unread(&hop.target),
		deposit: 0,
		error: None,
		receipt: None,
	};
	let from = hop.from.take();
	let live = from.as_ref().map_or(0, |left| left.live.len());
	let begun = stack::with(|context| {
		let is_outermost = context.executions.is_empty();
		if is_outermost {
			// A bridge whose VM announced nothing still opens a transaction.
			let (vm, contract) = match &from {
				Some(left) => (left.vm, &left.contract),
				None => (VmId(u8::MAX), &hop.caller),
			};
			let root = Root {
				vm,
				contract: contract.clone(),
				value: hop.value,
				input: H256(KECCAK_EMPTY),
			};
			let deposit_limit = hop.deposit_limit.unwrap_or_default();
			context.open(root, &hop.actor, deposit_limit);
		}
		let parent = context.executions.last().map(|execution| execution.frame);
		if let Some(execution) = context.executions.last_mut() {
			execution.left = from;
		}
		(is_outermost, context.new_frame(), parent)
	});
	let Some((is_outermost, index, parent)) = begun else {
		// Nothing has begun, so there is nothing to end.
		return Done {
			used: hop.limit,
			deposit: 0,
			vm: None,
			contract: seen.contract,
			result: Err(CallError::TRAPPED),
		};
	};

	if is_outermost {
		seen.receipt = Some(Said {
			input: H256(KECCAK_EMPTY),
			output: H256(KECCAK_EMPTY),
		});
	}
	begin_trace(&hop, index, &seen);
	let result = run::<T, R>(&hop, index, live, &mut meter, &mut seen, finish);
	// A refusal that the caller is told in its own way is the callee's failure all the same, in the callee's.
	let error = match &result {
		Ok(_) => seen.error.clone(),
		Err(error @ CallError::Reverted(_)) => seen.error.clone().or(Some(error.clone())),
		Err(error) => Some(error.clone()),
	};
	let is_ok = error.is_none();
	if let (Some(said), Some(error)) = (&mut seen.receipt, &error) {
		// What it returned before it failed is taken back with the rest; what it refused with stands.
		if !matches!(error, CallError::Reverted(_)) {
			said.output = H256(KECCAK_EMPTY);
		}
	}

	stack::with(|context| {
		if let Some(watch) = &mut context.watch {
			watch.end_hop(seen.vm, seen.contract.clone(), meter.used(), error.clone());
		}
		if let Some(execution) = context.executions.last_mut() {
			execution.left = None;
		}
		context.record(CallTreeFrame {
			index,
			parent,
			vm: seen.vm,
			caller: hop.caller.clone(),
			contract: seen.contract.clone(),
			value: hop.value,
			signature: hop.signature.to_vec(),
			weight: meter.used(),
			error,
		});
		if let (Some(root), Some(said)) = (&mut context.root, &seen.receipt) {
			root.input = said.input;
			if let Some(vm) = seen.vm {
				root.vm = vm;
				root.contract = seen.contract.clone();
			}
		}
	});
	if let Some(said) = &seen.receipt {
		receipts::close::<T>(is_ok, said.output, meter.used());
	}
	Done {
		used: meter.used(),
		deposit: seen.deposit,
		vm: seen.vm,
		contract: seen.contract,
		result,
	}
}

/// Tells whoever watches that a hop begins.
fn begin_trace(hop: &Hop<'_>, index: u32, seen: &Seen) {
	stack::tell(|watch| {
		let (caller, contract) = (hop.caller.clone(), seen.contract.clone());
		let frame = TraceFrame {
			value: hop.value,
			signature: hop.signature.to_vec(),
			..TraceFrame::new(FrameKind::Hop, index, caller, contract)
		};
		watch.begin(frame, false, Weight::zero());
	});
}

/// The target's account so far as it is known without reading storage.
fn target_account_unread(target: &ContractRef) -> AccountId {
	match target {
		ContractRef::Account(account) => account.clone(),
		ContractRef::Address(address) => trivium_primitives::account::ethereum_account(address),
		ContractRef::Module(publisher, name) => {
			trivium_primitives::account::module_account(publisher, name)
		}
	}
}

fn run<T: Config, R>(
	hop: &Hop<'_>,
	index: u32,
	live: usize,
	meter: &mut Meter,
	seen: &mut Seen,
	finish: impl Fn(&Signature, Outcome, &mut Meter) -> Result<R, CallError>,
) -> Result<R, CallError> {
	meter.charge(T::WeightInfo::hop(u32::try_from(live).unwrap_or(u32::MAX)))?;
	let signature_len = u32::try_from(hop.signature.len()).unwrap_or(u32::MAX);
	// The fixed cost of each pass of transcoding: a call and its result, each read in one encoding and
	// written in another, unless the caller deals in canonical values.
	let passes = match hop.arguments {
		Arguments::Native(..) => 2,
		Arguments::Canonical(_) => 1,
	};
	let transcode = T::WeightInfo::decode(0, 0)
		.saturating_add(T::WeightInfo::encode(0, 0))
		.saturating_mul(passes);
	meter.charge(T::WeightInfo::signature(signature_len).saturating_add(transcode))?;
	if hop.delegated {
		return Err(CallError::DELEGATE_CALL);
	}
	if !hop.flags.is_known() {
		return Err(EncodingError::OutOfRange.into());
	}
	let signature = Signature::parse(hop.signature)?;
	let face = face_of::<T>(hop, &signature, meter)?;
	let face = face.as_ref().unwrap_or(&signature);

	meter.charge(T::WeightInfo::account_of().saturating_add(T::Engines::lookup_weight()))?;
	let target = target_account::<Pallet<T>>(&hop.target);
	seen.contract = target.clone();
	let vm = T::Engines::resolve(&target).ok_or(CallError::NotFound)?;
	seen.vm = Some(vm);
	T::Gate::ensure_callable(vm)?;
	if hop.caller_vm != Some(vm) {
		meter.charge(T::Interfaces::access_weight())?;
		T::Interfaces::access(&target).ensure_open(hop.caller_vm, &hop.caller, hop.value)?;
	}

	let (read_only, deposit_cap) = stack::with(|context| {
		if context.executions.len() > usize::try_from(T::MaxDepth::get()).unwrap_or(usize::MAX) {
			return Err(CallError::DepthExceeded);
		}
		context.ensure_enterable(&target)?;
		let read_only = hop.read_only || hop.flags.is_read_only() || context.is_read_only();
		Ok((read_only, context.deposit_cap()))
	})
	.ok_or(CallError::TRAPPED)??;
	if read_only && hop.value > 0 {
		return Err(CallError::ReadOnly);
	}

	let values;
	let arguments = match hop.arguments {
		Arguments::Canonical(values) => values,
		Arguments::Native(encoding, bytes) => {
			let mut transcoder = Transcoder::<T>::reading(meter);
			values = encoding.decode(&face.params, bytes, &mut transcoder)?;
			&values
		}
	};
	let input = T::Engines::encode_call(
		vm,
		&signature,
		arguments,
		&mut Transcoder::<T>::writing(meter),
	)?;
	stack::tell(|watch| watch.set_input(&input));
	if let Some(said) = &mut seen.receipt {
		meter.charge(receipts::digest_weight::<T>(input.len()))?;
		said.input = H256(keccak_256(&input));
	}
	// What the caller gives, and no more than it has itself; what only reads stores nothing.
	let taken_before = DepositTaken::<T>::get();
	let deposit_left = deposit_cap.saturating_sub(taken_before);
	let deposit_limit = match read_only {
		true => 0,
		false => hop.deposit_limit.unwrap_or(deposit_left).min(deposit_left),
	};
	let call = EngineCall {
		caller: hop.caller.clone(),
		payer: hop.actor.clone(),
		target: target.clone(),
		value: hop.value,
		input,
		limit: match hop.callee_limit {
			Some(given) => given.min(meter.for_callee()),
			None => meter.for_callee(),
		},
		deposit_limit,
		read_only,
	};

	stack::with(|context| {
		context.hops = context.hops.saturating_add(1);
		context.executions.push(Execution {
			vm,
			frame: index,
			read_only,
			by_hop: true,
			deposit_cap: taken_before.saturating_add(deposit_limit),
			announced: Vec::new(),
			left: None,
		});
	})
	.ok_or(CallError::TRAPPED)?;
	let result = with_transaction(|| {
		match in_layer::<T, R>(vm, [&signature, face], call, meter, seen, &finish) {
			Ok(done) => TransactionOutcome::Commit(Ok(done)),
			Err(error) => TransactionOutcome::Rollback(Err(LayerError::Call(error))),
		}
	});
	stack::with(|context| {
		context.executions.pop();
	});
	result.or_else(|error| {
		// What a rolled-back layer took is given back with it.
		seen.deposit = 0;
		match error {
			LayerError::Call(CallError::Reverted(data)) if signature.error.is_some() => {
				refused::<T, R>(vm, [&signature, face], data, meter, seen, finish)
			}
			LayerError::Call(error) => Err(error),
			// No storage layer to be had: the stack is as deep as it may be.
			LayerError::Layers => Err(CallError::DepthExceeded),
		}
	})
}

/// What the caller gets of a callee that reverted, where the signature says what it then says. By now what the
/// callee did has been taken back.
fn refused<T: Config, R>(
	vm: VmId,
	[signature, face]: [&Signature; 2],
	data: Vec<u8>,
	meter: &mut Meter,
	seen: &mut Seen,
	finish: impl Fn(&Signature, Outcome, &mut Meter) -> Result<R, CallError>,
) -> Result<R, CallError> {
	let mut transcoder = Transcoder::<T>::reading(meter);
	let said = T::Engines::decode_error(vm, signature, &data, &mut transcoder)?;
	let error = CallError::Reverted(data);
	let Some(values) = said else {
		return Err(error);
	};
	seen.error = Some(error.clone());
	finish(face, Outcome::Refused(error, values), meter)
}

/// The signature by which the caller knows the function, where that is not the function's own: its parameters and
/// results, and the error of the other.
fn face_of<T: Config>(
	hop: &Hop<'_>,
	own: &Signature,
	meter: &mut Meter,
) -> Result<Option<Signature>, CallError> {
	let Some(text) = hop.face else {
		return Ok(None);
	};
	let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
	meter.charge(T::WeightInfo::signature(len))?;
	let mut face = Signature::parse(text)?;
	if !translates(&face, own) {
		return Err(EncodingError::TypeMismatch.into());
	}
	face.error = own.error.clone();
	Ok(Some(face))
}

/// Why a storage layer was rolled back.
enum LayerError {
	Call(CallError),
	Layers,
}

impl From<DispatchError> for LayerError {
	fn from(_: DispatchError) -> Self {
		Self::Layers
	}
}

/// What happens within the hop's storage layer.
fn in_layer<T: Config, R>(
	vm: VmId,
	[signature, face]: [&Signature; 2],
	call: EngineCall,
	meter: &mut Meter,
	seen: &mut Seen,
	finish: impl Fn(&Signature, Outcome, &mut Meter) -> Result<R, CallError>,
) -> Result<R, CallError> {
	let (limit, deposit_limit) = (call.limit, call.deposit_limit);
	let taken_before = DepositTaken::<T>::get();
	let outcome = T::Engines::call(vm, call);
	meter.settle(outcome.used.min(limit));
	if let Ok(output) | Err(CallError::Reverted(output)) = &outcome.result {
		stack::tell(|watch| watch.set_output(output, outcome.result.as_ref().err()));
	}
	if let (Some(said), Ok(output) | Err(CallError::Reverted(output))) =
		(&mut seen.receipt, &outcome.result)
	{
		meter.charge(receipts::digest_weight::<T>(output.len()))?;
		said.output = H256(keccak_256(output));
	}
	let output = outcome.result?;
	// The engine kept to the limit by itself, and so did the hops it made; together they must.
	let taken = DepositTaken::<T>::get().saturating_add(outcome.deposit);
	seen.deposit = taken.saturating_sub(taken_before);
	if seen.deposit > deposit_limit {
		return Err(CallError::InsufficientBalance);
	}
	if outcome.deposit > 0 {
		DepositTaken::<T>::put(taken);
	}
	let mut results =
		T::Engines::decode_return(vm, signature, &output, &mut Transcoder::<T>::reading(meter))?;
	if says_true(face, signature) {
		results.push(Value::Bool(true));
	}
	finish(face, Outcome::Results(results), meter)
}

impl<T> From<CallError> for Error<T> {
	fn from(error: CallError) -> Self {
		match error {
			CallError::Reverted(_) => Self::Reverted,
			CallError::OutOfGas => Self::OutOfGas,
			CallError::NotFound => Self::NotFound,
			CallError::BadEncoding(_) => Self::BadEncoding,
			CallError::VmDisabled(_) => Self::VmDisabled,
			CallError::FeatureDisabled(_) => Self::FeatureDisabled,
			CallError::ReentrancyDenied => Self::ReentrancyDenied,
			CallError::DepthExceeded => Self::DepthExceeded,
			CallError::ReadOnly => Self::ReadOnly,
			CallError::InsufficientBalance => Self::InsufficientBalance,
			CallError::Engine(_) => Self::Engine,
			CallError::AccessDenied => Self::AccessDenied,
		}
	}
}
