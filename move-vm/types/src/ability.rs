//! What may be done with the values of a type: Move's four abilities.

/// One ability. Its number is its bit in the binary format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Ability {
	/// Values may be copied.
	Copy = 0x1,
	/// Values may be dropped, and their places overwritten.
	Drop = 0x2,
	/// Values may lie inside of values in global storage.
	Store = 0x4,
	/// Values may lie in global storage under an address of their own.
	Key = 0x8,
}

impl Ability {
	/// All of them.
	pub const ALL: [Self; 4] = [Self::Copy, Self::Drop, Self::Store, Self::Key];

	/// The ability that a field's type must have if its struct has this one: `key` asks for
	/// `store`, the others for themselves.
	pub const fn requires(self) -> Self {
		match self {
			Self::Copy => Self::Copy,
			Self::Drop => Self::Drop,
			Self::Store | Self::Key => Self::Store,
		}
	}

	/// The ability that a struct may get from this one of its type arguments: the inverse of
	/// [`Ability::requires`], as a set.
	pub const fn required_by(self) -> AbilitySet {
		match self {
			Self::Copy => AbilitySet(Self::Copy as u8),
			Self::Drop => AbilitySet(Self::Drop as u8),
			Self::Store => AbilitySet(Self::Store as u8 | Self::Key as u8),
			Self::Key => AbilitySet::EMPTY,
		}
	}
}

/// A set of abilities, as the binary format stores it: one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AbilitySet(u8);

impl AbilitySet {
	/// None.
	pub const EMPTY: Self = Self(0);
	/// All four.
	pub const ALL: Self = Self(0xF);
	/// Of `bool`, the integers and `address`.
	pub const PRIMITIVES: Self = Self(0x7);
	/// Of references.
	pub const REFERENCES: Self = Self(0x3);
	/// Of `signer`.
	pub const SIGNER: Self = Self(0x2);
	/// Of `vector<T>` before its element has a say.
	pub const VECTOR: Self = Self(0x7);

	/// The set of one ability.
	pub const fn singleton(ability: Ability) -> Self {
		Self(ability as u8)
	}

	/// The set with these bits; `None` if a bit is unknown.
	pub const fn from_bits(bits: u8) -> Option<Self> {
		if bits & !0xF == 0 {
			Some(Self(bits))
		} else {
			None
		}
	}

	/// Its bits.
	pub const fn bits(self) -> u8 {
		self.0
	}

	/// Whether `ability` is in it.
	pub const fn has(self, ability: Ability) -> bool {
		self.0 & ability as u8 != 0
	}

	/// Whether `copy` is in it.
	pub const fn has_copy(self) -> bool {
		self.has(Ability::Copy)
	}

	/// Whether `drop` is in it.
	pub const fn has_drop(self) -> bool {
		self.has(Ability::Drop)
	}

	/// Whether `store` is in it.
	pub const fn has_store(self) -> bool {
		self.has(Ability::Store)
	}

	/// Whether `key` is in it.
	pub const fn has_key(self) -> bool {
		self.has(Ability::Key)
	}

	/// This set and `ability`.
	#[must_use]
	pub const fn with(self, ability: Ability) -> Self {
		Self(self.0 | ability as u8)
	}

	/// What is in either.
	#[must_use]
	pub const fn union(self, other: Self) -> Self {
		Self(self.0 | other.0)
	}

	/// What is in both.
	#[must_use]
	pub const fn intersect(self, other: Self) -> Self {
		Self(self.0 & other.0)
	}

	/// Whether all of this is in `other`.
	pub const fn is_subset(self, other: Self) -> bool {
		self.0 & other.0 == self.0
	}

	/// Its abilities, by their bits.
	pub fn iter(self) -> impl Iterator<Item = Ability> {
		Ability::ALL
			.into_iter()
			.filter(move |ability| self.has(*ability))
	}

	/// What the fields of a struct with these abilities must have.
	#[must_use]
	pub fn requires(self) -> Self {
		self.iter()
			.fold(Self::EMPTY, |set, ability| set.with(ability.requires()))
	}

	/// What a type with these abilities lets an enclosing type have.
	#[must_use]
	pub fn required_by(self) -> Self {
		self.iter()
			.fold(Self::EMPTY, |set, ability| set.union(ability.required_by()))
	}

	/// The abilities of a struct or vector that declares `declared`, given those of its type
	/// arguments: a declared ability holds if every argument in a position that is not phantom has
	/// what the ability requires.
	///
	/// `arguments` gives `(is_phantom, abilities)` in order.
	pub fn polymorphic(
		declared: Self,
		arguments: impl IntoIterator<Item = (bool, AbilitySet)>,
	) -> Self {
		arguments
			.into_iter()
			.filter(|(phantom, _)| !phantom)
			.fold(declared, |set, (_, argument)| {
				set.intersect(argument.required_by())
			})
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn bits_beyond_the_four_are_refused() {
		assert_eq!(AbilitySet::from_bits(0xF), Some(AbilitySet::ALL));
		assert_eq!(AbilitySet::from_bits(0x10), None);
	}

	#[test]
	fn key_of_a_struct_asks_for_store_of_its_argument() {
		let declared = AbilitySet::singleton(Ability::Key).with(Ability::Drop);
		let with_store = AbilitySet::singleton(Ability::Store);
		assert_eq!(
			AbilitySet::polymorphic(declared, [(false, with_store)]),
			AbilitySet::singleton(Ability::Key)
		);
		assert_eq!(
			AbilitySet::polymorphic(declared, [(true, AbilitySet::EMPTY)]),
			declared
		);
		assert_eq!(
			AbilitySet::polymorphic(declared, [(false, AbilitySet::singleton(Ability::Key))]),
			AbilitySet::EMPTY
		);
	}
}
