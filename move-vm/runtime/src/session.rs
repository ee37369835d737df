//! A session: one transaction's view of the chain, in which Move code is published and run.
//!
//! A session keeps the modules, types and resources that it touched, and hands what changed to the
//! host at the end. A session whose call failed writes nothing: it can only be dropped.

use alloc::vec::Vec;

use move_vm_binary_format::module::Visibility;
use move_vm_types::{
	AbilitySet, AccountAddress, Location, ModuleId, StatusCode, TypeTag, VmError, VmResult,
};

use crate::{
	arguments::{self, Argument, Convention},
	gas::{schedule, Gas},
	host::Host,
	interpreter::{Machine, World},
	limits::Limits,
	loader::{
		self,
		types::{Type, TypeListId, TypeTable},
		unit::FunctionHead,
		Chain, Loader,
	},
	natives::{NativeContext, NativeTable},
	values::TypeId,
};

/// The function that sets a module up when it is published.
const INIT_MODULE: &[u8] = b"init_module";

/// What publishing does with a module that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Republish {
	/// Refuses it with `DUPLICATE_MODULE_NAME`.
	Refuse,
	/// Replaces it if the new one is compatible, and otherwise refuses it with
	/// `BACKWARD_INCOMPATIBLE_MODULE_UPDATE`.
	Compatible,
}

/// One transaction's view of the chain.
///
/// The host is a trait object on purpose: so the interpreter is compiled once, in this crate, with
/// this crate's optimisation.
pub struct Session<'a> {
	machine: Machine<'a>,
	convention: Convention,
	/// The error of a call that failed.
	failure: Option<VmError>,
}

/// A function that is about to be called, and its type.
struct Target {
	function: u32,
	type_arguments: TypeListId,
	parameters: Vec<TypeId>,
	returns: Vec<TypeId>,
}

/// What a caller takes a function's types for.
#[derive(Clone, Copy, Debug)]
pub struct Interface<'t> {
	/// Of its parameters, its leading signers aside.
	pub parameters: &'t [TypeTag],
	/// Of its results.
	pub returns: &'t [TypeTag],
}

impl<'a> Session<'a> {
	/// A session that has read nothing yet.
	pub fn new(host: &'a mut dyn Host, limits: Limits, gas: Gas) -> Self {
		Self::with_natives(host, limits, gas, NativeTable::default())
	}

	/// A session in which modules can declare natives of the host.
	pub fn with_natives(
		host: &'a mut dyn Host,
		limits: Limits,
		gas: Gas,
		natives: NativeTable,
	) -> Self {
		let chain = Chain { host, gas };
		Self {
			machine: Machine::new(World::new(chain, Loader::new(limits, natives))),
			convention: Convention::Transaction,
			failure: None,
		}
	}

	/// Lets calls and scripts act for anyone and take arguments of any type: signers are then the
	/// first arguments. Friends of modules that are published must exist, as in the reference
	/// implementation; elsewhere a module may be published before its friends. For runners of tests
	/// only; never for what a transaction brings.
	#[must_use]
	pub fn for_tests(mut self) -> Self {
		self.convention = Convention::Test;
		self
	}

	/// Runs an entry function. `arguments` are in BCS, without the signers, who fill the leading
	/// `signer` and `&signer` parameters.
	///
	/// # Errors
	/// `EXECUTE_ENTRY_FUNCTION_CALLED_ON_NON_ENTRY_FUNCTION`; `INVALID_MAIN_FUNCTION_SIGNATURE` if
	/// the function has results or parameters that no transaction can give; those of
	/// [`Session::call_function`].
	pub fn execute_entry(
		&mut self,
		module: &ModuleId,
		function: &str,
		type_arguments: Vec<TypeTag>,
		arguments: Vec<Vec<u8>>,
		signers: &[AccountAddress],
	) -> VmResult<()> {
		self.attempt(|session| {
			let (target, head) = session.find(module, function, &type_arguments)?;
			if !head.is_entry {
				return Err(VmError::new(
					StatusCode::EXECUTE_ENTRY_FUNCTION_CALLED_ON_NON_ENTRY_FUNCTION,
				));
			}
			session.run_main(&target, &arguments, signers)
		})
	}

