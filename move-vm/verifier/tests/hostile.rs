//! No module makes a pass panic: neither one whose bytes were changed, nor one whose indices point
//! anywhere, with the passes called although the bounds check would have refused it.

use std::{collections::BTreeMap, fs, path::Path};

use move_vm_binary_format::{
	index::{
		AddressIdentifierIndex, FieldHandleIndex, FunctionHandleIndex, IdentifierIndex,
		ModuleHandleIndex, SignatureIndex, StructDefinitionIndex, StructHandleIndex,
		StructVariantHandleIndex, VariantFieldHandleIndex,
	},
	module::StructFieldInformation,
	Binary, Bytecode, CompiledModule, SignatureToken,
};
use move_vm_types::{VerifierLimits, VmResult};
use move_vm_verifier::{
	check_upgrade, constants, cyclic_dependencies, duplication, features, friends,
	instantiation_loops, instruction_consistency, limits, recursive_structs, script_signature,
	signatures, verify_dependencies, verify_module, Meter,
};
use proptest::prelude::*;

const LIMITS: VerifierLimits = VerifierLimits::PRODUCTION;

/// Verifies and links a module with the ready ones; only its end matters.
fn publish(module: &CompiledModule, others: &[CompiledModule]) -> VmResult<()> {
	verify_module(module, &LIMITS)?;
	let mut meter = Meter::new(&LIMITS);
	for other in others {
		let _ = check_upgrade(other, module, &mut meter);
	}
	link(module, others, &mut meter)
}

fn link(module: &CompiledModule, others: &[CompiledModule], meter: &mut Meter) -> VmResult<()> {
	let ids = others.iter().map(|other| other.self_id().unwrap());
	let map: BTreeMap<_, _> = ids.zip(others).collect();
	let linked = verify_dependencies(module, &map, meter);
	let none = |_: &_| Ok(Vec::new());
	cyclic_dependencies::verify(module, &LIMITS, meter, none, none)?;
	linked
}

type Pass<'a> = dyn Fn(&mut Meter) -> VmResult<()> + 'a;

/// Every pass over the tables, whatever the others say.
fn every_pass(module: &CompiledModule, others: &[CompiledModule]) {
	let binary = Binary::Module(module);
	let passes: [&Pass; 13] = [
		&|meter| features::verify(binary, meter),
		&|meter| limits::verify(binary, &LIMITS, meter),
		&|meter| duplication::verify(binary, meter),
		&|meter| signatures::verify(binary, meter),
		&|meter| instruction_consistency::verify(binary, meter),
		&|meter| constants::verify(&module.pools, meter),
		&|meter| friends::verify(module, meter),
		&|meter| recursive_structs::verify(module, meter),
		&|meter| instantiation_loops::verify(module, meter),
		&|meter| script_signature::verify(module, meter),
		&|meter| features::refuse_native_structs(module, meter),
		&|meter| link(module, others, meter),
		&|meter| {
			others
				.iter()
				.try_for_each(|other| check_upgrade(other, module, meter))
		},
	];
	for pass in passes {
		let _ = pass(&mut Meter::new(&LIMITS));
	}
}

/// Changes each index of a module to what `change` makes of it.
fn change_indices(m: &mut CompiledModule, change: &mut dyn FnMut(u16) -> u16) {
	macro_rules! change {
		($($kind:ident $place:expr),* $(,)?) => {$($place = $kind(change($place.0));)*};
	}
	change!(ModuleHandleIndex m.self_module_handle);
	for x in m
		.pools
		.module_handles
		.iter_mut()
		.chain(&mut m.friend_declarations)
	{
		change!(AddressIdentifierIndex x.address, IdentifierIndex x.name);
	}
	for x in &mut m.pools.struct_handles {
		change!(ModuleHandleIndex x.module, IdentifierIndex x.name);
	}
	for x in &mut m.pools.function_handles {
		change!(
			ModuleHandleIndex x.module,
			IdentifierIndex x.name,
			SignatureIndex x.parameters,
			SignatureIndex x.returns,
		);
	}
	for x in &mut m.pools.function_instantiations {
		change!(FunctionHandleIndex x.handle, SignatureIndex x.type_arguments);
	}
	for x in m
		.pools
		.signatures
		.iter_mut()
		.flat_map(|signature| &mut signature.0)
	{
		change_type(x, change);
	}
	for x in &mut m.struct_defs {
		change!(StructHandleIndex x.struct_handle);
		let fields: Vec<_> = match &mut x.field_information {
			StructFieldInformation::Native => vec![],
			StructFieldInformation::Declared(fields) => fields.iter_mut().collect(),
			StructFieldInformation::DeclaredVariants(variants) => variants
				.iter_mut()
				.flat_map(|variant| &mut variant.fields)
				.collect(),
		};
		for field in fields {
			change!(IdentifierIndex field.name);
			change_type(&mut field.type_, change);
		}
	}
	for x in &mut m.struct_def_instantiations {
		change!(StructDefinitionIndex x.def, SignatureIndex x.type_arguments);
	}
	for x in &mut m.field_handles {
		change!(StructDefinitionIndex x.owner);
	}
	for x in &mut m.field_instantiations {
		change!(FieldHandleIndex x.handle, SignatureIndex x.type_arguments);
	}
	for x in &mut m.variant_field_handles {
		change!(StructDefinitionIndex x.owner);
	}
	for x in &mut m.variant_field_instantiations {
		change!(VariantFieldHandleIndex x.handle, SignatureIndex x.type_arguments);
	}
	for x in &mut m.struct_variant_handles {
		change!(StructDefinitionIndex x.owner);
	}
	for x in &mut m.struct_variant_instantiations {
		change!(StructVariantHandleIndex x.handle, SignatureIndex x.type_arguments);
	}
	for x in &mut m.function_defs {
		change!(FunctionHandleIndex x.function);
		for instruction in x.code.iter_mut().flat_map(|unit| &mut unit.code) {
			change_instruction(instruction, change);
		}
	}
}

