//! `move-vm-run`: verifies modules, and runs steps against a chain in memory.
//!
//! ```text
//! move-vm-run verify FILE…
//! move-vm-run [--std DIR] run STEPS.tsv
//! ```
//!
//! `verify` prints a line for each file: `OK`, or a status with module and code offset. Links to
//! other modules are not looked at.
//!
//! `run` reads a step from each line, its fields separated by tabs, and answers each with a line:
//!
//! ```text
//! publish  HEX[,HEX…]         SENDER
//! script   HEX                TYPE_ARGS  ARGS  SIGNERS
//! call     ADDR::MODULE::FUN  TYPE_ARGS  ARGS  SIGNERS
//! ```
//!
//! Lists are separated by commas, arguments are BCS in hexadecimal, and fields may be empty or
//! missing at the end. Signers are the first arguments, as in the reference's own test runner.
//!
//! The answer is `OK` and the results in hexadecimal, or in this order: the status; the module,
//! `script` or `-`; `function:instruction` or `-`; and the sub-status if there is one, which is an
//! abort's code. A step that fails changes nothing. Empty lines and those that begin with `#` have
//! no answer.
//!
//! The standard library is published first if its bytecode is found: `--std DIR`, or the
//! repository's `contracts/move/std/bytecode`; `--std none` does without. A step that publishes a
//! module of the library's names replaces it, compatible or not.

use std::{
	collections::{BTreeMap, BTreeSet},
	env, fs,
	io::{self, BufRead, Write},
	path::{Path, PathBuf},
	process::ExitCode,
};

use move_vm_binary_format::CompiledModule;
use move_vm_runtime::{Gas, Limits, MemoryHost, Republish, Session};
use move_vm_types::{
	AccountAddress, Identifier, Location, ModuleId, StatusCode, TypeTag, VerifierLimits, VmError,
	VmResult,
};
use move_vm_verifier::{verify_module, verify_script};

/// Gas for a step: far more than a test needs, little enough that an endless loop ends in seconds.
const STEP_GAS: u64 = 100_000_000_000;

/// A step that was read.
enum Step {
	Publish(Vec<Vec<u8>>, AccountAddress),
	Script(Vec<u8>, Call),
	Function(ModuleId, String, Call),
}

/// What a script or function is called with.
struct Call {
	type_arguments: Vec<TypeTag>,
	arguments: Vec<Vec<u8>>,
	signers: Vec<AccountAddress>,
}

fn hex(text: &str) -> Option<Vec<u8>> {
	let digits = text.strip_prefix("0x").unwrap_or(text);
	if !digits.len().is_multiple_of(2) || !digits.is_ascii() {
		return None;
	}
	(0..digits.len())
		.step_by(2)
		.map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok())
		.collect()
}