	/// Verifies and runs a script.
	///
	/// # Errors
	/// Those of the deserializer, the verifier, [`Session::call_function`] and the code.
	pub fn execute_script(
		&mut self,
		script: &[u8],
		type_arguments: Vec<TypeTag>,
		arguments: Vec<Vec<u8>>,
		signers: &[AccountAddress],
	) -> VmResult<()> {
		self.attempt(|session| {
			let world = &mut session.machine.world;
			let (loader, chain) = (&mut world.loader, &mut world.chain);
			let unit_index = loader::verify_script_bytes(loader, chain, script)?;
			let unit = loader.unit(unit_index)?.clone();
			let head = unit.script()?;
			let list = type_list(
				loader,
				chain,
				&head.constraints,
				&type_arguments,
				&Location::Script,
			)?;
			let types = loader.types.list(list)?.clone();
			let target = Target {
				function: loader.load_script(chain, unit_index)?,
				type_arguments: list,
				parameters: loader.signature(chain, &unit, unit_index, head.parameters, &types)?,
				returns: Vec::new(),
			};
			session.run_main(&target, &arguments, signers)
		})
	}

	/// Calls a function whatever its visibility, for views and tests, and gives its results in BCS.
	/// A result that is a reference is read.
	///
	/// # Errors
	/// `LINKER_ERROR` if there is no such module, `FUNCTION_RESOLUTION_FAILURE` if it has no such
	/// function, `NUMBER_OF_TYPE_ARGUMENTS_MISMATCH`, `CONSTRAINT_NOT_SATISFIED`,
	/// `NUMBER_OF_SIGNER_ARGUMENTS_MISMATCH`, `NUMBER_OF_ARGUMENTS_MISMATCH`,
	/// `INVALID_MAIN_FUNCTION_SIGNATURE` for parameters that no transaction can give,
	/// `FAILED_TO_DESERIALIZE_ARGUMENT`, and those of the code.
	pub fn call_function(
		&mut self,
		module: &ModuleId,
		function: &str,
		type_arguments: Vec<TypeTag>,
		arguments: Vec<Vec<u8>>,
		signers: &[AccountAddress],
	) -> VmResult<Vec<Vec<u8>>> {
		self.attempt(|session| {
			let (target, _) = session.find(module, function, &type_arguments)?;
			session.run(&target, &arguments, signers)
		})
	}

	/// Calls a public or entry function that has these parameters, its leading signers aside, and these results, and
	/// gives the results in BCS. For callers that know a function by its types, as other VMs do.
	///
	/// # Errors
	/// `FUNCTION_RESOLUTION_FAILURE` if the function is not there, is neither public nor an entry function, or has
	/// type parameters; `TYPE_MISMATCH` if it has other parameters or results, or gives references; those of
	/// [`Session::call_function`].
	pub fn call_exported(
		&mut self,
		module: &ModuleId,
		function: &str,
		interface: &Interface<'_>,
		arguments: Vec<Vec<u8>>,
		signers: &[AccountAddress],
	) -> VmResult<Vec<Vec<u8>>> {
		self.attempt(|session| {
			let (target, head) = match session.find(module, function, &[]) {
				// Type arguments cannot be given in this way.
				Err(error) if error.status() == StatusCode::NUMBER_OF_TYPE_ARGUMENTS_MISMATCH => {
					return Err(VmError::new(StatusCode::FUNCTION_RESOLUTION_FAILURE));
				}
				found => found?,
			};
			if head.visibility != Visibility::Public && !head.is_entry {
				return Err(VmError::new(StatusCode::FUNCTION_RESOLUTION_FAILURE));
			}
			let types = &session.machine.world.loader.types;
			let signer_count = arguments::leading_signers(types, &target.parameters)?;
			let parameters = target.parameters.get(signer_count..).unwrap_or_default();
			let fits = has_types(types, parameters, interface.parameters)?
				&& has_types(types, &target.returns, interface.returns)?;
			if !fits {
				return Err(VmError::new(StatusCode::TYPE_MISMATCH));
			}
			session.run(&target, &arguments, signers)
		})
	}

