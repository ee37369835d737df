//! Contracts on a chain, called by `crossVm.call`, and what they say in terms of the page.

use std::collections::BTreeMap;

use codec::Encode;
use polkadot_sdk::{
	frame_support::{assert_ok, traits::fungible::Mutate},
	frame_system::BlockWeight,
	sp_core::{bytes, H160, H256, U256},
	sp_io::{
		hashing::{blake2_256, keccak_256},
		TestExternalities,
	},
	sp_keyring::Sr25519Keyring::Bob,
	sp_runtime::{DispatchError, Weight},
};
use trivium_primitives::{
	account::{alias, ethereum_account, module_account},
	CallError, Signature, Type, Value, VmId,
};
use trivium_runtime::{
	constants::currency::UNIT, AccountId, Balances, Contracts, CrossVm, MoveVm, Runtime,
	RuntimeEvent, RuntimeOrigin, System,
};

use super::{
	page::{Kind, Pages},
	step::{Log, Number, Outcome, Step, Who, Word, CONTRACTS, PEOPLE},
};
use crate::{
	common::{account, apply, development},
	contracts::{create, create_from},
	refusals::ink,
};

/// Answers whoever asks for `pull(address,address,u128)`, and reverts otherwise.
///
/// `if CALLDATALOAD(0) >> 224 == selector { STOP } REVERT`
fn broken() -> Vec<u8> {
	let pull = Signature::parse(b"pull(address,address,u128)").expect("is a signature");
	let selector = pull.solidity_selector();
	// PUSH0 CALLDATALOAD PUSH1 224 SHR PUSH4 selector EQ PUSH1 17 JUMPI PUSH0 PUSH0 REVERT JUMPDEST STOP
	let before = [0x5f, 0x35, 0x60, 0xe0, 0x1c, 0x63];
	let behind = [0x14, 0x60, 0x11, 0x57, 0x5f, 0x5f, 0xfd, 0x5b, 0x00];
	[&before[..], &selector, &behind].concat()
}

/// A chain with the contracts.
pub struct World {
	/// The machine of each of [`CONTRACTS`].
	pub machines: [VmId; 4],
	accounts: BTreeMap<Who, AccountId>,
	ext: TestExternalities,
}

/// All contracts in one machine.
pub fn pure(machine: VmId) -> [VmId; 4] {
	[machine; 4]
}

impl World {
	pub fn new(machines: [VmId; 4]) -> Self {
		let mut ext = development();
		let accounts = ext.execute_with(|| {
			let mut accounts = BTreeMap::new();
			for who in PEOPLE {
				let account = account(who.key());
				assert_ok!(Balances::mint_into(&account, 1_000_000 * UNIT));
				accounts.insert(who, account);
			}
			for (who, machine) in CONTRACTS.into_iter().zip(machines) {
				accounts.insert(who, deploy(who, machine));
			}
			accounts.insert(Who::Broken, ethereum_account(&create(&broken())));
			accounts
		});
		Self {
			machines,
			accounts,
			ext,
		}
	}

	/// Runs the step as a transaction. What it comes to is also what a simulation says before.
	pub fn take(&mut self, pages: &Pages, step: &Step) -> Outcome {
		let simulated = self.ask(pages, step);
		if simulated.is_ok() {
			let with_value = self.simulate(pages, step, 1);
			assert!(with_value.is_err(), "{step:?} takes native value");
		}
		let signature = pages.signature(step);
		let call = pallet_cross_vm::Call::call {
			target: self.accounts[&step.target].clone().into(),
			value: 0,
			signature: signature.as_bytes().to_vec().try_into().expect("is short"),
			args: self.values(&step.arguments),
			limit: pallet_cross_vm::CallLimit {
				ref_time: 300_000_000_000,
				proof_size: 2_500_000,
				deposit: Some(100 * UNIT),
			},
		};
		let (results, logs) = self.ext.execute_with(|| {
			System::reset_events();
			// Room for this one.
			BlockWeight::<Runtime>::kill();
			let applied = apply(step.caller.key(), call).expect("is valid");
			match applied {
				Ok(()) => (),
				Err(error) => assert_eq!(
					error,
					DispatchError::from(pallet_cross_vm::Error::<Runtime>::Reverted),
					"{step:?}"
				),
			}
			assert_eq!(applied.is_ok(), simulated.is_ok(), "{step:?}: {applied:?}");
			told()
		});
		let results = results.map(|values| self.words(&values));
		assert_eq!(results, simulated.clone().ok(), "{step:?}");
		let logs = logs.into_iter().map(|log| self.log(pages, log)).collect();
		Outcome {
			result: simulated,
			logs,
		}
	}

