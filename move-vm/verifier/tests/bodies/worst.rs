//! Small modules that are costly to verify: the worst that we know of each kind.

use move_vm_binary_format::{Bytecode as B, CompiledModule, SignatureToken as T};
use move_vm_fixtures::{abilities, type_parameter, Function, ModuleBuilder, Tables};

fn imm(token: T) -> T {
	T::Reference(Box::new(token))
}

fn mutable(token: T) -> T {
	T::MutableReference(Box::new(token))
}

/// All of them, by name.
pub fn all() -> Vec<(&'static str, CompiledModule)> {
	vec![
		("edges between all references", dense_graph(1)),
		("the same in nested loops", dense_graph(5)),
		(
			"edges that move on by one in each round",
			shifting_graph(200),
		),
		(
			"references that come and go at joins",
			flickering_references(),
		),
		("large states at many blocks", many_blocks()),
		("long paths", long_paths()),
		("large types compared", large_types(true)),
		("abilities of large types", large_types(false)),
		("many functions with large locals", many_functions()),
		("many calls that acquire much", many_acquires()),
		("many back edges over many locals", many_locals()),
		("vectors unpacked and packed", many_values()),
		("enum fields of many variants", many_variants()),
	]
}

/// Calls that return references that may borrow from all arguments, again and again.
fn dense_graph(depth: usize) -> CompiledModule {
	let mut m = ModuleBuilder::new(1, "dense");
	let count = 60u8;
	let references = vec![imm(T::U64); usize::from(count)];
	let all = m.function(
		Function::new("all")
			.parameters(references.clone())
			.returns(references.clone()),
	);
	let mut code = vec![B::Nop; depth];
	for _ in 0..20 {
		code.extend((0..count).map(B::CopyLoc));
		code.push(B::Call(all.handle));
		code.extend((count..2 * count).map(B::StLoc));
		code.extend((count..2 * count).map(B::CopyLoc));
		code.push(B::Call(all.handle));
		code.extend((2 * count..3 * count).map(B::StLoc));
	}
	for head in (0..depth).rev() {
		code.extend([B::LdTrue, B::BrTrue(head as u16)]);
	}
	code.push(B::Ret);
	m.function(
		Function::new("test")
			.parameters(references.clone())
			.locals([references.clone(), references].concat())
			.code(code),
	);
	m.build()
}

/// Each local takes over what the next one borrows from, so that a borrow needs as many rounds of
/// the loop as there are locals to get to the first.
fn shifting_graph(count: u8) -> CompiledModule {
	let mut m = ModuleBuilder::new(1, "shifting");
	let mut code = Vec::new();
	for local in 1..count {
		code.extend([B::CopyLoc(0), B::StLoc(local)]);
	}
	let head = code.len() as u16;
	for local in 0..count - 1 {
		code.extend([B::CopyLoc(local + 1), B::StLoc(local)]);
	}
	code.extend([B::ImmBorrowLoc(count), B::StLoc(count - 1)]);
	code.extend([B::LdTrue, B::BrTrue(head), B::Ret]);
	let mut locals = vec![imm(T::U64); usize::from(count) - 1];
	locals.push(T::U64);
	let start = [B::LdU64(0), B::StLoc(count)];
	for instruction in &mut code {
		if let B::BrTrue(target) = instruction {
			*target += start.len() as u16;
		}
	}
	m.function(
		Function::new("test")
			.parameters([imm(T::U64)])
			.locals(locals)
			.code([start.to_vec(), code].concat()),
	);
	m.build()
}

/// Joins at which the two sides hold references in different locals.
fn flickering_references() -> CompiledModule {
	let mut m = ModuleBuilder::new(1, "flickering");
	let count = 60u8;
	let references = vec![imm(T::U64); usize::from(count)];
	let all = m.function(
		Function::new("all")
			.parameters(references.clone())
			.returns(references.clone()),
	);
	let mut code = Vec::new();
	for round in 0..20u16 {
		let start = code.len() as u16;
		// One side fills the locals, the other leaves them as they are.
		code.extend([B::LdTrue, B::BrTrue(0)]);
		code.extend((0..count).map(B::CopyLoc));
		code.push(B::Call(all.handle));
		let first = count + (round % 2) as u8 * count;
		code.extend((first..first + count).map(B::StLoc));
		let end = code.len() as u16;
		code[usize::from(start) + 1] = B::BrTrue(end);
		code.extend([B::LdTrue, B::BrTrue(start)]);
	}
	code.push(B::Ret);
	m.function(
		Function::new("test")
			.parameters(references.clone())
			.locals([references.clone(), references].concat())
			.code(code),
	);
	m.build()
}

