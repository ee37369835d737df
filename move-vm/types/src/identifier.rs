//! Names of modules, structs, fields and functions.

use alloc::{boxed::Box, string::String};
use core::{fmt, ops::Deref};

/// A valid name: `[a-zA-Z][a-zA-Z0-9_]*`, `_[a-zA-Z0-9_]+`, or the name `<SELF>` of a script's own
/// module with an optional `_` and digits behind it, which compilers give to scripts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier(Box<str>);

impl Identifier {
	/// The name `text`; `None` if it is not valid.
	pub fn new(text: impl Into<String>) -> Option<Self> {
		let text = text.into();
		is_valid(&text).then(|| Self(text.into_boxed_str()))
	}

	/// The name as text.
	pub fn as_str(&self) -> &str {
		&self.0
	}

	/// The name in these bytes; `None` if they are not ASCII or not a valid name.
	pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
		Self::new(core::str::from_utf8(bytes).ok()?)
	}
}

/// Whether `text` is a valid [`Identifier`].
pub fn is_valid(text: &str) -> bool {
	let rest = |bytes: &[u8]| {
		bytes
			.iter()
			.all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
	};
	match text.as_bytes() {
		b"<SELF>" => true,
		[b'<', b'S', b'E', b'L', b'F', b'>', b'_', digits @ ..] => {
			!digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
		}
		[first, tail @ ..] if first.is_ascii_alphabetic() => rest(tail),
		[b'_', tail @ ..] => !tail.is_empty() && rest(tail),
		_ => false,
	}
}

impl Deref for Identifier {
	type Target = str;

	fn deref(&self) -> &str {
		&self.0
	}
}

impl AsRef<str> for Identifier {
	fn as_ref(&self) -> &str {
		&self.0
	}
}

impl core::borrow::Borrow<str> for Identifier {
	fn borrow(&self) -> &str {
		&self.0
	}
}

impl fmt::Display for Identifier {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(&self.0)
	}
}

impl fmt::Debug for Identifier {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(&self.0)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn names_are_told_from_what_is_none() {
		for text in ["a", "A9_", "_a", "__", "<SELF>", "<SELF>_0"] {
			assert!(is_valid(text), "{text}");
		}
		for text in [
			"", "_", "9a", "a-b", "a b", "é", "<SELF>_", "<SELF>x", "<self>", "a$",
		] {
			assert!(!is_valid(text), "{text}");
		}
	}
}
