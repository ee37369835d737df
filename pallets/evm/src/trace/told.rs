//! Telling the dispatch pallet of the EVM's own frames, for a trace of all machines.
//!
//! The first frame of an execution is announced to it anyway; what is told here are those below.

use alloc::vec::Vec;

use polkadot_sdk::{sp_core::H256, sp_weights::Weight};
use revm::{
	context::JournalTr,
	handler::{FrameResult, ItemOrResult},
	interpreter::{interpreter_action::FrameInit, CallScheme, CallValue, CreateScheme, FrameInput},
	primitives::Address,
};
use trivium_primitives::{
	account::ethereum_account,
	trace::{FrameKind, Inner},
	AccountId, Balance, Dispatch, Exit, VmId,
};

use crate::{
	bridge::Ctx,
	execute::{Begun, Frames, Ran, TriviumEvm, Unwatched},
	gas::ref_time_from_gas,
	types::from_address,
	Config, Failure,
};

/// Frames of which the dispatch pallet is told.
pub(crate) struct Told;

impl<T: Config> Frames<T> for Told {
	fn begin(evm: &mut TriviumEvm<T>, init: FrameInit) -> Begun {
		let is_first = evm.ctx.chain.live.is_empty();
		if !is_first {
			begins(&mut evm.ctx, &init.frame_input);
		}
		let begun = <Unwatched as Frames<T>>::begin(evm, init);
		if let (false, Ok(ItemOrResult::Result(result))) = (is_first, &begun) {
			ended(&mut evm.ctx, result);
		}
		begun
	}

	fn run(evm: &mut TriviumEvm<T>) -> Ran {
		let is_first = evm.ctx.chain.live.len() <= 1;
		let ran = <Unwatched as Frames<T>>::run(evm);
		if let (false, Ok(ItemOrResult::Result(result))) = (is_first, &ran) {
			ended(&mut evm.ctx, result);
		}
		ran
	}
}

fn account_of(address: &Address) -> AccountId {
	ethereum_account(&from_address(address))
}

fn begins<T: Config>(context: &mut Ctx<T>, input: &FrameInput) {
	let proof = context.journaled_state.meter().used();
	let inner = |kind, caller, contract, code, value, input: &[u8]| {
		T::Dispatch::begin_inner(Inner {
			vm: VmId::EVM,
			kind,
			caller,
			contract,
			code,
			function: &[],
			value,
			input,
			counted: Weight::from_parts(0, proof),
		});
	};
	match input {
		FrameInput::Call(call) => {
			let own = account_of(&call.target_address);
			let code = || Some(H256(account_of(&call.bytecode_address).into()));
			let (kind, caller, code) = match call.scheme {
				CallScheme::Call => (FrameKind::Call, account_of(&call.caller), None),
				CallScheme::StaticCall => (FrameKind::StaticCall, account_of(&call.caller), None),
				CallScheme::CallCode | CallScheme::DelegateCall => {
					(FrameKind::DelegateCall, own.clone(), code())
				}
			};
			let value = match call.value {
				CallValue::Transfer(value) => Balance::try_from(value).unwrap_or(Balance::MAX),
				CallValue::Apparent(_) => 0,
			};
			let data: Vec<u8> = call.input.as_bytes(context).to_vec();
			inner(kind, caller, own, code, value, &data);
		}
		FrameInput::Create(create) => {
			let creator = create.caller();
			let contract = match create.scheme() {
				CreateScheme::Create2 { salt } => {
					creator.create2_from_code(salt.to_be_bytes::<32>(), create.init_code())
				}
				_ => {
					// It is raised when the frame begins.
					let (_, state) = context.journaled_state.db_and_state();
					let nonce = state.get(&creator).map_or(0, |account| account.info.nonce);
					creator.create(nonce)
				}
			};
			let value = Balance::try_from(create.value()).unwrap_or(Balance::MAX);
			let (caller, contract) = (account_of(&creator), account_of(&contract));
			inner(
				FrameKind::Create,
				caller,
				contract,
				None,
				value,
				create.init_code(),
			);
		}
		FrameInput::Empty => {}
	}
}

fn ended<T: Config>(context: &mut Ctx<T>, result: &FrameResult) {
	let proof = context.journaled_state.meter().used();
	let result = result.interpreter_result();
	let used = Weight::from_parts(ref_time_from_gas::<T>(result.gas.total_gas_spent()), proof);
	T::Dispatch::end_inner(match Failure::of(result.result, &[]) {
		None => Exit::well(VmId::EVM, &result.output, used),
		Some(Failure::Reverted(_)) => Exit::reverted(VmId::EVM, &result.output, used),
		Some(failure) => Exit::failed(VmId::EVM, failure.into(), used),
	});
}
