//! The EVM's precompiled contracts: Ethereum's own, which [`crate::precompiles`] runs, and the bridge
//! to the other VMs.
//!
//! The bridge stands at [`BRIDGE`] and has the interface `contracts/solidity/ICrossVm.sol`:
//!
//! ```solidity
//! function call(address target, string signature, bytes args) payable returns (bytes);
//! function callWithFlags(address target, string signature, bytes args, uint32 flags) payable returns (bytes);
//! function callAccount(bytes32 account, string signature, bytes args, uint32 flags) payable returns (bytes);
//! function aliasOf(bytes32 account) returns (address);
//! function accountOf(address alias_) returns (bytes32);
//! ```
//!
//! A failed call reverts with the custom error that stands for its [`CallError`].

use alloc::{
	string::{String, ToString},
	vec::Vec,
};
use polkadot_sdk::{frame_support::defensive, sp_core::H160, sp_weights::Weight};
use revm::{
	context::{BlockEnv, CfgEnv, LocalContext, LocalContextTr, TxEnv},
	context_interface::{context::ContextError, Host},
	handler::{EthPrecompiles, PrecompileProvider},
	interpreter::{CallInputs, CallScheme, CallValue, Gas, InstructionResult, InterpreterResult},
	primitives::{hardfork::SpecId, Address, AddressSet, Bytes},
	Context,
};
use trivium_primitives::{
	account, AccountId, AddressMapping, Balance, CallError, CallFlags, CallRequest, ContractRef,
	Dispatch, EncodingError, SolidityAbi, VmId,
};

use crate::{
	abi,
	database::{Stop, StorageDb},
	fees,
	gas::{gas_from_ref_time_ceil, ref_time_from_gas, ACCOUNT_PROOF_BYTES},
	journal::{EvmJournal, Shared},
	native, precompiles,
	rules::Rules,
	types::{from_address, to_address},
	weights::WeightInfo,
	Config, Failure,
};

/// Where the bridge stands: `0x…0801`.
pub const BRIDGE: H160 = H160([
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x08, 0x01,
]);
/// What the bridge shows as its code: it reverts if it is ever run as code. Without it, Solidity
/// would take the bridge for an ordinary account.
pub const BRIDGE_CODE: [u8; 5] = [0x60, 0x00, 0x60, 0x00, 0xFD];

/// Gas of each word of calldata or result: it is copied and looked at (`G_copy`).
const GAS_PER_WORD: u64 = 3;
/// Gas of reading a call to the bridge.
const DECODE_GAS: u64 = 200;
/// Gas of a read of the alias map: a cold account access.
const ALIAS_GAS: u64 = 2600;

/// What a frame's surroundings are, beyond what `revm` keeps for it.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
	/// The signer of the transaction.
	pub origin: AccountId,
	/// The contracts of the frames on the stack, outermost first, and whether the frame entered its
	/// contract. One made by a delegate call did not: it goes on within the contract that made it.
	pub live: Vec<(Address, bool)>,
	/// Bytes of memory that suspended executions hold.
	pub memory_outside_bytes: u64,
	/// What hops may take as storage deposits.
	pub deposits: Deposits,
}

/// Where the storage deposits come from that hops take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deposits {
	/// Out of the gas of the frame that makes the hop, at the transaction's price of gas, so that fee and
	/// deposits together never cost more than the gas limit: of an execution that begins a transaction.
	OfGas {
		/// Gas worth what was taken so far, rounded up for each hop.
		spent: u64,
		/// Gas that frames have and deposits must leave: what the floor of calldata
		/// ([EIP-7623](https://eips.ethereum.org/EIPS/eip-7623)) takes beyond the intrinsic gas. It is
		/// charged in the end, whatever was done with it.
		reserved: u64,
	},
	/// Out of the limit of the call from another VM that the execution is, which the dispatch pallet keeps.
	Inherited,
}

impl Deposits {
	/// Nothing taken yet, and nothing to be left.
	pub(crate) const OF_GAS: Self = Self::OfGas {
		spent: 0,
		reserved: 0,
	};

	/// So much gas is charged in the end, beyond the intrinsic gas.
	pub(crate) fn reserve(&mut self, gas: u64) {
		if let Self::OfGas { reserved, .. } = self {
			*reserved = gas;
		}
	}

	/// Gas that went into deposits instead of work.
	pub(crate) fn gas(self) -> u64 {
		match self {
			Self::OfGas { spent, .. } => spent,
			Self::Inherited => 0,
		}
	}
}

