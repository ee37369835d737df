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
use trivium_primitives::{account::module_account, AccountId, Balance, Engine, EngineCall};

const SIGNER: AccountId = classes::ACCOUNT;

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
		payer: SIGNER,
		action,
		value: 0,
		limit: LIMIT.weight(),
		deposit_limit: Balance::MAX,
		read_only: false,
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
	ChainHost::new(LIMIT.weight(), Some(SIGNER), Balance::MAX)
}

/// Rounds of a class that are about to be run, see [`crate::classes`].
struct Rounds<T> {
	action: Option<Action>,
	outcome: Option<Outcome>,
	_runtime: core::marker::PhantomData<T>,
}

impl<T: Config<Currency: Mutate<AccountId>>> Rounds<T> {
	fn new(function: &str, rounds: u32) -> Self {
		signer::<T>();
		frame_system::Pallet::<T>::set_block_number(1u32.into());
		let published = publish::<T>(vec![classes::BYTECODE.to_vec()]);
		assert!(published.result.is_ok(), "{published:?}");
		let call = |function: &[u8]| {
			let module = (classes::ACCOUNT, classes::NAME.to_vec());
			let rounds = u64::from(rounds).encode();
			Action::entry(&module, function, &[], vec![rounds]).expect("names are names")
		};
		for function in classes::SET_UP {
			assert!(run::<T>(call(function)).result.is_ok());
		}
		Self {
			action: Some(call(function.as_bytes())),
			outcome: None,
			_runtime: Default::default(),
		}
	}

	fn go(&mut self) {
		self.outcome = self.action.take().map(run::<T>);
	}

	/// Whether all of them were run.
	fn have_run(&self) -> bool {
		let outcome = self.outcome.as_ref();
		outcome.is_some_and(|outcome| outcome.result.is_ok())
	}
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
			LIMIT,
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
		upgrade_package(RawOrigin::Signed(signer), modules, LIMIT);
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
	fn nested_call(b: Linear<64, 60_000>) -> Result<(), BenchmarkError> {
		signer::<T>();
		let idle = vec![(2, vec![Bytecode::Ret])];
		assert!(publish::<T>(vec![module(idle, 0)]).result.is_ok());
		let types = [vec![b"vector<u8>".to_vec()], vec![]];
		let call = EngineCall {
			caller: account::<T>(1),
			payer: SIGNER,
			target: module_account(&SIGNER, b"module"),
			value: 0,
			input: (b"f0".to_vec(), types, vec![argument(b)]).encode(),
			limit: LIMIT.weight(),
			deposit_limit: 0,
			read_only: false,
		};
		let outcome;
		#[block]
		{
			outcome = <Pallet<T> as Engine>::call(call);
		}
		assert_eq!(outcome.result, Ok(vec![]));
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn lookup() {
		let idle = vec![(2, vec![Bytecode::Ret])];
		signer::<T>();
		assert!(publish::<T>(vec![module(idle, 0)]).result.is_ok());
		let target = module_account(&SIGNER, b"module");
		let found;
		#[block]
		{
			found = <Pallet<T> as Engine>::resolve(&target);
		}
		assert!(found);
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
	fn host_transfer() -> Result<(), BenchmarkError> {
		frame_system::Pallet::<T>::set_block_number(1u32.into());
		signer::<T>();
		let to = AccountId::new([77; 32]);
		let amount = T::Currency::balance(&SIGNER) / 2;
		let is_done;
		#[block]
		{
			is_done = crate::host::outward::transfer::<T>(&SIGNER, &to, amount);
		}
		assert!(is_done);
		assert_eq!(T::Currency::balance(&to), amount);
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

	// Classes of instructions and natives.

	#[benchmark(pov_mode = Measured)]
	fn class_add_64(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("add_64", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_div_64(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("div_64", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_bits_64(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("bits_64", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_mul_8(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("mul_8", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_shift_64(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("shift_64", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_add_128(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("add_128", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_mul_128(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("mul_128", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_div_128(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("div_128", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_rem_128(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("rem_128", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_shift_128(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("shift_128", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_order_128(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("order_128", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_add_256(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("add_256", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_mul_256(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("mul_256", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_div_256(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("div_256", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_rem_256(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("rem_256", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_rem_256_short(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("rem_256_short", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_bits_256(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("bits_256", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_shift_256(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("shift_256", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_order_256(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("order_256", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_cast_64(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("cast_64", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_cast_128(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("cast_128", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_cast_to_128(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("cast_to_128", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_cast_256(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("cast_256", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_cast_to_256(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("cast_to_256", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_locals(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("locals", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_load_256(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("load_256", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_load_constant(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("load_constant", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_copy_address(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("copy_address", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_vector_new(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("vector_new", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_vector_pack(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("vector_pack", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_vector_push(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("vector_push", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_vector_grow(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("vector_grow", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_vector_read(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("vector_read", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_vector_write(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("vector_write", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_copy_bytes(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("copy_bytes", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_copy_bytes_long(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("copy_bytes_long", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_copy_u256s(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("copy_u256s", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_pack_one(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("pack_one", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_pack_many(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("pack_many", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_copy_many(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("copy_many", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_copy_structs(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("copy_structs", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_field(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("field", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_deep_read(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("deep_read", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_deep_borrow(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("deep_borrow", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_deep_copy(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("deep_copy", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_variant(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("variant", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_equal_bytes(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("equal_bytes", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_equal_bytes_short(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("equal_bytes_short", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_equal_u16s(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("equal_u16s", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_equal_u64s(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("equal_u64s", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_equal_u128s(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("equal_u128s", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_equal_u256s(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("equal_u256s", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_equal_bools(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("equal_bools", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_equal_structs(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("equal_structs", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_equal_addresses(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("equal_addresses", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_equal_address_list(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("equal_address_list", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_equal_128(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("equal_128", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_equal_256(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("equal_256", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_call(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("call", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_call_wide(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("call_wide", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_call_with(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("call_with", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_call_generic(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("call_generic", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_instantiate(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("instantiate", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_pack_generic(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("pack_generic", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_exists(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("exists", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_exists_generic(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("exists_generic", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_borrow_global(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("borrow_global", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_move_global(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("move_global", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_access(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("access", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_sha2_short(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("sha2_short", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_sha2_long(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("sha2_long", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_sha3_short(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("sha3_short", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_sha3_long(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("sha3_long", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_utf8(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("utf8", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_bcs_bytes(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("bcs_bytes", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_bcs_structs(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("bcs_structs", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_type_name(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("type_name", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_type_name_short(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("type_name_short", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_type_address(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("type_address", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_signer_address(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("signer_address", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_vector_natives(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("vector_natives", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_emit(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("emit", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_emit_long(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("emit_long", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_balance(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("balance", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_table_known(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("table_known", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	#[benchmark(pov_mode = Measured)]
	fn class_table_new(n: Linear<0, 1_000>) -> Result<(), BenchmarkError> {
		let mut rounds = Rounds::<T>::new("table_new", n);
		#[block]
		{
			rounds.go();
		}
		assert!(rounds.have_run());
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
