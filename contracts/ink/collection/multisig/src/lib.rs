//! A wallet whose owners act together: one proposes a call, others confirm it, and once enough of them
//! have, any of them executes it. Who the owners are is changed by calls of the wallet to itself.
//!
//! All that is stored lies under keys of its own and nothing in the root, so the wallet may be entered again
//! while it executes.

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

	/// Most owners.
	pub const MAX_OWNERS: usize = 20;

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
		proposed: Lazy<u32>,
		proposals: Mapping<u32, Proposal>,
		confirmed: Mapping<u32, Vec<AccountId>>,
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
			count(&self.confirmed.get(id).unwrap_or_default())
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
			let by = self.ensure_owner()?;
			let id = self.proposed.get_or_default();
			self.proposed.set(&id.saturating_add(1));
			self.proposals.insert(id, &proposal);
			self.env().emit_event(Proposed { id, by });
			self.confirm(id)?;
			Ok(id)
		}

		/// Confirms a call; tells how many owners have.
		#[ink(message)]
		pub fn confirm(&mut self, id: u32) -> Result<u32, Error> {
			let by = self.ensure_owner()?;
			self.ensure_proposed(id)?;
			let mut confirmed = self.confirmed.get(id).unwrap_or_default();
			if confirmed.contains(&by) {
				return Err(Error::ConfirmedBefore);
			}
			confirmed.push(by);
			self.confirmed.insert(id, &confirmed);
			let confirmations = count(&confirmed);
			self.env().emit_event(Confirmed {
				id,
				by,
				confirmations,
			});
			Ok(confirmations)
		}

		/// Takes a confirmation back; tells how many are left.
		#[ink(message)]
		pub fn revoke(&mut self, id: u32) -> Result<u32, Error> {
			let by = self.ensure_owner()?;
			self.ensure_proposed(id)?;
			let mut confirmed = self.confirmed.get(id).unwrap_or_default();
			let before = confirmed.len();
			confirmed.retain(|owner| *owner != by);
			if confirmed.len() == before {
				return Err(Error::NotConfirmed);
			}
			self.confirmed.insert(id, &confirmed);
			Ok(count(&confirmed))
		}

		/// Makes a call that enough owners have confirmed, and gives back what the callee answered after
		/// ink!'s own byte. A callee's error is in there: what was done is done.
		#[ink(message)]
		pub fn execute(&mut self, id: u32) -> Result<Vec<u8>, Error> {
			self.ensure_owner()?;
			let proposal = self.proposals.get(id).ok_or(Error::UnknownProposal)?;
			// Owners who are none any more do not count.
			let owners = self.owners();
			let mut confirmed = self.confirmed.get(id).unwrap_or_default();
			confirmed.retain(|owner| owners.contains(owner));
			if count(&confirmed) < self.threshold.get_or_default() {
				return Err(Error::TooFewConfirmations(count(&confirmed)));
			}
			// Before the call, which may come back.
			self.proposals.remove(id);
			self.confirmed.remove(id);
			let answer = invoke(proposal).ok_or(Error::CallFailed)?;
			self.env().emit_event(Executed {
				id,
				answer: answer.clone(),
			});
			Ok(answer)
		}

		/// Replaces the owners. By the wallet only.
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
			if threshold == 0 || threshold > count(&owners) || owners.len() > MAX_OWNERS {
				return Err(Error::BadOwners);
			}
			self.owners.set(&owners);
			self.threshold.set(&threshold);
			Ok(())
		}

		fn ensure_owner(&self) -> Result<AccountId, Error> {
			let caller = self.env().caller();
			if self.owners().contains(&caller) {
				Ok(caller)
			} else {
				Err(Error::NotOwner)
			}
		}

		fn ensure_proposed(&self, id: u32) -> Result<(), Error> {
			if self.proposals.contains(id) {
				Ok(())
			} else {
				Err(Error::UnknownProposal)
			}
		}
	}

	/// At most [`MAX_OWNERS`], but for lists that are refused.
	fn count(owners: &[AccountId]) -> u32 {
		u32::try_from(owners.len()).unwrap_or(u32::MAX)
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
