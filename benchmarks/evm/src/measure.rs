//! What tables of the worst contracts have in common: the command line, how often a program does what it does,
//! and whether what that takes is within what is charged for it.

use std::time::Duration;

use codec::Encode;
use polkadot_sdk::{
	frame_support::StoragePrefixedMap,
	frame_system,
	sp_core::{storage::StateVersion, Blake2Hasher},
	sp_io,
	sp_runtime::Weight,
	sp_state_machine::TestExternalities,
	sp_trie::recorder::Recorder,
};
use trivium_runtime::Runtime;

use crate::chain::{Wasm, VALIDATOR};

/// Bytes of proof that the first read of each kind needs for the upper levels of the trie. All later
/// ones in the block share them, so that a block has them once, whatever is in it.
const UPPER_LEVELS_BYTES: u64 = 32 * 1024;

/// What the command line says.
#[derive(Clone, Debug)]
pub struct Options {
	/// Entries of each kind that the state has.
	pub entries: u64,
	/// How often each program runs.
	pub runs: usize,
	/// A file with the runtime's wasm; that of this build if it is not said.
	pub runtime: Option<String>,
	/// Parts of the names of what is measured; none is all.
	pub names: Vec<String>,
}

impl Options {
	/// Reads them.
	///
	/// # Errors
	/// What is wrong with them.
	pub fn parse(args: &[String], entries: u64) -> Result<Self, String> {
		let mut options = Self {
			entries,
			runs: 5,
			runtime: None,
			names: Vec::new(),
		};
		let mut args = args.iter();
		while let Some(arg) = args.next() {
			let mut number = || {
				args.next()
					.and_then(|text| text.parse::<u32>().ok())
					.filter(|number| *number > 0)
					.ok_or_else(|| format!("{arg} needs a number"))
			};
			match arg.as_str() {
				"--entries" => options.entries = number()?.into(),
				"--runs" => options.runs = number()? as usize,
				"--runtime" => {
					let file = args.next().ok_or("--runtime needs a file")?;
					options.runtime = Some(file.clone());
				}
				_ if arg.starts_with('-') => return Err(format!("no option {arg}")),
				_ => options.names.push(arg.clone()),
			}
		}
		Ok(options)
	}

	/// Whether this is to be measured.
	pub fn selects(&self, name: &str) -> bool {
		self.names.is_empty() || self.names.iter().any(|part| name.contains(part))
	}

	/// The runtime, compiled as a validator does.
	pub fn wasm(&self) -> Wasm {
		match &self.runtime {
			None => Wasm::validator(),
			Some(file) => {
				let code = std::fs::read(file).unwrap_or_else(|error| panic!("{file}: {error}"));
				Wasm::with_code(&code, VALIDATOR)
			}
		}
	}
}

/// Looks for the highest count up to `most` with which a program still ends well, first along a straight line
/// and then by bisection. `run` says which share of its limits the program used, and how it ended.
///
/// # Errors
/// How it ends with a count of 1, if that is not well.
pub fn fit<R, E>(
	most: u64,
	mut run: impl FnMut(u64) -> (f64, Result<R, E>),
) -> Result<(u64, R), E> {
	let (mut fill, result) = run(1);
	let mut best = (1, result?);
	let mut fails = most.saturating_add(1);
	while best.0 + 1 < fails && fill < 0.97 {
		let guess = (best.0 as f64 / fill * 0.99) as u64;
		let count = match guess < fails {
			true => guess.max(best.0 + 1),
			false => best.0.midpoint(fails),
		};
		match run(count) {
			(share, Ok(result)) => {
				fill = share;
				best = (count, result);
			}
			(_, Err(_)) => fails = count,
		}
		if fails - best.0 < best.0 / 64 {
			break;
		}
	}
	Ok(best)
}

/// What reading and writing state takes besides the execution.
#[derive(Clone, Copy, Debug)]
pub struct Database {
	/// Distinct keys read from the tries.
	pub reads: u64,
	/// Distinct keys that are others after the execution.
	pub writes: u64,
	/// Bytes of the storage proof, in the compact form that a parachain block carries.
	pub proof: u64,
}

