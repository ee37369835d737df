//! `docs/equivalence.md`, read: what the functions are called, how they fail, and what they log.

use std::collections::{BTreeMap, BTreeSet};

use trivium_primitives::Signature;

use super::step::{Step, Who};

/// The page.
pub const PAGE: &str = include_str!("../../../../docs/equivalence.md");

/// What the page says of one contract.
pub struct Page {
	/// Signatures of functions by name, and the failures of each.
	pub functions: BTreeMap<&'static str, (&'static str, BTreeSet<u64>)>,
	/// Names of failures by number.
	pub failures: BTreeMap<u64, &'static str>,
	/// Events, each as a signature.
	pub events: Vec<Signature>,
}

impl Page {
	fn of(kind: Kind) -> Self {
		let name = kind.name();
		let table = |what: &str| -> Vec<Vec<&'static str>> {
			let heading = format!("\n### {what} of the {name}\n");
			let (_, rest) = PAGE.split_once(&heading).expect("has the heading");
			let lines = rest.lines().skip_while(|line| !line.starts_with('|'));
			let rows = lines.take_while(|line| line.starts_with('|')).skip(2);
			let cells = rows.map(|row| row.trim_matches('|').split('|'));
			cells
				.map(|row| row.map(|cell| cell.trim().trim_matches('`')).collect())
				.collect()
		};
		let numbers = |cell: &str| -> BTreeSet<u64> {
			let numbers = cell.split(", ").filter(|number| !number.is_empty());
			numbers
				.map(|number| number.parse().expect("a number"))
				.collect()
		};
		Self {
			functions: table("Functions")
				.into_iter()
				.map(|row| {
					let name = row[0].split('(').next().expect("has a name");
					(name, (row[0], numbers(row[2])))
				})
				.collect(),
			failures: table("Failures")
				.into_iter()
				.map(|row| (row[0].parse().expect("a number"), row[1]))
				.collect(),
			events: table("Events")
				.into_iter()
				.map(|row| Signature::parse(row[0].as_bytes()).expect("is a signature"))
				.collect(),
		}
	}
}

/// What a contract is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
	Token,
	Pool,
	Escrow,
}

impl Kind {
	pub const ALL: [Self; 3] = [Self::Token, Self::Pool, Self::Escrow];

	pub fn name(self) -> &'static str {
		match self {
			Self::Token => "token",
			Self::Pool => "pool",
			Self::Escrow => "escrow",
		}
	}

	/// The Solidity contract.
	pub fn title(self) -> &'static str {
		match self {
			Self::Token => "EquivalentToken",
			Self::Pool => "EquivalentPool",
			Self::Escrow => "EquivalentEscrow",
		}
	}
}

/// The page, read.
pub struct Pages(pub BTreeMap<Kind, Page>);

impl Pages {
	pub fn read() -> Self {
		Self(
			Kind::ALL
				.into_iter()
				.map(|kind| (kind, Page::of(kind)))
				.collect(),
		)
	}

	pub fn of(&self, contract: Who) -> &Page {
		&self.0[&contract.kind()]
	}

	pub fn signature(&self, step: &Step) -> &'static str {
		self.of(step.target).functions[step.function].0
	}
}