	/// Verifies modules, in any order, and publishes them under `sender`: all or none. Gives those
	/// that were not there before, in the order given, for [`Session::initialize`].
	///
	/// # Errors
	/// `MODULE_ADDRESS_DOES_NOT_MATCH_SENDER`, `DUPLICATE_MODULE_NAME`,
	/// `BACKWARD_INCOMPATIBLE_MODULE_UPDATE`, `LINKER_ERROR` for a module that is not there,
	/// `MISSING_DEPENDENCY` for a native that is not there, and those of the deserializer and the
	/// verifier.
	pub fn publish(
		&mut self,
		modules: &[Vec<u8>],
		sender: AccountAddress,
		republish: Republish,
	) -> VmResult<Vec<ModuleId>> {
		self.attempt(|session| {
			let world = &mut session.machine.world;
			loader::publish(
				&mut world.loader,
				&mut world.chain,
				modules,
				sender,
				republish,
				session.convention == Convention::Test,
			)
		})
	}

	/// Runs a module's function `init_module`, if it has one, for the account that publishes it; once,
	/// after [`Session::publish`] and before [`Session::finish`].
	///
	/// # Errors
	/// `INVALID_MAIN_FUNCTION_SIGNATURE` if it is not private, is an entry function, has type parameters or
	/// results, or other parameters than one `signer` or `&signer`; those of the code.
	pub fn initialize(&mut self, module: &ModuleId, sender: AccountAddress) -> VmResult<()> {
		self.attempt(|session| {
			let world = &mut session.machine.world;
			let (loader, chain) = (&mut world.loader, &mut world.chain);
			let unit_index = loader.module(chain, module)?;
			let Some(definition) = loader.look_for_function(chain, unit_index, INIT_MODULE)? else {
				return Ok(());
			};
			let unit = loader.unit(unit_index)?.clone();
			let head = unit.function_def(definition)?;
			let handle = unit.function_handle(head.handle)?;
			let refuse = |what| {
				let error = VmError::new(StatusCode::INVALID_MAIN_FUNCTION_SIGNATURE);
				Err(error.with_message(what).in_module(module))
			};
			if head.visibility != Visibility::Private {
				return refuse("init_module has to be private");
			}
			// A private one could still be sent as a transaction, by anybody and again.
			if head.is_entry {
				return refuse("init_module must not be an entry function");
			}
			if !handle.constraints.is_empty() {
				return refuse("init_module must not have type parameters");
			}
			let parameters = loader.signature(chain, &unit, unit_index, handle.parameters, &[])?;
			let returns = loader.signature(chain, &unit, unit_index, handle.returns, &[])?;
			if !returns.is_empty() {
				return refuse("init_module must not have results");
			}
			let [parameter] = parameters.as_slice() else {
				return refuse("init_module has to have one parameter");
			};
			let referent = match loader.types.get(*parameter)? {
				Type::Reference(inner) => loader.types.get(inner)?,
				other => other,
			};
			if referent != Type::Signer {
				return refuse(
					"the parameter of init_module has to be a signer or a reference to one",
				);
			}
			let target = Target {
				function: loader.load_function(chain, unit_index, definition)?,
				type_arguments: TypeListId::EMPTY,
				parameters,
				returns,
			};
			session.run(&target, &[], &[sender]).map(|_| ())
		})
	}

	/// Hands to the host what changed since the last time: modules, resources, table entries and
	/// events. Before the host lets other code see the chain.
	///
	/// # Errors
	/// `OUT_OF_GAS`, before anything was written; those of the host, and then the session is lost.
	pub fn flush(&mut self) -> VmResult<()> {
		self.attempt(|session| session.machine.world.flush())
	}

	/// Forgets what was read, so that it is read again. After the host let other code change the
	/// chain, and only directly after [`Session::flush`].
	///
	/// # Errors
	/// An invariant violation if something is unwritten, or if code is being run that may hold
	/// references to it.
	pub fn invalidate(&mut self) -> VmResult<()> {
		self.attempt(|session| session.machine.world.take_back())
	}

	/// Ends the session: hands over what changed, and gives back what is left of the budget.
	///
	/// The result is an error, and nothing is handed over, if a call in the session failed.
	pub fn finish(mut self) -> (VmResult<()>, Gas) {
		(self.flush(), self.machine.world.chain.gas)
	}

	/// What is left of the budget.
	pub fn gas(&self) -> &Gas {
		&self.machine.world.chain.gas
	}

	/// The budget, for a host that charges for its own work.
	pub fn gas_mut(&mut self) -> &mut Gas {
		&mut self.machine.world.chain.gas
	}

	/// Does something that the session does not survive if it fails.
	fn attempt<T>(&mut self, action: impl FnOnce(&mut Self) -> VmResult<T>) -> VmResult<T> {
		if let Some(failure) = &self.failure {
			return Err(failure.clone());
		}
		action(self).inspect_err(|error| self.failure = Some(error.clone()))
	}

