//! Each pass over a whole module or script: one case for each error, and an accepted neighbour.

mod compatibility;
mod constants;
mod cyclic_dependencies;
mod dependencies;
mod duplication;
mod features;
mod fields;
mod friends;
mod instantiation_loops;
mod instruction_consistency;
mod limits;
mod order;
mod recursive_structs;
mod script_signature;
mod signatures;

use move_vm_binary_format::{
	Bytecode, CompiledModule, CompiledScript, SignatureToken, SignatureToken as T,
};
use move_vm_fixtures::{Function, ModuleBuilder};
use move_vm_types::{IndexKind, StatusCode, VerifierLimits, VmError};
use move_vm_verifier::{verify_module, verify_script};

const LIMITS: VerifierLimits = VerifierLimits::PRODUCTION;

/// An empty module in the making.
fn module() -> ModuleBuilder {
	ModuleBuilder::new(0x42, "m")
}

/// A function that aborts, whatever its type says it gives.
fn aborting(name: &str) -> Function {
	Function::new(name).code([Bytecode::LdU64(0), Bytecode::Abort])
}

fn vector(inner: T) -> T {
	T::Vector(Box::new(inner))
}

fn reference(inner: T) -> T {
	T::Reference(Box::new(inner))
}

fn mutable(inner: T) -> T {
	T::MutableReference(Box::new(inner))
}

/// The type parameter at a place.
fn parameter(index: u16) -> SignatureToken {
	T::TypeParameter(index)
}

#[track_caller]
fn accepts(module: &CompiledModule) {
	accepts_within(module, &LIMITS);
}

#[track_caller]
fn accepts_within(module: &CompiledModule, limits: &VerifierLimits) {
	if let Err(error) = verify_module(module, limits) {
		panic!("refused: {error}");
	}
}

#[track_caller]
fn refuses(module: &CompiledModule, status: StatusCode) -> VmError {
	refuses_within(module, &LIMITS, status)
}

#[track_caller]
fn refuses_within(module: &CompiledModule, limits: &VerifierLimits, status: StatusCode) -> VmError {
	let error = verify_module(module, limits).expect_err("is refused");
	assert_eq!(error.status(), status, "{error}");
	error
}

#[track_caller]
fn refuses_at(module: &CompiledModule, status: StatusCode, kind: IndexKind, index: u16) {
	let error = refuses(module, status);
	assert_eq!(error.index(), Some((kind, index)), "{error}");
}

#[track_caller]
fn accepts_script(script: &CompiledScript) {
	if let Err(error) = verify_script(script, &LIMITS) {
		panic!("refused: {error}");
	}
}

#[track_caller]
fn refuses_script(script: &CompiledScript, status: StatusCode) -> VmError {
	let error = verify_script(script, &LIMITS).expect_err("is refused");
	assert_eq!(error.status(), status, "{error}");
	error
}
