//! Contracts to be measured, and their host functions called from outside.

use alloc::{vec, vec::Vec};

use codec::Encode;
use polkadot_sdk::{frame_support::traits::fungible::Mutate, sp_core::H256, sp_weights::Weight};
use trivium_primitives::{AccountId, Balance};
use wasmi::{Func, Memory, MemoryType, Store, Val};

use crate::{
	classes, contract,
	frames::Stack,
	host::{self, Host},
	shares::{Place, Share, Shares},
	Code, CollectEvents, Config, ContractInfoOf, DebugInfo, Origin, Pallet, TrieId,
};

/// Who pays.
pub const SIGNER: AccountId = AccountId::new([1; 32]);
/// Planck that are enough for anything.
pub const PLENTY: Balance = Balance::MAX / 8;
/// Weight that is enough for anything.
const AMPLE: Weight = Weight::from_parts(u64::MAX / 4, u64::MAX / 4);
/// Where a contract's memory holds the length of its buffer.
pub const LEN: u32 = 900_000;
/// Where its buffer is.
pub const BUFFER: u32 = 910_000;

/// A contract that does nothing.
pub fn idle() -> Vec<u8> {
	classes::contract(&[0], &[])
}

/// The code that takes the longest to translate, of this length or a little less: conditions without content,
/// as many as an upload lets in, one store at a far offset, for which all operands are followed, and one selection
/// that has all of the code written anew.
pub fn dense(len: u32) -> Vec<u8> {
	// `if (local 0) {} else { nop }`
	const CONDITION: [u8; 7] = [0x20, 0, 0x04, 0x40, 0x05, 0x01, 0x0B];
	// `if (local 0) { i32.store offset=70000 (i32.const 0) (i32.const 0) }`
	const FAR_STORE: [u8; 14] = [
		0x20, 0, 0x04, 0x40, 0x41, 0, 0x41, 0, 0x36, 2, 0xF0, 0xA2, 0x04, 0x0B,
	];
	// `drop (select (local 0) (local 0) (local 0))`
	const SELECT: [u8; 8] = [0x20, 0, 0x20, 0, 0x20, 0, 0x1B, 0x1A];
	let mut body = [&FAR_STORE[..], &SELECT].concat();
	let rest = len.saturating_sub((idle().len() + 16 + body.len()) as u32);
	body.extend(CONDITION.repeat(rest as usize / CONDITION.len()));
	classes::contract(&[1, 1, 0x7F], &body)
}

/// Gives an account all it could need.
pub fn endow<T: Config>(who: &AccountId) {
	T::Currency::set_balance(who, PLENTY);
}

/// A contract and who pays.
pub struct Contract {
	pub account: AccountId,
	pub trie_id: TrieId,
}

/// Instantiates a contract.
pub fn deploy<T: Config>(code: Vec<u8>, salt: u8) -> Contract {
	Stack::<T>::leave_all_for_benchmark();
	endow::<T>(&SIGNER);
	let made = Pallet::<T>::bare_instantiate(
		SIGNER,
		0,
		AMPLE,
		Some(PLENTY / 8),
		Code::Upload(code),
		Vec::new(),
		vec![salt],
		DebugInfo::Skip,
		CollectEvents::Skip,
	);
	let account = match made.result {
		Ok(made) => made.account_id,
		Err(error) => panic!("{error:?}"),
	};
	let info = ContractInfoOf::<T>::get(&account).unwrap_or_else(|| panic!("it is a contract"));
	endow::<T>(&account);
	Contract {
		account,
		trie_id: info.trie_id,
	}
}

/// Uploads code.
pub fn upload<T: Config>(code: Vec<u8>) -> H256 {
	endow::<T>(&SIGNER);
	match Pallet::<T>::bare_upload_code(SIGNER, code, None) {
		Ok(uploaded) => uploaded.code_hash,
		Err(error) => panic!("{error:?}"),
	}
}

/// The depositors of an item: as many as there may be, the last of them the one who pays, for nearly all
/// of it: what others get back is charged for each of them.
pub fn shares<T: Config>(amount: Balance) -> Shares {
	let mut shares = Shares::default();
	for number in 1..crate::shares::MAX_SHARES as u8 {
		let depositor = AccountId::new([100 + number; 32]);
		endow::<T>(&depositor);
		let _ = shares.try_push(Share {
			depositor,
			amount: 1,
		});
	}
	let _ = shares.try_push(Share {
		depositor: SIGNER,
		amount,
	});
	shares
}

