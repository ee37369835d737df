//! Makes a linked ink! contract into one that the chain accepts.
//!
//! The linker exports the stack pointer and its like, leaves the imported memory open-ended and adds
//! sections for debuggers. The chain wants `call` and `deploy` and nothing else, and a memory of at most
//! 16 pages. What becomes unreachable by this, `wasm-opt` takes out afterwards.

use std::fmt;

use wasm_encoder::{
	reencode::{self, Reencode},
	ExportSection, MemoryType, Module,
};
use wasmparser::{BinaryReaderError, Parser, Payload, Validator, WasmFeatures};

/// Most memory that a contract may have, pages of 64 KiB: the limit of the chain's schedule.
pub const MAX_MEMORY_PAGES: u64 = 16;

/// The only functions that a contract exports.
const ENTRY_POINTS: [&str; 2] = ["call", "deploy"];

/// Why a module cannot become a contract.
#[derive(Debug)]
pub enum Error {
	/// It is no module, or it uses a part of WebAssembly that the chain refuses.
	Invalid(BinaryReaderError),
	/// It cannot be written again.
	Reencode(reencode::Error),
	/// It wants this many pages of memory at its start.
	TooMuchMemory(u64),
	/// It imports no memory.
	NoMemory,
	/// It does not export this function.
	NoEntryPoint(&'static str),
}

impl fmt::Display for Error {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Invalid(error) => write!(f, "not a module that the chain accepts: {error}"),
			Self::Reencode(error) => write!(f, "cannot be written again: {error}"),
			Self::TooMuchMemory(pages) => {
				write!(
					f,
					"{pages} pages of memory, and the limit is {MAX_MEMORY_PAGES}"
				)
			}
			Self::NoMemory => write!(f, "imports no memory (linked without --import-memory?)"),
			Self::NoEntryPoint(name) => write!(f, "exports no function `{name}`"),
		}
	}
}

impl std::error::Error for Error {}

impl From<BinaryReaderError> for Error {
	fn from(error: BinaryReaderError) -> Self {
		Self::Invalid(error)
	}
}

/// Keeps the entry points, caps the memory, drops custom sections.
///
/// # Errors
/// If the module cannot be read, or would not pass [`check`].
pub fn shrink(wasm: &[u8]) -> Result<Vec<u8>, Error> {
	let mut module = Module::new();
	Shrink
		.parse_core_module(&mut module, Parser::new(0), wasm)
		.map_err(Error::Reencode)?;
	let shrunk = module.finish();
	check(&shrunk)?;
	Ok(shrunk)
}

/// Whether the chain accepts the module: the features it allows, its memory and its entry points.
///
/// # Errors
/// The first thing that the chain would refuse.
pub fn check(wasm: &[u8]) -> Result<(), Error> {
	// Integers only, as the original standard has them, and sign extension.
	let features = WasmFeatures::SIGN_EXTENSION | WasmFeatures::GC_TYPES;
	Validator::new_with_features(features).validate_all(wasm)?;

	let mut memory = None;
	let mut exports = Vec::new();
	for payload in Parser::new(0).parse_all(wasm) {
		match payload? {
			Payload::ImportSection(section) => {
				for import in section {
					if let wasmparser::TypeRef::Memory(imported) = import?.ty {
						memory = Some(imported);
					}
				}
			}
			Payload::ExportSection(section) => {
				for export in section {
					exports.push(export?.name.to_owned());
				}
			}
			_ => {}
		}
	}
	let memory = memory.ok_or(Error::NoMemory)?;
	let pages = memory.maximum.unwrap_or(u64::MAX);
	if memory.initial > MAX_MEMORY_PAGES || pages > MAX_MEMORY_PAGES {
		return Err(Error::TooMuchMemory(memory.initial));
	}
	match ENTRY_POINTS
		.into_iter()
		.find(|name| !exports.iter().any(|export| export == name))
	{
		Some(missing) => Err(Error::NoEntryPoint(missing)),
		None => Ok(()),
	}
}

