//! Benchmarks: what the pallet does around the VM, and what the VM's gas is worth.
//!
//! Gas pays for the VM; the extrinsics' own weights are measured with code for which the VM has
//! almost nothing to do, and longer input in places that it only copies. [`crate::Config::WeightPerGas`]
//! is the time of `interpret` and `verify_module` for each gas, whichever is more.
//!
//! Proof sizes are measured ones: the host charges each entry by its length where it is read.

use super::*;
use crate::{
	execute::{Action, Execution, Outcome},
	host::ChainHost,
	storage::Settlement,
	types::{to_address, MAX_ENTRY_BYTES},
};
use alloc::{format, vec, vec::Vec};
use codec::Encode;
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::fungible::{Inspect, Mutate, MutateHold},
	weights::Weight,
};
use frame_system::RawOrigin;
use move_vm_binary_format::{
	index::{
		AddressIdentifierIndex, FunctionHandleIndex, IdentifierIndex, ModuleHandleIndex,
		SignatureIndex,
	},
	module::{CodeUnit, FunctionDefinition, FunctionHandle, Metadata, ModuleHandle, Visibility},
	signature::{Signature, SignatureToken},
	Bytecode, CompiledModule, CompiledScript, Pools,
};
use move_vm_runtime::Host;
use move_vm_types::{uleb128, Identifier, StructTag};
use trivium_primitives::{AccountId, Balance};

const SIGNER: AccountId = AccountId::new([1; 32]);

const LIMIT: CallLimit = CallLimit {
	ref_time: 1 << 60,
	proof_size: 1 << 40,
	deposit: Some(Balance::MAX),
};

/// The signer with funds.
fn signer<T: Config<Currency: Mutate<AccountId>>>() -> AccountId {
	T::Currency::set_balance(&SIGNER, Balance::MAX / 4);
	SIGNER
}

/// The `number`th account with funds.
fn account<T: Config<Currency: Mutate<AccountId>>>(number: u32) -> AccountId {
	let account = AccountId::new(sp_io::hashing::blake2_256(&number.to_le_bytes()));
	T::Currency::set_balance(&account, 1 << 80);
	account
}

fn identifier(text: &str) -> Identifier {
	Identifier::new(text).expect("is a name")
}

/// Signatures of all modules here: nothing, a number, bytes, three numbers.
fn signatures() -> Vec<Signature> {
	let bytes = SignatureToken::Vector(SignatureToken::U8.into());
	vec![
		Signature(vec![]),
		Signature(vec![SignatureToken::U64]),
		Signature(vec![bytes]),
		Signature(vec![SignatureToken::U64; 3]),
	]
}

/// A module of the signer's with `functions`, each with the index of its parameters' signature, and
/// `metadata` bytes that nobody reads.
fn module(functions: Vec<(u16, Vec<Bytecode>)>, metadata: u32) -> Vec<u8> {
	let mut pools = Pools {
		module_handles: vec![ModuleHandle {
			address: AddressIdentifierIndex(0),
			name: IdentifierIndex(0),
		}],
		identifiers: vec![identifier("module")],
		address_identifiers: vec![to_address(&SIGNER)],
		signatures: signatures(),
		..Default::default()
	};
	if metadata > 0 {
		pools.metadata.push(blank(metadata));
	}
	let mut module = CompiledModule {
		version: 6,
		self_module_handle: ModuleHandleIndex(0),
		..Default::default()
	};
	for (number, (parameters, code)) in (0u16..).zip(functions) {
		pools.identifiers.push(identifier(&format!("f{number}")));
		pools.function_handles.push(FunctionHandle {
			module: ModuleHandleIndex(0),
			name: IdentifierIndex(number + 1),
			parameters: SignatureIndex(parameters),
			returns: SignatureIndex(0),
			type_parameters: vec![],
			access_specifiers: None,
		});
		module.function_defs.push(FunctionDefinition {
			function: FunctionHandleIndex(number),
			visibility: Visibility::Public,
			is_entry: true,
			acquires: vec![],
			code: Some(CodeUnit {
				locals: SignatureIndex(3),
				code,
			}),
		});
	}
	module.pools = pools;
	module.serialize().expect("is within the format's bounds")
}

