//! What a fuzzer's bytes stand for.
//!
//! The first byte decides. A multiple of eight: the rest is a binary. Otherwise its upper five bits
//! say how many bytes follow that change a module, and the bytes behind those make the module: see
//! [`move_vm_fixtures::generate`].

use move_vm_binary_format::CompiledModule;
use move_vm_fixtures::generate::{self, Entropy};

/// What was read.
pub(crate) enum Input<'a> {
	/// Bytes of a binary, maybe.
	Raw(&'a [u8]),
	/// A well-typed module.
	Generated(CompiledModule),
	/// One with changes.
	Mutated(CompiledModule),
}

impl Input<'_> {
	/// The module, if the bytes are one that is in bounds.
	pub fn module(&self) -> Option<CompiledModule> {
		match self {
			Self::Raw(bytes) => CompiledModule::deserialize(bytes).ok(),
			Self::Generated(module) => Some(module.clone()),
			// Through its bytes, since changes may point out of bounds.
			Self::Mutated(module) => CompiledModule::deserialize(&module.serialize().ok()?).ok(),
		}
	}
}

/// Reads an input, and choices for what is done with it.
pub(crate) fn read(data: &[u8]) -> (Input<'_>, Entropy<'_>) {
	let (mode, rest) = data.split_first().unwrap_or((&0, &[]));
	let choices = Entropy::new(&rest[rest.len() / 2..]);
	if mode % 8 == 0 {
		return (Input::Raw(rest), choices);
	}
	let (changes, rest) = rest.split_at(usize::from(mode / 8).min(rest.len()));
	let mut module = generate::module(rest);
	if changes.is_empty() {
		return (Input::Generated(module), choices);
	}
	generate::mutate(&mut module, &mut Entropy::new(changes));
	(Input::Mutated(module), choices)
}
