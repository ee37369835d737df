//! Builds the runtime's wasm blob (`WASM_BINARY`).
//!
//! The blob is built in a workspace of its own and so with a profile of its own: it is optimised
//! in every build, whatever the host's profile says.

#[cfg(feature = "std")]
fn main() {
	// The blob must be built with this workspace's lock file and patches also when the target
	// folder lies elsewhere.
	if std::env::var_os("WASM_BUILD_WORKSPACE_HINT").is_none() {
		// As cargo says it now, not as it was when this program was compiled: clones of the repository
		// that share a target folder share the program too.
		let manifest = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it");
		let workspace = std::path::Path::new(&manifest).parent();
		std::env::set_var(
			"WASM_BUILD_WORKSPACE_HINT",
			workspace.expect("runtime is a member"),
		);
	}

	let builder = substrate_wasm_builder::WasmBuilder::init_with_defaults();
	// Token symbol and decimals are part of the hash that offline signers check.
	#[cfg(feature = "metadata-hash")]
	let builder = builder.enable_metadata_hash("TRV", 18);
	builder.build();
}

// The blob itself: there is no blob inside.
#[cfg(not(feature = "std"))]
fn main() {}
