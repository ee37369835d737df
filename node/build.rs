//! Gives the binary its version text: the crate's version, the commit and the platform.

use std::{env, path::PathBuf};

use polkadot_sdk::substrate_build_script_utils::{generate_cargo_keys, rerun_if_git_head_changed};

/// What the version helper reads instead of asking git.
const COMMIT: &str = "SUBSTRATE_CLI_GIT_COMMIT_HASH";

fn main() {
	println!("cargo:rerun-if-env-changed={COMMIT}");
	if in_repository() {
		generate_cargo_keys();
		rerun_if_git_head_changed();
	} else {
		// A source archive: without a commit the version is the crate's alone.
		if env::var_os(COMMIT).is_none() {
			env::set_var(COMMIT, "");
		}
		generate_cargo_keys();
		println!("cargo:rerun-if-changed=build.rs");
	}
}

/// Whether the sources lie in a git repository.
fn in_repository() -> bool {
	env::var_os("CARGO_MANIFEST_DIR")
		.map(PathBuf::from)
		.is_some_and(|folder| {
			folder
				.ancestors()
				.any(|folder| folder.join(".git").exists())
		})
}
