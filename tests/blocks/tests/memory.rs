//! What one author builds, everybody can import: blocks of the extrinsics that take the most memory, in
//! all engines, executed in one instance of the runtime with the memory of a relay chain's validator.
//!
//! Compiling the runtime and running full blocks takes a minute or two.

use std::sync::LazyLock;

use codec::Encode as _;
use pallet_wasm::{Code, CollectEvents, DebugInfo};
use polkadot_sdk::{
	frame_support::{traits::Get, weights::Weight},
	sp_core::H160,
};
use trivium_benchmarks_evm::chain::{with_validator_stack, Wasm, World};
use trivium_block_tests::{
	programs::{self, evm, SIGNER},
	Author, Chain,
};
use trivium_primitives::{
	account::{ethereum_account, module_account},
	ContractRef, Value,
};
use trivium_runtime::{
	constants::gas::WEIGHT_PER_GAS, AccountId, Contracts, CrossVm, Runtime, RuntimeCall,
};

const MEBIBYTE: usize = 1024 * 1024;
/// What one allocation of the host's may hold, and a region of the heap has.
const MAX_ALLOCATION: usize = 32 * MEBIBYTE;
/// What a validator can take of events: they are in a vector that grows by doubling.
const MAX_EVENTS: usize = MAX_ALLOCATION / 2;

const MEMORY: H160 = H160::repeat_byte(0xC0);
const JOURNAL: H160 = H160::repeat_byte(0xC1);
const LOGS: H160 = H160::repeat_byte(0xC2);
const EMPTY_LOGS: H160 = H160::repeat_byte(0xC3);
const ANSWER: H160 = H160::repeat_byte(0xC4);
const DEEP: H160 = H160::repeat_byte(0xC5);
const READER: H160 = H160::repeat_byte(0xC6);
const ALL: H160 = H160::repeat_byte(0xC7);
/// Contracts of a chain of calls.
const CHAIN: [H160; 3] = [
	H160::repeat_byte(0xD1),
	H160::repeat_byte(0xD2),
	H160::repeat_byte(0xD3),
];
/// Long codes that there are, and that are read in one call.
const CODES: u32 = 320;
const CODES_READ: u32 = 60;
/// Bytes that the contract at [`ANSWER`] returns.
const ANSWER_BYTES: usize = MEBIBYTE;

static WASM: LazyLock<Wasm> = LazyLock::new(Wasm::validator);

fn millis(millis: u64) -> Weight {
	Weight::from_parts(millis * 1_000_000_000, 128 * 1024)
}

/// A call of the runtime, by the number of its transaction.
type Calls = Box<dyn Fn(u64) -> RuntimeCall>;

/// What there is to be called.
struct Worst {
	ink: AccountId,
	ink_deep: AccountId,
	ink_large: Vec<AccountId>,
	ink_transient: AccountId,
	/// The way of [`Worst::three_deep`].
	path: Vec<AccountId>,
}

/// Contracts of the longest code that may run within one another: what their translated codes take is
/// what bounds them.
const LARGE_INK: u32 = 7;
/// How often a contract of short code may run within itself.
const DEEP_INK: u32 = 31;

/// Puts a contract of ink!'s machine on the chain.
fn instantiate(code: Vec<u8>) -> AccountId {
	instantiate_again(code, 0)
}

/// The same, another one for each number.
fn instantiate_again(code: Vec<u8>, number: u8) -> AccountId {
	let made = Contracts::bare_instantiate(
		SIGNER.to_account_id(),
		0,
		Weight::from_parts(1_000_000_000_000, 2 * 1024 * 1024),
		None,
		Code::Upload(code),
		Vec::new(),
		vec![number],
		DebugInfo::Skip,
		CollectEvents::Skip,
	);
	made.result.expect("it is instantiated").account_id
}

/// As many contracts as calls may be within one another, of one machine after the other.
fn path() -> Vec<AccountId> {
	let module = module_account(&SIGNER.to_account_id(), b"caller");
	let mut path = Vec::new();
	for (number, address) in (0..).zip(CHAIN) {
		path.push(ethereum_account(&address));
		path.push(instantiate_again(programs::ink_worst(), number));
		path.push(module.clone());
	}
	let most: u32 = <Runtime as pallet_cross_vm::Config>::MaxDepth::get();
	path.truncate(most as usize);
	let rest = path.iter().skip(1).cloned().map(Value::Address).collect();
	let (signer, signature) = (SIGNER.to_account_id(), programs::WORST.as_bytes().to_vec());
	let first = path.first().expect("there are some").clone();
	let tried = CrossVm::simulate(
		signer,
		first.into(),
		0,
		signature,
		vec![Value::List(rest)],
		None,
	);
	assert_eq!(tried.result, Ok(Vec::new()));
	assert_eq!(tried.frames.len(), path.len(), "it goes all the way");
	path
}