	/// What the call gives, without making it.
	pub fn ask(&mut self, pages: &Pages, step: &Step) -> Result<Vec<Word>, u64> {
		let simulated = self.simulate(pages, step, 0);
		match simulated {
			Ok(values) => Ok(self.words(&values)),
			Err(error) => Err(self.failure(pages, step, error)),
		}
	}

	fn simulate(
		&mut self,
		pages: &Pages,
		step: &Step,
		value: u128,
	) -> Result<Vec<Value>, CallError> {
		let [caller, target] = [step.caller, step.target].map(|who| self.accounts[&who].clone());
		let signature = pages.signature(step).as_bytes().to_vec();
		let arguments = self.values(&step.arguments);
		let simulated = self.ext.execute_with(|| {
			CrossVm::simulate(caller, target.into(), value, signature, arguments, None)
		});
		simulated.result
	}

	fn machine(&self, contract: Who) -> VmId {
		let place = CONTRACTS.iter().position(|who| *who == contract);
		self.machines[place.expect("has a specification")]
	}

	/// The number of a failure, which has to be one of the page's, in the machine's own form.
	fn failure(&self, pages: &Pages, step: &Step, error: CallError) -> u64 {
		let CallError::Reverted(data) = error else {
			panic!("{step:?} fails with {error:?} in {:?}", self.machines)
		};
		let failures = &pages.of(step.target).failures;
		let number = match self.machine(step.target) {
			VmId::EVM => failures.iter().find_map(|(number, name)| {
				let selector = &keccak_256(format!("{name}()").as_bytes())[..4];
				(data == selector).then_some(*number)
			}),
			VmId::WASM => match data[..] {
				[0, 1, number] => Some(number.into()),
				_ => None,
			},
			_ => <[u8; 8]>::try_from(&data[..])
				.ok()
				.map(|code| u64::from_le_bytes(code) & 0xFFFF),
		};
		number
			.filter(|number| failures.contains_key(number))
			.unwrap_or_else(|| panic!("{step:?} fails with {data:?} in {:?}", self.machines))
	}

	fn values(&self, words: &[Word]) -> Vec<Value> {
		let value = |word: &Word| match word {
			Word::Who(who) => Value::Address(self.accounts[who].clone()),
			Number(number) => Value::Uint((*number).into()),
		};
		words.iter().map(value).collect()
	}

	fn words(&self, values: &[Value]) -> Vec<Word> {
		let word = |value: &Value| match value {
			Value::Address(account) => Word::Who(self.who(alias(account))),
			Value::Uint(number) => Number(u128::try_from(*number).expect("fits")),
			other => panic!("the page has no {other:?}"),
		};
		values.iter().map(word).collect()
	}

	/// Who has this alias, by which all machines can be compared.
	fn who(&self, address: H160) -> Who {
		let found = self
			.accounts
			.iter()
			.find(|(_, account)| alias(account) == address);
		*found.expect("is of this world").0
	}

	/// An event as the page has it, from its form in its machine.
	fn log(&self, pages: &Pages, raw: Raw) -> Log {
		let contract = self.who(alias(&raw.contract));
		assert_eq!(raw.vm, self.machine(contract));
		let publisher = &self.accounts[&contract.deployer()];
		let events = &pages.of(contract).events;
		let event = events
			.iter()
			.find(|event| raw.topics[0] == topic(raw.vm, event, publisher, contract.kind()))
			.expect("the event is on the page");
		let indexed: Vec<Type> = event
			.params
			.iter()
			.take_while(|of| **of == Type::Address)
			.cloned()
			.collect();
		let others = &event.params[indexed.len()..];
		let topics: Vec<u8> = raw.topics[1..].iter().flat_map(|topic| topic.0).collect();
		let fields = match raw.vm {
			VmId::EVM => {
				let mut fields = self.fields(raw.vm, &indexed, &topics);
				fields.extend(self.fields(raw.vm, others, &raw.data));
				fields
			}
			VmId::WASM => {
				let fields = self.fields(raw.vm, &event.params, &raw.data);
				assert_eq!(
					self.fields(raw.vm, &indexed, &topics),
					fields[..indexed.len()]
				);
				fields
			}
			_ => {
				assert!(topics.is_empty());
				self.fields(raw.vm, &event.params, &raw.data)
			}
		};
		Log {
			frame: raw.frame,
			contract,
			event: event.name.to_string(),
			fields,
		}
	}

