//! Proof size is carved like gas: who is given little can end nobody else.

use super::{
	signed::{address, key, Unsigned},
	*,
};
use crate::{
	gas::{proof_allowance, ACCOUNT_PROOF_BYTES, SLOT_PROOF_BYTES},
	Failure,
};
use polkadot_sdk::{
	frame_support::{assert_ok, traits::fungible::Mutate},
	sp_weights::Weight,
};
use trivium_primitives::CallError;

/// Looks at one account after the other, each the dearest read for its gas, until something runs out.
const GREEDY: &str = "0x01000000 again: DUP1 BALANCE POP 1 ADD @again JUMP";

/// Reads as many cold slots of its own as the first word of calldata says.
const BURN: &str = "0 CALLDATALOAD burn: DUP1 SLOAD POP 1 SWAP1 SUB DUP1 @burn JUMPI";

/// The largest number of slots that works.
fn most(works: impl Fn(u64) -> bool) -> u64 {
	let (mut enough, mut too_many) = (1, 4_000);
	assert!(works(enough) && !works(too_many));
	while enough + 1 < too_many {
		let middle = (enough + too_many) / 2;
		match works(middle) {
			true => enough = middle,
			false => too_many = middle,
		}
	}
	enough
}

/// What a call of a greedy contract is, in each of its kinds; it leaves whether it succeeded.
fn calls(target: H160, gas: &str) -> [String; 4] {
	let to = token(target);
	[
		format!("0 0 0 0 0 {to} {gas} CALL"),
		format!("0 0 0 0 0 {to} {gas} CALLCODE"),
		format!("0 0 0 0 {to} {gas} DELEGATECALL"),
		format!("0 0 0 0 {to} {gas} STATICCALL"),
	]
}

/// Puts a short program into memory as creation code and gives operands for it.
fn creation(program: &str) -> (String, usize) {
	let code = asm(program);
	assert!(code.len() <= 32);
	let hex: String = code.iter().map(|byte| format!("{byte:02x}")).collect();
	(
		format!("0x{hex} {} SHL 0 MSTORE", 8 * (32 - code.len())),
		code.len(),
	)
}

/// The example of the fault: a transaction of 120,000 gas that gives 60,000 to a contract which reads
/// cold slots.
#[test]
fn callee_that_is_given_little_gas_cannot_end_its_caller_through_proof_size() {
	test(|| {
		let greedy = deploy("0 again: DUP1 SLOAD POP 1 ADD @again JUMP");
		for call in calls(greedy, "60000") {
			let caller = deploy(&format!("{call} 1 ADD 0 SSTORE"));
			assert_ok!(call_with(&alice(), caller, vec![], 0, 120_000));
			assert_eq!(slot(caller, 0), 1.into(), "{call}: caught as a failed call");

			let caller = deploy(&format!("{call} 1 ADD 0 SSTORE"));
			Balances::mint_into(&contract_account(address(&key(1))), FUNDS).unwrap();
			let unsigned = Unsigned {
				nonce: System::account_nonce(contract_account(address(&key(1)))),
				to: Some(caller),
				gas_limit: 120_000,
				..Default::default()
			};
			let raw = unsigned.sign(&key(1));
			let applied = Evm::read_transaction(&raw)
				.and_then(Evm::apply_transaction)
				.expect("is valid");
			assert_eq!(applied.result, Ok(vec![]));
			assert_eq!(slot(caller, 0), 1.into());
		}
	});
}

#[test]
fn callee_that_is_given_everything_leaves_its_caller_a_64th() {
	test(|| {
		let greedy = deploy(GREEDY);
		for call in calls(greedy, "GAS") {
			let caller = deploy(&format!("{call} 1 ADD 0 SSTORE"));
			assert_ok!(super::call(caller, vec![]));
			assert_eq!(slot(caller, 0), 1.into(), "{call}");
		}
		let (store, len) = creation(GREEDY);
		for create in [format!("{len} 0 0 CREATE"), format!("7 {len} 0 0 CREATE2")] {
			let caller = deploy(&format!("{store} {create} 1 ADD 0 SSTORE"));
			assert_ok!(super::call(caller, vec![]));
			assert_eq!(slot(caller, 0), 1.into(), "{create}");
		}
	});
}

