//! A registry of names: whoever pays the price has a name, says what account it stands for, adds a text of any
//! length to it, hands it over, or gives it back.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::dns::{Dns, DnsRef, Error};

#[ink::contract]
mod dns {
	use ink::{
		prelude::{string::String, vec::Vec},
		storage::{Lazy, Mapping},
	};

	/// A name, as bytes.
	pub type Name = Vec<u8>;

	/// Longest name, bytes. With ink!'s prefix it is within what the chain takes for a key.
	pub const MAX_NAME_BYTES: usize = 64;

	/// A name has an owner.
	#[ink(event)]
	pub struct Registered {
		/// Which.
		#[ink(topic)]
		pub name: Name,
		/// Whose.
		#[ink(topic)]
		pub by: AccountId,
	}

	/// A name stands for something else.
	#[ink(event)]
	pub struct Pointed {
		/// Which.
		#[ink(topic)]
		pub name: Name,
		/// What it stood for.
		pub from: Option<AccountId>,
		/// What it stands for.
		#[ink(topic)]
		pub to: AccountId,
	}

	/// A name has another owner, or none.
	#[ink(event)]
	pub struct HandedOver {
		/// Which.
		#[ink(topic)]
		pub name: Name,
		/// Whose it was.
		pub from: AccountId,
		/// Whose it is.
		#[ink(topic)]
		pub to: Option<AccountId>,
	}

	/// Why nothing was done.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Error {
		/// The name is empty or too long.
		BadName,
		/// Somebody has it.
		Taken,
		/// The name is another's, or nobody's.
		NotOwner,
		/// This is what a name costs.
		WrongPrice(Balance),
		/// The coins cannot be sent.
		TransferFailed,
	}

	/// Who has which name, and what it stands for.
	#[ink(storage)]
	pub struct Dns {
		keeper: AccountId,
		price: Balance,
		owners: Mapping<Name, AccountId>,
		addresses: Mapping<Name, AccountId>,
		texts: Mapping<Name, String>,
		// What most callers have no need for.
		fallback: Lazy<AccountId>,
		sold: Lazy<u32>,
	}

	impl Dns {
		/// Names for this many coins each, which are the deployer's. `fallback` is what a name stands for
		/// that stands for nothing.
		#[ink(constructor)]
		pub fn new(price: Balance, fallback: AccountId) -> Self {
			let mut registry = Self {
				keeper: Self::env().caller(),
				price,
				owners: Mapping::default(),
				addresses: Mapping::default(),
				texts: Mapping::default(),
				fallback: Lazy::default(),
				sold: Lazy::default(),
			};
			registry.fallback.set(&fallback);
			registry
		}

		/// Whose a name is.
		#[ink(message)]
		pub fn owner_of(&self, name: Name) -> Option<AccountId> {
			self.owners.get(name)
		}

		/// What a name stands for.
		#[ink(message)]
		pub fn resolve(&self, name: Name) -> Option<AccountId> {
			self.addresses.get(name).or_else(|| self.fallback.get())
		}

		/// A name's text.
		#[ink(message)]
		pub fn text(&self, name: Name) -> Option<String> {
			self.texts.get(name)
		}

		/// How many bytes a name's text takes in storage.
		#[ink(message)]
		pub fn text_size(&self, name: Name) -> Option<u32> {
			self.texts.size(name)
		}

		/// How many names have been sold.
		#[ink(message)]
		pub fn sold(&self) -> u32 {
			self.sold.get_or_default()
		}

		/// Buys a name.
		#[ink(message, payable)]
		pub fn register(&mut self, name: Name) -> Result<(), Error> {
			if name.is_empty() || name.len() > MAX_NAME_BYTES {
				return Err(Error::BadName);
			}
			if self.env().transferred_value() != self.price {
				return Err(Error::WrongPrice(self.price));
			}
			if self.owners.contains(&name) {
				return Err(Error::Taken);
			}
			let by = self.env().caller();
			self.owners.insert(&name, &by);
			self.sold.set(&self.sold().saturating_add(1));
			self.env().emit_event(Registered { name, by });
			Ok(())
		}

		/// A name stands for this account from now on.
		#[ink(message)]
		pub fn point(&mut self, name: Name, to: AccountId) -> Result<(), Error> {
			self.ensure_owner(&name)?;
			let from = self.addresses.get(&name);
			self.addresses.insert(&name, &to);
			self.env().emit_event(Pointed { name, from, to });
			Ok(())
		}

		/// A name has this text from now on; tells how long the last one was in storage.
		#[ink(message)]
		pub fn set_text(&mut self, name: Name, text: String) -> Result<Option<u32>, Error> {
			self.ensure_owner(&name)?;
			Ok(self.texts.insert(&name, &text))
		}

		/// Takes a name's text away and gives it back.
		#[ink(message)]
		pub fn take_text(&mut self, name: Name) -> Result<Option<String>, Error> {
			self.ensure_owner(&name)?;
			Ok(self.texts.take(&name))
		}

		/// A name is somebody else's from now on.
		#[ink(message)]
		pub fn hand_over(&mut self, name: Name, to: AccountId) -> Result<(), Error> {
			let from = self.ensure_owner(&name)?;
			self.owners.insert(&name, &to);
			self.env().emit_event(HandedOver {
				name,
				from,
				to: Some(to),
			});
			Ok(())
		}

		/// Gives a name back, with all that belongs to it.
		#[ink(message)]
		pub fn release(&mut self, name: Name) -> Result<(), Error> {
			let from = self.ensure_owner(&name)?;
			self.owners.remove(&name);
			self.addresses.remove(&name);
			self.texts.remove(&name);
			self.env().emit_event(HandedOver {
				name,
				from,
				to: None,
			});
			Ok(())
		}

		/// Pays out what names have brought; tells how much that is.
		#[ink(message)]
		pub fn collect(&mut self) -> Result<Balance, Error> {
			if self.env().caller() != self.keeper {
				return Err(Error::NotOwner);
			}
			// Without what a contract needs to exist.
			let amount = self.env().balance();
			self.env()
				.transfer(self.keeper, amount)
				.map_err(|_| Error::TransferFailed)?;
			Ok(amount)
		}

		fn ensure_owner(&self, name: &Name) -> Result<AccountId, Error> {
			let caller = self.env().caller();
			if self.owners.get(name) == Some(caller) {
				Ok(caller)
			} else {
				Err(Error::NotOwner)
			}
		}
	}
}
