use move_vm_binary_format::{
	index::{StructDefInstantiationIndex, StructDefinitionIndex},
	Bytecode as B, SignatureToken as T,
};
use move_vm_fixtures::{abilities, type_parameter, Function, ScriptBuilder, Tables};
use move_vm_types::StatusCode;

use crate::*;

/// Structs, enums and functions, plain and generic, and indices of both forms of each.
struct Both {
	builder: ModuleBuilder,
	/// Instructions whose form fits what they name.
	fitting: Vec<B>,
	/// The same instructions on what has the other form.
	misfitting: Vec<B>,
}

fn both() -> Both {
	let mut m = module();
	let fields = [("f", T::U8)];
	let key = abilities("key");
	let plain = m.struct_("Plain", key, &[], &fields).def;
	let generic = m
		.struct_("Generic", key, &[type_parameter("")], &fields)
		.def;
	let variants = [("A", &fields[..])];
	let plain_enum = m.enum_("PlainEnum", key, &[], &variants).def;
	let generic_enum = m
		.enum_("GenericEnum", key, &[type_parameter("")], &variants)
		.def;
	let plain_function = m.function(aborting("plain")).handle;
	let generic_function = m
		.function(aborting("generic").type_parameters([abilities("")]))
		.handle;

	let structs = |def, other, m: &mut ModuleBuilder| {
		// An instantiation of something plain has no arguments.
		let arguments = |def| if def == plain { vec![] } else { vec![T::U8] };
		let instance = m.struct_instantiation(other, arguments(other));
		let field = m.field(def, 0);
		let other_field = m.field(other, 0);
		let other_field = m.field_instantiation(other_field, arguments(other));
		on_struct(def, instance)
			.into_iter()
			.chain([
				B::ImmBorrowField(field),
				B::MutBorrowField(field),
				B::ImmBorrowFieldGeneric(other_field),
				B::MutBorrowFieldGeneric(other_field),
			])
			.collect::<Vec<_>>()
	};
	let mut fitting = structs(plain, generic, &mut m);
	let mut misfitting = structs(generic, plain, &mut m);

	let enums = |def, other, m: &mut ModuleBuilder| {
		let arguments = |def| {
			if def == plain_enum {
				vec![]
			} else {
				vec![T::U8]
			}
		};
		let variant = m.variant(def, 0);
		let other_variant = m.variant(other, 0);
		let other_variant = m.variant_instantiation(other_variant, arguments(other));
		let field = m.variant_field(def, &[0], 0);
		let other_field = m.variant_field(other, &[0], 0);
		let other_field = m.variant_field_instantiation(other_field, arguments(other));
		vec![
			B::PackVariant(variant),
			B::UnpackVariant(variant),
			B::TestVariant(variant),
			B::ImmBorrowVariantField(field),
			B::MutBorrowVariantField(field),
			B::PackVariantGeneric(other_variant),
			B::UnpackVariantGeneric(other_variant),
			B::TestVariantGeneric(other_variant),
			B::ImmBorrowVariantFieldGeneric(other_field),
			B::MutBorrowVariantFieldGeneric(other_field),
		]
	};
	fitting.extend(enums(plain_enum, generic_enum, &mut m));
	misfitting.extend(enums(generic_enum, plain_enum, &mut m));

	let call = m.function_instantiation(generic_function, [T::U8]);
	fitting.extend([B::Call(plain_function), B::CallGeneric(call)]);
	let call = m.function_instantiation(plain_function, []);
	misfitting.extend([B::Call(generic_function), B::CallGeneric(call)]);
	Both {
		builder: m,
		fitting,
		misfitting,
	}
}

fn on_struct(def: StructDefinitionIndex, instance: StructDefInstantiationIndex) -> [B; 14] {
	[
		B::Pack(def),
		B::Unpack(def),
		B::Exists(def),
		B::MoveFrom(def),
		B::MoveTo(def),
		B::ImmBorrowGlobal(def),
		B::MutBorrowGlobal(def),
		B::PackGeneric(instance),
		B::UnpackGeneric(instance),
		B::ExistsGeneric(instance),
		B::MoveFromGeneric(instance),
		B::MoveToGeneric(instance),
		B::ImmBorrowGlobalGeneric(instance),
		B::MutBorrowGlobalGeneric(instance),
	]
}

const MISMATCH: StatusCode = StatusCode::GENERIC_MEMBER_OPCODE_MISMATCH;

#[test]
fn generic_instruction_on_something_plain_is_refused_and_the_other_way_round() {
	let both = both();
	for instruction in &both.misfitting {
		let mut m = both.builder.clone();
		m.function(Function::new("f").code([B::Nop, instruction.clone(), B::Ret]));
		let error = refuses(&m.build(), MISMATCH);
		assert_eq!(error.code_offset(), Some((2, 1)), "{instruction:?}");
	}
}

/// The operands are missing, so that a later pass refuses them.
#[test]
fn instructions_of_the_right_form_pass() {
	let both = both();
	for instruction in &both.fitting {
		let mut m = both.builder.clone();
		m.function(Function::new("f").code([B::Nop, instruction.clone(), B::Ret]));
		if let Err(error) = verify_module(&m.build(), &LIMITS) {
			assert_ne!(error.status(), MISMATCH, "{instruction:?}");
		}
	}
}

#[test]
fn vectors_of_at_most_65535_elements_are_packed_and_unpacked() {
	let passes = |instruction: &dyn Fn(move_vm_binary_format::index::SignatureIndex) -> B| {
		let mut m = module();
		let elements = m.signature([T::U8]);
		m.function(Function::new("f").code([instruction(elements), B::Ret]));
		let error = verify_module(&m.build(), &LIMITS).unwrap_err();
		error.status() != StatusCode::CONSTRAINT_NOT_SATISFIED
	};
	assert!(passes(&|elements| B::VecPack(elements, 65_535)));
	assert!(!passes(&|elements| B::VecPack(elements, 65_536)));
	assert!(passes(&|elements| B::VecUnpack(elements, 65_535)));
	assert!(!passes(&|elements| B::VecUnpack(elements, u64::MAX)));
}

#[test]
fn calls_of_scripts_are_checked() {
	let script = |constraints: &[move_vm_types::AbilitySet]| {
		let mut s = ScriptBuilder::new();
		let other = s.module_handle(1, "other");
		let callee = Function::new("f").type_parameters(constraints);
		let callee = s.function_handle(other, &callee);
		s.build(Function::new("main").code([B::Call(callee), B::Ret]))
	};
	accepts_script(&script(&[]));
	let error = refuses_script(&script(&[abilities("")]), MISMATCH);
	assert_eq!(error.code_offset(), Some((0, 0)));
}
