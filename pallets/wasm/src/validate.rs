//! What code has to be to be uploaded.

use polkadot_sdk::frame_support::traits::Get;
use wasmi::{CompilationMode, Engine, ExternType, Module};
use wasmparser::{
	ConstExpr, Data, DataKind, Element, ElementItems, ElementKind, Operator, Parser, Payload,
	TypeRef,
};

use crate::{
	host, module,
	module::MEMORY_IMPORT,
	prepare::prepared,
	schedule::{Limits, PAGE_BYTES},
	translation::Effort,
	Config,
};

/// Most elements of a module's table. Memory is taken for all of them before anything runs.
pub const MAX_TABLE_ELEMENTS: u64 = 16 * 1024;
/// Most locals that one function may declare, its parameters aside. They are cleared at each call, which is
/// in the price of calls: a byte in the interpreter's table.
pub const MAX_LOCALS: u32 = 70;
/// Most global variables.
pub const MAX_GLOBALS: u32 = 4096;
/// Most functions.
pub const MAX_FUNCTIONS: u32 = 16 * 1024;

/// What is wrong with code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
	/// It is no valid module, or uses floats or another extension that is switched off.
	Malformed,
	/// It imports a table, a global variable or a memory other than `env.memory`.
	ForbiddenImport,
	/// It imports a function that there is not.
	UnknownImport,
	/// It imports a function that is no part of the stable interface.
	UnstableImport,
	/// It imports a function that only code from before may import.
	DeprecatedImport,
	/// It imports a function with other parameters or results than it has.
	WrongSignature,
	/// It imports no memory.
	NoMemory,
	/// It asks for more memory than there may be, or for less at most than at first.
	MemoryLimits,
	/// It exports something else than the functions `deploy` and `call`.
	ForbiddenExport,
	/// It does not export `deploy` and `call`.
	MissingExport,
	/// An entry point has parameters, or other results than none or one `i32`.
	WrongEntryPoint,
	/// Its table is too large.
	TableTooLarge,
	/// Data lies outside of the memory that there is at first, or elements outside of the table. No instance could
	/// be made.
	SegmentOutOfBounds,
	/// A function has too many locals.
	TooManyLocals,
	/// It has too many functions or global variables.
	TooManyItems,
	/// Translating it would take longer than its length pays for.
	TooDense,
	/// It stores a local variable at its own address and a far offset, which the interpreter cannot translate.
	FarStore,
}

impl Fault {
	/// For people.
	pub fn text(self) -> &'static str {
		match self {
			Self::Malformed => "not a valid module, or it uses floats or a disabled extension",
			Self::ForbiddenImport => "imports something else than functions and env.memory",
			Self::UnknownImport => "imports an unknown function",
			Self::UnstableImport => "imports a function that is not stable",
			Self::DeprecatedImport => "imports a deprecated function",
			Self::WrongSignature => "imports a function with a wrong signature",
			Self::NoMemory => "imports no memory",
			Self::MemoryLimits => "memory limits are wrong or too high",
			Self::ForbiddenExport => "exports something else than deploy and call",
			Self::MissingExport => "does not export both deploy and call",
			Self::WrongEntryPoint => "an entry point has a wrong signature",
			Self::TableTooLarge => "table is too large",
			Self::SegmentOutOfBounds => "a segment of data or elements is out of bounds",
			Self::TooManyLocals => "a function has too many locals",
			Self::TooManyItems => "too many functions or global variables",
			Self::TooDense => "too much to translate for its length",
			Self::FarStore => "stores a local at its own address with an offset of 2^16 or more",
		}
	}
}

/// Checks code as a whole.
///
/// # Errors
/// The first fault found. Any bytes give an answer.
pub(crate) fn check<T: Config>(code: &[u8]) -> Result<(), Fault> {
	// First what costs memory by a number that is merely told.
	check_sizes(code)?;
	let code = prepared(code).map_err(|_| Fault::FarStore)?;
	let engine = Engine::new(&module::config(CompilationMode::Eager, MAX_LOCALS));
	let module = Module::new(&engine, code).map_err(|_| Fault::Malformed)?;
	check_imports(&module, &T::Schedule::get().limits)?;
	check_exports(&module)
}

/// Checks what the module declares the size of, without believing it.
fn check_sizes(code: &[u8]) -> Result<(), Fault> {
	let mut effort = Effort::default();
	let mut room = Room::default();
	for payload in Parser::new(0).parse_all(code) {
		let payload = payload.map_err(|_| Fault::Malformed)?;
		if let Payload::CodeSectionEntry(body) = &payload {
			effort.add_locals(check_locals(body)?);
		}
		effort.add_payload(&payload)?;
		match payload {
			Payload::ImportSection(section) => {
				for import in section {
					let import = import.map_err(|_| Fault::Malformed)?;
					if let TypeRef::Memory(memory) = import.ty {
						room.memory_bytes = memory.initial.saturating_mul(PAGE_BYTES.into());
					}
				}
			}
			Payload::ElementSection(section) => {
				for segment in section {
					room.check_elements(&segment.map_err(|_| Fault::Malformed)?)?;
				}
			}
			Payload::DataSection(section) => {
				for segment in section {
					room.check_data(&segment.map_err(|_| Fault::Malformed)?)?;
				}
			}
			Payload::FunctionSection(section) if section.count() > MAX_FUNCTIONS => {
				return Err(Fault::TooManyItems)
			}
			Payload::GlobalSection(section) if section.count() > MAX_GLOBALS => {
				return Err(Fault::TooManyItems)
			}
			Payload::TableSection(section) => {
				for table in section {
					let table = table.map_err(|_| Fault::Malformed)?;
					if table.ty.initial > MAX_TABLE_ELEMENTS {
						return Err(Fault::TableTooLarge);
					}
					room.table_elements = table.ty.initial;
				}
			}
			_ => {}
		}
	}
	if effort.is_paid_by(code.len()) {
		Ok(())
	} else {
		Err(Fault::TooDense)
	}
}