impl Environment {
	/// The surroundings of a transaction's first frame.
	pub(crate) fn new(origin: AccountId) -> Self {
		Self {
			origin,
			live: Vec::new(),
			memory_outside_bytes: 0,
			deposits: Deposits::OF_GAS,
		}
	}
}

/// The context of an execution.
pub(crate) type Ctx<T> =
	Context<BlockEnv, TxEnv, CfgEnv, StorageDb<T>, EvmJournal<T>, Environment, LocalContext>;

/// The addresses that run native code.
#[derive(Clone, Debug)]
pub(crate) struct Precompiles {
	ethereum: EthPrecompiles,
	addresses: AddressSet,
}

impl Precompiles {
	/// The precompiled contracts by the chain's rules, and the bridge.
	pub(crate) fn new<T: Config>() -> Self {
		let ethereum = precompiles::ethereum::<T>();
		let mut addresses = ethereum.warm_addresses().clone();
		if T::Rules::has_bridge() {
			addresses.insert(to_address(&BRIDGE));
		}
		Self {
			ethereum,
			addresses,
		}
	}
}

impl<T: Config> PrecompileProvider<Ctx<T>> for Precompiles {
	type Output = InterpreterResult;

	fn set_spec(&mut self, _: SpecId) -> bool {
		false
	}

	fn run(
		&mut self,
		context: &mut Ctx<T>,
		inputs: &CallInputs,
	) -> Result<Option<InterpreterResult>, String> {
		let is_bridge = inputs.bytecode_address == to_address(&BRIDGE) && T::Rules::has_bridge();
		if !is_bridge && !native::is_called::<T>(inputs) {
			return precompiles::run(&mut self.ethereum, context, inputs);
		}
		let mut gas = Gas::new(inputs.gas_limit);
		let served = match is_bridge {
			true => serve(context, inputs, &mut gas),
			false => native::serve(context, inputs, &mut gas),
		};
		let (result, output) = match served {
			Ok(output) => (InstructionResult::Return, output),
			Err(Refusal::Error(error)) => (InstructionResult::Revert, abi::encode_error(&error)),
			Err(Refusal::OutOfGas) => {
				gas.spend_all();
				(InstructionResult::PrecompileOOG, Vec::new())
			}
			Err(Refusal::Stop(failure)) => {
				let text = alloc::format!("{failure:?}").to_string();
				context.error = Err(ContextError::Db(Stop(failure)));
				return Err(text);
			}
		};
		Ok(Some(InterpreterResult::new(
			result,
			Bytes::from(output),
			gas,
		)))
	}

	fn warm_addresses(&self) -> &AddressSet {
		&self.addresses
	}
}

/// Why the bridge gives no result.
pub(crate) enum Refusal {
	/// The frame reverts with this error.
	Error(CallError),
	/// The frame's gas is gone.
	OutOfGas,
	/// The whole execution ends.
	Stop(Failure),
}

impl From<CallError> for Refusal {
	fn from(error: CallError) -> Self {
		Self::Error(error)
	}
}

impl From<EncodingError> for Refusal {
	fn from(error: EncodingError) -> Self {
		Self::Error(error.into())
	}
}

fn charge(gas: &mut Gas, amount: u64) -> Result<(), Refusal> {
	if gas.record_regular_cost(amount) {
		Ok(())
	} else {
		Err(Refusal::OutOfGas)
	}
}

/// Pays for reading the data of a call.
pub(crate) fn charge_input(gas: &mut Gas, len_bytes: usize) -> Result<(), Refusal> {
	charge(gas, DECODE_GAS)?;
	charge_words(gas, len_bytes)
}

/// Pays for the account behind an alias.
pub(crate) fn charge_alias<T: Config>(context: &mut Ctx<T>, gas: &mut Gas) -> Result<(), Refusal> {
	charge(gas, ALIAS_GAS)?;
	charge_proof(context, ACCOUNT_PROOF_BYTES)
}

/// Pays for both dimensions of a weight.
pub(crate) fn charge_both<T: Config>(
	context: &mut Ctx<T>,
	gas: &mut Gas,
	weight: Weight,
) -> Result<(), Refusal> {
	charge_weight::<T>(gas, weight)?;
	charge_proof(context, weight.proof_size())
}

fn charge_proof<T: Config>(context: &mut Ctx<T>, bytes: u64) -> Result<(), Refusal> {
	let meter = context.journaled_state.meter();
	meter.charge(bytes).map_err(|_| Refusal::OutOfGas)
}

fn charge_words(gas: &mut Gas, len_bytes: usize) -> Result<(), Refusal> {
	let words = u64::try_from(len_bytes).unwrap_or(u64::MAX).div_ceil(32);
	charge(gas, words.saturating_mul(GAS_PER_WORD))
}

