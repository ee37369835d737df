//! What several tests need.

#![allow(dead_code)] // Each test uses a part of it.

use std::{fs, path::PathBuf};

/// The bytecode that a compiler made of the repository's Move sources, by path.
pub fn compiled() -> Vec<(PathBuf, Vec<u8>)> {
	let packages = concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts/move");
	let mut paths: Vec<PathBuf> = fs::read_dir(packages)
		.expect("the Move packages")
		.filter_map(|package| fs::read_dir(package.ok()?.path().join("bytecode")).ok())
		.flatten()
		.map(|file| file.expect("a file").path())
		.filter(|path| path.extension().is_some_and(|extension| extension == "mv"))
		.collect();
	paths.sort();
	paths
		.into_iter()
		.map(|path| {
			let bytes = fs::read(&path).expect("a file");
			(path, bytes)
		})
		.collect()
}

/// Whether bytecode is of a script: those have a package of their own.
pub fn is_script(path: &std::path::Path) -> bool {
	path.ancestors().any(|folder| folder.ends_with("scripts"))
}