fn blank(bytes: u32) -> Metadata {
	Metadata {
		key: b"blank".to_vec(),
		value: vec![0; bytes as usize],
	}
}

/// A script that does nothing, with `metadata` bytes that nobody reads.
fn script(metadata: u32) -> Vec<u8> {
	let script = CompiledScript {
		version: 6,
		pools: Pools {
			signatures: signatures(),
			metadata: vec![blank(metadata)],
			..Default::default()
		},
		code: CodeUnit {
			locals: SignatureIndex(0),
			code: vec![Bytecode::Ret],
		},
		..Default::default()
	};
	script.serialize().expect("is within the format's bounds")
}

/// Counts its parameter, the number of rounds, down to zero: locals, arithmetic, branches. 14
/// instructions for each round.
fn counting() -> Vec<Bytecode> {
	use Bytecode as B;
	vec![
		B::LdU64(1),
		B::StLoc(1),
		// 2: while rounds > 0
		B::CopyLoc(0),
		B::LdU64(0),
		B::Gt,
		B::BrFalse(16),
		B::CopyLoc(1),
		B::CopyLoc(0),
		B::Xor,
		B::StLoc(1),
		B::MoveLoc(0),
		B::LdU64(1),
		B::Sub,
		B::StLoc(0),
		B::Nop,
		B::Branch(2),
		// 16
		B::Ret,
	]
}

fn run<T: Config>(action: Action) -> Outcome {
	execute::execute::<T>(Execution {
		signer: SIGNER,
		action,
		limit: LIMIT.weight(),
		deposit_limit: Balance::MAX,
		collect_events: false,
	})
}

fn publish<T: Config>(modules: Vec<Vec<u8>>) -> Outcome {
	run::<T>(Action::Publish {
		modules,
		policy: UpgradePolicy::Compatible,
	})
}

fn tag() -> StructTag {
	StructTag {
		address: to_address(&SIGNER),
		module: identifier("module"),
		name: identifier("Resource"),
		type_arguments: vec![],
	}
}

fn host<T: Config>() -> ChainHost<T> {
	ChainHost::new(LIMIT.weight(), Some(SIGNER))
}

/// An argument of `bytes` bytes, in BCS.
fn argument(bytes: u32) -> Vec<u8> {
	let mut argument = Vec::new();
	uleb128::write(&mut argument, bytes.into());
	argument.resize(argument.len() + bytes as usize, 7);
	argument
}

#[benchmarks(where T::Currency: Mutate<AccountId>)]
mod benchmarks {
	use super::*;