fn charge_weight<T: Config>(gas: &mut Gas, weight: Weight) -> Result<(), Refusal> {
	charge(gas, gas_from_ref_time_ceil::<T>(weight.ref_time()))
}

/// Answers a call to the bridge.
fn serve<T: Config>(
	context: &mut Ctx<T>,
	inputs: &CallInputs,
	gas: &mut Gas,
) -> Result<Vec<u8>, Refusal> {
	let is_delegated = matches!(
		inputs.scheme,
		CallScheme::DelegateCall | CallScheme::CallCode
	) || inputs.target_address != inputs.bytecode_address;
	if is_delegated {
		return Err(CallError::DELEGATE_CALL.into());
	}
	charge_input(gas, inputs.input.len())?;
	let input = inputs.input.bytes(context);
	let call = abi::BridgeCall::decode(&input)?;

	let has_value = !inputs.value.get().is_zero();
	match call {
		abi::BridgeCall::AliasOf { .. } | abi::BridgeCall::AccountOf { .. } if has_value => {
			Err(EncodingError::RefusedByCallee.into())
		}
		abi::BridgeCall::AliasOf { account } => {
			Ok(abi::encode_address(&T::Addresses::alias(&account)))
		}
		abi::BridgeCall::AccountOf { alias } => {
			charge_alias(context, gas)?;
			Ok(abi::encode_account(&T::Addresses::account(&alias)))
		}
		abi::BridgeCall::Call {
			target,
			signature,
			arguments,
			flags,
		} => {
			let asked = Asked {
				target,
				signature,
				face: None,
				arguments,
				flags,
			};
			let results = hop(context, inputs, gas, asked)?;
			Ok(abi::encode_bytes(&results))
		}
	}
}

/// What a contract asks for.
pub(crate) struct Asked<'a> {
	/// Whom to call.
	pub target: ContractRef,
	/// The function's signature.
	pub signature: &'a [u8],
	/// The signature by which the contract knows it, if it is another.
	pub face: Option<&'a [u8]>,
	/// Arguments in Solidity's ABI, without selector.
	pub arguments: &'a [u8],
	/// What the contract allows.
	pub flags: CallFlags,
}

/// Makes a cross-VM call and comes back with its results in Solidity's ABI. The value has been moved to where the
/// call went, the bridge or an alias.
pub(crate) fn hop<T: Config>(
	context: &mut Ctx<T>,
	inputs: &CallInputs,
	gas: &mut Gas,
	asked: Asked<'_>,
) -> Result<Vec<u8>, Refusal> {
	let value = match inputs.value {
		CallValue::Transfer(value) => value,
		CallValue::Apparent(_) => return Err(CallError::DELEGATE_CALL.into()),
	};
	let planck = u128::try_from(value).map_err(|_| CallError::InsufficientBalance)?;

	// The frame has moved the value here; that is taken back, and the callee's engine moves it to where
	// it belongs.
	if planck != 0 {
		let (journal, bridge) = (&mut context.journaled_state, inputs.target_address);
		if !journal.take_back_transfer(inputs.caller, bridge, value) {
			defensive!("the value has just come here");
			return Err(Refusal::Stop(Failure::Internal));
		}
	}

	// Leaving: pay for making storage the journal's equal, and for looking at it afterwards.
	let journal = &context.journaled_state;
	let loaded_before = journal.loaded_accounts();
	charge_weight::<T>(gas, T::WeightInfo::hop())?;
	let layers = T::WeightInfo::layer(count(journal.frames_without_layer()));
	charge_weight::<T>(gas, layers)?;
	charge_weight::<T>(gas, T::WeightInfo::write(count(journal.unwritten())))?;
	charge_weight::<T>(gas, T::WeightInfo::refresh(count(loaded_before)))?;
	context
		.journaled_state
		.materialise()
		.map_err(CallError::from)?;

	let caller = from_address(&inputs.caller);
	// The innermost entry is the one that calls; an earlier one of the same contract is another.
	let mut entered: Vec<Address> = context
		.chain
		.live
		.iter()
		.filter(|(_, enters)| *enters)
		.map(|(contract, _)| *contract)
		.collect();
	entered.pop();
	entered.sort_unstable();
	entered.dedup();
	let live = entered
		.iter()
		.map(|address| account::ethereum_account(&from_address(address)))
		.collect();
	let limit = Weight::from_parts(
		ref_time_from_gas::<T>(gas.remaining()),
		context.journaled_state.meter().left(),
	);
	let own_memory = context.local.shared_memory_buffer().borrow().len();
	let memory_bytes = context
		.chain
		.memory_outside_bytes
		.saturating_add(u64::try_from(own_memory).unwrap_or(u64::MAX));
	let transaction = context.journaled_state.transaction();
	let frames = context.journaled_state.live_frames();
	let deposit_limit = match context.chain.deposits {
		Deposits::OfGas { .. } => Some(affordable_deposit(context, gas)),
		Deposits::Inherited => None,
	};
	context.journaled_state.suspend(memory_bytes).put();

	let outcome = T::Dispatch::call(CallRequest {
		vm: VmId::EVM,
		caller: T::Addresses::account(&caller),
		origin: Some(context.chain.origin.clone()),
		live,
		target: asked.target,
		value: planck,
		signature: asked.signature,
		face: asked.face,
		arguments: asked.arguments,
		encoding: &SolidityAbi,
		limit,
		callee_limit: None,
		deposit_limit,
		flags: asked.flags,
		read_only: inputs.is_static,
		delegated: false,
	});

	// Coming back.
	context
		.journaled_state
		.restore(Shared::take_from(transaction));
	if context.journaled_state.live_frames() != frames {
		return Err(Refusal::Stop(Failure::Internal));
	}
	let used_gas = gas_from_ref_time_ceil::<T>(outcome.used.ref_time());
	let is_paid = gas.record_regular_cost(used_gas.min(gas.remaining()));
	let proof = outcome
		.used
		.proof_size()
		.min(context.journaled_state.meter().left());
	let is_proof_paid = context.journaled_state.meter().charge(proof).is_ok();
	debug_assert!(is_paid && is_proof_paid, "both are capped by what is left");
	let is_deposit_paid = pay_deposit(context, gas, outcome.deposit);

	// The accounts that nested executions have loaded are paid for now, which is late: each cost its
	// cold access then. The journal must follow storage even if there is no gas left for it.
	context.journaled_state.refresh().map_err(Refusal::Stop)?;
	if !is_deposit_paid {
		return Err(Refusal::OutOfGas);
	}
	let loaded_below = context
		.journaled_state
		.loaded_accounts()
		.saturating_sub(loaded_before);
	charge_weight::<T>(gas, T::WeightInfo::refresh(count(loaded_below)))?;

	let results = outcome.result?;
	charge_words(gas, results.len())?;
	Ok(results)
}

