//! One body of code with what the passes need to know of its surroundings.

use alloc::vec::Vec;

use move_vm_binary_format::{
	index::{CodeOffset, FunctionHandleIndex, LocalIndex, StructDefinitionIndex},
	module::{FunctionDefinition, StructDefinition},
	Binary, Bytecode, CompiledModule, CompiledScript, Pools, SignatureToken,
};
use move_vm_types::{AbilitySet, IndexKind, StatusCode, VmError, VmResult};

use crate::cfg::ControlFlowGraph;

/// The function of a module, or the code of a script.
#[derive(Clone, Debug)]
pub struct FunctionView<'a> {
	/// The module or script.
	pub binary: Binary<'a>,
	/// The function's definition; 0 for a script.
	pub index: u16,
	/// What the type arguments have.
	pub type_parameters: &'a [AbilitySet],
	/// Types of the parameters, which are the first locals.
	pub parameters: &'a [SignatureToken],
	/// Types of the other locals.
	pub locals: &'a [SignatureToken],
	/// Types of the results.
	pub returns: &'a [SignatureToken],
	/// The instructions.
	pub code: &'a [Bytecode],
	/// What leads where.
	pub cfg: ControlFlowGraph,
}

impl<'a> FunctionView<'a> {
	/// The view of a function; `None` if it is native.
	///
	/// # Errors
	/// `INDEX_OUT_OF_BOUNDS`, which the bounds check excludes; `TOO_MANY_LOCALS`.
	pub fn of_function(
		module: &'a CompiledModule,
		index: u16,
		definition: &'a FunctionDefinition,
		cfg: ControlFlowGraph,
	) -> VmResult<Option<Self>> {
		let Some(unit) = &definition.code else {
			return Ok(None);
		};
		let pools = &module.pools;
		let handle = pools.function_handle(definition.function)?;
		let view = Self {
			binary: Binary::Module(module),
			index,
			type_parameters: &handle.type_parameters,
			parameters: &pools.signature(handle.parameters)?.0,
			locals: &pools.signature(unit.locals)?.0,
			returns: &pools.signature(handle.returns)?.0,
			code: &unit.code,
			cfg,
		};
		view.check_locals().map(Some)
	}

	/// The view of a script's code.
	///
	/// # Errors
	/// As [`FunctionView::of_function`].
	pub fn of_script(script: &'a CompiledScript, cfg: ControlFlowGraph) -> VmResult<Self> {
		let pools = &script.pools;
		Self {
			binary: Binary::Script(script),
			index: 0,
			type_parameters: &script.type_parameters,
			parameters: &pools.signature(script.parameters)?.0,
			locals: &pools.signature(script.code.locals)?.0,
			returns: &[],
			code: &script.code.code,
			cfg,
		}
		.check_locals()
	}

	fn check_locals(self) -> VmResult<Self> {
		if self.local_count() > usize::from(LocalIndex::MAX) {
			return Err(VmError::new(StatusCode::TOO_MANY_LOCALS));
		}
		Ok(self)
	}

	/// The tables.
	pub const fn pools(&self) -> &'a Pools {
		self.binary.pools()
	}

	/// The module, for what scripts do not have.
	///
	/// # Errors
	/// `INVALID_OPERATION_IN_SCRIPT` in a script.
	pub fn module(&self) -> VmResult<&'a CompiledModule> {
		match self.binary {
			Binary::Module(module) => Ok(module),
			Binary::Script(_) => Err(VmError::new(StatusCode::INVALID_OPERATION_IN_SCRIPT)),
		}
	}

	/// The struct at `index`.
	///
	/// # Errors
	/// `INVALID_OPERATION_IN_SCRIPT`; `INDEX_OUT_OF_BOUNDS`, which the bounds check excludes.
	pub fn struct_def(&self, index: StructDefinitionIndex) -> VmResult<&'a StructDefinition> {
		self.module()?.struct_def(index)
	}

	/// How many parameters and other locals there are.
	pub const fn local_count(&self) -> usize {
		self.parameters.len().saturating_add(self.locals.len())
	}

	/// Types of the parameters and the other locals, in order.
	pub fn all_locals(&self) -> impl Iterator<Item = &'a SignatureToken> {
		self.parameters.iter().chain(self.locals)
	}

	/// An error at an instruction.
	#[cold]
	pub fn error(&self, status: StatusCode, offset: CodeOffset) -> VmError {
		VmError::new(status).at_code_offset(self.index, offset)
	}
}

/// Which definition of a module a function handle names.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
	by_handle: Vec<Option<u16>>,
}

impl Definitions {
	/// The map of a module.
	///
	/// # Errors
	/// `INDEX_OUT_OF_BOUNDS`, which the bounds check excludes.
	pub fn new(module: &CompiledModule) -> VmResult<Self> {
		let mut by_handle = alloc::vec![None; module.pools.function_handles.len()];
		for (index, definition) in (0u16..).zip(&module.function_defs) {
			let handle = definition.function;
			*by_handle.get_mut(handle.as_usize()).ok_or_else(|| {
				VmError::new(StatusCode::INDEX_OUT_OF_BOUNDS)
					.at_index(IndexKind::FunctionHandle, handle.0)
			})? = Some(index);
		}
		Ok(Self { by_handle })
	}

	/// The structs of its own module whose resources a called function borrows or takes. None for a
	/// function of another module.
	pub fn acquired<'a>(
		&self,
		binary: Binary<'a>,
		callee: FunctionHandleIndex,
	) -> &'a [StructDefinitionIndex] {
		let Binary::Module(module) = binary else {
			return &[];
		};
		self.by_handle
			.get(callee.as_usize())
			.copied()
			.flatten()
			.and_then(|index| module.function_defs.get(usize::from(index)))
			.map_or(&[], |definition| &definition.acquires)
	}
}
