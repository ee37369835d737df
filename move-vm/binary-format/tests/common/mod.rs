//! What several tests need.

#![allow(dead_code)] // Each test uses a part of it.

use std::{
	fs,
	path::{Path, PathBuf},
};

/// What is in a folder; nothing if it is none.
fn entries(folder: &Path) -> Vec<PathBuf> {
	let entries = fs::read_dir(folder).into_iter().flatten();
	entries
		.map(|entry| entry.expect("an entry").path())
		.collect()
}

/// The bytecode that compilers made of the repository's Move sources, by path.
pub fn compiled() -> Vec<(PathBuf, Vec<u8>)> {
	let packages = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts/move"));
	let mut paths: Vec<PathBuf> = entries(packages)
		.iter()
		.flat_map(|package| entries(package))
		.flat_map(|folder| entries(&folder))
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
pub fn is_script(path: &Path) -> bool {
	path.ancestors().any(|folder| folder.ends_with("scripts"))
}