/// A dense graph, then many blocks that each keep it.
fn many_blocks() -> CompiledModule {
	let mut m = ModuleBuilder::new(1, "blocks");
	let count = 120u8;
	let references = vec![imm(T::U64); usize::from(count)];
	let all = m.function(
		Function::new("all")
			.parameters(references.clone())
			.returns(references.clone()),
	);
	let mut code: Vec<B> = (0..count).map(B::CopyLoc).collect();
	code.push(B::Call(all.handle));
	code.extend((count..2 * count).map(B::StLoc));
	for _ in 0..500 {
		let next = code.len() as u16 + 2;
		code.extend([B::LdTrue, B::BrTrue(next)]);
	}
	code.push(B::Ret);
	m.function(
		Function::new("test")
			.parameters(references.clone())
			.locals(references)
			.code(code),
	);
	m.build()
}

/// Structs in structs: a reference to the innermost field, and copies on the way that are released
/// one by one.
fn long_paths() -> CompiledModule {
	let mut m = ModuleBuilder::new(1, "paths");
	let depth = 190usize;
	let mut inner = T::U64;
	let mut structs = Vec::new();
	for index in 0..depth {
		let name = format!("S{index}");
		let fields = [("a", inner.clone())];
		let defined = m.struct_(&name, abilities("drop"), &[], &fields);
		inner = defined.type_();
		structs.push(defined);
	}
	let fields: Vec<_> = structs.iter().map(|s| m.field(s.def, 0)).collect();
	let mut code = vec![B::Nop];
	for _ in 0..300 {
		code.push(B::CopyLoc(0));
		code.extend(fields.iter().rev().map(|field| B::MutBorrowField(*field)));
		code.push(B::Pop);
		let next = code.len() as u16 + 1;
		code.push(B::Branch(next));
	}
	code.extend([B::LdTrue, B::BrTrue(0), B::Ret]);
	m.function(
		Function::new("test")
			.parameters([mutable(inner)])
			.code(code),
	);
	m.build()
}

/// Values of large generic types, handed through calls (`is_call`) or copied.
fn large_types(is_call: bool) -> CompiledModule {
	let mut m = ModuleBuilder::new(1, "types");
	let parameters: Vec<_> = (0..4).map(|_| type_parameter("")).collect();
	let wide_struct = m.struct_(
		"Wide",
		abilities("copy drop store"),
		&parameters,
		&[("a", T::U8)],
	);
	let node = |leaf: &T| T::StructInstantiation(wide_struct.handle, vec![leaf.clone(); 4]);
	let of_parameter = node(&node(&node(&T::TypeParameter(0))));
	let argument = node(&node(&node(&T::U8)));
	let large = node(&node(&node(&argument)));
	let identity = m.function(
		Function::new("identity")
			.type_parameters([abilities("copy drop")])
			// Another list of types than the results, or the types would be the same by their place.
			.parameters([of_parameter.clone(), T::U8])
			.returns([of_parameter]),
	);
	let call = m.function_instantiation(identity.handle, [argument]);
	let mut code = Vec::new();
	if is_call {
		code.push(B::MoveLoc(0));
		code.extend((0..3_000).flat_map(|_| [B::LdU8(0), B::CallGeneric(call)]));
		code.push(B::StLoc(0));
	} else {
		for _ in 0..3_000 {
			code.extend([B::CopyLoc(0), B::Pop]);
		}
	}
	code.push(B::Ret);
	m.function(Function::new("test").parameters([large]).code(code));
	m.build()
}

/// As many functions as there may be, with as many locals, of a large type.
fn many_functions() -> CompiledModule {
	let mut m = ModuleBuilder::new(1, "functions");
	let parameters: Vec<_> = (0..4).map(|_| type_parameter("")).collect();
	let wide_struct = m.struct_(
		"Wide",
		abilities("copy drop store"),
		&parameters,
		&[("a", T::U8)],
	);
	let node = |leaf: &T| T::StructInstantiation(wide_struct.handle, vec![leaf.clone(); 4]);
	let large = node(&node(&node(&T::U8)));
	for index in 0..1000 {
		let function = Function::new(&format!("f{index}"))
			.locals(vec![large.clone(); 250])
			.code([B::Ret]);
		m.function(function);
	}
	m.build()
}

