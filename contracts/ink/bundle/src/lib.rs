//! Writes a contract's `.contract` file: its metadata, as ink! makes it, with the wasm inside.
//!
//! ink! generates a function in each contract's host build that returns the metadata, always under
//! the same name. So there is one program per contract, `src/bin/<name>.rs`, that links that contract
//! alone.

use std::{
	env,
	error::Error,
	fs,
	path::{Path, PathBuf},
};

use blake2::{digest::consts::U32, Blake2b, Digest};
use ink::metadata::InkProject;
use serde_json::{json, Map, Value};

/// Makes the program for the contract in crate `$contract`.
#[macro_export]
macro_rules! bundle {
	($contract:ident) => {
		use $contract as _;

		extern "Rust" {
			fn __ink_generate_metadata() -> ink::metadata::InkProject;
		}

		fn main() -> Result<(), Box<dyn std::error::Error>> {
			// Safety: ink! generates a function of this name and type in the crate linked above.
			let project = unsafe { __ink_generate_metadata() };
			$crate::write(project)
		}
	};
}

/// Reads the program's arguments, the wasm file and the name, and writes `<name>.contract` beside it.
///
/// # Errors
/// Wrong arguments, or files that cannot be read or written.
pub fn write(project: InkProject) -> Result<(), Box<dyn Error>> {
	let [wasm_path, name]: [String; 2] = env::args()
		.skip(1)
		.collect::<Vec<_>>()
		.try_into()
		.map_err(|_| "usage: <wasm> <name>")?;
	let wasm_path = PathBuf::from(wasm_path);
	let wasm = fs::read(&wasm_path)?;
	let bundle = bundle(serde_json::to_value(project)?, &wasm, &name)?;
	let path = wasm_path
		.parent()
		.unwrap_or(Path::new("."))
		.join(format!("{name}.contract"));
	fs::write(path, serde_json::to_string(&bundle)?)?;
	Ok(())
}

/// The file's content. The layout is the one that clients know: where it comes from, what it is,
/// then ink!'s own part.
fn bundle(project: Value, wasm: &[u8], name: &str) -> Result<Value, Box<dyn Error>> {
	let Value::Object(project) = project else {
		return Err("metadata is not an object".into());
	};
	let mut file = Map::new();
	file.insert(
		"source".into(),
		json!({
			"hash": hex(&Blake2b::<U32>::digest(wasm)),
			"language": "ink! 5.1.1",
			"compiler": format!("rustc {}", env::var("RUSTC_VERSION").unwrap_or_default()),
			"wasm": hex(wasm),
		}),
	);
	file.insert(
		"contract".into(),
		json!({
			"name": name,
			"version": env!("CARGO_PKG_VERSION"),
			"authors": [env!("CARGO_PKG_AUTHORS")],
		}),
	);
	file.insert("image".into(), Value::Null);
	file.extend(project);
	Ok(file.into())
}

fn hex(bytes: &[u8]) -> String {
	bytes
		.iter()
		.fold("0x".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn bundle_holds_the_wasm_its_hash_and_the_metadata() {
		let file = bundle(json!({ "version": 5 }), &[1, 0xab], "demo").unwrap();
		assert_eq!(file["source"]["wasm"], "0x01ab");
		assert_eq!(file["source"]["hash"].as_str().unwrap().len(), 66);
		assert_eq!(file["contract"]["name"], "demo");
		assert_eq!(file["version"], 5);
	}

	#[test]
	fn bundle_refuses_metadata_that_is_not_an_object() {
		assert!(bundle(json!(5), &[], "demo").is_err());
	}
}
