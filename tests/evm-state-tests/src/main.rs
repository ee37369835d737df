//! Runs Ethereum's state tests against `pallet-evm`.
//!
//! ```text
//! trivium-evm-state-tests [--fork NAME]… [--only TEXT] [--skip FILE] [PATH]
//! ```
//!
//! `PATH` is a folder of tests, one file of them, or a `.tar.xz` with such a folder; without it, the
//! environment variable `ETHEREUM_TESTS` is. Each variant of each case is run by its fork's rules: the
//! pre-state is written into the pallet's storage, the transaction goes through the pallet, and the
//! state root is computed from what storage holds afterwards. Cases of forks before EIP-158 are not
//! run: they have empty accounts in the state, which no chain of ours has.
//!
//! A variant is skipped only by its name, in the file `skipped.txt` beside the sources, with a reason.

use std::{
	collections::BTreeMap,
	fs,
	panic::{catch_unwind, AssertUnwindSafe},
	path::{Path, PathBuf},
	process::{Command, ExitCode},
	sync::{
		atomic::{AtomicUsize, Ordering},
		Mutex,
	},
	thread,
};

use trivium_evm_state_tests::{format, run, skip::Skips};

/// What the command line asks for.
#[derive(Debug, Default)]
struct Arguments {
	forks: Vec<String>,
	only: Option<String>,
	skip: Option<PathBuf>,
	path: Option<PathBuf>,
}

impl Arguments {
	fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
		let mut parsed = Self::default();
		while let Some(word) = words.next() {
			let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
			match word.as_str() {
				"--fork" => parsed.forks.push(value()?),
				"--only" => parsed.only = Some(value()?),
				"--skip" => parsed.skip = Some(value()?.into()),
				_ if word.starts_with('-') => return Err(format!("unknown option {word}")),
				_ if parsed.path.is_none() => parsed.path = Some(word.into()),
				_ => return Err(format!("one path too many: {word}")),
			}
		}
		Ok(parsed)
	}
}

/// How a variant of a case ended.
#[derive(Debug)]
enum Verdict {
	Passed,
	Failed(String),
	Skipped(String),
	/// A fork that is not run.
	OtherFork,
}

/// A folder that is removed when it is no longer needed.
struct Temporary(PathBuf);

impl Drop for Temporary {
	fn drop(&mut self) {
		let _ = fs::remove_dir_all(&self.0);
	}
}

/// Unpacks an archive.
fn unpack(archive: &Path) -> Result<Temporary, String> {
	let name = format!("trivium-evm-state-tests-{}", std::process::id());
	let folder = Temporary(std::env::temp_dir().join(name));
	fs::create_dir_all(&folder.0).map_err(|error| format!("{}: {error}", folder.0.display()))?;
	let status = Command::new("tar")
		.arg("-xJf")
		.arg(archive)
		.arg("-C")
		.arg(&folder.0)
		.status()
		.map_err(|error| format!("tar: {error}"))?;
	match status.success() {
		true => Ok(folder),
		false => Err(format!("{}: cannot be unpacked", archive.display())),
	}
}

/// All test files below a path, in order.
fn find(path: &Path, found: &mut Vec<PathBuf>) -> Result<(), String> {
	let error = |error: std::io::Error| format!("{}: {error}", path.display());
	if path.is_dir() {
		let mut entries = Vec::new();
		for entry in fs::read_dir(path).map_err(error)? {
			entries.push(entry.map_err(error)?.path());
		}
		entries.sort();
		return entries.iter().try_for_each(|entry| find(entry, found));
	}
	if path
		.extension()
		.is_some_and(|extension| extension == "json")
		&& !path.components().any(|part| part.as_os_str() == ".meta")
	{
		found.push(path.into());
	}
	Ok(())
}

/// Runs every variant in a file.
fn run_file(
	file: &Path,
	name: &str,
	arguments: &Arguments,
	skips: &Skips,
) -> Vec<(String, Verdict)> {
	let cases = fs::read(file)
		.map_err(|error| error.to_string())
		.and_then(|text| {
			serde_json::from_slice::<BTreeMap<String, format::Case>>(&text)
				.map_err(|error| error.to_string())
		});
	let cases = match cases {
		Ok(cases) => cases,
		Err(error) => {
			return vec![(
				name.into(),
				Verdict::Failed(format!("cannot be read: {error}")),
			)];
		}
	};
	let mut verdicts = Vec::new();
	for (case_name, case) in &cases {
		for (fork, posts) in &case.post {
			for post in posts {
				let at = post.indexes;
				let variant = format!("{fork}-d{}g{}v{}", at.data, at.gas, at.value);
				// A Python test has one file for many parametrised cases, named by the parameters.
				let title = match case_name.split_once('[') {
					Some((_, parameters)) => format!("{name}[{variant}][{parameters}"),
					None if cases.len() > 1 => format!("{name}[{variant}][{case_name}]"),
					None => format!("{name}[{variant}]"),
				};
				if arguments
					.only
					.as_ref()
					.is_some_and(|only| !title.contains(only))
				{
					continue;
				}
				let verdict = match run::spec(fork) {
					_ if !arguments.forks.is_empty() && !arguments.forks.contains(fork) => {
						Verdict::OtherFork
					}
					None => Verdict::OtherFork,
					Some(spec) => match skips.reason(&title) {
						Some(reason) => Verdict::Skipped(reason.into()),
						None => attempt(case, fork, spec, post),
					},
				};
				verdicts.push((title, verdict));
			}
		}
	}
	verdicts
}

