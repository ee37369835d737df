//! The module that the tests put their code into.

use move_vm_binary_format::{
	index::{
		FieldHandleIndex, FieldInstantiationIndex, FunctionHandleIndex, FunctionInstantiationIndex,
		SignatureIndex, StructDefInstantiationIndex, StructDefinitionIndex, StructHandleIndex,
		StructVariantHandleIndex, StructVariantInstantiationIndex, VariantFieldHandleIndex,
		VariantFieldInstantiationIndex,
	},
	Bytecode as B, CompiledModule, SignatureToken as T,
};
use move_vm_fixtures::{abilities, type_parameter, Defined, Function, ModuleBuilder, Tables};
use move_vm_types::{StatusCode, VerifierLimits, VmResult};
use move_vm_verifier::{code_unit, Meter};

type Struct = Defined<StructDefinitionIndex, StructHandleIndex>;

/// A module with structs, enums and functions for the code under test.
#[derive(Clone)]
pub struct Setting {
	pub builder: ModuleBuilder,
	/// `struct Resource has key { value: u64, other: u64 }`
	pub resource: Struct,
	/// `struct Data has copy, drop, store { value: u64, other: u64 }`
	pub data: Struct,
	/// `struct Hot { value: u64 }`
	pub hot: Struct,
	/// `struct Box<T: drop> has copy, drop, store, key { item: T }`
	pub generic: Struct,
	/// `enum Shape has drop { Dot { x: u64 }, Line { x: u64, y: bool } }`
	pub shape: Struct,
	/// `enum Tree<T> has drop { Leaf { item: T }, Bud }`
	pub tree: Struct,
	/// `value` and `other` of `Data`.
	pub data_value: FieldHandleIndex,
	pub data_other: FieldHandleIndex,
	/// `item` of `Box<u64>`.
	pub generic_item: FieldInstantiationIndex,
	/// `Box<u64>`.
	pub generic_u64: StructDefInstantiationIndex,
	/// `Shape::Dot`, `Shape::Line`.
	pub dot: StructVariantHandleIndex,
	pub line: StructVariantHandleIndex,
	/// `x` of both, and of `Line` alone; `y`.
	pub any_x: VariantFieldHandleIndex,
	pub line_x: VariantFieldHandleIndex,
	pub line_y: VariantFieldHandleIndex,
	/// `Tree<u64>::Leaf` and its `item`.
	pub leaf: StructVariantInstantiationIndex,
	pub leaf_item: VariantFieldInstantiationIndex,
	/// `native fun pick(&mut Data, &Data): &mut u64`
	pub pick: FunctionHandleIndex,
	/// `native fun peek(&mut Data): &u64`
	pub peek: FunctionHandleIndex,
	/// `native fun identity<T>(T): T`, for `u64`.
	pub identity: FunctionInstantiationIndex,
	/// `fun touch() acquires Resource`
	pub touch: FunctionHandleIndex,
	/// The signatures `u64` and `Hot`.
	pub u64_: SignatureIndex,
	pub hot_: SignatureIndex,
}

/// `&token`
pub fn imm(token: T) -> T {
	T::Reference(Box::new(token))
}

/// `&mut token`
pub fn mutable(token: T) -> T {
	T::MutableReference(Box::new(token))
}

/// `vector<token>`
pub fn vector(token: T) -> T {
	T::Vector(Box::new(token))
}