	/// Reads values one behind the other: words in the EVM, otherwise as many bytes as each has, the lowest first.
	fn fields(&self, vm: VmId, types: &[Type], bytes: &[u8]) -> Vec<Word> {
		let mut rest = bytes;
		let mut take = |len: usize| {
			let (taken, left) = rest.split_at(len);
			rest = left;
			taken
		};
		let mut field = |of: &Type| match (vm, of) {
			(VmId::EVM, Type::Address) => Word::Who(self.who(H160::from_slice(&take(32)[12..]))),
			(VmId::EVM, _) => {
				let number = U256::from_big_endian(take(32));
				Number(u128::try_from(number).expect("fits"))
			}
			(_, Type::Address) => {
				let bytes = <[u8; 32]>::try_from(take(32)).expect("32 bytes");
				Word::Who(self.who(alias(&bytes.into())))
			}
			(_, Type::Uint(bits)) => {
				Number(U256::from_little_endian(take(usize::from(*bits) / 8)).as_u128())
			}
			(_, other) => panic!("the page has no {other:?}"),
		};
		let fields = types.iter().map(&mut field).collect();
		assert!(rest.is_empty(), "there is more than the fields");
		fields
	}
}

/// An event as it is deposited.
struct Raw {
	vm: VmId,
	contract: AccountId,
	frame: u32,
	topics: Vec<H256>,
	data: Vec<u8>,
}

/// The results of the call of this block and its events.
fn told() -> (Option<Vec<Value>>, Vec<Raw>) {
	let (mut results, mut logs) = (None, Vec::new());
	for record in System::events() {
		match record.event {
			RuntimeEvent::CrossVm(pallet_cross_vm::Event::Log {
				vm,
				contract,
				frame,
				topics,
				data,
			}) => logs.push(Raw {
				vm,
				contract,
				frame,
				topics,
				data,
			}),
			RuntimeEvent::CrossVm(pallet_cross_vm::Event::Called { results: said, .. }) => {
				results = Some(said)
			}
			_ => (),
		}
	}
	(results, logs)
}

/// The first topic of an event.
fn topic(vm: VmId, event: &Signature, publisher: &AccountId, kind: Kind) -> H256 {
	let hash = match vm {
		VmId::EVM => keccak_256(event.solidity().as_bytes()),
		VmId::WASM => {
			let name = |of: &Type| match of {
				Type::Address => "AccountId".to_string(),
				Type::Uint(bits) => format!("u{bits}"),
				other => panic!("the page has no {other:?}"),
			};
			let types: Vec<_> = event.params.iter().map(name).collect();
			blake2_256(format!("{}({})", event.name, types.join(",")).as_bytes())
		}
		_ => {
			let publisher = bytes::to_hex(publisher.as_ref(), false);
			keccak_256(format!("{publisher}::{}::{}", kind.name(), event.name).as_bytes())
		}
	};
	H256(hash)
}

/// Puts a contract on the chain as `scripts/build-contracts` and `scripts/build-move` leave it.
fn deploy(who: Who, machine: VmId) -> AccountId {
	let deployer = account(who.deployer().key());
	let origin = RuntimeOrigin::signed(deployer.clone());
	let contracts = concat!(env!("CARGO_MANIFEST_DIR"), "/../contracts");
	let name = who.kind().name();
	let read = |path: String| {
		std::fs::read(&path)
			.unwrap_or_else(|error| panic!("{path}: {error}; run scripts/build-contracts first"))
	};
	match machine {
		VmId::EVM => {
			let artifact = read(format!("{contracts}/build/{}.json", who.kind().title()));
			let artifact: serde_json::Value = serde_json::from_slice(&artifact).expect("is JSON");
			let code = artifact["bytecode"].as_str().expect("is text");
			let code = bytes::from_hex(code).expect("is hexadecimal");
			ethereum_account(&create_from(&deployer, code))
		}
		VmId::WASM => {
			let new = Signature::parse(b"new()").expect("is a signature");
			let made = Contracts::bare_instantiate(
				deployer,
				0,
				Weight::from_parts(100_000_000_000, 1_000_000),
				None,
				pallet_wasm::Code::Upload(ink(&format!("equivalence/{name}"))),
				new.ink_selector().to_vec(),
				Vec::new(),
				pallet_wasm::DebugInfo::Skip,
				pallet_wasm::CollectEvents::Skip,
			);
			made.result.expect("instantiates").account_id
		}
		_ => {
			let path = format!("{contracts}/move/equivalence/bytecode/{name}.mv");
			let mut code = read(path);
			// The bytecode names Bob.
			let bob = account(Bob).encode();
			let at = (0..code.len()).find(|at| code[*at..].starts_with(&bob));
			let at = at.expect("it names its publisher");
			code[at..at + 32].copy_from_slice(&deployer.encode());
			assert_ok!(MoveVm::publish_package(
				origin,
				vec![code],
				pallet_move::types::UpgradePolicy::Immutable,
				pallet_move::types::CallLimit {
					ref_time: 100_000_000_000,
					proof_size: 1_000_000,
					deposit: Some(100 * UNIT),
				}
			));
			module_account(&deployer, name.as_bytes())
		}
	}
}