struct Shrink;

impl Reencode for Shrink {
	type Error = std::convert::Infallible;

	fn parse_custom_section(
		&mut self,
		_: &mut Module,
		_: wasmparser::CustomSectionReader<'_>,
	) -> Result<(), reencode::Error> {
		Ok(())
	}

	fn parse_export(
		&mut self,
		exports: &mut ExportSection,
		export: wasmparser::Export<'_>,
	) -> Result<(), reencode::Error> {
		if ENTRY_POINTS.contains(&export.name) {
			reencode::utils::parse_export(self, exports, export)?;
		}
		Ok(())
	}

	fn memory_type(
		&mut self,
		memory: wasmparser::MemoryType,
	) -> Result<MemoryType, reencode::Error> {
		let own = memory.maximum.unwrap_or(MAX_MEMORY_PAGES);
		let capped = wasmparser::MemoryType {
			maximum: Some(own.min(MAX_MEMORY_PAGES)),
			..memory
		};
		Ok(reencode::utils::memory_type(self, capped))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use wasm_encoder::{
		CodeSection, CustomSection, EntityType, ExportKind, Function, FunctionSection,
		ImportSection, TypeSection, ValType,
	};

	/// A module with an imported memory of `pages` at least and one function under each name.
	fn module(pages: u64, result: Option<ValType>, exports: &[&str]) -> Vec<u8> {
		let mut module = Module::new();
		let mut types = TypeSection::new();
		types.ty().function([], result);
		module.section(&types);
		let memory = MemoryType {
			minimum: pages,
			maximum: None,
			memory64: false,
			shared: false,
			page_size_log2: None,
		};
		let mut imports = ImportSection::new();
		imports.import("env", "memory", EntityType::Memory(memory));
		module.section(&imports);
		let mut functions = FunctionSection::new();
		functions.function(0);
		module.section(&functions);
		let mut section = ExportSection::new();
		for name in exports {
			section.export(name, ExportKind::Func, 0);
		}
		module.section(&section);
		let mut function = Function::new([]);
		let mut sink = function.instructions();
		sink.unreachable().end();
		let mut code = CodeSection::new();
		code.function(&function);
		module.section(&code);
		module.section(&CustomSection {
			name: "name".into(),
			data: (&[0u8][..]).into(),
		});
		module.finish()
	}

	#[test]
	fn shrink_keeps_only_what_the_chain_wants() {
		let whole = module(2, None, &["call", "deploy", "__data_end"]);
		assert!(check(&whole).is_err(), "the memory is open-ended");
		let shrunk = shrink(&whole).unwrap();
		let text = String::from_utf8_lossy(&shrunk).into_owned();
		assert!(text.contains("call") && text.contains("deploy"));
		assert!(!text.contains("__data_end") && !text.contains("name"));
		check(&shrunk).unwrap();
	}

	#[test]
	fn shrink_refuses_too_much_memory() {
		assert!(shrink(&module(16, None, &["call", "deploy"])).is_ok());
		let error = shrink(&module(17, None, &["call", "deploy"])).unwrap_err();
		assert!(
			matches!(error, Error::Invalid(_) | Error::TooMuchMemory(17)),
			"{error}"
		);
	}

	#[test]
	fn shrink_refuses_a_missing_entry_point() {
		let error = shrink(&module(2, None, &["call"])).unwrap_err();
		assert!(matches!(error, Error::NoEntryPoint("deploy")), "{error}");
	}

	#[test]
	fn shrink_refuses_floats() {
		let error = shrink(&module(2, Some(ValType::F32), &["call", "deploy"])).unwrap_err();
		assert!(matches!(error, Error::Invalid(_)), "{error}");
	}

	#[test]
	fn shrink_refuses_what_is_no_module() {
		for len in 0..9 {
			assert!(shrink(&b"\0asm\x01\0\0\0\xff"[..len]).is_err());
		}
		assert!(shrink(b"\0asm\x01\0\0\0\xff").is_err());
	}
}