/// Runs a variant; a panic of the pallet is a failure like any other.
fn attempt(
	case: &format::Case,
	fork: &str,
	spec: pallet_evm::revm::primitives::hardfork::SpecId,
	post: &format::Post,
) -> Verdict {
	match catch_unwind(AssertUnwindSafe(|| run::run(case, fork, spec, post))) {
		Ok(Ok(())) => Verdict::Passed,
		Ok(Err(reason)) => Verdict::Failed(reason),
		Err(panic) => {
			let text = panic
				.downcast_ref::<String>()
				.cloned()
				.or_else(|| panic.downcast_ref::<&str>().map(|text| text.to_string()))
				.unwrap_or_default();
			Verdict::Failed(format!("panicked: {text}"))
		}
	}
}

/// The counts of a run.
#[derive(Default)]
struct Counts {
	passed: usize,
	failed: usize,
	skipped: usize,
	other_forks: usize,
	/// Passed and all, by fork.
	by_fork: BTreeMap<String, (usize, usize)>,
}

fn go() -> Result<bool, String> {
	let arguments = Arguments::parse(std::env::args().skip(1))?;
	let path = arguments
		.path
		.clone()
		.or_else(|| std::env::var_os("ETHEREUM_TESTS").map(PathBuf::from))
		.ok_or("no folder of tests: give one as argument or in ETHEREUM_TESTS")?;
	let skips = match &arguments.skip {
		Some(file) => Skips::read(file)?,
		None => Skips::built_in()?,
	};
	let unpacked = match path.extension().is_some_and(|extension| extension == "xz") {
		true => Some(unpack(&path)?),
		false => None,
	};
	let root = unpacked
		.as_ref()
		.map_or(path.as_path(), |folder| folder.0.as_path());
	let mut files = Vec::new();
	find(root, &mut files)?;
	if files.is_empty() {
		return Err(format!("{}: no tests", path.display()));
	}

	let next = AtomicUsize::new(0);
	let results = Mutex::new(Vec::new());
	let threads = thread::available_parallelism().map_or(1, |threads| threads.get());
	// The default hook would print each panic's trace between the results.
	std::panic::set_hook(Box::new(|_| {}));
	thread::scope(|scope| {
		for _ in 0..threads {
			scope.spawn(|| loop {
				let at = next.fetch_add(1, Ordering::Relaxed);
				let Some(file) = files.get(at) else { return };
				let name = file
					.strip_prefix(root)
					.unwrap_or(file)
					.display()
					.to_string();
				let verdicts = run_file(file, &name, &arguments, &skips);
				results
					.lock()
					.expect("no thread panics with it")
					.extend(verdicts);
			});
		}
	});

	let mut results = results.into_inner().expect("no thread panicked with it");
	results.sort_by(|(one, _), (other, _)| one.cmp(other));
	let mut counts = Counts::default();
	for (title, verdict) in &results {
		let fork = title
			.split_once('[')
			.and_then(|(_, rest)| rest.split_once('-'))
			.map_or("unreadable", |(fork, _)| fork);
		match verdict {
			Verdict::Passed => {
				counts.passed += 1;
				let by_fork = counts.by_fork.entry(fork.into()).or_default();
				by_fork.0 += 1;
				by_fork.1 += 1;
			}
			Verdict::Failed(reason) => {
				counts.failed += 1;
				counts.by_fork.entry(fork.into()).or_default().1 += 1;
				println!("FAILED  {title}: {reason}");
			}
			Verdict::Skipped(reason) => {
				counts.skipped += 1;
				println!("skipped {title}: {reason}");
			}
			Verdict::OtherFork => counts.other_forks += 1,
		}
	}
	for (fork, (passed, all)) in &counts.by_fork {
		println!("{fork}: {passed} of {all} passed");
	}
	if counts.other_forks != 0 {
		println!(
			"{} of forks that were not asked for or are not run",
			counts.other_forks
		);
	}
	println!(
		"test result: {}. {} passed; {} failed; {} ignored; {} files",
		if counts.failed == 0 { "ok" } else { "FAILED" },
		counts.passed,
		counts.failed,
		counts.skipped,
		files.len(),
	);
	Ok(counts.failed == 0 && counts.passed != 0)
}

fn main() -> ExitCode {
	match go() {
		Ok(true) => ExitCode::SUCCESS,
		Ok(false) => ExitCode::FAILURE,
		Err(error) => {
			eprintln!("error: {error}");
			ExitCode::FAILURE
		}
	}
}
