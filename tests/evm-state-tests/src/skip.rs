//! The variants that are not run, each with its reason.
//!
//! A line is `name: reason`. A name is the end of a file's path, alone or with what a variant's title
//! has behind it: `stExample/add11.json` or `stExample/add11.json[Cancun-d0g0v0]`.

use std::{fs, path::Path};

/// Names and reasons.
#[derive(Debug, Default)]
pub struct Skips(Vec<(String, String)>);

impl Skips {
	/// The project's own list.
	pub fn built_in() -> Result<Self, String> {
		Self::parse(include_str!("../skipped.txt"))
	}

	/// A list from a file.
	pub fn read(file: &Path) -> Result<Self, String> {
		let text =
			fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
		Self::parse(&text)
	}

	fn parse(text: &str) -> Result<Self, String> {
		text.lines()
			.map(str::trim)
			.filter(|line| !line.is_empty() && !line.starts_with('#'))
			.map(|line| match line.split_once(": ") {
				Some((name, reason)) if !reason.trim().is_empty() && name.contains(".json") => {
					Ok((name.to_string(), reason.trim().to_string()))
				}
				_ => Err(format!("not a name and a reason: {line}")),
			})
			.collect::<Result<_, _>>()
			.map(Self)
	}

	/// Why a variant is not run.
	pub fn reason(&self, title: &str) -> Option<&str> {
		let file = title.split_once('[').map_or(title, |(file, _)| file);
		let ends = |whole: &str, name: &str| {
			whole
				.strip_suffix(name)
				.is_some_and(|before| before.is_empty() || before.ends_with('/'))
		};
		self.0
			.iter()
			.find(|(name, _)| ends(file, name) || ends(title, name))
			.map(|(_, reason)| reason.as_str())
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn name_covers_a_file_or_one_variant() {
		let skips =
			Skips::parse("# why\na/b.json: one\nc.json[Cancun-d0g0v1]: two\n").expect("is a list");
		assert_eq!(skips.reason("x/a/b.json[Cancun-d0g0v0]"), Some("one"));
		assert_eq!(skips.reason("xa/b.json[Cancun-d0g0v0]"), None);
		assert_eq!(skips.reason("x/c.json[Cancun-d0g0v1]"), Some("two"));
		assert_eq!(skips.reason("x/c.json[Cancun-d0g0v0]"), None);
	}

	#[test]
	fn name_without_reason_is_refused() {
		assert!(Skips::parse("a/b.json").is_err());
		assert!(Skips::parse("a/b.json: ").is_err());
		assert!(Skips::built_in().is_ok());
	}
}
