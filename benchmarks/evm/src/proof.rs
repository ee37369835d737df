//! Bytes that each kind of read and write adds to the storage proof.

use std::process::ExitCode;

use codec::Encode;
use pallet_cross_vm::Aliases;
use pallet_evm::{gas, revm::primitives::keccak256, Accounts, CodeInfos, Codes, Slots};
use polkadot_sdk::{
	frame_system,
	sp_core::{storage::StateVersion, Blake2Hasher, H160, H256},
	sp_io,
	sp_trie::recorder::Recorder,
};
use trivium_benchmarks_evm::measure::Options;
use trivium_primitives::account::ethereum_account;
use trivium_runtime::Runtime;

use crate::state::{address, idle_code, slot, LargeState, SMALL, SMALL_CODE_LEN_BYTES, TARGET};

/// How many reads or writes there are in one block.
const COUNTS: [u64; 3] = [100, 1_000, 4_000];

/// Bytes of a proof, for each read or write.
struct Bytes {
	/// As the recorder counts, and with it the proof size that a runtime is told of.
	recorded: f64,
	/// As a parachain block carries them.
	compact: f64,
}

/// The key under which the alias of an address would be. Addresses of the state count upwards, and the
/// map does not hash them: those of a chain in use are hashes themselves.
fn alias_key(address: H160) -> Vec<u8> {
	Aliases::<Runtime>::hashed_key_for(H160::from_slice(&keccak256(address)[12..]))
}

/// The keys that reading an account needs.
fn account_keys(address: H160) -> Vec<Vec<u8>> {
	vec![
		alias_key(address),
		frame_system::Account::<Runtime>::hashed_key_for(ethereum_account(&address)),
		Accounts::<Runtime>::hashed_key_for(address),
	]
}

fn small_code_hash(number: u64) -> H256 {
	H256(keccak256(idle_code(number, SMALL_CODE_LEN_BYTES)).0)
}

impl LargeState {
	/// What is in the proof after `run` and the computation of the storage root, beyond what is in it
	/// without `run`, for each of `count`.
	fn measure(&mut self, count: u64, run: impl FnOnce()) -> Bytes {
		let [none, all] = [None, Some(run)].map(|run| {
			let recorder = Recorder::<Blake2Hasher>::default();
			let root = *self.ext.backend.root();
			self.ext.execute_with_recorder(recorder.clone(), || {
				// So that the root's node is there in any case.
				sp_io::storage::get(&[]);
				if let Some(run) = run {
					run();
				}
				sp_io::storage::root(StateVersion::V1)
			});
			self.ext.reset_overlay();
			let proof = recorder.to_storage_proof();
			let compact = proof
				.to_compact_proof::<Blake2Hasher>(root)
				.expect("the proof is of this root");
			[proof.encoded_size(), compact.encoded_size()]
		});
		let each = |at: usize| all[at].saturating_sub(none[at]) as f64 / count as f64;
		Bytes {
			recorded: each(0),
			compact: each(1),
		}
	}

	/// Prints a line: `keys` of each number are read.
	fn reads(&mut self, what: &str, charged: u64, keys: impl Fn(u64) -> Vec<Vec<u8>>) {
		self.line(what, charged, |number| {
			for key in keys(number) {
				sp_io::storage::get(&key);
			}
		});
	}

	/// Prints a line: `run` is run for as many numbers, spread over those that there are.
	fn line(&mut self, what: &str, charged: u64, run: impl Fn(u64)) {
		print!("{what:<24}");
		let entries = self.entries;
		for count in COUNTS {
			let count = count.min(entries);
			let step = entries / count;
			let bytes = self.measure(count, || (1..=count).for_each(|turn| run(turn * step)));
			print!(" {:>9.0} {:>8.0}", bytes.recorded, bytes.compact);
		}
		println!(" {charged:>8}");
	}
}

/// Prints the table.
pub fn run(options: &Options) -> ExitCode {
	eprintln!(
		"building a state of {} entries of each kind",
		options.entries
	);
	let mut state = LargeState::build(options.entries);
	println!("bytes of proof for each, recorded and compact, beside those charged");
	print!("{:<24}", "in one block");
	for count in COUNTS {
		print!(" {count:>18}");
	}
	println!("  charged");

	let beyond = 1 << 40;
	let slot_key = |number: u64| Slots::<Runtime>::hashed_key_for(TARGET, slot(number));
	let read = |number: u64| vec![slot_key(number)];
	state.reads("slot", gas::SLOT_PROOF_BYTES, read);
	state.reads("slot that is not there", gas::SLOT_PROOF_BYTES, |number| {
		read(beyond + number)
	});
	let account = |number: u64| account_keys(address(SMALL + u128::from(number)));
	state.reads("account", gas::ACCOUNT_PROOF_BYTES, account);
	state.reads("account, not there", gas::ACCOUNT_PROOF_BYTES, |number| {
		account(beyond + number)
	});
	for (at, what) in ["  its alias", "  its system account", "  its code hash"]
		.iter()
		.enumerate()
	{
		state.reads(what, 0, |number| vec![account(number).swap_remove(at)]);
	}
	state.reads(
		&format!("code of {SMALL_CODE_LEN_BYTES} bytes"),
		gas::CODE_PROOF_BYTES + SMALL_CODE_LEN_BYTES as u64,
		|number| {
			let hash = small_code_hash(number);
			vec![
				CodeInfos::<Runtime>::hashed_key_for(hash),
				Codes::<Runtime>::hashed_key_for(hash),
			]
		},
	);
	state.reads("new address, its alias", gas::ALIAS_PROOF_BYTES, |number| {
		vec![alias_key(address(u128::from(beyond + number)))]
	});

	let value = slot(beyond).encode();
	state.line("slot inserted", gas::SLOT_PROOF_BYTES, |number| {
		sp_io::storage::set(&slot_key(beyond + number), &value)
	});
	state.line("slot changed", gas::SLOT_PROOF_BYTES, |number| {
		sp_io::storage::set(&slot_key(number), &value)
	});
	state.line("slot deleted", gas::SLOT_PROOF_BYTES, |number| {
		sp_io::storage::clear(&slot_key(number))
	});
	state.line("account inserted", gas::ACCOUNT_PROOF_BYTES, |number| {
		for key in &account(beyond + number)[1..] {
			sp_io::storage::set(key, &value);
		}
	});
	state.line("code inserted", gas::CODE_PROOF_BYTES, |number| {
		let hash = small_code_hash(beyond + number);
		sp_io::storage::set(&CodeInfos::<Runtime>::hashed_key_for(hash), &value);
		sp_io::storage::set(&Codes::<Runtime>::hashed_key_for(hash), &value);
	});
	ExitCode::SUCCESS
}
