//! Payments off chain, settled once: a customer puts coins in and signs, off chain, ever larger sums for a
//! merchant, who opened the channel and closes it with the last of them. If he does not, the customer asks for
//! the end, and after a while has his coins back.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::payment_channel::{Error, Key, PaymentChannel, PaymentChannelRef, Signature};

#[ink::contract]
mod payment_channel {
	use ink::env::hash::Blake2x256;

	/// The customer's key.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
	pub enum Key {
		/// On Ristretto, as most accounts have it.
		Sr25519([u8; 32]),
		/// On secp256k1, compressed, as Ethereum has it.
		Ecdsa([u8; 33]),
	}

	/// A signature over [`PaymentChannel::digest`].
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Signature {
		/// By a key of the same name.
		Sr25519([u8; 64]),
		/// By a key of the same name, with the byte for recovery.
		Ecdsa([u8; 65]),
	}

	/// Coins were put in.
	#[ink(event)]
	pub struct Funded {
		/// By whom.
		#[ink(topic)]
		pub by: AccountId,
		/// How many.
		pub value: Balance,
	}

	/// The merchant was paid.
	#[ink(event)]
	pub struct Paid {
		/// How much now.
		pub value: Balance,
		/// How much in all.
		pub total: Balance,
	}

	/// The customer wants to end this.
	#[ink(event)]
	pub struct Closing {
		/// When he may, milliseconds.
		pub at: Timestamp,
	}

	/// Why nothing was done.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Error {
		/// Only the merchant may.
		NotMerchant,
		/// Only the customer may.
		NotCustomer,
		/// The customer has not signed this.
		BadSignature,
		/// No more than what was paid before.
		NothingNew,
		/// There are fewer coins than that.
		TooFewCoins,
		/// The customer has not asked for the end.
		NotClosing,
		/// The end is not there yet; it is at this time.
		TooEarly(Timestamp),
		/// The coins cannot be sent.
		TransferFailed,
	}

	/// No time at all.
	const NEVER: Timestamp = Timestamp::MAX;

	/// The channel. Nothing in it changes its length, so that its deposit stays the merchant's.
	#[ink(storage)]
	pub struct PaymentChannel {
		merchant: AccountId,
		customer: AccountId,
		key: Key,
		paid: Balance,
		grace: Timestamp,
		ends: Timestamp,
	}

	impl PaymentChannel {
		/// A channel from a customer to the deployer. `grace` is how long the merchant has when the
		/// customer wants to end it, milliseconds.
		#[ink(constructor)]
		pub fn new(customer: AccountId, key: Key, grace: Timestamp) -> Self {
			Self {
				merchant: Self::env().caller(),
				customer,
				key,
				paid: 0,
				grace,
				ends: NEVER,
			}
		}

		/// What is left in the channel.
		#[ink(message)]
		pub fn balance(&self) -> Balance {
			self.env().balance()
		}

		/// What the merchant has had.
		#[ink(message)]
		pub fn paid(&self) -> Balance {
			self.paid
		}

		/// What the customer signs so that the merchant has `total` in all. No other channel has the same.
		#[ink(message)]
		pub fn digest(&self, total: Balance) -> [u8; 32] {
			self.env()
				.hash_encoded::<Blake2x256, _>(&(self.env().account_id(), total))
		}

		/// Puts coins in.
		#[ink(message, payable)]
		pub fn fund(&mut self) {
			self.env().emit_event(Funded {
				by: self.env().caller(),
				value: self.env().transferred_value(),
			});
		}

		/// Pays the merchant up to `total` in all.
		#[ink(message)]
		pub fn withdraw(&mut self, total: Balance, signature: Signature) -> Result<Balance, Error> {
			self.pay(total, signature)
		}

		/// Pays the merchant up to `total` in all, gives the rest back and ends the channel.
		#[ink(message)]
		pub fn close(&mut self, total: Balance, signature: Signature) -> Result<(), Error> {
			self.pay(total, signature)?;
			self.env().terminate_contract(self.customer)
		}

		/// The customer asks for the end.
		#[ink(message)]
		pub fn ask_for_end(&mut self) -> Result<Timestamp, Error> {
			if self.env().caller() != self.customer {
				return Err(Error::NotCustomer);
			}
			let at = self.env().block_timestamp().saturating_add(self.grace);
			self.ends = at;
			self.env().emit_event(Closing { at });
			Ok(at)
		}

		/// Gives everything back to the customer and ends the channel, once its time is over. Anybody may
		/// ask for that.
		#[ink(message)]
		pub fn end(&mut self) -> Result<(), Error> {
			if self.ends == NEVER {
				return Err(Error::NotClosing);
			}
			if self.env().block_timestamp() < self.ends {
				return Err(Error::TooEarly(self.ends));
			}
			self.env().terminate_contract(self.customer)
		}

		fn pay(&mut self, total: Balance, signature: Signature) -> Result<Balance, Error> {
			if self.env().caller() != self.merchant {
				return Err(Error::NotMerchant);
			}
			if !self.is_signed(total, &signature) {
				return Err(Error::BadSignature);
			}
			let value = total
				.checked_sub(self.paid)
				.filter(|value| *value > 0)
				.ok_or(Error::NothingNew)?;
			if value > self.env().balance() {
				return Err(Error::TooFewCoins);
			}
			self.paid = total;
			self.env()
				.transfer(self.merchant, value)
				.map_err(|_| Error::TransferFailed)?;
			self.env().emit_event(Paid { value, total });
			Ok(value)
		}

		fn is_signed(&self, total: Balance, signature: &Signature) -> bool {
			let digest = self.digest(total);
			match (&self.key, signature) {
				(Key::Sr25519(key), Signature::Sr25519(signature)) => {
					self.env().sr25519_verify(signature, &digest, key).is_ok()
				}
				(Key::Ecdsa(key), Signature::Ecdsa(signature)) => {
					self.env().ecdsa_recover(signature, &digest).as_ref() == Ok(key)
				}
				_ => false,
			}
		}
	}
}