#[test]
fn callee_cannot_take_more_by_calling_on() {
	test(|| {
		// Calls itself with all it has, then is greedy, in every frame.
		let hostile = deploy(&format!("0 0 0 0 0 ADDRESS GAS CALL POP {GREEDY}"));
		let caller = deploy(&format!(
			"0 0 0 0 0 {} 1000000 CALL 1 ADD 0 SSTORE",
			token(hostile)
		));
		assert_ok!(call(caller, vec![]));
		assert_eq!(slot(caller, 0), 1.into());
	});
}

#[test]
fn out_of_proof_in_a_frame_takes_its_gas_and_what_it_did() {
	test(|| {
		let greedy = deploy(&format!("1 0 SSTORE 0 0 LOG0 {GREEDY}"));
		let caller = deploy(&format!(
			"0 0 0 0 0 {} 300000 CALL ISZERO 0 SSTORE GAS 1 SSTORE",
			token(greedy)
		));
		assert_ok!(call_with(&alice(), caller, vec![], 0, 500_000));
		assert_eq!(slot(caller, 0), 1.into());
		assert_eq!(slot(greedy, 0), 0.into());
		assert!(logs().is_empty());
		let left = slot(caller, 1).as_u64();
		assert!(left < 500_000 - 300_000 - 21_000, "{left}");
	});
}

#[test]
fn proof_of_a_frame_that_failed_stays_used() {
	test(|| {
		let reader = deploy("0 again: DUP1 SLOAD POP 1 ADD DUP1 10 GT @again JUMPI 0 0 REVERT");
		let caller = deploy(&format!("0 0 0 0 0 {} 100000 CALL", token(reader)));
		let used = |target| {
			let report = Evm::simulate_call(alice(), target, vec![], 0, Some(GAS));
			assert!(report.result.is_ok());
			report.weight.proof_size()
		};
		let idle = deploy(&format!("0 0 0 0 0 {} 0 CALL", token(reader)));
		// The two callers' codes differ by three bytes.
		assert_eq!(used(caller) - used(idle), 10 * SLOT_PROOF_BYTES + 3);
	});
}

#[test]
fn first_frame_that_runs_out_says_so() {
	test(|| {
		let greedy = deploy(GREEDY);
		assert_fails(call(greedy, vec![]), crate::Error::OutOfProofSize);
		// The first frame of a creation, by what it does and by looking at its address.
		let code = asm(GREEDY);
		assert_eq!(
			create(code),
			Err(crate::Error::<Test>::OutOfProofSize.into())
		);
		for bytes in [2 * ACCOUNT_PROOF_BYTES - 1, 2 * ACCOUNT_PROOF_BYTES + 1] {
			let action = crate::execute::Action::Create {
				code: vec![],
				salt: None,
			};
			let outcome = Evm::run_top_level(alice(), action, 0, GAS, bytes);
			assert_eq!(outcome.result, Err(Failure::OutOfProofSize), "{bytes}");
		}
		// Below another VM it is out of gas, as ever.
		let result = foreign_transaction(|| nested(&wasm(), greedy, vec![]));
		assert_eq!(result, Err(CallError::OutOfGas));
	});
}

#[test]
fn creation_without_proof_for_its_address_fails_alone() {
	test(|| {
		let create = "0 0 0 CREATE ISZERO 0 MSTORE 32 0 RETURN";
		let (burner, creator) = (
			deploy(&format!("{BURN} STOP {create}")),
			deploy(&format!("{BURN} {create}")),
		);
		let run = |contract, slots: u64| {
			Evm::simulate_call(alice(), contract, word(slots), 0, Some(10_000_000)).result
		};
		let most = most(|slots| run(burner, slots).is_ok());
		assert!(most > 1_000, "gas is not what is short");
		let mut failures = 0;
		for slots in most - 9..=most {
			let output = run(creator, slots).expect("the creator itself reads nothing more");
			failures += U256::from_big_endian(&output).as_u64();
		}
		assert!((4..=8).contains(&failures), "{failures} of ten");
	});
}

