//! Code as the interpreter is to have it: one look at all of it, for what the interpreter cannot translate
//! ([`far_store`]) and what it would get wrong ([`fused_select`]).
//!
//! What is stored, hashed and paid for is the code as it was uploaded.

use alloc::{borrow::Cow, vec::Vec};
use core::ops::Range;

use wasmparser::{CompositeInnerType, FunctionBody, Parser, Payload, TypeRef};

use crate::{
	far_store::{self, Arity, Operands},
	fused_select::{self, Places, BETWEEN},
};

/// Number of the code section.
const CODE_SECTION: u8 = 10;
/// Bytes of a module before its first section.
const PREAMBLE_BYTES: usize = 8;

/// There is a store that the interpreter may not be able to translate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FarStore;

/// The code for the interpreter. What cannot be read stays as it is, for the interpreter to refuse.
///
/// # Errors
/// If it cannot be translated.
pub(crate) fn prepared(code: &[u8]) -> Result<Cow<'_, [u8]>, FarStore> {
	let mut look = Look {
		may_be_far: far_store::may_be_in(code),
		..Default::default()
	};
	if !look.may_be_far && !fused_select::may_be_in(code) {
		return Ok(Cow::Borrowed(code));
	}
	let is_read = look.at(code).is_some();
	if look.is_far {
		return Err(FarStore);
	}
	let mended = is_read.then(|| look.mended(code)).flatten();
	Ok(mended.map_or(Cow::Borrowed(code), Cow::Owned))
}

/// What is seen of a module.
#[derive(Default)]
struct Look {
	may_be_far: bool,
	is_far: bool,
	types: Vec<Arity>,
	functions: Vec<Arity>,
	/// Where the code section's content is, and where the section before it ends.
	section: Range<usize>,
	before: usize,
	/// Where each function is, and the selections in it before which something is to be put.
	bodies: Vec<(Range<usize>, Vec<usize>)>,
}

impl Look {
	/// Looks until something that cannot be translated is found. `None` if the code cannot be read.
	fn at(&mut self, code: &[u8]) -> Option<()> {
		self.before = PREAMBLE_BYTES;
		for payload in Parser::new(0).parse_all(code) {
			let payload = payload.ok()?;
			match &payload {
				Payload::CodeSectionStart { range, .. } => self.section = range.clone(),
				Payload::CodeSectionEntry(body) => {
					let places = self.places(body)?;
					self.bodies.push((body.range(), places));
				}
				other => {
					if let (Some((_, range)), true) = (other.as_section(), self.section.is_empty())
					{
						self.before = range.end;
					}
				}
			}
			if self.is_far {
				break;
			}
			self.declare(payload)?;
		}
		Some(())
	}

	/// Notes types and functions.
	fn declare(&mut self, payload: Payload<'_>) -> Option<()> {
		match payload {
			Payload::TypeSection(section) => {
				for group in section {
					let types = group.ok()?.into_types();
					self.types
						.extend(types.map(|ty| match &ty.composite_type.inner {
							CompositeInnerType::Func(of) => (of.params().len(), of.results().len()),
							_ => (0, 0),
						}));
				}
			}
			Payload::ImportSection(section) => {
				for import in section {
					if let TypeRef::Func(ty) = import.ok()?.ty {
						self.functions.push(*self.types.get(ty as usize)?);
					}
				}
			}
			Payload::FunctionSection(section) => {
				for ty in section {
					self.functions.push(*self.types.get(ty.ok()? as usize)?);
				}
			}
			_ => {}
		}
		Some(())
	}

	/// Goes through a function.
	fn places(&mut self, body: &FunctionBody<'_>) -> Option<Vec<usize>> {
		let mut operands = self.may_be_far.then(Operands::default);
		let mut places = Places::default();
		for operator in body.get_operators_reader().ok()?.into_iter_with_offsets() {
			let (operator, at) = operator.ok()?;
			places.take(&operator, at);
			if let Some(operands) = &mut operands {
				if operands.take(&operator, &self.types, &self.functions)? {
					self.is_far = true;
					break;
				}
			}
		}
		Some(places.found())
	}

	/// The module with a code section of other length; `None` if there is nothing to do.
	fn mended(&self, code: &[u8]) -> Option<Vec<u8>> {
		if self.bodies.iter().all(|(_, places)| places.is_empty()) {
			return None;
		}
		let mut section = Vec::with_capacity(code.len());
		write_number(&mut section, self.bodies.len())?;
		for (range, places) in &self.bodies {
			let more = places.len().checked_mul(BETWEEN.len())?;
			write_number(&mut section, range.len().checked_add(more)?)?;
			let mut from = range.start;
			for place in places {
				section.extend_from_slice(code.get(from..*place)?);
				section.extend_from_slice(&BETWEEN);
				from = *place;
			}
			section.extend_from_slice(code.get(from..range.end)?);
		}
		let mut mended = code.get(..self.before)?.to_vec();
		mended.push(CODE_SECTION);
		write_number(&mut mended, section.len())?;
		mended.extend_from_slice(&section);
		mended.extend_from_slice(code.get(self.section.end..)?);
		Some(mended)
	}
}

/// Appends a number as WebAssembly writes it.
fn write_number(out: &mut Vec<u8>, number: usize) -> Option<()> {
	let (bytes, len) = leb128fmt::encode_u32(number.try_into().ok()?)?;
	out.extend_from_slice(bytes.get(..len)?);
	Some(())
}