impl Worst {
	/// Prepares a chain for it.
	fn chain() -> (Self, Chain) {
		let mut worst = None;
		let chain = Chain::new(|| {
			let codes = (1..=CODES).fold(World::default(), |world, number| {
				world.with_contract(evm::code_address(number), evm::long_code(number))
			});
			let chain = CHAIN.into_iter().fold(codes, |world, address| {
				world.with_contract(address, evm::worst())
			});
			chain
				.with_contract(READER, evm::reader())
				.with_contract(ALL, evm::all())
				.with_contract(MEMORY, evm::memory())
				.with_contract(JOURNAL, evm::journal())
				.with_contract(LOGS, evm::logs())
				.with_contract(EMPTY_LOGS, evm::empty_logs())
				.with_contract(ANSWER, evm::answer(ANSWER_BYTES))
				.with_contract(DEEP, evm::deep())
				.write();
			programs::publish_move();
			worst = Some(Self {
				ink: instantiate(programs::ink_emitter()),
				ink_deep: instantiate(programs::ink_deep()),
				ink_large: (0..LARGE_INK)
					.map(|number| instantiate(programs::ink_large(number)))
					.collect(),
				ink_transient: instantiate(programs::ink_transient()),
				path: path(),
			});
		});
		(worst.expect("the chain is prepared"), chain)
	}

	fn evm_memory(&self) -> Calls {
		Box::new(|_| programs::call_evm(MEMORY, vec![0; 4], 6_000_000))
	}

	fn evm_deep(&self) -> Calls {
		Box::new(|_| programs::call_evm(DEEP, vec![0; 4], 25_000_000))
	}

	fn evm_all(&self, gas_limit: u64) -> Calls {
		Box::new(move |_| programs::call_evm(ALL, vec![0; 4], gas_limit))
	}

	fn evm_journal(&self) -> Calls {
		Box::new(|_| programs::call_evm(JOURNAL, vec![0; 4], 12_000_000))
	}

	/// Reads other codes each time.
	fn evm_codes(&self) -> Calls {
		Box::new(|number| {
			let before = number as u32 * CODES_READ % (CODES - CODES_READ);
			let input = evm::reader_input(before, CODES_READ);
			programs::call_evm(READER, input, u64::from(CODES_READ) * 245_000)
		})
	}

	fn evm_logs(&self) -> Calls {
		Box::new(|_| programs::call_evm(LOGS, vec![0; 4], 13_000_000))
	}

	fn evm_empty_logs(&self) -> Calls {
		Box::new(|_| programs::call_evm(EMPTY_LOGS, vec![0; 4], 5_000_000))
	}

	/// Vectors of another length each time.
	fn move_vectors(&self) -> Calls {
		const LENGTHS: [usize; 11] = [
			130, 260, 520, 1040, 2100, 4200, 8300, 16_500, 33_000, 65_500, 131_200,
		];
		Box::new(|number| {
			let len = LENGTHS[number as usize % LENGTHS.len()];
			programs::hold_in_move(len, move_memory(), millis(200))
		})
	}

	/// As many sessions within one another as there may be, each holding more than a fifteenth of what all may.
	fn move_deep(&self) -> Calls {
		let limit = Weight::from_parts(400_000_000_000, 2_200 * 1024);
		Box::new(move |_| programs::hold_and_nest_in_move(8, 16, limit))
	}

	fn move_events(&self) -> Calls {
		Box::new(|_| programs::emit_in_move(8_000, 60, millis(150)))
	}

	fn ink_events(&self) -> Calls {
		call_ink(&self.ink, millis(150), programs::ink_input(20))
	}

	/// As many visits of one contract within one another as there may be, each with all its memory.
	fn ink_deep(&self) -> Calls {
		let limit = Weight::from_parts(300_000_000_000, 1_200 * 1024);
		call_ink(&self.ink_deep, limit, programs::ink_input(DEEP_INK))
	}

