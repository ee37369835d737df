//! Arguments for the functions of a module, in BCS.

use move_vm_binary_format::{module::StructFieldInformation, CompiledModule, SignatureToken as T};
use move_vm_fixtures::generate::Entropy;

/// Deepest nesting of values that are made.
const DEPTH: u8 = 8;

/// A value of a type; of `u64` for a type parameter, of the referent for a reference. `None` for
/// structs of other modules and for values that nest too deeply.
pub(crate) fn value(module: &CompiledModule, type_: &T, e: &mut Entropy<'_>) -> Option<Vec<u8>> {
	let mut bytes = Vec::new();
	append(module, type_, e, DEPTH, &mut bytes)?;
	Some(bytes)
}

fn append(
	module: &CompiledModule,
	type_: &T,
	e: &mut Entropy<'_>,
	depth: u8,
	bytes: &mut Vec<u8>,
) -> Option<()> {
	let depth = depth.checked_sub(1)?;
	let number = |e: &mut Entropy<'_>, width: usize, bytes: &mut Vec<u8>| {
		let number = e.number().to_le_bytes();
		bytes.extend((0..width).map(|place| number[place % 16]));
	};
	match type_ {
		T::Bool => bytes.push(e.byte() % 2),
		T::U8 => number(e, 1, bytes),
		T::U16 => number(e, 2, bytes),
		T::U32 => number(e, 4, bytes),
		T::U64 | T::TypeParameter(_) => number(e, 8, bytes),
		T::U128 => number(e, 16, bytes),
		T::U256 => number(e, 32, bytes),
		T::Address | T::Signer => {
			bytes.extend([0; 31]);
			bytes.push(e.byte() % 4);
		}
		T::Vector(element) => {
			let count = e.below(4) as u8;
			bytes.push(count);
			for _ in 0..count {
				append(module, element, e, depth, bytes)?;
			}
		}
		T::Reference(inner) | T::MutableReference(inner) => {
			append(module, inner, e, depth, bytes)?;
		}
		T::Struct(handle) | T::StructInstantiation(handle, _) => {
			let mut defs = module.struct_defs.iter();
			let def = defs.find(|def| def.struct_handle == *handle)?;
			let fields = match &def.field_information {
				StructFieldInformation::Native => return None,
				StructFieldInformation::Declared(fields) => fields,
				StructFieldInformation::DeclaredVariants(variants) => {
					let variant = e.below(variants.len());
					bytes.push(variant as u8);
					&variants.get(variant)?.fields
				}
			};
			for field in fields {
				// An argument in the place of the parameter may be of any type: then the bytes do
				// not fit, which is the VM's to find out.
				append(module, &field.type_, e, depth, bytes)?;
			}
		}
	}
	Some(())
}