fn change_type(token: &mut SignatureToken, change: &mut dyn FnMut(u16) -> u16) {
	match token {
		SignatureToken::TypeParameter(index) => *index = change(*index),
		SignatureToken::Struct(index) => index.0 = change(index.0),
		SignatureToken::StructInstantiation(index, arguments) => {
			index.0 = change(index.0);
			arguments
				.iter_mut()
				.for_each(|argument| change_type(argument, change));
		}
		SignatureToken::Vector(inner)
		| SignatureToken::Reference(inner)
		| SignatureToken::MutableReference(inner) => change_type(inner, change),
		_ => {}
	}
}

fn change_instruction(instruction: &mut Bytecode, change: &mut dyn FnMut(u16) -> u16) {
	match instruction {
		Bytecode::Call(index) => index.0 = change(index.0),
		Bytecode::CallGeneric(index) => index.0 = change(index.0),
		Bytecode::Pack(index) | Bytecode::MoveFrom(index) => index.0 = change(index.0),
		Bytecode::PackGeneric(index) | Bytecode::MoveFromGeneric(index) => {
			index.0 = change(index.0);
		}
		Bytecode::ImmBorrowField(index) => index.0 = change(index.0),
		Bytecode::ImmBorrowFieldGeneric(index) => index.0 = change(index.0),
		Bytecode::PackVariant(index) => index.0 = change(index.0),
		Bytecode::PackVariantGeneric(index) => index.0 = change(index.0),
		Bytecode::ImmBorrowVariantField(index) => index.0 = change(index.0),
		Bytecode::VecPack(index, _) => index.0 = change(index.0),
		_ => {}
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(512))]

	#[test]
	fn indices_that_point_anywhere_are_errors(
		place in any::<prop::sample::Index>(),
		// How many indices stay as they are before one is changed, and what to.
		changes in prop::collection::vec(
			(0usize..24, prop_oneof![0u16..8, 8u16..64, Just(u16::MAX)]),
			1..8,
		),
	) {
		let ready = move_vm_fixtures::all();
		let mut module = place.get(&ready).clone();
		let mut changes = changes.into_iter().cycle();
		let mut next = changes.next().unwrap();
		change_indices(&mut module, &mut |index| {
			if next.0 == 0 {
				let to = next.1;
				next = changes.next().unwrap();
				to
			} else {
				next.0 -= 1;
				index
			}
		});
		every_pass(&module, &ready);
		let _ = publish(&module, &ready);
	}
}

/// Each byte of the standard library's modules changed in one bit; those that are modules still are
/// verified, linked and compared.
#[test]
fn modules_with_a_changed_bit_verify_or_are_refused() {
	let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/move/std/bytecode");
	let Ok(files) = fs::read_dir(&folder) else {
		println!("skipped: {} is missing", folder.display());
		return;
	};
	let binaries: Vec<Vec<u8>> = files
		.map(|file| fs::read(file.unwrap().path()).unwrap())
		.collect();
	let modules: Vec<CompiledModule> = binaries
		.iter()
		.map(|bytes| CompiledModule::deserialize(bytes).unwrap())
		.collect();
	let mut verified = 0;
	for bytes in &binaries {
		for place in 0..bytes.len() {
			let mut changed = bytes.clone();
			changed[place] ^= 1 << (place % 8);
			if let Ok(module) = CompiledModule::deserialize(&changed) {
				verified += usize::from(publish(&module, &modules).is_ok());
			}
		}
	}
	// Numbers in constants and instructions may change, so that some are valid still.
	assert!(verified > 0);
}