	/// The longest codes, all translated, within one another.
	fn ink_large(&self) -> Calls {
		let (first, rest) = self.ink_large.split_first().expect("there are some");
		let rest = rest.iter().flat_map(|account| account.encode()).collect();
		let limit = Weight::from_parts(400_000_000_000, 1_200 * 1024);
		call_ink(first, limit, rest)
	}

	/// The longest codes, one after the other.
	fn ink_codes(&self) -> Calls {
		let contracts = self.ink_large.clone();
		Box::new(move |number| {
			let contract = &contracts[number as usize % contracts.len()];
			let limit = Weight::from_parts(60_000_000_000, 160 * 1024);
			call_ink(contract, limit, Vec::new())(number)
		})
	}

	fn ink_transient(&self) -> Calls {
		call_ink(&self.ink_transient, millis(150), programs::ink_input(2_300))
	}

	/// The longest codes, each another one.
	fn ink_uploads(&self) -> Calls {
		Box::new(|number| {
			pallet_wasm::Call::upload_code {
				code: programs::ink_large(1_000 + number as u32),
				storage_deposit_limit: None,
				determinism: pallet_wasm::Determinism::Enforced,
			}
			.into()
		})
	}

	/// A chain of calls as deep as it may be: EVM, ink!, Move, and again, each frame holding as much as it may, and Move's
	/// module entered a second time.
	fn three_deep(&self) -> Calls {
		let (first, rest) = self.path.split_first().expect("there are some");
		let (first, rest) = (first.clone(), rest.to_vec());
		Box::new(move |_| {
			let rest = rest.iter().cloned().map(Value::Address).collect();
			pallet_cross_vm::Call::call {
				target: first.clone().into(),
				value: 0,
				signature: programs::WORST
					.as_bytes()
					.to_vec()
					.try_into()
					.expect("is short"),
				args: vec![Value::List(rest)],
				limit: pallet_cross_vm::CallLimit {
					ref_time: 400_000_000_000,
					proof_size: 2_200 * 1024,
					deposit: Some(0),
				},
			}
			.into()
		})
	}

	/// Results of a mebibyte each, which become events.
	fn results(&self) -> Calls {
		Box::new(|_| {
			let call = pallet_cross_vm::Call::call {
				target: ContractRef::Address(ANSWER),
				value: 0,
				signature: b"f()->(bytes)".to_vec().try_into().expect("is short"),
				args: Vec::new(),
				limit: pallet_cross_vm::CallLimit {
					ref_time: 8_000_000 * WEIGHT_PER_GAS,
					proof_size: 72 * 1024,
					deposit: Some(0),
				},
			};
			let calls = vec![call.into(); 2];
			polkadot_sdk::pallet_utility::Call::batch_all { calls }.into()
		})
	}
}

/// A call of a contract of ink!'s machine.
fn call_ink(contract: &AccountId, limit: Weight, data: Vec<u8>) -> Calls {
	let dest = contract.clone();
	Box::new(move |_| {
		pallet_wasm::Call::call {
			dest: dest.clone().into(),
			value: 0,
			gas_limit: limit,
			storage_deposit_limit: None,
			data: data.clone(),
		}
		.into()
	})
}

/// What a Move program is let hold, as the VM counts, but for what its arguments take.
fn move_memory() -> usize {
	move_vm_memory_bytes() - 300_000
}

fn move_vm_memory_bytes() -> usize {
	move_vm_runtime::Limits::PRODUCTION.memory_bytes as usize
}

/// Builds a block of as many of these calls as it has room for, in turns, at most `most`; imports and
/// validates it.
#[track_caller]
fn assert_everybody_can_have_it(
	most: u64,
	calls: impl FnOnce(&Worst) -> Vec<Calls> + Send + 'static,
) {
	with_validator_stack(move || {
		let (worst, chain) = Worst::chain();
		let calls = calls(&worst);
		let mut author = Author::new(&chain, &WASM);
		let extrinsics = (0..most).map(|number| {
			let call = &calls[number as usize % calls.len()];
			chain.sign(SIGNER, number, call(number / calls.len() as u64))
		});
		let (included, succeeded) = author.fill(extrinsics);
		let block = author.finish();
		println!(
			"{included} extrinsics, {succeeded} of them succeed; {} ms and {} bytes of weight, {} bytes of proof, {} \
			 of events; {:?}",
			block.weight.ref_time() / 1_000_000_000,
			block.weight.proof_size(),
			block.proof.encoded_size(),
			block.events_bytes,
			block.taken,
		);
		assert!(included >= calls.len(), "each is in the block");
		assert!(succeeded * 2 > included, "most do what they are for");
		let imported = block.import().expect("a node can import it");
		println!("imported: {imported:?}");
		let validated = block.validate().expect("a validator can validate it");
		println!("validated: {validated:?}");
		assert!(block.events_bytes < MAX_EVENTS, "events can be read");
		// What stays in an instance from one extrinsic to the next is little: the heap takes one
		// region more at most than it does for the largest.
		assert!(
			imported.memory_bytes as usize <= block.taken.memory_bytes as usize + MAX_ALLOCATION,
			"importing takes about as much memory as the largest extrinsic"
		);
	});
}

