//! What frames of the EVM that revert give back of the deposits that hops below them took.

use polkadot_sdk::{sp_core::H160, sp_keyring::Sr25519Keyring::Alice};
use trivium_primitives::{Balance, ContractRef};
use trivium_runtime::constants::currency::{DEPOSIT_PER_ITEM, UNIT};

use crate::{
	common::{apply, balance, development},
	contracts::{self, bridged, create, cross_call, Mode},
};

/// `CALL target` with the own input and all gas; leaves whether it succeeded.
fn call(target: H160) -> Vec<u8> {
	let mut code = vec![0x5f, 0x5f, 0x36, 0x5f, 0x5f, 0x73];
	code.extend_from_slice(target.as_bytes());
	code.extend([0x5a, 0xf1]);
	code
}

/// `CALLDATACOPY` of all.
const COPY: [u8; 4] = [0x36, 0x5f, 0x5f, 0x37];
/// `REVERT` with nothing.
const REVERT: [u8; 3] = [0x5f, 0x5f, 0xfd];

/// What the ink! contract holds more after a call of an EVM contract that hops into it twice, where the
/// first hop's frame reverts; within a limit of deposits.
fn taken(limit: Balance) -> Balance {
	development().execute_with(|| {
		let at = contracts::deploy();
		let reverter = create(&[&COPY[..], &call(at.evm_bridge), &REVERT].concat());
		// The first call's failure is what is expected, the second's is handed on.
		let mut code = [
			&COPY[..],
			&call(reverter),
			&[0x50],
			&call(at.evm_bridge),
			// ISZERO PUSH1 .. JUMPI STOP JUMPDEST
			&[0x15, 0x60, 0, 0x57, 0x00, 0x5b],
		]
		.concat();
		let jumpdest = code.len() - 1;
		code[jumpdest - 3] = u8::try_from(jumpdest).expect("is short");
		code.extend(REVERT);
		let outer = create(&code);

		let held = balance(&at.ink);
		let (signature, args) = bridged(&at.ink, Mode::Store as u8);
		let call = cross_call(ContractRef::Address(outer), signature, args, Some(limit));
		let _ = apply(Alice, call).expect("it is valid");
		balance(&at.ink) - held
	})
}

#[test]
fn deposit_of_a_frame_that_reverts_can_be_taken_again() {
	let deposit = taken(UNIT);
	assert!(deposit >= DEPOSIT_PER_ITEM);
	assert_eq!(taken(deposit), deposit, "the first one has been given back");
	assert_eq!(taken(deposit - 1), 0);
}