	#[benchmark(pov_mode = Measured)]
	fn publish_package(b: Linear<1, 60_000>) -> Result<(), BenchmarkError> {
		let signer = signer::<T>();
		let modules = vec![module(vec![], b)];
		#[extrinsic_call]
		publish_package(
			RawOrigin::Signed(signer),
			modules,
			UpgradePolicy::Compatible,
		);
		assert_eq!(Modules::<T>::iter_prefix(SIGNER).count(), 1);
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn upgrade_package(b: Linear<1, 60_000>) -> Result<(), BenchmarkError> {
		let signer = signer::<T>();
		assert!(publish::<T>(vec![module(vec![], 1)]).result.is_ok());
		let modules = vec![module(vec![], b)];
		#[extrinsic_call]
		upgrade_package(RawOrigin::Signed(signer), modules);
		assert_eq!(Modules::<T>::iter_prefix(SIGNER).count(), 1);
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn execute(b: Linear<1, 60_000>) -> Result<(), BenchmarkError> {
		let signer = signer::<T>();
		let idle = vec![(2, vec![Bytecode::Ret])];
		assert!(publish::<T>(vec![module(idle, 0)]).result.is_ok());
		let args = vec![argument(b)];
		#[extrinsic_call]
		execute(
			RawOrigin::Signed(signer),
			(SIGNER, b"module".to_vec()),
			b"f0".to_vec(),
			vec![],
			args,
			LIMIT,
		);
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn execute_script(b: Linear<1, 60_000>) -> Result<(), BenchmarkError> {
		let signer = signer::<T>();
		let script = script(b);
		#[extrinsic_call]
		execute_script(RawOrigin::Signed(signer), script, vec![], vec![], LIMIT);
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn refund(n: Linear<1, 100>) -> Result<(), BenchmarkError> {
		signer::<T>();
		let reason = T::RuntimeHoldReason::from(HoldReason::StorageDeposit);
		let mut settlement = Settlement::new(Some(SIGNER));
		for number in 0..n {
			let depositor = account::<T>(number);
			assert_ok!(T::Currency::hold(&reason, &depositor, 1_000));
			let share = crate::storage::Share {
				depositor,
				amount: 1_000,
			};
			let mut shares: crate::storage::Shares =
				vec![share].try_into().expect("one is not too many");
			settlement.reprice(&mut shares, 0);
		}
		let settled;
		#[block]
		{
			settled = settlement.apply::<T>(0);
		}
		assert_eq!(
			settled.expect("was held").refunded,
			Balance::from(n) * 1_000
		);
		assert!(T::Currency::balance(&account::<T>(0)) > 0);
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn host_read(b: Linear<0, { MAX_ENTRY_BYTES }>) -> Result<(), BenchmarkError> {
		signer::<T>();
		let address = to_address(&SIGNER);
		let value = vec![7; b as usize];
		assert_ok!(host::<T>().set_resource(&address, &tag(), Some(&value)));
		let mut host = host::<T>();
		let read;
		#[block]
		{
			read = host.resource(&address, &tag());
		}
		assert_eq!(read.expect("is read"), Some(value));
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn host_write(b: Linear<0, { MAX_ENTRY_BYTES }>) -> Result<(), BenchmarkError> {
		signer::<T>();
		let address = to_address(&SIGNER);
		let value = vec![7; b as usize];
		let mut host = host::<T>();
		assert_eq!(host.resource(&address, &tag()).expect("is read"), None);
		#[block]
		{
			assert_ok!(host.set_resource(&address, &tag(), Some(&value)));
		}
		assert_eq!(Resources::<T>::iter_prefix(SIGNER).count(), 1);
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn host_emit(b: Linear<0, { 16 * 1024 }>) -> Result<(), BenchmarkError> {
		frame_system::Pallet::<T>::set_block_number(1u32.into());
		let value = vec![7; b as usize];
		let mut host = host::<T>();
		let before = frame_system::Pallet::<T>::event_count();
		#[block]
		{
			assert_ok!(host.emit(&tag(), &value));
		}
		assert!(frame_system::Pallet::<T>::event_count() > before);
		Ok(())
	}

	/// A module of `f` functions with a loop each.
	#[benchmark(pov_mode = Measured)]
	fn verify_module(f: Linear<1, 300>) -> Result<(), BenchmarkError> {
		signer::<T>();
		let functions = (0..f).map(|_| (1, counting())).collect();
		let modules = vec![module(functions, 0)];
		let outcome;
		#[block]
		{
			outcome = publish::<T>(modules);
		}
		assert!(outcome.result.is_ok());
		Ok(())
	}

	/// `n` thousand rounds of [`counting`].
	#[benchmark(pov_mode = Measured)]
	fn interpret(n: Linear<1, 100>) -> Result<(), BenchmarkError> {
		signer::<T>();
		let functions = vec![(1, counting())];
		assert!(publish::<T>(vec![module(functions, 0)]).result.is_ok());
		let action = Action::entry(
			&(SIGNER, b"module".to_vec()),
			b"f0",
			&[],
			vec![(u64::from(n) * 1_000).encode()],
		);
		let action = action.expect("names are names");
		let outcome;
		#[block]
		{
			outcome = run::<T>(action);
		}
		assert!(outcome.result.is_ok());
		assert!(outcome.used.all_gt(Weight::zero()));
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
