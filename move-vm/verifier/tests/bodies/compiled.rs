//! Bytecode that a compiler made of the contracts of this repository.

use std::{
	fs,
	path::{Path, PathBuf},
};

use move_vm_binary_format::{CompiledModule, CompiledScript};
use move_vm_types::VerifierLimits;
use move_vm_verifier::{verify_module, verify_script};

/// The files of all packages whose names do or do not begin with `scripts`.
fn bytecode(is_scripts: bool) -> Vec<PathBuf> {
	let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/move");
	let folders = |folder: &Path| -> Vec<PathBuf> {
		let entries = fs::read_dir(folder).into_iter().flatten().flatten();
		let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
		paths.sort();
		paths
	};
	folders(&root)
		.iter()
		.filter(|package| package.ends_with("scripts") == is_scripts)
		.flat_map(|package| folders(package))
		.filter(|folder| {
			let name = folder.file_name().and_then(|name| name.to_str());
			name.is_some_and(|name| name.starts_with("bytecode"))
		})
		.flat_map(|folder| folders(&folder))
		.filter(|file| file.extension().is_some_and(|extension| extension == "mv"))
		.collect()
}

#[test]
fn compiled_modules_are_accepted() {
	let files = bytecode(false);
	assert!(files.len() >= 10, "{} files", files.len());
	for file in files {
		let module = CompiledModule::deserialize(&fs::read(&file).unwrap())
			.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
		verify_module(&module, &VerifierLimits::PRODUCTION)
			.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
	}
}

#[test]
fn compiled_scripts_are_accepted() {
	let files = bytecode(true);
	assert!(!files.is_empty());
	for file in files {
		let script = CompiledScript::deserialize(&fs::read(&file).unwrap())
			.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
		verify_script(&script, &VerifierLimits::PRODUCTION)
			.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
	}
}
