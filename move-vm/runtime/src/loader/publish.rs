//! Publishing: from bytes that somebody sent to records of verified, linked modules.
//!
//! The order of checks is that of the reference implementation: deserialise all; addresses; names
//! and upgrades; then for each module the verifier's passes, its natives, and its links, with the
//! other modules of the bundle in the place of stored ones.

use alloc::{collections::BTreeMap, vec::Vec};

use move_vm_binary_format::{
	module::{AddressSpecifier, FunctionDefinition, ResourceSpecifier},
	CompiledModule, CompiledScript, SignatureToken,
};
use move_vm_types::{
	AccountAddress, IndexKind, Location, ModuleId, StatusCode, VerifierLimits, VmError, VmResult,
};
use move_vm_verifier::{
	check_upgrade, cyclic_dependencies, verify_dependencies, verify_module_metered,
	verify_script_dependencies, verify_script_metered, Meter,
};

use super::{access, record, unit::Unit, Chain, Loader, Published};
use crate::{gas::schedule, session::Republish};

/// Pays for a binary from outside and refuses one that is too large.
fn charge_binary(loader: &Loader, chain: &mut Chain<'_>, bytes: &[u8]) -> VmResult<()> {
	if bytes.len() > loader.limits.binary_bytes as usize {
		return Err(VmError::new(StatusCode::CODE_DESERIALIZATION_ERROR)
			.with_message("the binary is too large"));
	}
	chain.gas.charge(schedule::VERIFY)?;
	chain.gas.charge_for(schedule::VERIFY_BYTE, bytes.len())
}

/// Verifies and links modules and takes them into the session; those that were not there before, in
/// the order given. With `friends_exist`, their friends must be there or in the bundle.
///
/// # Errors
/// See [`Session::publish`](crate::Session::publish).
pub(crate) fn publish(
	loader: &mut Loader,
	chain: &mut Chain<'_>,
	binaries: &[Vec<u8>],
	sender: AccountAddress,
	republish: Republish,
	friends_exist: bool,
) -> VmResult<Vec<ModuleId>> {
	if binaries.len() > usize::from(loader.limits.bundle_modules) {
		return Err(VmError::new(StatusCode::DEPENDENCY_LIMIT_REACHED)
			.with_message("too many modules in a bundle"));
	}
	let sum = binaries
		.iter()
		.fold(0, |sum: usize, bytes| sum.saturating_add(bytes.len()));
	if sum > loader.limits.bundle_bytes as usize {
		return Err(VmError::new(StatusCode::DEPENDENCY_LIMIT_REACHED)
			.with_message("the modules of a bundle are too large together"));
	}
	let mut modules = Vec::new();
	for bytes in binaries {
		charge_binary(loader, chain, bytes)?;
		modules.push(CompiledModule::deserialize(bytes)?);
	}
	let mut bundle = BTreeMap::new();
	let mut new = Vec::new();
	for (module, bytes) in modules.iter().zip(binaries) {
		let id = module.self_id()?;
		if id.address != sender {
			return Err(
				VmError::new(StatusCode::MODULE_ADDRESS_DOES_NOT_MATCH_SENDER)
					.at_index(IndexKind::AddressIdentifier, module.self_module_handle.0),
			);
		}
		if let Some(old) = loader.record(chain, &id)? {
			if republish == Republish::Refuse {
				return Err(VmError::new(StatusCode::DUPLICATE_MODULE_NAME));
			}
			let old = stored(loader, chain, &old)?;
			// The old one was verified; of the new one nothing is trusted, nor need it be.
			metered(loader.limits.verifier, chain, |meter| {
				check_upgrade(&old, module, meter)
			})?;
		} else {
			new.push(id.clone());
		}
		if bundle.insert(id.clone(), (module, bytes)).is_some() {
			return Err(VmError::new(StatusCode::DUPLICATE_MODULE_NAME));
		}
	}
	for module in &modules {
		verify_one(loader, chain, module, &bundle)?;
		if friends_exist {
			check_friends(loader, chain, module, &bundle)?;
		}
		check_cycles(loader, chain, module, &bundle)?;
	}
	let ids: Vec<ModuleId> = bundle.keys().cloned().collect();
	for (id, (_, bytes)) in bundle {
		let record = record::write(bytes)?;
		loader.published.insert(
			id,
			Published {
				record,
				is_dirty: true,
			},
		);
	}
	loader.forget(&ids);
	Ok(new)
}

/// Lets the verifier work on a meter that holds no more than the gas pays for, and pays for what it
/// took, whether it accepted or refused.
fn metered<T>(
	limits: VerifierLimits,
	chain: &mut Chain<'_>,
	work: impl FnOnce(&mut Meter) -> VmResult<T>,
) -> VmResult<T> {
	let affordable = chain.gas.left().checked_div(schedule::VERIFY_UNIT);
	let affordable = affordable.unwrap_or(u64::MAX);
	let mut meter = Meter::new(&VerifierLimits {
		meter_units_per_function: limits.meter_units_per_function.min(affordable),
		meter_units_per_module: limits.meter_units_per_module.min(affordable),
		..limits
	});
	let result = work(&mut meter);
	settle(limits, chain, &meter, result)
}