/// The longest proof lies in a validator's memory, several times.
#[test]
fn a_block_of_a_long_proof_and_much_memory() {
	assert_everybody_can_have_it(200, |worst| {
		vec![
			worst.evm_codes(),
			worst.evm_logs(),
			worst.evm_all(28_000_000),
			worst.move_vectors(),
		]
	});
}

/// The eleven transactions that once made such a block.
#[test]
fn a_block_of_move_programs_that_hold_vectors_of_ever_other_lengths() {
	assert_everybody_can_have_it(11, |worst| vec![worst.move_vectors()]);
}

#[test]
fn a_block_full_of_move_vectors() {
	assert_everybody_can_have_it(200, |worst| vec![worst.move_vectors()]);
}

#[test]
fn a_block_full_of_move_sessions_within_one_another() {
	assert_everybody_can_have_it(40, |worst| vec![worst.move_deep()]);
}

#[test]
fn a_block_full_of_evm_memory_and_journals() {
	assert_everybody_can_have_it(200, |worst| {
		vec![worst.evm_journal(), worst.evm_memory(), worst.evm_deep()]
	});
}

#[test]
fn a_block_of_an_evm_call_that_holds_all_it_may() {
	assert_everybody_can_have_it(200, |worst| {
		vec![
			worst.evm_all(45_000_000),
			worst.move_vectors(),
			worst.evm_memory(),
		]
	});
}

#[test]
fn a_block_full_of_evm_logs() {
	assert_everybody_can_have_it(200, |worst| vec![worst.evm_logs()]);
}

#[test]
fn a_block_full_of_empty_evm_logs() {
	assert_everybody_can_have_it(200, |worst| vec![worst.evm_empty_logs()]);
}

#[test]
fn a_block_full_of_move_events() {
	assert_everybody_can_have_it(200, |worst| vec![worst.move_events()]);
}

#[test]
fn a_block_full_of_ink_events() {
	assert_everybody_can_have_it(200, |worst| vec![worst.ink_events()]);
}

#[test]
fn a_block_full_of_ink_contracts_within_themselves() {
	assert_everybody_can_have_it(200, |worst| vec![worst.ink_deep()]);
}

/// On import the translated codes of one extrinsic are kept for the next.
#[test]
fn a_block_full_of_the_longest_ink_contracts() {
	assert_everybody_can_have_it(200, |worst| vec![worst.ink_large(), worst.ink_codes()]);
}

#[test]
fn a_block_full_of_uploads_of_the_longest_ink_contracts() {
	assert_everybody_can_have_it(40, |worst| vec![worst.ink_uploads()]);
}

#[test]
fn a_block_full_of_transient_storage_of_ink() {
	assert_everybody_can_have_it(200, |worst| vec![worst.ink_transient()]);
}

#[test]
fn a_block_full_of_results_of_cross_vm_calls() {
	assert_everybody_can_have_it(100, |worst| vec![worst.results()]);
}

#[test]
fn a_block_full_of_chains_of_calls_through_three_machines() {
	assert_everybody_can_have_it(100, |worst| vec![worst.three_deep()]);
}

#[test]
fn a_block_of_everything() {
	assert_everybody_can_have_it(200, |worst| {
		vec![
			worst.move_vectors(),
			worst.evm_logs(),
			worst.evm_journal(),
			worst.move_events(),
			worst.evm_memory(),
			worst.ink_events(),
			worst.ink_deep(),
			worst.ink_codes(),
			worst.results(),
			worst.three_deep(),
		]
	});
}