#[test]
fn ordinary_callees_have_enough() {
	test(|| {
		// A large contract behind a proxy, that reads ten slots, called with 60,000 gas.
		let mut code = asm("0 again: DUP1 SLOAD POP 1 ADD DUP1 10 GT @again JUMPI STOP");
		code.resize(16_000, 0);
		let large = create(deployer(&code)).unwrap();
		let proxy = deploy(&format!(
			"0xFF SLOAD POP 0 0 0 0 {} GAS DELEGATECALL @ok JUMPI INVALID ok: STOP",
			token(large)
		));
		let caller = deploy(&format!(
			"0 0 0 0 0 {} 60000 CALL 0 MSTORE 32 0 RETURN",
			token(proxy)
		));
		for gas in [600_000, 1_000_000, 5_000_000, 16_000_000] {
			let report = Evm::simulate_call(alice(), caller, vec![], 0, Some(gas));
			assert_eq!(report.result, Ok(word(1)), "{gas}");
		}
		// One that looks at a slot when it is paid, within the stipend.
		let wallet = deploy("0 SLOAD POP");
		let payer = deploy(&format!(
			"0 0 0 0 1 {} 0 CALL 0 MSTORE 32 0 RETURN",
			token(wallet)
		));
		for gas in [100_000, 1_000_000, 16_000_000] {
			let report = Evm::simulate_call(alice(), payer, vec![], 1, Some(gas));
			assert_eq!(report.result, Ok(word(1)), "{gas}");
		}
	});
}

#[test]
fn hop_gets_its_frames_share_of_proof_and_cannot_end_its_caller() {
	test(|| {
		// Hops, and afterwards wants to read a slot.
		let hopper = deploy(&format!("{TO_BRIDGE} POP 0 SLOAD POP"));
		let caller = deploy(&format!(
			"CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 0 {} 300000 CALL 1 ADD 0 SSTORE",
			token(hopper)
		));
		set_foreign(|call| {
			assert!(call.limit.proof_size() <= proof_allowance(GAS) / 2);
			Ok(vec![])
		});
		set_foreign_use(Weight::from_parts(0, u64::MAX));
		assert_ok!(call(caller, bridge_call(&wasm(), "f()", &[], 0)));
		// The bridge's frame took all but a 64th of the hopper's share, which is enough for a slot.
		assert_eq!(slot(caller, 0), 2.into());

		let hopper = deploy(&format!(
			"{TO_BRIDGE} POP CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 0 0x0801 GAS CALL POP \
			0 SLOAD POP"
		));
		let caller = deploy(&format!(
			"CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 0 {} 300000 CALL 1 ADD 0 SSTORE",
			token(hopper)
		));
		assert_ok!(call(caller, bridge_call(&wasm(), "f()", &[], 0)));
		assert_eq!(slot(caller, 0), 1.into(), "nothing was left to the hopper");
	});
}

#[test]
fn bridge_without_proof_for_an_alias_fails_alone() {
	test(|| {
		let id = sp_io::hashing::keccak_256(b"accountOf(address)");
		let selector: String = id[..4].iter().map(|byte| format!("{byte:02x}")).collect();
		let rest = format!(
			"0x{selector} 224 SHL 0 MSTORE 0 0 36 0 0 0x0801 20000 CALL 1 ADD 0 MSTORE 32 0 RETURN"
		);
		// The bridge's own account is read at the beginning.
		let burner = deploy(&format!("0x0801 EXTCODESIZE POP {BURN} STOP {rest}"));
		let asker = deploy(&format!("0x0801 EXTCODESIZE POP {BURN} {rest}"));
		let run = |contract, slots: u64| {
			Evm::simulate_call(alice(), contract, word(slots), 0, Some(GAS)).result
		};
		let most = most(|slots| run(burner, slots).is_ok());
		assert_eq!(run(asker, most), Ok(word(1)), "refused, and caught");
		assert_eq!(run(asker, most - 10), Ok(word(2)), "there is enough");
	});
}

/// Each could have half of what is left, and the next half of that.
#[test]
fn several_callees_with_little_gas_cannot_end_their_caller() {
	test(|| {
		let callees: Vec<String> = (1..=5)
			.map(|callee| {
				let greedy = GREEDY.replacen("01", &format!("{callee:02}"), 1);
				token(deploy(&greedy))
			})
			.collect();
		let look: String = callees
			.iter()
			.map(|callee| format!("{callee} EXTCODESIZE POP "))
			.collect();
		let calls: String = callees
			.iter()
			.map(|callee| format!("0 0 0 0 0 {callee} 30000 CALL POP "))
			.collect();
		let read = |calls: &str| {
			let caller = deploy(&format!("{look} {calls} {BURN}"));
			let run =
				|slots| Evm::simulate_call(alice(), caller, word(slots), 0, Some(1_000_000)).result;
			most(|slots| run(slots).is_ok())
		};
		let (alone, after) = (read(""), read(&calls));
		// Besides, each callee has its share, 3 % of what is left.
		assert!(
			after * 100 > alone * 40,
			"{after} of {alone} slots are left"
		);
	});
}