/// Pays for what `meter` counted. What it refused for want of gas alone is `OUT_OF_GAS`.
fn settle<T>(
	limits: VerifierLimits,
	chain: &mut Chain<'_>,
	meter: &Meter,
	result: VmResult<T>,
) -> VmResult<T> {
	let too_complex =
		matches!(&result, Err(error) if error.status() == StatusCode::PROGRAM_TOO_COMPLEX);
	if too_complex && meter.budget() < limits.meter_units_per_module {
		let left = chain.gas.left();
		chain.gas.charge(left)?;
		return Err(VmError::new(StatusCode::OUT_OF_GAS));
	}
	chain
		.gas
		.charge(schedule::VERIFY_UNIT.saturating_mul(meter.used()))?;
	result
}

/// A stored module, deserialised.
fn stored(loader: &Loader, chain: &mut Chain<'_>, record: &[u8]) -> VmResult<CompiledModule> {
	let bytes = record::module_bytes(record)?;
	charge_binary(loader, chain, bytes)?;
	CompiledModule::deserialize(bytes)
		.map_err(|_| VmError::new(StatusCode::UNEXPECTED_DESERIALIZATION_ERROR))
}

type Bundle<'b> = BTreeMap<ModuleId, (&'b CompiledModule, &'b Vec<u8>)>;

fn verify_one(
	loader: &mut Loader,
	chain: &mut Chain<'_>,
	module: &CompiledModule,
	bundle: &Bundle<'_>,
) -> VmResult<()> {
	let limits = loader.limits.verifier;
	metered(limits, chain, |meter| {
		verify_module_metered(module, &limits, meter)
	})?;
	let own = module.self_id()?;
	check_natives(loader, module, &own).map_err(|error| error.in_module(&own))?;
	check_access_specifiers(module).map_err(|error| error.in_module(&own))?;
	let owned = load_dependencies(loader, chain, &module.dependencies()?, Some(bundle))?;
	let mut dependencies: BTreeMap<ModuleId, &CompiledModule> = owned
		.iter()
		.map(|(id, module)| (id.clone(), module))
		.collect();
	for (id, (module, _)) in bundle {
		if *id != own {
			dependencies.insert(id.clone(), *module);
		}
	}
	metered(limits, chain, |meter| {
		verify_dependencies(module, &dependencies, meter)
	})
}

/// What the modules named depend on directly and the bundle does not have.
fn load_dependencies(
	loader: &mut Loader,
	chain: &mut Chain<'_>,
	ids: &[ModuleId],
	bundle: Option<&Bundle<'_>>,
) -> VmResult<BTreeMap<ModuleId, CompiledModule>> {
	let mut modules = BTreeMap::new();
	let mut sum = 0usize;
	for id in ids {
		if bundle.is_some_and(|bundle| bundle.contains_key(id)) || modules.contains_key(id) {
			continue;
		}
		let record = loader.record(chain, id)?.ok_or_else(missing_module)?;
		sum = sum.saturating_add(record.len());
		if sum > loader.limits.dependency_bytes as usize {
			return Err(VmError::new(StatusCode::DEPENDENCY_LIMIT_REACHED)
				.with_message("the modules that are needed are too large together"));
		}
		let module = stored(loader, chain, &record)?;
		modules.insert(id.clone(), module);
	}
	Ok(modules)
}

fn missing_module() -> VmError {
	VmError::new(StatusCode::LINKER_ERROR).with_message("no such module")
}

/// Every native function that is declared is there.
fn check_natives(loader: &Loader, module: &CompiledModule, own: &ModuleId) -> VmResult<()> {
	for definition in &module.function_defs {
		if definition.code.is_some() {
			continue;
		}
		let handle = module.pools.function_handle(definition.function)?;
		let name = module.pools.identifier(handle.name)?;
		if loader.natives.find(&own.address, &own.name, name).is_none() {
			return Err(VmError::new(StatusCode::MISSING_DEPENDENCY)
				.with_message("no such native function")
				.at_index(IndexKind::FunctionHandle, definition.function.0));
		}
	}
	Ok(())
}

