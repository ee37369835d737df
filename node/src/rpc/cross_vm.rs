//! `crossVm_*`: calls of contracts of every machine, by JSON alone.
//!
//! The answers are those of the runtime APIs `CrossVmApi` and `InterfacesApi`, which bound what they take by what an
//! extrinsic may.

use polkadot_sdk::{sp_core::crypto::Ss58AddressFormat, *};

use std::{iter, sync::Arc};

use codec::Encode;
use jsonrpsee::{
	core::{async_trait, RpcResult},
	proc_macros::rpc,
};
use pallet_cross_vm::{api::CrossVmApi, CallLimit};
use pallet_interfaces::api::InterfacesApi;
use pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi;
use serde::{Deserialize, Serialize};
use serde_json::{value::RawValue, Value as Json};
use sp_api::ProvideRuntimeApi;
use trivium_primitives::{
	interface::{Callers, Described},
	AccountId, Balance, CallError, CallTreeFrame, ContractRef, Signature, Simulation, Value, VmId,
};
use trivium_runtime::{
	configs::system::RuntimeBlockWeights,
	constants::{chain::SS58_PREFIX, currency::DEPOSIT_PER_ITEM},
	RuntimeCall,
};

use super::{
	accounts_at, block_or_best, internal, invalid,
	json::{account, account_of, all_shown, hex, unsigned, values_of, Fault},
};
use crate::client::{FullClient, Hash};

/// Longest text of a request's arguments, bytes.
const MAX_ARGS_BYTES: usize = 1024 * 1024;

/// How many limits of weight [`sufficient`] tries, before it takes what is known to be enough.
const MOST_TRIES: usize = 8;
/// How many limits of deposits it tries: what was paid in the end, and twice as much each time, at least an item's.
const MOST_DOUBLINGS: usize = 13;
/// What is added with each of the tries of weight at least.
const LEAST_MORE: sp_weights::Weight = sp_weights::Weight::from_parts(1_000_000, 256);
/// Bytes of a signed extrinsic besides its call, about.
const SIGNED_BYTES: usize = 160;

/// A contract, as a request names it: an account in SS58 or hexadecimal, a 20-byte alias, or a Move module.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Target {
	/// An account or an alias.
	Account(String),
	/// A Move module.
	Module {
		/// The account that it is published under.
		publisher: String,
		/// Its name.
		module: String,
	},
}

/// What a call may use; see `crossVm.call`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Limit {
	/// Picoseconds.
	ref_time: Json,
	/// Bytes.
	proof_size: Json,
	/// Planck; none is 0.
	deposit: Option<Json>,
}

/// A call to be tried.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
	/// Who calls.
	from: String,
	/// Whom.
	target: Target,
	/// Planck that go along; none is 0.
	value: Option<Json>,
	/// The function's signature.
	signature: String,
	/// Its arguments, an array. As text at first: what it becomes takes thirty times the room.
	args: Option<Box<RawValue>>,
	/// What it may use; none is what a transaction may.
	limit: Option<Limit>,
}

/// Time and proof.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Weight {
	ref_time: String,
	proof_size: String,
}

/// Why a call failed.
#[derive(Clone, Debug, Serialize)]
pub struct Failure {
	/// The error's name, such as `Reverted`.
	name: String,
	/// What it carries: revert data, or a number.
	data: Option<String>,
}

/// One call within a call.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Frame {
	index: u32,
	parent: Option<u32>,
	vm: Option<&'static str>,
	caller: String,
	contract: String,
	value: String,
	signature: String,
	weight: Weight,
	error: Option<Failure>,
}

/// What a call would do.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
	/// The results; none if it failed.
	results: Option<Json>,
	/// Why it failed.
	error: Option<Failure>,
	/// What it refused with, if the signature says `result<T,E>`.
	refusal: Option<Json>,
	/// What it used.
	weight: Weight,
	/// Storage deposit that it would take, planck.
	deposit: String,
	/// All calls, in the order in which they began.
	frames: Vec<Frame>,
}

/// What has to be given to a call for it to succeed, and what it would cost.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
	/// A limit with which it succeeds; none if it fails with the most that a transaction may have.
	limit: Option<Weight>,
	/// Storage deposit that it takes, planck: what the limit has to allow.
	deposit: String,
	/// The fee of `crossVm.call` with that limit, planck, without a tip; less is charged for what is not used.
	fee: Option<String>,
	/// What it uses.
	used: Weight,
	/// Why it fails.
	error: Option<Failure>,
}