/// What one gas of the transaction costs, planck.
fn price<T: Config>(context: &Ctx<T>) -> Balance {
	u128::try_from(context.effective_gas_price()).unwrap_or(u128::MAX)
}

/// What a hop may take as storage deposits, planck: what the frame's gas is worth, less what is charged in
/// the end however little gas is used. That is the price of the proof used so far, which may be more than
/// the gas that went for it, or the floor of calldata, whichever is more.
fn affordable_deposit<T: Config>(context: &mut Ctx<T>, gas: &Gas) -> Balance {
	let proof = Weight::from_parts(0, context.journaled_state.meter().used());
	let for_proof = fees::charged_gas::<T>(0, proof, u64::MAX);
	let reserved = match context.chain.deposits {
		Deposits::OfGas { reserved, .. } => reserved,
		Deposits::Inherited => 0,
	};
	let free = gas.remaining().saturating_sub(for_proof.max(reserved));
	price(context).saturating_mul(free.into())
}

/// Spends gas for the deposit that a hop took, where deposits are paid of gas. To be called when the hop's own
/// gas and proof are charged. False if what is left does not cover both them and the deposit: then the frame
/// has to fail as out of gas, which gives the deposit back with all that the hop did.
///
/// The gas buys no proof size any more.
fn pay_deposit<T: Config>(context: &mut Ctx<T>, gas: &mut Gas, deposit: Balance) -> bool {
	if deposit == 0 {
		return true;
	}
	// What was affordable before the hop may not be any more: its proof costs too.
	let affordable = affordable_deposit(context, gas);
	let price = price(context);
	let Deposits::OfGas { spent, .. } = &mut context.chain.deposits else {
		return true;
	};
	let worth = match price {
		0 => u64::MAX,
		price => u64::try_from(deposit.div_ceil(price)).unwrap_or(u64::MAX),
	};
	if deposit > affordable || !gas.record_regular_cost(worth) {
		return false;
	}
	*spent = spent.saturating_add(worth);
	let bytes = fees::proof_bytes_of_gas::<T>(worth);
	context.journaled_state.meter().forgo(bytes);
	true
}

/// As weights take it.
fn count(items: usize) -> u32 {
	u32::try_from(items).unwrap_or(u32::MAX)
}
