//! A wallet whose owners act together: one proposes a call, others confirm it, and once enough of them
//! have, any of them executes it. Who the owners are is changed by calls of the wallet to itself.
//!
//! All that is stored lies under keys of its own and nothing in the root, so the wallet may be entered again
//! while it executes. Confirmations are bits of a number: who proposes pays for all that is stored of a
//! proposal.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::multisig::{Error, Multisig, MultisigRef, Proposal};

#[ink::contract]
mod multisig {
	use ink::{
		env::{
			call::{build_call, ExecutionInput, Selector},
			CallFlags, DefaultEnvironment,
		},
		prelude::vec::Vec,
		storage::{Lazy, Mapping},
	};
	use scale::{Decode, Encode, Input, Output};

	/// Most owners: each has a bit.
	pub const MAX_OWNERS: usize = 32;

	/// A call that waits for confirmations.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
	pub struct Proposal {
		/// Who is called.
		pub callee: AccountId,
		/// Which message.
		pub selector: [u8; 4],
		/// Its arguments, encoded.
		pub arguments: Vec<u8>,
		/// Coins that go along.
		pub value: Balance,
		/// Whether the callee may call the wallet.
		pub allows_reentry: bool,
	}

	/// A call was proposed.
	#[ink(event)]
	pub struct Proposed {
		/// Its number.
		#[ink(topic)]
		pub id: u32,
		/// Who proposed it.
		#[ink(topic)]
		pub by: AccountId,
	}

	/// An owner confirmed a call.
	#[ink(event)]
	pub struct Confirmed {
		/// The call's number.
		#[ink(topic)]
		pub id: u32,
		/// Who did.
		#[ink(topic)]
		pub by: AccountId,
		/// How many have by now.
		pub confirmations: u32,
	}

	/// A call was made.
	#[ink(event)]
	pub struct Executed {
		/// Its number.
		#[ink(topic)]
		pub id: u32,
		/// What the callee answered.
		pub answer: Vec<u8>,
	}

	/// Coins came in.
	#[ink(event)]
	pub struct Received {
		/// From whom.
		#[ink(topic)]
		pub from: AccountId,
		/// How many.
		pub value: Balance,
	}