impl Database {
	/// What `run` reads and writes up to the block's storage root. It leaves nothing in the state.
	pub fn of(ext: &mut TestExternalities<Blake2Hasher>, run: impl FnOnce()) -> Self {
		let recorder = Recorder::<Blake2Hasher>::default();
		let root = *ext.backend.root();
		ext.execute_with_recorder(recorder.clone(), || {
			run();
			sp_io::storage::root(StateVersion::V1)
		});
		let reads = recorder
			.recorded_keys()
			.values()
			.map(|keys| keys.len())
			.sum::<usize>();
		let accounts = frame_system::Account::<Runtime>::final_prefix();
		let pallet = &accounts[..16];
		let changes = ext.overlayed_changes();
		let top = changes
			.changes()
			// Events and the like are no state that a database keeps.
			.filter(|(key, _)| !key.starts_with(pallet) || key.starts_with(&accounts))
			.count();
		let below = changes
			.children()
			.map(|(changes, _)| changes.count())
			.sum::<usize>();
		ext.reset_overlay();
		let proof = recorder
			.to_storage_proof()
			.to_compact_proof::<Blake2Hasher>(root)
			.expect("the proof is of this root")
			.encoded_size();
		Self {
			reads: reads as u64,
			writes: (top + below) as u64,
			proof: proof as u64,
		}
	}

	/// How long a node's database takes for it.
	pub fn time(&self) -> Duration {
		let weight = <Runtime as frame_system::Config>::DbWeight::get();
		picoseconds(weight.reads_writes(self.reads, self.writes).ref_time())
	}
}

/// Ref time as a duration.
pub fn picoseconds(time: u64) -> Duration {
	Duration::from_nanos(time / 1_000)
}

/// A duration for a table.
pub fn milliseconds(time: Duration) -> f64 {
	time.as_secs_f64() * 1_000.0
}

fn ratio(part: f64, whole: f64) -> f64 {
	match whole == 0.0 {
		true => f64::from(u8::from(part > 0.0)),
		false => part / whole,
	}
}

/// An execution by what it was charged.
#[derive(Clone, Debug)]
pub struct Measured {
	/// What was charged.
	pub charged: Weight,
	/// The times of several runs, sorted, without what an instance takes in which nothing runs.
	pub times: Vec<Duration>,
	/// Which of them counts.
	pub counting: usize,
	/// What it read and wrote.
	pub database: Database,
	/// Bytes of proof of a call that does nothing.
	pub empty_proof: u64,
}

impl Measured {
	/// Heads of the columns of [`Self::columns`].
	pub fn heads() -> String {
		format!(
			"{:>9} {:>9} {:>9} {:>7} {:>7} {:>8} {:>6} {:>9} {:>9} {:>6}  verdict",
			"charged",
			"min ms",
			"median",
			"reads",
			"writes",
			"db ms",
			"ratio",
			"charged",
			"proof",
			"ratio"
		)
	}

	/// Time taken by time charged.
	pub fn time_ratio(&self) -> f64 {
		let taken = self.times[self.counting] + self.database.time();
		ratio(
			taken.as_secs_f64(),
			picoseconds(self.charged.ref_time()).as_secs_f64(),
		)
	}

	/// Proof, that of a call that does nothing aside.
	fn proof(&self) -> u64 {
		self.database.proof.saturating_sub(self.empty_proof)
	}

	/// Proof taken, the trie's upper levels aside, by proof charged.
	pub fn proof_ratio(&self) -> f64 {
		let own = self.proof().saturating_sub(UPPER_LEVELS_BYTES);
		ratio(own as f64, self.charged.proof_size() as f64)
	}

	/// Whether no more was taken than charged.
	pub fn holds(&self) -> bool {
		self.time_ratio() < 1.0 && self.proof_ratio() < 1.0
	}

	/// All of it, for a table.
	pub fn columns(&self) -> String {
		let [least, median] = [0, self.times.len() / 2].map(|at| milliseconds(self.times[at]));
		format!(
			"{:>9.2} {least:>9.2} {median:>9.2} {:>7} {:>7} {:>8.2} {:>6.2} {:>9} {:>9} {:>6.2}  {}",
			milliseconds(picoseconds(self.charged.ref_time())),
			self.database.reads,
			self.database.writes,
			milliseconds(self.database.time()),
			self.time_ratio(),
			self.charged.proof_size(),
			self.proof(),
			self.proof_ratio(),
			if self.holds() { "ok" } else { "TOO CHEAP" }
		)
	}
}