/// A contract, and the machine in which it has code.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Resolved {
	account: String,
	alias: String,
	vm: Option<&'static str>,
}

/// One function of an interface.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Function {
	selector: Option<String>,
	face: String,
	own: Option<String>,
	mutability: &'static str,
}

/// What is registered for a contract.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Interface {
	vm: Option<&'static str>,
	is_current: bool,
	by: String,
	/// `"everyone"`, `"nobody"`, or lists of accounts or machines.
	callers: Json,
	refuses_value: bool,
	functions: Vec<Function>,
	documents: Option<String>,
	source: Option<String>,
}

/// Calls of contracts of every machine.
#[rpc(server)]
pub trait CrossVmRpc {
	/// What a call would do. Nothing stays of it.
	#[method(name = "crossVm_call", blocking)]
	fn call(&self, request: Request, at: Option<Hash>) -> RpcResult<Outcome>;

	/// With which limit a call succeeds, and what it would cost.
	#[method(name = "crossVm_estimate", blocking)]
	fn estimate(&self, request: Request, at: Option<Hash>) -> RpcResult<Estimate>;

	/// The account and the alias of a contract, and its machine.
	#[method(name = "crossVm_resolve", blocking)]
	fn resolve(&self, target: Target, at: Option<Hash>) -> RpcResult<Resolved>;

	/// The 20-byte alias of an account.
	#[method(name = "crossVm_aliasOf", blocking)]
	fn alias_of(&self, account: String, at: Option<Hash>) -> RpcResult<String>;

	/// The account behind a 20-byte alias.
	#[method(name = "crossVm_accountOf", blocking)]
	fn account_of(&self, alias: String, at: Option<Hash>) -> RpcResult<String>;

	/// What is registered for a contract; `null` if nothing is.
	#[method(name = "crossVm_interface", blocking)]
	fn interface(&self, target: Target, at: Option<Hash>) -> RpcResult<Option<Interface>>;
}

/// The methods over a chain.
pub struct CrossVm {
	client: Arc<FullClient>,
}

impl CrossVm {
	/// The methods over this chain.
	pub fn new(client: Arc<FullClient>) -> Self {
		Self { client }
	}

	fn at(&self, at: Option<Hash>) -> Hash {
		block_or_best(&self.client, at)
	}

	/// An account by any of its names.
	fn account(&self, text: &str, place: &str, at: Hash) -> RpcResult<AccountId> {
		account_of(text, place, &accounts_at(&self.client, at)).map_err(invalid)
	}

	fn target(&self, target: Target, at: Hash) -> RpcResult<ContractRef> {
		Ok(match target {
			Target::Account(text) => self.account(&text, "target", at)?.into(),
			Target::Module { publisher, module } => {
				let name = module.into_bytes().try_into();
				let name = name.map_err(|_| invalid(Fault::at("target.module", "too long")))?;
				ContractRef::Module(self.account(&publisher, "target.publisher", at)?, name)
			}
		})
	}
}

/// A call, read and checked.
struct Call {
	from: AccountId,
	target: ContractRef,
	value: Balance,
	signature: Vec<u8>,
	args: Vec<Value>,
	limit: Option<CallLimit>,
}

impl CrossVm {
	/// Reads a request.
	fn read(&self, request: Request, at: Hash) -> RpcResult<Call> {
		let from = self.account(&request.from, "from", at)?;
		let target = self.target(request.target, at)?;
		let value = match &request.value {
			Some(value) => amount(value, "value")?,
			None => 0,
		};
		let text = request.signature.into_bytes();
		let signature = Signature::parse(&text).map_err(|error| {
			invalid(Fault::at("signature", format!("does not parse: {error:?}")))
		})?;
		let known = accounts_at(&self.client, at);
		let args = parsed(request.args.as_deref()).map_err(invalid)?;
		let args = values_of(&signature.params, &args, "args", &known).map_err(invalid)?;
		let limit = match &request.limit {
			Some(limit) => Some(CallLimit {
				ref_time: amount(&limit.ref_time, "limit.refTime")?,
				proof_size: amount(&limit.proof_size, "limit.proofSize")?,
				deposit: match &limit.deposit {
					Some(deposit) => Some(amount(deposit, "limit.deposit")?),
					None => None,
				},
			}),
			None => None,
		};
		Ok(Call {
			from,
			target,
			value,
			signature: text,
			args,
			limit,
		})
	}