fn to_hex(bytes: &[u8]) -> String {
	bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The parts between commas that are in no angle brackets.
fn list(text: &str) -> Vec<&str> {
	let mut parts = Vec::new();
	let (mut depth, mut start) = (0usize, 0);
	if text.trim().is_empty() {
		return parts;
	}
	for (at, character) in text.char_indices() {
		match character {
			'<' => depth += 1,
			'>' => depth = depth.saturating_sub(1),
			',' if depth == 0 => {
				parts.push(text[start..at].trim());
				start = at + 1;
			}
			_ => {}
		}
	}
	parts.push(text[start..].trim());
	parts
}

fn parse(line: &str) -> Option<Step> {
	let mut fields = line.split('\t').map(str::trim);
	let kind = fields.next()?;
	let what = fields.next()?;
	if kind == "publish" {
		let modules = list(what).into_iter().map(hex).collect::<Option<_>>()?;
		return Some(Step::Publish(
			modules,
			AccountAddress::from_hex(fields.next()?)?,
		));
	}
	let mut next = || fields.next().unwrap_or_default();
	let type_arguments = list(next())
		.into_iter()
		.map(TypeTag::parse)
		.collect::<Option<_>>()?;
	let arguments = match next() {
		// An argument of no bytes cannot be told from no argument: BCS has no such values.
		"" => Vec::new(),
		text => text
			.split(',')
			.map(|part| hex(part.trim()))
			.collect::<Option<_>>()?,
	};
	let signers = list(next())
		.into_iter()
		.map(AccountAddress::from_hex)
		.collect::<Option<_>>()?;
	let call = Call {
		type_arguments,
		arguments,
		signers,
	};
	match kind {
		"script" => Some(Step::Script(hex(what)?, call)),
		"call" => {
			let mut parts = what.split("::");
			let id = ModuleId {
				address: AccountAddress::from_hex(parts.next()?)?,
				name: Identifier::new(parts.next()?)?,
			};
			let function = parts.next()?.to_string();
			parts
				.next()
				.is_none()
				.then_some(Step::Function(id, function, call))
		}
		_ => None,
	}
}

/// Status, module, place, sub-status.
fn describe(error: &VmError) -> String {
	let mut text = error.status().name().to_string();
	text += &match error.location() {
		Location::Undefined => " -".to_string(),
		Location::Script => " script".to_string(),
		Location::Module(id) => format!(" {id}"),
	};
	text += &match error.code_offset() {
		Some((function, instruction)) => format!(" {function}:{instruction}"),
		None => " -".to_string(),
	};
	if let Some(sub_status) = error.sub_status() {
		text += &format!(" {sub_status}");
	}
	text
}

/// A chain on which steps are run.
#[derive(Default)]
pub struct Runner {
	host: MemoryHost,
	/// Modules of the library that no step replaced.
	library: BTreeSet<ModuleId>,
}

impl Runner {
	/// One with all modules in a folder, published under their own addresses.
	pub fn with_library(folder: &Path) -> Result<Self, String> {
		let explain =
			|path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
		let mut by_address: BTreeMap<AccountAddress, Vec<Vec<u8>>> = BTreeMap::new();
		let mut files: Vec<PathBuf> = fs::read_dir(folder)
			.map_err(|error| explain(folder, &error))?
			.filter_map(|entry| Some(entry.ok()?.path()))
			.filter(|path| path.extension().is_some_and(|extension| extension == "mv"))
			.collect();
		files.sort();
		for file in files {
			let bytes = fs::read(&file).map_err(|error| explain(&file, &error))?;
			let id = CompiledModule::deserialize(&bytes)
				.and_then(|module| module.self_id())
				.map_err(|error| explain(&file, &error))?;
			by_address.entry(id.address).or_default().push(bytes);
		}
		let mut runner = Self::default();
		for (address, modules) in by_address {
			runner
				.step(&Step::Publish(modules, address))
				.map_err(|error| explain(folder, &error))?;
		}
		runner.library = runner.host.modules.keys().cloned().collect();
		Ok(runner)
	}

	/// Answers a line; `None` if it asks for no answer.
	pub fn answer(&mut self, line: &str) -> Option<String> {
		if line.trim().is_empty() || line.starts_with('#') {
			return None;
		}
		Some(match parse(line.trim_end_matches(['\r', '\n'])) {
			Some(step) => match self.step(&step) {
				Ok(results) => results
					.iter()
					.fold("OK".to_string(), |text, bytes| text + " " + &to_hex(bytes)),
				Err(error) => describe(&error),
			},
			None => "MALFORMED_STEP - -".to_string(),
		})
	}

	fn step(&mut self, step: &Step) -> VmResult<Vec<Vec<u8>>> {
		// What a failed step did is not kept.
		let mut attempt = self.host.clone();
		let mut replaced = Vec::new();
		if let Step::Publish(modules, _) = step {
			let ids = modules
				.iter()
				.filter_map(|bytes| CompiledModule::deserialize(bytes).ok()?.self_id().ok());
			replaced.extend(ids.filter(|id| self.library.contains(id)));
			attempt.modules.retain(|id, _| !replaced.contains(id));
		}
		let gas = Gas::new(STEP_GAS);
		let mut session = Session::new(&mut attempt, Limits::PRODUCTION, gas).for_tests();
		let results = match step {
			Step::Publish(modules, sender) => session
				.publish(modules, *sender, Republish::Compatible)
				.map(|_| Vec::new()),
			Step::Script(script, call) => session
				.execute_script(
					script,
					call.type_arguments.clone(),
					call.arguments.clone(),
					&call.signers,
				)
				.map(|()| Vec::new()),
			Step::Function(id, function, call) => session.call_function(
				id,
				function,
				call.type_arguments.clone(),
				call.arguments.clone(),
				&call.signers,
			),
		}?;
		session.finish().0?;
		self.host = attempt;
		for id in replaced {
			self.library.remove(&id);
		}
		Ok(results)
	}
}

/// Whether an error is of the check of indices, after the tables were read.
fn is_of_bounds(error: &VmError) -> bool {
	matches!(
		error.status(),
		StatusCode::INDEX_OUT_OF_BOUNDS
			| StatusCode::NUMBER_OF_TYPE_ARGUMENTS_MISMATCH
			| StatusCode::TOO_MANY_LOCALS
	)
}

/// What the verifier says of a file, which may be a module or a script.
pub fn verify_file(path: &str) -> Result<String, String> {
	let bytes = fs::read(path).map_err(|error| format!("{path}: {error}"))?;
	let limits = VerifierLimits::PRODUCTION;
	let as_module = CompiledModule::deserialize(&bytes);
	let result = match as_module {
		Ok(module) => verify_module(&module, &limits),
		Err(error) => match move_vm_binary_format::CompiledScript::deserialize(&bytes) {
			Ok(script) => verify_script(&script, &limits),
			// That which could be read but for its indices is what the file is.
			Err(of_script) if is_of_bounds(&of_script) && !is_of_bounds(&error) => Err(of_script),
			Err(_) => Err(error),
		},
	};
	Ok(match result {
		Ok(_) => "OK".to_string(),
		Err(error) => describe(&error),
	})
}

fn run_file(path: &str, library: Option<PathBuf>) -> Result<(), String> {
	let mut runner = match library {
		Some(folder) => Runner::with_library(&folder)?,
		None => Runner::default(),
	};
	let input: Box<dyn BufRead> = if path == "-" {
		Box::new(io::stdin().lock())
	} else {
		let file = fs::File::open(path).map_err(|error| format!("{path}: {error}"))?;
		Box::new(io::BufReader::new(file))
	};
	let mut out = io::stdout().lock();
	for line in input.lines() {
		let line = line.map_err(|error| format!("{path}: {error}"))?;
		if let Some(text) = runner.answer(&line) {
			writeln!(out, "{text}").map_err(|error| error.to_string())?;
		}
	}
	Ok(())
}

/// Where the repository keeps the library's bytecode, if it is there.
pub fn default_library() -> Option<PathBuf> {
	let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/move/std/bytecode");
	folder.is_dir().then_some(folder)
}

fn main() -> ExitCode {
	let mut arguments: Vec<String> = env::args().skip(1).collect();
	let mut library = default_library();
	if let Some(at) = arguments.iter().position(|argument| argument == "--std") {
		arguments.remove(at);
		if at < arguments.len() {
			let folder = arguments.remove(at);
			library = (folder != "none").then(|| PathBuf::from(folder));
		}
	}
	let outcome = match arguments.split_first() {
		Some((verb, files)) if verb == "verify" && !files.is_empty() => files
			.iter()
			.try_for_each(|file| verify_file(file).map(|line| println!("{line}"))),
		Some((verb, [file])) if verb == "run" => run_file(file, library),
		_ => Err("usage: move-vm-run verify FILE… | [--std DIR|none] run STEPS.tsv".to_string()),
	};
	match outcome {
		Ok(()) => ExitCode::SUCCESS,
		Err(message) => {
			eprintln!("move-vm-run: {message}");
			ExitCode::FAILURE
		}
	}
}