/// What there is at first for a module's segments. All are placed by constants, since no global can be imported.
#[derive(Default)]
struct Room {
	memory_bytes: u64,
	table_elements: u64,
}

impl Room {
	fn check_data(&self, segment: &Data<'_>) -> Result<(), Fault> {
		let DataKind::Active { offset_expr, .. } = &segment.kind else {
			return Ok(());
		};
		check_segment(offset_expr, segment.data.len() as u64, self.memory_bytes)
	}

	fn check_elements(&self, segment: &Element<'_>) -> Result<(), Fault> {
		let ElementKind::Active { offset_expr, .. } = &segment.kind else {
			return Ok(());
		};
		let count = match &segment.items {
			ElementItems::Functions(items) => items.count(),
			ElementItems::Expressions(_, items) => items.count(),
		};
		check_segment(offset_expr, count.into(), self.table_elements)
	}
}

/// Checks that so many items from an offset on are within so much room. Offsets that are no constants are no valid
/// ones, which the interpreter says.
fn check_segment(offset: &ConstExpr<'_>, len: u64, room: u64) -> Result<(), Fault> {
	match offset.get_operators_reader().read() {
		Ok(Operator::I32Const { value }) => {
			let end = u64::from(value.cast_unsigned()).saturating_add(len);
			if end <= room {
				Ok(())
			} else {
				Err(Fault::SegmentOutOfBounds)
			}
		}
		_ => Ok(()),
	}
}

fn check_locals(body: &wasmparser::FunctionBody<'_>) -> Result<u32, Fault> {
	let total = locals_of(body)?;
	if total > MAX_LOCALS {
		return Err(Fault::TooManyLocals);
	}
	Ok(total)
}

/// The most locals that a function of the code declares. `0` for what is no code.
pub(crate) fn most_locals(code: &[u8]) -> u32 {
	let bodies = Parser::new(0).parse_all(code).map_while(Result::ok);
	let locals = bodies.map(|payload| match payload {
		Payload::CodeSectionEntry(body) => locals_of(&body).unwrap_or_default(),
		_ => 0,
	});
	locals.max().unwrap_or_default()
}

fn locals_of(body: &wasmparser::FunctionBody<'_>) -> Result<u32, Fault> {
	let mut total = 0u32;
	for group in body.get_locals_reader().map_err(|_| Fault::Malformed)? {
		let (count, _) = group.map_err(|_| Fault::Malformed)?;
		total = total.saturating_add(count);
	}
	Ok(total)
}

fn check_imports(module: &Module, limits: &Limits) -> Result<(), Fault> {
	for import in module.imports() {
		let (from, name) = (import.module(), import.name());
		match import.ty() {
			ExternType::Func(ty) => {
				if host::is_unstable(from, name) {
					return Err(Fault::UnstableImport);
				}
				if host::is_deprecated(from, name) {
					return Err(Fault::DeprecatedImport);
				}
				let known = host::signature(from, name).ok_or(Fault::UnknownImport)?;
				if *ty != known {
					return Err(Fault::WrongSignature);
				}
			}
			ExternType::Memory(_) if (from, name) == MEMORY_IMPORT => {}
			_ => return Err(Fault::ForbiddenImport),
		}
	}
	let has_memory = module
		.imports()
		.any(|import| matches!(import.ty(), ExternType::Memory(_)));
	if !has_memory {
		return Err(Fault::NoMemory);
	}
	let memory = module::memory_type(module, limits).ok_or(Fault::MemoryLimits)?;
	debug_assert!(memory.minimum() <= u64::from(limits.memory_bytes() / PAGE_BYTES));
	Ok(())
}

fn check_exports(module: &Module) -> Result<(), Fault> {
	let mut found = 0u8;
	for export in module.exports() {
		let ExternType::Func(ty) = export.ty() else {
			return Err(Fault::ForbiddenExport);
		};
		if !matches!(export.name(), "deploy" | "call") {
			return Err(Fault::ForbiddenExport);
		}
		let has_results = matches!(ty.results(), [] | [wasmi::ValType::I32]);
		if !ty.params().is_empty() || !has_results {
			return Err(Fault::WrongEntryPoint);
		}
		// Names of exports differ, or the module is not valid.
		found = found.saturating_add(1);
	}
	if found == 2 {
		Ok(())
	} else {
		Err(Fault::MissingExport)
	}
}
