//! What translating code for the interpreter takes, in time and memory, by what is seen of the code.
//!
//! A call pays for translating all of its contract's code, by its length alone: what a byte costs must
//! therefore hold for any code that may be uploaded. The bytes of real contracts take a third of what
//! the worst ones do (long chains of comparisons, which the translator tries to merge again and again;
//! conditions without content; thousands of types). Code that consists of such is refused, so that
//! others do not have to pay as if theirs did.
//!
//! The figures are nanoseconds of `wasmi` 2.0 natively on one machine; what counts is their proportion.
//! Code of ink!'s compiler was measured with 25 a byte and comes to 20 to 25 here; the benchmark
//! `load_code` measures code of [`MAX_UNITS_PER_BYTE`].

use wasmparser::{FunctionBody, Operator, Payload};

use crate::validate::Fault;

/// Units that each byte of code pays for.
const MAX_UNITS_PER_BYTE: u64 = 36;
/// Units that the smallest code may have.
const FREE_UNITS: u64 = 16 * 1024;

/// Memory that a translated byte takes at most, bytes: conditions without content take 50.
const MEMORY_PER_BYTE: usize = 52;
/// Memory that a module takes besides, bytes.
const MEMORY_PER_MODULE: usize = 16 * 1024;

/// Memory that code of this length takes when all of it is translated, bytes.
pub(crate) fn memory_of(code_len: u32) -> usize {
	MEMORY_PER_BYTE
		.saturating_mul(code_len as usize)
		.saturating_add(MEMORY_PER_MODULE)
}

/// Adds up what the parts of a module take.
#[derive(Debug, Default)]
pub(crate) struct Effort(u64);

impl Effort {
	fn add(&mut self, count: u32, units_each: u64) {
		let units = u64::from(count).saturating_mul(units_each);
		self.0 = self.0.saturating_add(units);
	}

	/// Adds a section, or one function of the code section.
	///
	/// # Errors
	/// `Malformed` if a function cannot be read.
	pub(crate) fn add_payload(&mut self, payload: &Payload<'_>) -> Result<(), Fault> {
		match payload {
			Payload::TypeSection(section) => self.add(section.count(), 540),
			Payload::ImportSection(section) => self.add(section.count(), 600),
			Payload::FunctionSection(section) => self.add(section.count(), 600),
			Payload::GlobalSection(section) => self.add(section.count(), 210),
			Payload::ElementSection(section) => self.add(section.count(), 250),
			Payload::DataSection(section) => self.add(section.count(), 190),
			Payload::CodeSectionEntry(body) => self.add_function(body)?,
			_ => {}
		}
		Ok(())
	}

	/// Adds the locals that a function declares.
	pub(crate) fn add_locals(&mut self, count: u32) {
		self.add(count, 3);
	}

	fn add_function(&mut self, body: &FunctionBody<'_>) -> Result<(), Fault> {
		let operators = body.get_operators_reader().map_err(|_| Fault::Malformed)?;
		for operator in operators {
			let units = units_of(&operator.map_err(|_| Fault::Malformed)?);
			self.0 = self.0.saturating_add(units);
		}
		Ok(())
	}

	/// Whether code of this length pays for it.
	pub(crate) fn is_paid_by(&self, code_len: usize) -> bool {
		let paid = u64::try_from(code_len)
			.unwrap_or(u64::MAX)
			.saturating_mul(MAX_UNITS_PER_BYTE);
		self.0 <= paid.saturating_add(FREE_UNITS)
	}
}

fn units_of(operator: &Operator<'_>) -> u64 {
	match operator {
		Operator::I32Eqz | Operator::I64Eqz => 70,
		Operator::Block { .. } => 60,
		Operator::Loop { .. } => 100,
		Operator::If { .. } => 200,
		Operator::Call { .. } => 55,
		Operator::CallIndirect { .. } => 95,
		Operator::BrTable { targets } => u64::from(targets.len())
			.saturating_mul(7)
			.saturating_add(30),
		Operator::I32Load { .. }
		| Operator::I64Load { .. }
		| Operator::I32Load8S { .. }
		| Operator::I32Load8U { .. }
		| Operator::I32Load16S { .. }
		| Operator::I32Load16U { .. }
		| Operator::I64Load8S { .. }
		| Operator::I64Load8U { .. }
		| Operator::I64Load16S { .. }
		| Operator::I64Load16U { .. }
		| Operator::I64Load32S { .. }
		| Operator::I64Load32U { .. } => 60,
		Operator::LocalGet { .. } => 20,
		// With what is put before it, see `fused_select`.
		Operator::Select => 110,
		Operator::Nop | Operator::Drop | Operator::Else | Operator::End => 10,
		_ => 50,
	}
}