	/// Tries a call, within another limit than its own if one is given.
	fn simulate(&self, call: &Call, limit: Option<CallLimit>, at: Hash) -> RpcResult<Simulation> {
		let simulated = self.client.runtime_api().simulate(
			at,
			call.from.clone(),
			call.target.clone(),
			call.value,
			call.signature.clone(),
			call.args.clone(),
			limit.or(call.limit),
		);
		simulated.map_err(internal)
	}

	/// The fee of the extrinsic that makes a call within this limit.
	fn fee(&self, call: &Call, limit: CallLimit, at: Hash) -> RpcResult<Option<Balance>> {
		let Ok(signature) = call.signature.clone().try_into() else {
			return Ok(None);
		};
		let extrinsic = RuntimeCall::CrossVm(pallet_cross_vm::Call::call {
			target: call.target.clone(),
			value: call.value,
			signature,
			args: call.args.clone(),
			limit,
		});
		let len = u32::try_from(extrinsic.encoded_size().saturating_add(SIGNED_BYTES));
		let api = self.client.runtime_api();
		let info = api.query_call_info(at, extrinsic, len.unwrap_or(u32::MAX));
		Ok(Some(info.map_err(internal)?.partial_fee))
	}
}

/// A limit that was found to suffice for the same outcome as that of `most`, which succeeded, and not much more.
///
/// What it used is not always enough: a hop gives away at most 63 parts of 64 of what it has, a callee may be charged
/// for a moment for more than it uses, and deposits that are given back later have to be there first. The outcome is
/// the same if result and weight are, since a contract may survive that a call of its own failed. What is tried uses a
/// block's weight together at most; then what was seen to succeed has to do. `given` is the limit of `most`.
fn sufficient(
	most: &Simulation,
	given: Option<CallLimit>,
	run: impl Fn(CallLimit) -> RpcResult<Simulation>,
) -> RpcResult<CallLimit> {
	let block = RuntimeBlockWeights::get().max_block;
	let mut spent = most.weight;
	let mut succeeded = None;
	// The first of the limits with the same outcome.
	let mut first = |limits: &mut dyn Iterator<Item = CallLimit>| -> RpcResult<_> {
		for limit in limits {
			let again = run(limit)?;
			if (&again.result, again.weight) == (&most.result, most.weight) {
				return Ok(Some(limit));
			}
			if again.result.is_ok() {
				succeeded.get_or_insert(limit.weight());
			}
			spent = spent.saturating_add(again.weight);
			if spent.any_gt(block) {
				break;
			}
		}
		Ok(None)
	};
	let any_deposit = given.map_or(Balance::MAX, |given| given.deposit.unwrap_or_default());
	let weights = iter::successors(Some(most.weight), |weight| {
		let more = weight.saturating_div(16).saturating_add(LEAST_MORE);
		Some(weight.saturating_add(more))
	});
	let mut limits = weights
		.take(MOST_TRIES)
		.map(|weight| limit_of(weight, any_deposit));
	if let Some(enough) = first(&mut limits)? {
		let weight = enough.weight();
		let deposits = iter::successors(Some(most.deposit), |deposit| {
			Some(deposit.saturating_mul(2).max(DEPOSIT_PER_ITEM))
		});
		let mut limits = deposits
			.take(MOST_DOUBLINGS)
			.map(|deposit| limit_of(weight, deposit));
		return Ok(first(&mut limits)?.unwrap_or(limit_of(weight, most.deposit)));
	}
	let given = given.map(|given| given.weight());
	let weight = succeeded.or(given).unwrap_or(block.saturating_div(2));
	Ok(limit_of(weight, most.deposit))
}

fn limit_of(weight: sp_weights::Weight, deposit: Balance) -> CallLimit {
	CallLimit {
		ref_time: weight.ref_time(),
		proof_size: weight.proof_size(),
		deposit: Some(deposit),
	}
}

/// The chain's format of accounts.
pub(super) fn format() -> Ss58AddressFormat {
	SS58_PREFIX.into()
}

fn amount<T: TryFrom<sp_core::U256>>(given: &Json, place: &str) -> RpcResult<T> {
	let number = unsigned(given).and_then(|number| T::try_from(number).ok());
	number.ok_or_else(|| invalid(Fault::at(place, format!("not an amount: {given}"))))
}

