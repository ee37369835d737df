//! The wasm blob that ships.

use trivium_runtime::WASM_BINARY;

/// How a compressed blob begins.
const COMPRESSED_PREFIX: [u8; 8] = [82, 188, 83, 118, 70, 219, 142, 5];

/// Longest compressed blob: what the relay chain takes.
const MAX_BLOB_LEN_BYTES: usize = 3 * 1024 * 1024;

/// Says nothing where the blob was not built (`SKIP_WASM_BUILD`) or is not compressed (the `dev`
/// profile).
#[test]
fn compressed_blob_fits_the_relay_chain() {
	match WASM_BINARY {
		Some(blob) if blob.starts_with(&COMPRESSED_PREFIX) => {
			println!("compressed runtime: {} bytes", blob.len());
			assert!(
				blob.len() < MAX_BLOB_LEN_BYTES,
				"{} bytes are too many",
				blob.len()
			);
		}
		Some(_) => println!("the runtime is not compressed in this profile"),
		None => println!("the runtime was not built"),
	}
}