impl Setting {
	pub fn new() -> Self {
		let mut b = ModuleBuilder::new(0x42, "setting");
		let two = [("value", T::U64), ("other", T::U64)];
		let resource = b.struct_("Resource", abilities("key"), &[], &two);
		let data = b.struct_("Data", abilities("copy drop store"), &[], &two);
		let hot = b.struct_("Hot", abilities(""), &[], &[("value", T::U64)]);
		let generic = b.struct_(
			"Box",
			abilities("copy drop store key"),
			&[type_parameter("drop")],
			&[("item", T::TypeParameter(0))],
		);
		let shape = b.enum_(
			"Shape",
			abilities("drop"),
			&[],
			&[
				("Dot", &[("x", T::U64)]),
				("Line", &[("x", T::U64), ("y", T::Bool)]),
			],
		);
		let tree = b.enum_(
			"Tree",
			abilities("drop"),
			&[type_parameter("")],
			&[("Leaf", &[("item", T::TypeParameter(0))]), ("Bud", &[])],
		);
		let item = b.field(generic.def, 0);
		let leaf = b.variant(tree.def, 0);
		let leaf_item = b.variant_field(tree.def, &[0], 0);
		let identity = b.function(
			Function::new("identity")
				.type_parameters([abilities("")])
				.parameters([T::TypeParameter(0)])
				.returns([T::TypeParameter(0)]),
		);
		let touch = b.function(
			Function::new("touch")
				.acquires([resource.def])
				.locals([])
				.code([
					B::LdTrue,
					B::BrTrue(7),
					B::LdConst(b_address()),
					B::MutBorrowGlobal(resource.def),
					B::Pop,
					B::Branch(7),
					B::Nop,
					B::Ret,
				]),
		);
		b.constant(T::Address, [0; 32]);
		Self {
			data_value: b.field(data.def, 0),
			data_other: b.field(data.def, 1),
			generic_item: b.field_instantiation(item, [T::U64]),
			generic_u64: b.struct_instantiation(generic.def, [T::U64]),
			dot: b.variant(shape.def, 0),
			line: b.variant(shape.def, 1),
			any_x: b.variant_field(shape.def, &[0, 1], 0),
			line_x: b.variant_field(shape.def, &[1], 0),
			line_y: b.variant_field(shape.def, &[1], 1),
			leaf: b.variant_instantiation(leaf, [T::U64]),
			leaf_item: b.variant_field_instantiation(leaf_item, [T::U64]),
			pick: b
				.function(
					Function::new("pick")
						.parameters([mutable(data.type_()), imm(data.type_())])
						.returns([mutable(T::U64)]),
				)
				.handle,
			peek: b
				.function(
					Function::new("peek")
						.parameters([mutable(data.type_())])
						.returns([imm(T::U64)]),
				)
				.handle,
			identity: b.function_instantiation(identity.handle, [T::U64]),
			touch: touch.handle,
			u64_: b.signature([T::U64]),
			hot_: b.signature([hot.type_()]),
			builder: b,
			resource,
			data,
			hot,
			generic,
			shape,
			tree,
		}
	}

	/// The number of the function under test.
	pub fn place(&self) -> u16 {
		u16::try_from(self.builder.module.function_defs.len()).unwrap()
	}

	/// The module with the function under test.
	pub fn with(mut self, function: Function) -> CompiledModule {
		self.builder.function(function);
		self.builder.build()
	}
}

/// The constant that holds an address.
fn b_address() -> move_vm_binary_format::index::ConstantPoolIndex {
	move_vm_binary_format::index::ConstantPoolIndex(0)
}

/// Verifies the bodies of a module.
pub fn verify(module: &CompiledModule) -> VmResult<()> {
	let limits = VerifierLimits::PRODUCTION;
	code_unit::verify_module(module, &limits, &mut Meter::new(&limits))
}

/// A function called `test` for [`accept`] and [`refuse`].
pub fn function(
	parameters: impl Into<Vec<T>>,
	locals: impl Into<Vec<T>>,
	returns: impl Into<Vec<T>>,
	code: impl Into<Vec<B>>,
) -> Function {
	Function::new("test")
		.parameters(parameters)
		.locals(locals)
		.returns(returns)
		.code(code)
}

/// Expects the function that `make` gives to be accepted by all passes.
#[track_caller]
pub fn accept(make: impl FnOnce(&mut Setting) -> Function) {
	let mut setting = Setting::new();
	let function = make(&mut setting);
	let module = setting.with(function);
	if let Err(error) = move_vm_verifier::verify_module(&module, &VerifierLimits::PRODUCTION) {
		panic!("{error}");
	}
	if let Err(error) = verify(&module) {
		panic!("{error}");
	}
}

/// Expects the function that `make` gives to be refused at an instruction.
#[track_caller]
pub fn refuse(status: StatusCode, offset: u16, make: impl FnOnce(&mut Setting) -> Function) {
	let mut setting = Setting::new();
	let place = setting.place();
	let function = make(&mut setting);
	let error = verify(&setting.with(function)).expect_err("refused");
	assert_eq!(
		(error.status(), error.code_offset()),
		(status, Some((place, offset))),
		"{error}"
	);
}

/// Expects the function that `make` gives to be refused as a whole.
#[track_caller]
pub fn refuse_whole(status: StatusCode, make: impl FnOnce(&mut Setting) -> Function) {
	let mut setting = Setting::new();
	let function = make(&mut setting);
	let error = verify(&setting.with(function)).expect_err("refused");
	assert_eq!(
		(error.status(), error.code_offset()),
		(status, None),
		"{error}"
	);
}