	/// Why nothing was done.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Error {
		/// The caller is no owner.
		NotOwner,
		/// Only the wallet itself may do this.
		NotWallet,
		/// There is no such call, or it was made.
		UnknownProposal,
		/// The owner has confirmed before.
		ConfirmedBefore,
		/// The owner has not confirmed.
		NotConfirmed,
		/// Only so many have confirmed.
		TooFewConfirmations(u32),
		/// The call failed.
		CallFailed,
		/// Such owners there cannot be.
		BadOwners,
	}

	/// Bytes that are passed on as they are.
	struct Raw(Vec<u8>);

	impl Encode for Raw {
		fn size_hint(&self) -> usize {
			self.0.len()
		}

		fn encode_to<O: Output + ?Sized>(&self, output: &mut O) {
			output.write(&self.0);
		}
	}

	impl Decode for Raw {
		fn decode<I: Input>(input: &mut I) -> Result<Self, scale::Error> {
			let len = input.remaining_len()?.unwrap_or_default();
			let mut bytes = ink::prelude::vec![0; len];
			input.read(&mut bytes)?;
			Ok(Self(bytes))
		}
	}

	/// Owners, calls that wait, and who has confirmed them.
	#[ink(storage)]
	#[derive(Default)]
	pub struct Multisig {
		owners: Lazy<Vec<AccountId>>,
		threshold: Lazy<u32>,
		// How many calls were proposed, and how many of them before there were these owners.
		proposed: Lazy<u32>,
		outdated: Lazy<u32>,
		proposals: Mapping<u32, Proposal>,
		confirmed: Mapping<u32, u32>,
	}

	impl Multisig {
		/// A wallet of these owners, of whom `threshold` have to confirm.
		#[ink(constructor, payable)]
		pub fn new(owners: Vec<AccountId>, threshold: u32) -> Result<Self, Error> {
			let mut wallet = Self::default();
			wallet.set(owners, threshold)?;
			Ok(wallet)
		}

		/// Who the owners are.
		#[ink(message)]
		pub fn owners(&self) -> Vec<AccountId> {
			self.owners.get_or_default()
		}

		/// A call that waits.
		#[ink(message)]
		pub fn proposal(&self, id: u32) -> Option<Proposal> {
			self.proposals.get(id)
		}

		/// How many owners have confirmed a call.
		#[ink(message)]
		pub fn confirmations(&self, id: u32) -> u32 {
			self.confirmed.get(id).unwrap_or_default().count_ones()
		}

		/// Takes coins.
		#[ink(message, payable)]
		pub fn receive(&mut self) {
			self.env().emit_event(Received {
				from: self.env().caller(),
				value: self.env().transferred_value(),
			});
		}

		/// Proposes a call and confirms it; its number is given back.
		#[ink(message)]
		pub fn propose(&mut self, proposal: Proposal) -> Result<u32, Error> {
			self.bit_of_caller()?;
			let id = self.proposed.get_or_default();
			self.proposed.set(&id.saturating_add(1));
			self.proposals.insert(id, &proposal);
			self.env().emit_event(Proposed {
				id,
				by: self.env().caller(),
			});
			self.confirm(id)?;
			Ok(id)
		}

		/// Confirms a call; tells how many owners have.
		#[ink(message)]
		pub fn confirm(&mut self, id: u32) -> Result<u32, Error> {
			let bit = self.bit_of_caller()?;
			self.ensure_waiting(id)?;
			let mut confirmed = self.confirmed.get(id).unwrap_or_default();
			if confirmed & bit != 0 {
				return Err(Error::ConfirmedBefore);
			}
			confirmed |= bit;
			self.confirmed.insert(id, &confirmed);
			let confirmations = confirmed.count_ones();
			self.env().emit_event(Confirmed {
				id,
				by: self.env().caller(),
				confirmations,
			});
			Ok(confirmations)
		}

		/// Takes a confirmation back; tells how many are left.
		#[ink(message)]
		pub fn revoke(&mut self, id: u32) -> Result<u32, Error> {
			let bit = self.bit_of_caller()?;
			self.ensure_waiting(id)?;
			let mut confirmed = self.confirmed.get(id).unwrap_or_default();
			if confirmed & bit == 0 {
				return Err(Error::NotConfirmed);
			}
			confirmed &= !bit;
			self.confirmed.insert(id, &confirmed);
			Ok(confirmed.count_ones())
		}

		/// Forgets a call.
		#[ink(message)]
		pub fn discard(&mut self, id: u32) -> Result<(), Error> {
			self.bit_of_caller()?;
			if !self.proposals.contains(id) {
				return Err(Error::UnknownProposal);
			}
			self.proposals.remove(id);
			self.confirmed.remove(id);
			Ok(())
		}

		/// Makes a call that enough owners have confirmed, and gives back what the callee answered after
		/// ink!'s own byte. A callee's error is in there: what was done is done.
		#[ink(message)]
		pub fn execute(&mut self, id: u32) -> Result<Vec<u8>, Error> {
			self.bit_of_caller()?;
			self.ensure_waiting(id)?;
			let confirmations = self.confirmations(id);
			if confirmations < self.threshold.get_or_default() {
				return Err(Error::TooFewConfirmations(confirmations));
			}
			// Before the call, which may come back.
			let proposal = self.proposals.take(id).ok_or(Error::UnknownProposal)?;
			self.confirmed.remove(id);
			let answer = invoke(proposal).ok_or(Error::CallFailed)?;
			self.env().emit_event(Executed {
				id,
				answer: answer.clone(),
			});
			Ok(answer)
		}

		/// Replaces the owners, so that no call waits any more. By the wallet only.
		#[ink(message)]
		pub fn set_owners(&mut self, owners: Vec<AccountId>, threshold: u32) -> Result<(), Error> {
			if self.env().caller() != self.env().account_id() {
				return Err(Error::NotWallet);
			}
			self.set(owners, threshold)
		}

		fn set(&mut self, mut owners: Vec<AccountId>, threshold: u32) -> Result<(), Error> {
			owners.sort();
			owners.dedup();
			let count = u32::try_from(owners.len()).unwrap_or(u32::MAX);
			if threshold == 0 || threshold > count || owners.len() > MAX_OWNERS {
				return Err(Error::BadOwners);
			}
			self.owners.set(&owners);
			self.threshold.set(&threshold);
			self.outdated.set(&self.proposed.get_or_default());
			Ok(())
		}

		fn bit_of_caller(&self) -> Result<u32, Error> {
			let caller = self.env().caller();
			let place = self.owners().iter().position(|owner| *owner == caller);
			let bit = place.and_then(|place| 1_u32.checked_shl(u32::try_from(place).ok()?));
			bit.ok_or(Error::NotOwner)
		}

		fn ensure_waiting(&self, id: u32) -> Result<(), Error> {
			if self.proposals.contains(id) && id >= self.outdated.get_or_default() {
				Ok(())
			} else {
				Err(Error::UnknownProposal)
			}
		}
	}

	fn invoke(proposal: Proposal) -> Option<Vec<u8>> {
		let flags = if proposal.allows_reentry {
			CallFlags::ALLOW_REENTRY
		} else {
			CallFlags::empty()
		};
		let answer = build_call::<DefaultEnvironment>()
			.call(proposal.callee)
			.transferred_value(proposal.value)
			.call_flags(flags)
			.exec_input(
				ExecutionInput::new(Selector::new(proposal.selector))
					.push_arg(Raw(proposal.arguments)),
			)
			.returns::<Raw>()
			.try_invoke();
		Some(answer.ok()?.ok()?.0)
	}
}
