//! `docs/errors.md` holds every error of calls and of our pallets with its number, and none that is
//! not. What is inside a machine's pallet is held to it there.

use polkadot_sdk::{
	frame_support::traits::PalletInfoAccess,
	sp_runtime::{DispatchError, ModuleError},
};
use scale_info::{Type, TypeDef, TypeInfo};
use trivium_primitives::{CallError, EncodingError};
use trivium_runtime::{Contracts, Runtime, RuntimeError};

const PAGE: &str = include_str!("../../../docs/errors.md");
/// Where the indices of Trivium's own pallets begin.
const FIRST_OWN_PALLET: u8 = 40;

/// What stands below a heading, up to the next one.
fn section(heading: &str) -> &'static str {
	let (_, rest) = PAGE
		.split_once(&format!("\n{heading}\n"))
		.unwrap_or_else(|| panic!("the page has no heading `{heading}`"));
	rest.split_once("\n#").map_or(rest, |(section, _)| section)
}

/// The cells of the table below a heading, row by row.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
	section(heading)
		.lines()
		.filter(|line| line.starts_with("| "))
		.skip(2)
		.map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
		.collect()
}

/// The number of a row, which is its first cell.
fn number(row: &[&str]) -> u8 {
	row[0]
		.parse()
		.unwrap_or_else(|_| panic!("no number: {row:?}"))
}

/// What a cell names, without what is behind the name.
fn name(cell: &str) -> String {
	let is_name = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
	cell.trim_matches('`').chars().take_while(is_name).collect()
}

/// Numbers and names in the table below a heading.
fn documented(heading: &str) -> Vec<(u8, String)> {
	let rows = table(heading);
	rows.iter().map(|row| (number(row), name(row[1]))).collect()
}

/// Numbers and names of a type's variants.
fn variants(ty: Type) -> Vec<(u8, String)> {
	let TypeDef::Variant(def) = ty.type_def else {
		panic!("{:?} is no enum", ty.path)
	};
	let variants = def.variants.iter();
	variants.map(|it| (it.index, it.name.to_string())).collect()
}

/// A [`CallError`] as the page writes it: without its data, its code in hexadecimal if a machine's own.
fn shown(error: CallError) -> String {
	match error {
		CallError::Engine(code @ 0x100..) => format!("Engine({code:#x})"),
		CallError::Engine(code) => format!("Engine({code})"),
		other => name(&format!("{other:?}")),
	}
}

#[test]
fn every_error_of_our_pallets_is_documented() {
	let TypeDef::Variant(pallets) = RuntimeError::type_info().type_def else {
		panic!("the runtime's error is an enum")
	};
	let mut found = Vec::new();
	for pallet in pallets
		.variants
		.iter()
		.filter(|it| it.index >= FIRST_OWN_PALLET)
	{
		let heading = match pallet.name {
			// Its errors and what they are to other machines are one table.
			"Contracts" => "### ink!".to_string(),
			name => format!("### Pallet {name}"),
		};
		let error = pallet.fields[0].ty.type_info();
		assert_eq!(documented(&heading), variants(error), "{heading}");
		if pallet.name != "Contracts" {
			let index = format!("Index {}.", pallet.index);
			assert!(section(&heading).contains(&index), "{heading}: {index}");
		}
		found.push(pallet.name);
	}
	for name in ["CrossVm", "Evm", "Contracts", "MoveVm"] {
		assert!(found.contains(&name), "{name} has no errors any more");
	}
}

#[test]
fn every_error_of_calls_is_documented() {
	assert_eq!(
		documented("## `CallError`"),
		variants(CallError::type_info())
	);
	assert_eq!(
		documented("## `BadEncoding` reasons"),
		variants(EncodingError::type_info())
	);
}

#[test]
fn engine_codes_that_all_machines_share_are_documented() {
	let shared = [
		("DELEGATE_CALL", CallError::DELEGATE_CALL),
		("CONFLICTING_REENTRY", CallError::CONFLICTING_REENTRY),
		("TRAPPED", CallError::TRAPPED),
		("VALUE_REFUSED", CallError::VALUE_REFUSED),
	];
	let rows = documented("## `Engine` codes");
	assert_eq!(rows.len(), shared.len());
	for ((code, documented), (name, error)) in rows.into_iter().zip(shared) {
		assert_eq!(
			(documented.as_str(), CallError::Engine(code.into())),
			(name, error)
		);
	}
}

#[test]
fn every_failure_of_ink_is_documented_with_what_it_becomes() {
	let of = |number| {
		pallet_wasm::errors::call_error::<Runtime>(DispatchError::Module(ModuleError {
			index: Contracts::index() as u8,
			error: [number, 0, 0, 0],
			message: None,
		}))
	};
	for row in table("### ink!") {
		assert_eq!(row[2], format!("`{}`", shown(of(number(&row)))), "{row:?}");
	}
}
