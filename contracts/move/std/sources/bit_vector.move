// SPDX-License-Identifier: Apache-2.0

/// A row of bits of a fixed length.
module std::bit_vector {
    use std::vector;

    /// The index is not smaller than the length (`out_of_range(0)`).
    const EINDEX: u64 = 0x20000;
    /// The length is zero or too great (`out_of_range(1)`).
    const ELENGTH: u64 = 0x20001;

    /// How many bits an element of the field holds.
    const WORD_SIZE: u64 = 1;
    /// The length stays below this.
    const MAX_SIZE: u64 = 1024;

    /// Invariant: `bit_field` has `length` elements.
    struct BitVector has copy, drop, store {
        length: u64,
        bit_field: vector<bool>
    }

    /// `length` bits, none of them set.
    public fun new(length: u64): BitVector {
        assert!(length > 0 && length < MAX_SIZE, ELENGTH);
        let bit_field = vector::empty();
        let i = 0;
        while (i < length) {
            vector::push_back(&mut bit_field, false);
            i = i + 1;
        };
        BitVector { length, bit_field }
    }

    /// Sets a bit.
    public fun set(self: &mut BitVector, bit_index: u64) {
        put(self, bit_index, true)
    }

    /// Clears a bit.
    public fun unset(self: &mut BitVector, bit_index: u64) {
        put(self, bit_index, false)
    }

    /// Moves every bit down by `amount`: bit `i` becomes what bit `i + amount` was. What falls off
    /// is lost, what comes in is not set.
    public fun shift_left(self: &mut BitVector, amount: u64) {
        let len = self.length;
        let i = 0;
        while (i < len) {
            // `i + amount` may not exist.
            let bit = amount < len - i && *vector::borrow(&self.bit_field, i + amount);
            *vector::borrow_mut(&mut self.bit_field, i) = bit;
            i = i + 1;
        }
    }

    /// Whether a bit is set.
    public fun is_index_set(self: &BitVector, bit_index: u64): bool {
        assert!(bit_index < self.length, EINDEX);
        *vector::borrow(&self.bit_field, bit_index)
    }

    /// The number of bits.
    public fun length(self: &BitVector): u64 {
        self.length
    }

    /// How many bits are set in a row from `start_index` on.
    public fun longest_set_sequence_starting_at(self: &BitVector, start_index: u64): u64 {
        assert!(start_index < self.length, EINDEX);
        let i = start_index;
        while (i < self.length && *vector::borrow(&self.bit_field, i)) {
            i = i + 1;
        };
        i - start_index
    }

    /// How many bits an element of the field holds.
    public fun word_size(): u64 {
        WORD_SIZE
    }

    fun put(self: &mut BitVector, bit_index: u64, bit: bool) {
        assert!(bit_index < self.length, EINDEX);
        *vector::borrow_mut(&mut self.bit_field, bit_index) = bit
    }
}