	/// A function of a stored module, with type arguments.
	fn find(
		&mut self,
		module: &ModuleId,
		function: &str,
		type_arguments: &[TypeTag],
	) -> VmResult<(Target, FunctionHead)> {
		let world = &mut self.machine.world;
		let (loader, chain) = (&mut world.loader, &mut world.chain);
		let unit_index = loader.module(chain, module)?;
		let definition = loader.find_function(chain, unit_index, function.as_bytes())?;
		let unit = loader.unit(unit_index)?.clone();
		let head = unit.function_def(definition)?;
		let handle = unit.function_handle(head.handle)?;
		let location = Location::Module(module.clone());
		let list = type_list(
			loader,
			chain,
			&handle.constraints,
			type_arguments,
			&location,
		)?;
		let types = loader.types.list(list)?.clone();
		let target = Target {
			function: loader.load_function(chain, unit_index, definition)?,
			type_arguments: list,
			parameters: loader.signature(chain, &unit, unit_index, handle.parameters, &types)?,
			returns: loader.signature(chain, &unit, unit_index, handle.returns, &types)?,
		};
		Ok((target, head))
	}

	/// Runs what a transaction runs: it has no results.
	fn run_main(
		&mut self,
		target: &Target,
		arguments: &[Vec<u8>],
		signers: &[AccountAddress],
	) -> VmResult<()> {
		if self.convention == Convention::Transaction && !target.returns.is_empty() {
			return Err(VmError::new(StatusCode::INVALID_MAIN_FUNCTION_SIGNATURE));
		}
		self.run(target, arguments, signers).map(|_| ())
	}

	fn run(
		&mut self,
		target: &Target,
		arguments: &[Vec<u8>],
		signers: &[AccountAddress],
	) -> VmResult<Vec<Vec<u8>>> {
		let given = arguments::read_all(
			&mut self.machine.world,
			self.convention,
			&target.parameters,
			arguments,
			signers,
		)?;
		// What parameters refer to lies in a frame of its own.
		let world = &mut self.machine.world;
		let base = world.memory.enter_frame(core::iter::empty(), given.len())?;
		let mut values = Vec::with_capacity(given.len());
		for (slot, argument) in (base..).zip(given) {
			let Argument {
				value,
				by_reference,
			} = argument;
			if by_reference {
				world.memory.store_local(slot, value)?;
				values.push(crate::values::Value::local_reference(slot));
			} else {
				values.push(value);
			}
		}
		let results = self
			.machine
			.call(target.function, target.type_arguments, values)?;
		let world = &mut self.machine.world;
		let gas = &mut world.chain.gas;
		let mut bytes = Vec::with_capacity(results.len());
		for result in &results {
			gas.charge(schedule::ARGUMENT)?;
			let mut charge = |size: u64| gas.charge(size.saturating_mul(schedule::BCS_BYTE));
			bytes.push(if result.is_reference() {
				world.memory.resolve(result)?.to_bcs(&mut charge)?
			} else {
				result.to_bcs(&mut charge)?
			});
		}
		world.memory.leave_frame(base);
		Ok(bytes)
	}
}

/// Whether types are those that the tags name. References have none.
fn has_types(types: &TypeTable, actual: &[TypeId], expected: &[TypeTag]) -> VmResult<bool> {
	if actual.len() != expected.len() {
		return Ok(false);
	}
	for (type_, tag) in actual.iter().zip(expected) {
		let is_reference = matches!(
			types.get(*type_)?,
			Type::Reference(_) | Type::MutableReference(_)
		);
		if is_reference || types.tag(*type_)? != *tag {
			return Ok(false);
		}
	}
	Ok(true)
}

/// Type arguments from outside, which must satisfy the constraints of the code at `location`. What
/// is wrong with an argument in itself is wrong nowhere in particular.
fn type_list(
	loader: &mut Loader,
	chain: &mut Chain<'_>,
	constraints: &[AbilitySet],
	tags: &[TypeTag],
	location: &Location,
) -> VmResult<TypeListId> {
	let mut types = Vec::new();
	for tag in tags {
		types.push(loader.type_of_tag(chain, tag)?);
	}
	loader
		.check_constraints(chain, constraints, &types)
		.map_err(|error| error.in_location(location.clone()))?;
	loader.types.intern_list(&types)
}
