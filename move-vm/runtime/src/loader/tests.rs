//! A scanned binary says what the deserialised one says.

use std::{fs, path::PathBuf};

use move_vm_binary_format::{module::StructFieldInformation, CompiledModule, CompiledScript};

use super::{
	record,
	unit::{Fields, Table, Unit},
};

/// All modules at hand: ready ones, and the repository's compiled Move.
fn modules() -> Vec<CompiledModule> {
	let mut modules = move_vm_fixtures::all();
	for package in ["std", "tests", "tests-v7", "examples", "tests-examples"] {
		let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
			.join("../../contracts/move")
			.join(package)
			.join("bytecode");
		for entry in fs::read_dir(folder).unwrap() {
			let bytes = fs::read(entry.unwrap().path()).unwrap();
			modules.push(CompiledModule::deserialize(&bytes).unwrap());
		}
	}
	assert!(modules.len() > 60);
	modules
}

fn assert_agrees(unit: &Unit, module: &CompiledModule) {
	let pools = &module.pools;
	assert_eq!(unit.id, Some(module.self_id().unwrap()));
	assert_eq!(unit.dependencies().unwrap(), module.dependencies().unwrap());
	let friends: Vec<_> = (module.friend_declarations.iter())
		.map(|handle| pools.module_id(handle).unwrap())
		.collect();
	assert_eq!(unit.friends().unwrap(), friends);
	for (table, length) in [
		(Table::ModuleHandles, pools.module_handles.len()),
		(Table::StructHandles, pools.struct_handles.len()),
		(Table::FunctionHandles, pools.function_handles.len()),
		(
			Table::FunctionInstantiations,
			pools.function_instantiations.len(),
		),
		(Table::Signatures, pools.signatures.len()),
		(Table::Constants, pools.constants.len()),
		(Table::Identifiers, pools.identifiers.len()),
		(Table::Addresses, pools.address_identifiers.len()),
		(Table::StructDefs, module.struct_defs.len()),
		(
			Table::StructDefInstantiations,
			module.struct_def_instantiations.len(),
		),
		(Table::FunctionDefs, module.function_defs.len()),
		(Table::FieldHandles, module.field_handles.len()),
		(
			Table::FieldInstantiations,
			module.field_instantiations.len(),
		),
		(
			Table::VariantFieldHandles,
			module.variant_field_handles.len(),
		),
		(
			Table::VariantFieldInstantiations,
			module.variant_field_instantiations.len(),
		),
		(
			Table::StructVariantHandles,
			module.struct_variant_handles.len(),
		),
		(
			Table::StructVariantInstantiations,
			module.struct_variant_instantiations.len(),
		),
	] {
		assert_eq!(usize::from(unit.count(table)), length, "{table:?}");
	}
	for (index, name) in (0..).zip(&pools.identifiers) {
		assert_eq!(&unit.name(index).unwrap(), name);
	}
	for (index, signature) in (0..).zip(&pools.signatures) {
		assert_eq!(
			usize::from(unit.signature_length(index).unwrap()),
			signature.0.len()
		);
		assert_eq!(
			unit.has_references(index).unwrap(),
			signature.0.iter().any(|token| token.is_reference())
		);
	}
	for (index, handle) in (0..).zip(&pools.function_handles) {
		let scanned = unit.function_handle(index).unwrap();
		assert_eq!(scanned.name, handle.name.0);
		assert_eq!(scanned.parameters, handle.parameters.0);
		assert_eq!(scanned.returns, handle.returns.0);
		assert_eq!(scanned.constraints, handle.type_parameters);
	}
	for (index, definition) in (0..).zip(&module.function_defs) {
		let scanned = unit.function_def(index).unwrap();
		assert_eq!(scanned.handle, definition.function.0);
		assert_eq!(scanned.visibility, definition.visibility);
		assert_eq!(scanned.is_entry, definition.is_entry);
		let name = pools.function_handle(definition.function).unwrap().name;
		let name = pools.identifier(name).unwrap();
		assert_eq!(unit.find_function(name.as_bytes()).unwrap(), Some(index));
		match (&definition.code, scanned.code) {
			(None, None) => {}
			(Some(code), Some(offset)) => {
				let (locals, instructions) = unit.code(offset).unwrap();
				assert_eq!((locals, instructions), (code.locals.0, code.code.clone()));
			}
			_ => panic!("native or not"),
		}
	}
	for (index, definition) in (0..).zip(&module.struct_defs) {
		match (&definition.field_information, unit.fields(index).unwrap()) {
			(StructFieldInformation::Declared(fields), Fields::Struct(scanned)) => {
				assert_eq!(scanned.len(), fields.len());
				assert_eq!(usize::from(unit.field_count(index).unwrap()), fields.len());
			}
			(StructFieldInformation::DeclaredVariants(variants), Fields::Enum(scanned)) => {
				for (place, (variant, scanned)) in (0..).zip(variants.iter().zip(scanned)) {
					assert_eq!(scanned.len(), variant.fields.len());
					let count = unit.variant_field_count(index, place).unwrap();
					assert_eq!(usize::from(count), variant.fields.len());
				}
			}
			_ => panic!("another kind of struct"),
		}
	}
}

#[test]
fn units_say_what_modules_say() {
	for module in modules() {
		let bytes = module.serialize().unwrap();
		assert_agrees(&Unit::scan(bytes.clone(), None, true).unwrap(), &module);
		// The record spares the pass over the code, and gives the same.
		let record = record::write(&bytes).unwrap();
		assert_agrees(&record::read(&record).unwrap(), &module);
	}
}

#[test]
fn units_say_what_scripts_say() {
	let script = move_vm_fixtures::script();
	let unit = Unit::scan(script.serialize().unwrap(), None, false).unwrap();
	let head = unit.script().unwrap();
	assert_eq!(head.constraints, script.type_parameters);
	assert_eq!(head.parameters, script.parameters.0);
	assert_eq!(unit.code(head.code).unwrap().1, script.code.code);
	assert_eq!(unit.dependencies().unwrap(), script.dependencies().unwrap());
	let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../contracts/move/scripts");
	let mut count = 0;
	let mut folders = vec![folder];
	while let Some(folder) = folders.pop() {
		for entry in fs::read_dir(folder).unwrap() {
			let path = entry.unwrap().path();
			if path.is_dir() {
				folders.push(path);
			} else if path.extension().is_some_and(|extension| extension == "mv") {
				let bytes = fs::read(path).unwrap();
				let script = CompiledScript::deserialize(&bytes).unwrap();
				let unit = Unit::scan(bytes, None, false).unwrap();
				let head = unit.script().unwrap();
				assert_eq!(unit.code(head.code).unwrap().1, script.code.code);
				count += 1;
			}
		}
	}
	assert!(count > 0);
}

#[test]
fn damaged_records_are_errors() {
	let bytes = move_vm_fixtures::shapes().serialize().unwrap();
	let record = record::write(&bytes).unwrap();
	for end in 0..record.len() {
		let _ = record::read(&record[..end]);
	}
	for place in 0..record.len() {
		for change in [1, 0x80, 0xFF] {
			let mut damaged = record.clone();
			damaged[place] ^= change;
			if let Ok(unit) = record::read(&damaged) {
				for index in 0..unit.count(Table::FunctionDefs) {
					let head = unit.function_def(index);
					let _ = head.map(|head| head.code.map(|offset| unit.code(offset)));
				}
				for index in 0..unit.count(Table::StructDefs) {
					let _ = unit.fields(index);
				}
			}
		}
	}
}
