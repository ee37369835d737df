//! What a native function is, and what it may do.

use alloc::vec::Vec;

use move_vm_types::{AccountAddress, ModuleId, StatusCode, StructTag, TypeTag, VmError, VmResult};

use crate::{
	gas::Gas,
	host::Host,
	values::{Layout, Memory, TypeId, Value, VectorKind},
};

/// A native function: context, type arguments, arguments.
///
/// It charges before it works. It fails with an error of the VM only for what no program can
/// catch; a program's own mistake is an abort.
pub type NativeFunction =
	fn(&mut dyn NativeContext, &[TypeId], &mut Arguments<'_>) -> VmResult<NativeResult>;

/// How a native function ended.
#[derive(Clone, Debug)]
pub enum NativeResult {
	/// Without a result.
	Unit,
	/// With one.
	One(Value),
	/// With several, the first first.
	Many(Vec<Value>),
	/// By an abort with this code, in the native's module.
	Abort(u64),
}

/// The arguments of a native function, the first first.
pub struct Arguments<'a>(&'a mut dyn Iterator<Item = Value>);

impl<'a> Arguments<'a> {
	/// Takes them from an iterator, for instance a drained part of the operand stack.
	pub fn new(values: &'a mut dyn Iterator<Item = Value>) -> Self {
		Self(values)
	}

	/// The next one.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR` if there is none.
	pub fn take(&mut self) -> VmResult<Value> {
		self.0
			.next()
			.ok_or_else(|| VmError::new(StatusCode::INTERNAL_TYPE_ERROR))
	}
}

/// What the interpreter lends to a native function.
pub trait NativeContext {
	/// The values behind references, and the budget to charge.
	fn parts(&mut self) -> (&mut Memory, &mut Gas);

	/// The module whose code calls the native; `None` for a script or a caller from outside.
	///
	/// # Errors
	/// An invariant violation.
	fn caller(&self) -> VmResult<Option<ModuleId>>;

	/// The module whose code called the code that calls the native; `None` as for
	/// [`NativeContext::caller`].
	///
	/// # Errors
	/// An invariant violation.
	fn outer_caller(&self) -> VmResult<Option<ModuleId>>;

	/// Modules that have code on the call stack besides that which calls the native, the innermost first. The
	/// module that calls the native is among them if it was left for another module and entered again.
	///
	/// # Errors
	/// An invariant violation.
	fn live(&self) -> VmResult<Vec<ModuleId>>;

	/// Asks the host for something that only a native of the host's own knows of, and pays for its work.
	///
	/// # Errors
	/// `OUT_OF_GAS`, and those of the question.
	fn ask(&mut self, question: &mut dyn FnMut(&mut dyn Host) -> VmResult<()>) -> VmResult<()>;

	/// Bytes of memory that the session may still take. Charges for measuring what it has taken.
	///
	/// # Errors
	/// `OUT_OF_GAS`.
	fn room(&mut self) -> VmResult<u64>;

	/// The value of a type that has these bytes in BCS, which come from outside of the VM. Values of a struct can
	/// only be made for the module that defines it. Charges for making it.
	///
	/// # Errors
	/// `INVALID_PARAM_TYPE_FOR_DESERIALIZATION` if `maker` may not make values of the type,
	/// `FAILED_TO_DESERIALIZE_ARGUMENT` if no value of it has these bytes, `MEMORY_LIMIT_EXCEEDED`,
	/// `OUT_OF_GAS`, and those of the loader.
	fn value_given(
		&mut self,
		type_id: TypeId,
		bytes: &[u8],
		maker: Option<&ModuleId>,
	) -> VmResult<Value>;

	/// Hands to the host all that changed, so that the native may let other code see the chain.
	/// Charges for what is written.
	///
	/// # Errors
	/// `VM_EXTENSION_ERROR` if somewhere a reference to a resource or to an entry of a table is
	/// alive, since the other code may change it; `OUT_OF_GAS`, and those of the host.
	fn hand_over(&mut self) -> VmResult<()>;

	/// Forgets what was read, so that it is read again. After other code ran, and only after
	/// [`NativeContext::hand_over`] with nothing written since. References to resources among the
	/// native's own arguments must not be used any more.
	///
	/// # Errors
	/// An invariant violation if it was not called so.
	fn take_back(&mut self) -> VmResult<()>;

	/// The name of a type. Charges for making it.
	///
	/// # Errors
	/// `OUT_OF_GAS`, and those of the loader.
	fn type_tag(&mut self, type_id: TypeId) -> VmResult<TypeTag>;

	/// Counts bytes of memory that a value is about to take, see
	/// [`Value::memory`](crate::values::Value::memory). What a native gives back is counted for it.
	///
	/// # Errors
	/// `MEMORY_LIMIT_EXCEEDED`; `OUT_OF_GAS`.
	fn allocate(&mut self, bytes: u64) -> VmResult<()>;

	/// How a vector stores elements of a type.
	///
	/// # Errors
	/// Those of the loader.
	fn vector_kind(&mut self, type_id: TypeId) -> VmResult<VectorKind>;

	/// The layout of a type. Charges for making it.
	///
	/// # Errors
	/// `OUT_OF_GAS`, and those of the loader.
	fn layout(&mut self, type_id: TypeId) -> VmResult<Layout>;

	/// Appends an event: its type, and its value in BCS. Charges for keeping it.
	///
	/// # Errors
	/// `OUT_OF_GAS`, and those of the host.
	fn emit(&mut self, tag: StructTag, value: Vec<u8>) -> VmResult<()>;

	/// The native tokens that an account could spend. Charges for reading them.
	///
	/// # Errors
	/// `OUT_OF_GAS`, and those of the host.
	fn balance(&mut self, address: &AccountAddress) -> VmResult<u128>;

	/// An address for a table that no other table ever has. Charges for it.
	///
	/// # Errors
	/// `OUT_OF_GAS`, and those of the host.
	fn new_table_handle(&mut self) -> VmResult<AccountAddress>;

	/// The slot in [`Memory::globals`] of the entry of a table for a key in BCS, loaded if it was
	/// not yet. Charges for looking it up, and for the entry's bytes if they are loaded.
	///
	/// # Errors
	/// `OUT_OF_GAS`, those of the host, and `FAILED_TO_DESERIALIZE_RESOURCE` if the entry's bytes
	/// are no value of the type.
	fn table_entry(
		&mut self,
		handle: &AccountAddress,
		key: Vec<u8>,
		value_type: TypeId,
	) -> VmResult<u32>;
}
