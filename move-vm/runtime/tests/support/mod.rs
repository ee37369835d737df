//! What the tests share: a chain in memory with modules on it, and short ways to call them.

#![allow(dead_code)] // each test file uses some of it

use move_vm_binary_format::{CompiledModule, CompiledScript};
use move_vm_runtime::{Gas, Limits, MemoryHost, Republish, Session};
use move_vm_types::{
	AccountAddress, Identifier, ModuleId, StatusCode, StatusType, StructTag, TypeTag, VmError,
	VmResult,
};

/// More than any test spends that does not want to run out.
pub const GAS: u64 = 10_000_000_000;

pub fn address(low: u8) -> AccountAddress {
	AccountAddress::from_low_byte(low)
}

pub fn id(low: u8, name: &str) -> ModuleId {
	ModuleId {
		address: address(low),
		name: Identifier::new(name).unwrap(),
	}
}

pub fn tag(text: &str) -> TypeTag {
	TypeTag::parse(text).unwrap_or_else(|| panic!("{text} is no type"))
}

pub fn struct_tag(text: &str) -> StructTag {
	match tag(text) {
		TypeTag::Struct(tag) => *tag,
		_ => panic!("{text} is no struct"),
	}
}

pub fn u64_bytes(number: u64) -> Vec<u8> {
	number.to_le_bytes().to_vec()
}

/// A chain in memory.
#[derive(Clone, Default)]
pub struct Chain(pub MemoryHost);

impl Chain {
	/// One with these modules, each published by itself under its own address.
	#[track_caller]
	pub fn with(modules: &[CompiledModule]) -> Self {
		let mut chain = Self::default();
		for module in modules {
			chain.publish(module).unwrap();
		}
		chain
	}

	pub fn publish(&mut self, module: &CompiledModule) -> VmResult<()> {
		let sender = module.self_id()?.address;
		self.publish_all(&[module], sender, Republish::Compatible)
	}

	pub fn publish_all(
		&mut self,
		modules: &[&CompiledModule],
		sender: AccountAddress,
		republish: Republish,
	) -> VmResult<()> {
		let bytes: Vec<_> = modules
			.iter()
			.map(|module| module.serialize().unwrap())
			.collect();
		let mut session = self.session(u64::MAX);
		session.publish(&bytes, sender, republish)?;
		session.finish().0
	}

	pub fn session(&mut self, gas: u64) -> Session<'_> {
		Session::new(&mut self.0, Limits::PRODUCTION, Gas::new(gas))
	}

	/// Calls a function as a test does: with any visibility and any arguments.
	pub fn call(
		&mut self,
		module: &ModuleId,
		function: &str,
		arguments: &[Vec<u8>],
	) -> VmResult<Vec<Vec<u8>>> {
		self.call_generic(module, function, &[], arguments)
	}

	pub fn call_generic(
		&mut self,
		module: &ModuleId,
		function: &str,
		types: &[&str],
		arguments: &[Vec<u8>],
	) -> VmResult<Vec<Vec<u8>>> {
		let mut session = self.session(GAS).for_tests();
		let types = types.iter().map(|text| tag(text)).collect();
		let results = session.call_function(module, function, types, arguments.to_vec(), &[])?;
		session.finish().0?;
		Ok(results)
	}

	/// Calls an entry function as a transaction does.
	pub fn enter(
		&mut self,
		module: &ModuleId,
		function: &str,
		types: &[&str],
		arguments: &[Vec<u8>],
		signers: &[AccountAddress],
	) -> VmResult<()> {
		let mut session = self.session(GAS);
		let types = types.iter().map(|text| tag(text)).collect();
		session.execute_entry(module, function, types, arguments.to_vec(), signers)?;
		session.finish().0
	}

	/// Runs a script as a transaction does.
	pub fn run(
		&mut self,
		script: &CompiledScript,
		types: &[&str],
		arguments: &[Vec<u8>],
		signers: &[AccountAddress],
	) -> VmResult<()> {
		let bytes = script.serialize().unwrap();
		let mut session = self.session(GAS);
		let types = types.iter().map(|text| tag(text)).collect();
		session.execute_script(&bytes, types, arguments.to_vec(), signers)?;
		session.finish().0
	}
}

#[track_caller]
pub fn assert_status<T: std::fmt::Debug>(result: VmResult<T>, status: StatusCode) -> VmError {
	match result {
		Err(error) if error.status() == status => error,
		other => panic!("expected {status}, got {other:?}"),
	}
}

/// Whether an error is one that verified code cannot bring about.
pub fn is_invariant_violation(error: &VmError) -> bool {
	error.status().class() == StatusType::InvariantViolation
}
