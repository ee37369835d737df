//! The VM in this process.

use move_vm_binary_format::CompiledModule;
use move_vm_fixtures as fixtures;
use move_vm_runtime::{Gas, Limits, MemoryHost, Republish, Session};
use move_vm_types::{AccountAddress, Identifier, ModuleId, VerifierLimits};

use crate::{best, nanoseconds_each, GAS_PER_NANOSECOND};

/// Transactions of which the mean counts.
const TRANSACTIONS: u64 = 2_000;

/// A chain with the benchmark's module.
pub struct Runner {
	host: MemoryHost,
	id: ModuleId,
}

impl Runner {
	/// Publishes the module and makes two accounts that hold coins.
	pub fn new(module: &[u8]) -> Self {
		let address = AccountAddress::from_low_byte(0xB);
		let mut host = MemoryHost::default();
		let mut session = Session::new(&mut host, Limits::PRODUCTION, Gas::new(u64::MAX));
		session
			.publish(&[module.to_vec()], address, Republish::Refuse)
			.expect("the module verifies");
		session.finish().0.expect("the module is stored");
		let name = Identifier::new("bench").expect("a valid name");
		let mut runner = Self {
			host,
			id: ModuleId { address, name },
		};
		runner.call("open", 1 << 40, 0xB);
		runner.call("open", 1 << 40, 0xC);
		runner
	}

	/// Publishes a module under its own address.
	pub fn publish(&mut self, module: &[u8], sender: u8) {
		let mut session = Session::new(&mut self.host, Limits::PRODUCTION, Gas::new(u64::MAX));
		session
			.publish(
				&[module.to_vec()],
				AccountAddress::from_low_byte(sender),
				Republish::Refuse,
			)
			.expect("the module verifies");
		session.finish().0.expect("the module is stored");
	}

	/// One transaction: calls a function of `0xB::bench` of `n`, and tells the gas.
	pub fn call(&mut self, function: &str, n: u64, signer: u8) -> u64 {
		self.call_in(&self.id.clone(), function, n, signer)
	}

	/// The same in another module.
	pub fn call_in(&mut self, id: &ModuleId, function: &str, n: u64, signer: u8) -> u64 {
		let mut session = Session::new(&mut self.host, Limits::PRODUCTION, Gas::new(u64::MAX));
		session
			.call_function(
				id,
				function,
				vec![],
				vec![n.to_le_bytes().to_vec()],
				&[AccountAddress::from_low_byte(signer)],
			)
			.unwrap_or_else(|error| panic!("{function}: {error}"));
		let (result, gas) = session.finish();
		result.expect("what changed is stored");
		gas.used()
	}

	/// What a transaction and what publishing takes.
	pub fn others(&mut self, bytes: &[u8], module: &CompiledModule) {
		for (function, about) in [
			("sum", "a session that calls a loop of no turns"),
			(
				"transfers",
				"the same with one transfer: two resources read and written",
			),
		] {
			let n = u64::from(function == "transfers");
			let time = best(|| {
				(0..TRANSACTIONS).for_each(|_| {
					self.call(function, n, 0xB);
				})
			});
			println!(
				"{:>8.1} us  {about} (module of {} bytes)",
				nanoseconds_each(time, TRANSACTIONS) / 1000.0,
				bytes.len()
			);
		}
		let mut modules = fixtures::all();
		modules.push(module.clone());
		let (mut time, mut size) = (0.0, 0);
		for module in &modules {
			let bytes = module.serialize().expect("the module has a form");
			size += bytes.len();
			time += nanoseconds_each(
				best(|| {
					(0..20).for_each(|_| {
						let module =
							CompiledModule::deserialize(&bytes).expect("it was just written");
						move_vm_verifier::verify_module(&module, &VerifierLimits::PRODUCTION)
							.expect("it verifies");
					})
				}),
				20_000,
			);
		}
		println!(
			"{:>8.1} us  deserialising and verifying, for each KB of {} modules",
			time * 1024.0 / size as f64,
			modules.len()
		);
		let mut gas = 0;
		let time = best(|| {
			let mut host = MemoryHost::default();
			let mut session = Session::new(&mut host, Limits::PRODUCTION, Gas::new(u64::MAX));
			session
				.publish(&[bytes.to_vec()], self.id.address, Republish::Refuse)
				.expect("the module verifies");
			gas = session.finish().1.used();
		});
		println!(
			"{:>8.1} us  publishing a module of {} bytes, for which gas stands for {:.1} us",
			nanoseconds_each(time, 1) / 1000.0,
			bytes.len(),
			gas as f64 / GAS_PER_NANOSECOND / 1000.0
		);
	}
}