/// The arguments of a request.
fn parsed(args: Option<&RawValue>) -> Result<Vec<Json>, Fault> {
	let Some(args) = args else {
		return Ok(Vec::new());
	};
	let text = args.get();
	if text.len() > MAX_ARGS_BYTES {
		let what = format!("{} bytes of text, {MAX_ARGS_BYTES} at most", text.len());
		return Err(Fault::at("args", what));
	}
	serde_json::from_str(text).map_err(|error| Fault::at("args", error.to_string()))
}

pub(super) fn machine(vm: VmId) -> &'static str {
	match vm {
		VmId::EVM => "evm",
		VmId::WASM => "wasm",
		VmId::MOVE => "move",
		_ => "unknown",
	}
}

pub(super) fn weight(of: sp_weights::Weight) -> Weight {
	Weight {
		ref_time: of.ref_time().to_string(),
		proof_size: of.proof_size().to_string(),
	}
}

pub(super) fn failure(error: &CallError) -> Failure {
	let (name, data) = match error {
		CallError::Reverted(data) => ("Reverted".into(), Some(hex(data))),
		CallError::BadEncoding(reason) => ("BadEncoding".into(), Some(format!("{reason:?}"))),
		CallError::VmDisabled(state) => ("VmDisabled".into(), Some(state.to_string())),
		CallError::FeatureDisabled(feature) => {
			("FeatureDisabled".into(), Some(feature.to_string()))
		}
		CallError::Engine(code) => ("Engine".into(), Some(code.to_string())),
		plain => (format!("{plain:?}"), None),
	};
	Failure { name, data }
}

fn frame(of: &CallTreeFrame) -> Frame {
	Frame {
		index: of.index,
		parent: of.parent,
		vm: of.vm.map(machine),
		caller: account(&of.caller, format()),
		contract: account(&of.contract, format()),
		value: of.value.to_string(),
		signature: String::from_utf8_lossy(&of.signature).into_owned(),
		weight: weight(of.weight),
		error: of.error.as_ref().map(failure),
	}
}

fn outcome(of: Simulation) -> Outcome {
	let (results, error) = match of.result {
		Ok(results) => (Some(all_shown(&results, format())), None),
		Err(error) => (None, Some(failure(&error))),
	};
	Outcome {
		results,
		error,
		refusal: of.refusal.map(|values| all_shown(&values, format())),
		weight: weight(of.weight),
		deposit: of.deposit.to_string(),
		frames: of.frames.iter().map(frame).collect(),
	}
}

fn interface(of: Described) -> Interface {
	let callers = match &of.access.callers {
		Callers::Everyone => "everyone".into(),
		Callers::Nobody => "nobody".into(),
		Callers::Accounts(accounts) => {
			let accounts = accounts.iter().map(|who| account(who, format()));
			serde_json::json!({ "accounts": accounts.collect::<Vec<_>>() })
		}
		Callers::Machines(machines) => {
			let machines = machines.iter().map(|vm| machine(*vm));
			serde_json::json!({ "machines": machines.collect::<Vec<_>>() })
		}
	};
	let text = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
	let functions = of.functions.iter().map(|function| Function {
		selector: Signature::parse(&function.face)
			.ok()
			.map(|face| hex(&face.solidity_selector())),
		face: text(&function.face),
		own: function.own.as_ref().map(|own| text(own)),
		mutability: function.mutability.name(),
	});
	Interface {
		vm: of.vm.map(machine),
		is_current: of.is_current,
		by: account(&of.by, format()),
		callers,
		refuses_value: of.access.refuses_value,
		functions: functions.collect(),
		documents: of.documents.map(|hash| hex(hash.as_bytes())),
		source: of.source.map(|hash| hex(hash.as_bytes())),
	}
}

#[async_trait]
impl CrossVmRpcServer for CrossVm {
	fn call(&self, request: Request, at: Option<Hash>) -> RpcResult<Outcome> {
		let at = self.at(at);
		let call = self.read(request, at)?;
		self.simulate(&call, None, at).map(outcome)
	}