/// Every access specifier can be evaluated: one that names an address by a parameter takes an
/// `address`, or `0x1::signer::address_of` of a `&signer`.
fn check_access_specifiers(module: &CompiledModule) -> VmResult<()> {
	let pools = &module.pools;
	for definition in &module.function_defs {
		let handle = pools.function_handle(definition.function)?;
		let parameters = &pools.signature(handle.parameters)?.0;
		for specifier in handle.access_specifiers.iter().flatten() {
			if let ResourceSpecifier::ResourceInstantiation(_, arguments) = &specifier.resource {
				let count = handle.type_parameters.len();
				let is_foreign = |token: &SignatureToken| matches!(token, SignatureToken::TypeParameter(index) if usize::from(*index) >= count);
				let arguments = &pools.signature(*arguments)?.0;
				let mut nodes = arguments
					.iter()
					.flat_map(SignatureToken::preorder_with_depth);
				if nodes.any(|(node, _)| is_foreign(node)) {
					return Err(unknown_specifier(definition));
				}
			}
			let AddressSpecifier::Parameter(index, function) = &specifier.address else {
				continue;
			};
			let parameter = parameters.get(usize::from(*index));
			let is_known = match function {
				None => parameter == Some(&SignatureToken::Address),
				Some(function) => {
					let function = pools.function_instantiation(*function)?.handle;
					let function = pools.function_handle(function)?;
					let of = pools.module_id(pools.module_handle(function.module)?)?;
					access::is_address_of(&of, pools.identifier(function.name)?)
						&& matches!(parameter, Some(SignatureToken::Reference(inner))
							if **inner == SignatureToken::Signer)
				}
			};
			if !is_known {
				return Err(unknown_specifier(definition));
			}
		}
	}
	Ok(())
}

fn unknown_specifier(definition: &FunctionDefinition) -> VmError {
	VmError::new(StatusCode::FEATURE_NOT_ENABLED)
		.with_message("an access specifier that cannot be evaluated")
		.at_index(IndexKind::FunctionHandle, definition.function.0)
}

/// Every friend is there.
fn check_friends(
	loader: &mut Loader,
	chain: &mut Chain<'_>,
	module: &CompiledModule,
	bundle: &Bundle<'_>,
) -> VmResult<()> {
	for id in friends(module)? {
		if !bundle.contains_key(&id) && loader.record(chain, &id)?.is_none() {
			return Err(missing_module());
		}
	}
	Ok(())
}

fn check_cycles(
	loader: &mut Loader,
	chain: &mut Chain<'_>,
	module: &CompiledModule,
	bundle: &Bundle<'_>,
) -> VmResult<()> {
	let limits = loader.limits.verifier;
	// Bounded, and mostly loading, which is paid for as it goes; so its units may be paid after.
	let mut meter = Meter::new(&limits);
	// The two closures below take turns.
	let state = core::cell::RefCell::new((loader, chain));
	let neighbours = |id: &ModuleId,
	                  of_bundle: fn(&CompiledModule) -> VmResult<Vec<ModuleId>>,
	                  of_stored: fn(&Unit) -> VmResult<Vec<ModuleId>>| {
		if let Some((module, _)) = bundle.get(id) {
			return of_bundle(module);
		}
		let mut state = state
			.try_borrow_mut()
			.map_err(|_| VmError::invariant("two at once"))?;
		let (loader, chain) = &mut *state;
		// A friend need not exist yet.
		match loader.module(chain, id) {
			Ok(unit) => of_stored(loader.unit(unit)?),
			Err(error) if error.status() == StatusCode::LINKER_ERROR => Ok(Vec::new()),
			Err(error) => Err(error),
		}
	};
	let result = cyclic_dependencies::verify(
		module,
		&limits,
		&mut meter,
		|id| neighbours(id, CompiledModule::dependencies, Unit::dependencies),
		|id| neighbours(id, friends, Unit::friends),
	);
	let (_, chain) = state.into_inner();
	settle(limits, chain, &meter, result)
}

fn friends(module: &CompiledModule) -> VmResult<Vec<ModuleId>> {
	module
		.friend_declarations
		.iter()
		.map(|handle| module.pools.module_id(handle))
		.collect()
}

/// Verifies and links a script; its unit.
///
/// # Errors
/// Those of the deserializer, the verifier and the linker.
pub(crate) fn verify_script_bytes(
	loader: &mut Loader,
	chain: &mut Chain<'_>,
	bytes: &[u8],
) -> VmResult<u32> {
	charge_binary(loader, chain, bytes).map_err(|error| error.in_location(Location::Script))?;
	// The reference does not say what is wrong with a script's bytes.
	let script = CompiledScript::deserialize(bytes).map_err(|_| {
		VmError::new(StatusCode::CODE_DESERIALIZATION_ERROR).in_location(Location::Script)
	})?;
	let limits = loader.limits.verifier;
	metered(limits, chain, |meter| {
		verify_script_metered(&script, &limits, meter)
	})?;
	let owned = load_dependencies(loader, chain, &script.dependencies()?, None)?;
	let dependencies = owned
		.iter()
		.map(|(id, module)| (id.clone(), module))
		.collect();
	metered(limits, chain, |meter| {
		verify_script_dependencies(&script, &dependencies, meter)
	})?;
	loader.add_unit(Unit::scan(bytes.to_vec(), None, false)?)
}
