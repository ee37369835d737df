//! Builds the runtime's wasm blob (`WASM_BINARY`).
//!
//! The blob is built in a workspace of its own and so with a profile of its own: it is optimised
//! in every build, whatever the host's profile says.
//!
//! With `TRIVIUM_METADATA_HASH` set to the hash of the runtime's metadata (RFC 78), `0x` and 64 digits, the
//! runtime takes signatures over it, as hardware wallets make them; without, it refuses those. The scripts
//! ask the node that they have just built for the hash, and build again if it is another one.

/// What the hash is passed in.
#[cfg(feature = "std")]
const METADATA_HASH: &str = "TRIVIUM_METADATA_HASH";

/// Where the extension that checks the signature looks for it when it is compiled. Set for the blob alone:
/// natively nothing needs it, and it would have everything compiled again.
#[cfg(feature = "std")]
const EXTENSION_METADATA_HASH: &str = "RUNTIME_METADATA_HASH";

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

	println!("cargo:rerun-if-env-changed={METADATA_HASH}");
	match std::env::var_os(METADATA_HASH) {
		Some(hash) => std::env::set_var(EXTENSION_METADATA_HASH, hash),
		None => std::env::remove_var(EXTENSION_METADATA_HASH),
	}

	let builder = substrate_wasm_builder::WasmBuilder::init_with_defaults();
	// The other way to the hash, for tools that build with this feature: it compiles an executor to ask
	// the blob itself. Token symbol and decimals are part of the hash.
	#[cfg(feature = "metadata-hash")]
	let builder = builder.enable_metadata_hash("TRV", 18);
	builder.build();
}

// The blob itself: there is no blob inside.
#[cfg(not(feature = "std"))]
fn main() {}