impl Contract {
	/// Stores an item as if it had been paid for by many.
	pub fn store<T: Config>(&self, key: &[u8], value: &[u8]) {
		let key = contract::Key::Variable(key.to_vec()).hashed();
		contract::write(&self.trie_id, &key, Some(value), false);
		let price = crate::deposit::price_of_item::<T>(Some(value.len() as u32));
		let shares = shares::<T>(price);
		crate::shares::put_for_benchmark::<T>(&self.trie_id, Place::Item(&key), shares);
	}

	/// Stores an item that [`SIGNER`] has paid for.
	pub fn store_alone<T: Config>(&self, key: &[u8], value: &[u8]) {
		let key = contract::Key::Variable(key.to_vec()).hashed();
		contract::write(&self.trie_id, &key, Some(value), false);
		let amount = crate::deposit::price_of_item::<T>(Some(value.len() as u32));
		let share = Share {
			depositor: SIGNER,
			amount,
		};
		let shares = Shares::truncate_from(vec![share]);
		crate::shares::put_for_benchmark::<T>(&self.trie_id, Place::Item(&key), shares);
	}

	/// Depends on code.
	pub fn depend<T: Config>(&self, code: H256) {
		let mut stack = self.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.write(0, &code.encode());
		let function = host.find("seal0", "lock_delegate_dependency");
		if host.call(&function, &args([0])).is_none() {
			panic!("it cannot depend on it");
		}
	}

	/// Runs, with nothing on its way.
	pub fn enter<T: Config>(&self) -> Stack<T> {
		let mut stack = Stack::<T>::new(
			Origin::Signed(SIGNER),
			Some(SIGNER),
			AMPLE,
			PLENTY / 8,
			false,
		);
		stack.debug = Some(Vec::new());
		let input = vec![7; 16];
		stack.enter_for_benchmark(self.account.clone(), self.trie_id.clone(), input);
		stack
	}
}

/// Host functions and the memory of the contract that calls them.
pub struct HostFunctions<'a, T: Config> {
	store: Store<Host<'a, T>>,
	memory: Memory,
}

impl<'a, T: Config> HostFunctions<'a, T> {
	pub fn new(stack: &'a mut Stack<T>) -> Self {
		let engine = wasmi::Engine::new(&crate::module::config(wasmi::CompilationMode::Lazy, 0));
		let mut store = Store::new(&engine, Host::new(stack));
		let memory = match Memory::new(&mut store, MemoryType::new(16, Some(16))) {
			Ok(memory) => memory,
			Err(error) => panic!("{error}"),
		};
		store.data_mut().set_memory(memory);
		let fuel = store.data_mut().hand_out_fuel();
		if let Err(error) = store.set_fuel(fuel) {
			panic!("{error}");
		}
		Self { store, memory }
	}

	pub fn write(&mut self, at: u32, bytes: &[u8]) {
		if let Err(error) = self.memory.write(&mut self.store, at as usize, bytes) {
			panic!("{error}");
		}
	}

	/// Sets the length of the buffer.
	pub fn set_len(&mut self, len: u32) {
		self.write(LEN, &len.encode());
	}

	pub fn find(&mut self, module: &str, name: &str) -> Func {
		match host::find::<T>(&mut self.store, module, name) {
			Some(function) => function,
			None => panic!("no {module} {name}"),
		}
	}

	/// Calls a function; what it gives, or nothing if it ends the contract.
	pub fn call(&mut self, function: &Func, arguments: &[Val]) -> Option<u32> {
		let mut results = [Val::I32(0)];
		let count = function.ty(&self.store).results().len();
		let results = results.get_mut(..count).unwrap_or_default();
		function.call(&mut self.store, arguments, results).ok()?;
		Some(match results {
			[Val::I32(code)] => *code as u32,
			_ => 0,
		})
	}

	/// Fills transient storage with other values.
	pub fn fill_transient(&mut self) {
		for number in 0..1_500u32 {
			self.put_transient(&number.encode(), Vec::new());
		}
	}

	/// Puts a value into transient storage.
	pub fn put_transient(&mut self, key: &[u8], value: Vec<u8>) {
		let key = contract::Key::Variable(key.to_vec());
		let account = match self.store.data_mut().stack.top() {
			Ok(frame) => frame.account.clone(),
			Err(error) => panic!("{error:?}"),
		};
		if let Err(error) = crate::transient::write::<T>(&account, &key, Some(value)) {
			panic!("{error:?}");
		}
	}

	/// Settles what the contract owes for its storage.
	pub fn settle(&mut self) {
		if let Err(error) = self.store.data_mut().stack.settle() {
			panic!("{error:?}");
		}
	}
}

/// Arguments of a host function.
pub fn args<const N: usize>(values: [u32; N]) -> [Val; N] {
	values.map(|value| Val::I32(value as i32))
}