	fn estimate(&self, request: Request, at: Option<Hash>) -> RpcResult<Estimate> {
		let at = self.at(at);
		let call = self.read(request, at)?;
		let most = self.simulate(&call, None, at)?;
		let error = most.result.as_ref().err().map(failure);
		let (limit, fee) = match error {
			Some(_) => (None, None),
			None => {
				let run = |limit| self.simulate(&call, Some(limit), at);
				let limit = sufficient(&most, call.limit, run)?;
				let fee = self.fee(&call, limit, at)?;
				(Some(limit), fee)
			}
		};
		let deposit = limit.and_then(|limit| limit.deposit);
		Ok(Estimate {
			limit: limit.map(|limit| weight(limit.weight())),
			deposit: deposit.unwrap_or(most.deposit).to_string(),
			fee: fee.map(|fee| fee.to_string()),
			used: weight(most.weight),
			error,
		})
	}

	fn resolve(&self, target: Target, at: Option<Hash>) -> RpcResult<Resolved> {
		let at = self.at(at);
		let target = self.target(target, at)?;
		let (who, vm) = self
			.client
			.runtime_api()
			.resolve(at, target)
			.map_err(internal)?;
		Ok(Resolved {
			alias: hex(trivium_primitives::account::alias(&who).as_bytes()),
			account: account(&who, format()),
			vm: vm.map(machine),
		})
	}

	fn alias_of(&self, account: String, at: Option<Hash>) -> RpcResult<String> {
		let at = self.at(at);
		let who = self.account(&account, "account", at)?;
		let alias = self
			.client
			.runtime_api()
			.alias_of(at, who)
			.map_err(internal)?;
		Ok(hex(alias.as_bytes()))
	}

	fn account_of(&self, alias: String, at: Option<Hash>) -> RpcResult<String> {
		let at = self.at(at);
		Ok(account(&self.account(&alias, "alias", at)?, format()))
	}

	fn interface(&self, target: Target, at: Option<Hash>) -> RpcResult<Option<Interface>> {
		let at = self.at(at);
		let target = self.target(target, at)?;
		let described = self.client.runtime_api().interface_of(at, target);
		Ok(described.map_err(internal)?.map(interface))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use sp_weights::Weight;
	use std::cell::Cell;

	const MILLION: u64 = 1_000_000;

	/// A call that uses 64 million, and in the end no deposit; below what it needs for a moment it survives that a part of it
	/// fails. Gives the limit that is found, and how many were tried.
	fn found(needs: u64, needs_deposit: Balance) -> (CallLimit, u32) {
		let outcome = |limit: CallLimit| {
			let enough = limit.ref_time >= needs && limit.deposit >= Some(needs_deposit);
			Simulation {
				result: Ok(Vec::new()),
				refusal: None,
				weight: Weight::from_parts(if enough { 64 } else { 60 } * MILLION, 64 * 1024),
				deposit: 0,
				frames: Vec::new(),
			}
		};
		let tries = Cell::new(0);
		let most = outcome(limit_of(Weight::MAX, Balance::MAX));
		let run = |limit| {
			tries.set(tries.get() + 1);
			Ok(outcome(limit))
		};
		let limit = sufficient(&most, None, run).expect("nothing fails");
		(limit, tries.get())
	}

	#[test]
	fn what_is_used_is_enough_for_most() {
		let (limit, tries) = found(64 * MILLION, 0);
		assert_eq!((limit.ref_time, limit.deposit), (64 * MILLION, Some(0)));
		assert_eq!(tries, 2);
	}

	#[test]
	fn a_contract_that_survives_a_failed_call_is_not_taken_for_one_that_succeeded() {
		let (limit, _) = found(70 * MILLION, 0);
		assert!(
			(70 * MILLION..75 * MILLION).contains(&limit.ref_time),
			"{limit:?}"
		);
	}

	#[test]
	fn a_deposit_that_is_given_back_has_to_be_there() {
		for needs in [1, DEPOSIT_PER_ITEM, 1_000 * DEPOSIT_PER_ITEM] {
			let (limit, _) = found(64 * MILLION, needs);
			let deposit = limit.deposit.expect("is said");
			assert!(
				deposit >= needs && deposit <= (2 * needs).max(DEPOSIT_PER_ITEM),
				"{deposit}"
			);
		}
	}

	/// Then the least weight is taken with which it succeeded, and nothing more is tried.
	#[test]
	fn an_outcome_that_is_never_the_same_ends_the_trials() {
		let (limit, tries) = found(u64::MAX - 1, 0);
		assert_eq!(limit.ref_time, 64 * MILLION);
		assert_eq!(tries as usize, MOST_TRIES);
	}
}