/// Calls of a function that acquires every struct, while many borrows exist.
fn many_acquires() -> CompiledModule {
	let mut m = ModuleBuilder::new(1, "acquires");
	let address = m.constant(T::Address, [0; 32]);
	let structs: Vec<_> = (0..199)
		.map(|index| m.struct_(&format!("S{index}"), abilities("key"), &[], &[("a", T::U8)]))
		.collect();
	let defs: Vec<_> = structs.iter().map(|s| s.def).collect();
	let mut code = Vec::new();
	for def in &defs {
		code.extend([B::LdConst(address), B::ImmBorrowGlobal(*def), B::Pop]);
	}
	code.push(B::Ret);
	let all = m.function(Function::new("all").acquires(defs.clone()).code(code));
	let other = m.struct_("Other", abilities("key"), &[], &[("a", T::U8)]);
	let mut code: Vec<B> = (0..200u8)
		.flat_map(|local| {
			[
				B::LdConst(address),
				B::ImmBorrowGlobal(other.def),
				B::StLoc(local),
			]
		})
		.collect();
	let head = code.len() as u16;
	code.extend(vec![B::Call(all.handle); 3_000]);
	code.extend([B::LdTrue, B::BrTrue(head), B::Ret]);
	m.function(
		Function::new("test")
			.locals(vec![imm(other.type_()); 200])
			.acquires([defs, vec![other.def]].concat())
			.code(code),
	);
	m.build()
}

/// Twenty back edges over blocks that each take and give a local.
fn many_locals() -> CompiledModule {
	let mut m = ModuleBuilder::new(1, "locals");
	let count = 250u8;
	let mut code: Vec<B> = Vec::new();
	for local in 0..count {
		let next = code.len() as u16 + 4;
		code.extend([B::LdTrue, B::BrTrue(next), B::LdU64(0), B::StLoc(local)]);
	}
	for _ in 0..20 {
		code.extend([B::LdTrue, B::BrTrue(0)]);
	}
	code.push(B::Ret);
	m.function(
		Function::new("test")
			.locals(vec![T::U64; usize::from(count)])
			.code(code),
	);
	m.build()
}

/// Blocks that push as much as they may with few instructions.
fn many_values() -> CompiledModule {
	let mut m = ModuleBuilder::new(1, "values");
	let words = T::Vector(Box::new(T::U64));
	let element = m.signature([T::U64]);
	let mut code = Vec::new();
	for _ in 0..1_000 {
		code.push(B::CopyLoc(0));
		for _ in 0..9 {
			code.extend([B::VecUnpack(element, 1_000), B::VecPack(element, 1_000)]);
		}
		code.push(B::StLoc(0));
		let next = code.len() as u16 + 1;
		code.push(B::Branch(next));
	}
	code.push(B::Ret);
	m.function(Function::new("test").parameters([words]).code(code));
	m.build()
}

/// Fields that all variants of an enum share, of a large type.
fn many_variants() -> CompiledModule {
	let mut m = ModuleBuilder::new(1, "variants");
	let parameters: Vec<_> = (0..4).map(|_| type_parameter("")).collect();
	let wide_struct = m.struct_(
		"Wide",
		abilities("copy drop store"),
		&parameters,
		&[("a", T::U8)],
	);
	let node = |leaf: &T| T::StructInstantiation(wide_struct.handle, vec![leaf.clone(); 4]);
	let names: Vec<String> = (0..60).map(|index| format!("V{index}")).collect();
	let fields = [("a", node(&node(&T::TypeParameter(0))))];
	let variants: Vec<_> = names
		.iter()
		.map(|name| (name.as_str(), &fields[..]))
		.collect();
	let many = m.enum_("Many", abilities("drop"), &[type_parameter("")], &variants);
	let every: Vec<u16> = (0..60).collect();
	let argument = node(&node(&T::U8));
	let shared = m.variant_field(many.def, &every, 0);
	let shared = m.variant_field_instantiation(shared, [argument.clone()]);
	let mut code = Vec::new();
	for _ in 0..3_000 {
		code.extend([
			B::CopyLoc(0),
			B::ImmBorrowVariantFieldGeneric(shared),
			B::Pop,
		]);
	}
	code.push(B::Ret);
	m.function(
		Function::new("test")
			.parameters([imm(many.type_with([argument]))])
			.code(code),
	);
	m.build()
}
