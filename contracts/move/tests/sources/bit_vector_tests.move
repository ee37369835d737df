// SPDX-License-Identifier: Apache-2.0

module tests::bit_vector_tests {
    use std::bit_vector;

    public fun test_new_is_clear() {
        let v = bit_vector::new(9);
        assert!(bit_vector::length(&v) == 9, 1);
        let i = 0;
        while (i < 9) {
            assert!(!bit_vector::is_index_set(&v, i), 2);
            i = i + 1;
        };
        assert!(bit_vector::length(&bit_vector::new(1)) == 1, 3);
        assert!(bit_vector::length(&bit_vector::new(1023)) == 1023, 4);
        assert!(bit_vector::word_size() == 1, 5);
    }

    public fun test_set_and_unset() {
        let v = bit_vector::new(9);
        bit_vector::set(&mut v, 0);
        bit_vector::set(&mut v, 8);
        bit_vector::set(&mut v, 8);
        assert!(bit_vector::is_index_set(&v, 0) && bit_vector::is_index_set(&v, 8), 1);
        assert!(!bit_vector::is_index_set(&v, 1), 2);
        bit_vector::unset(&mut v, 8);
        bit_vector::unset(&mut v, 7);
        assert!(!bit_vector::is_index_set(&v, 8) && bit_vector::is_index_set(&v, 0), 3);
    }

    public fun test_shift_left() {
        let v = bit_vector::new(9);
        bit_vector::set(&mut v, 3);
        bit_vector::set(&mut v, 8);
        bit_vector::shift_left(&mut v, 0);
        assert!(bit_vector::is_index_set(&v, 3), 1);
        bit_vector::shift_left(&mut v, 3);
        assert!(bit_vector::is_index_set(&v, 0) && bit_vector::is_index_set(&v, 5), 2);
        assert!(!bit_vector::is_index_set(&v, 8) && !bit_vector::is_index_set(&v, 3), 3);
        bit_vector::shift_left(&mut v, 1);
        assert!(bit_vector::is_index_set(&v, 4) && !bit_vector::is_index_set(&v, 0), 4);
        bit_vector::shift_left(&mut v, 9);
        assert!(v == bit_vector::new(9), 5);
        bit_vector::set(&mut v, 8);
        bit_vector::shift_left(&mut v, 18446744073709551615);
        assert!(v == bit_vector::new(9), 6);
    }

    public fun test_longest_set_sequence() {
        let v = bit_vector::new(9);
        bit_vector::set(&mut v, 1);
        bit_vector::set(&mut v, 2);
        bit_vector::set(&mut v, 7);
        bit_vector::set(&mut v, 8);
        assert!(bit_vector::longest_set_sequence_starting_at(&v, 0) == 0, 1);
        assert!(bit_vector::longest_set_sequence_starting_at(&v, 1) == 2, 2);
        assert!(bit_vector::longest_set_sequence_starting_at(&v, 2) == 1, 3);
        assert!(bit_vector::longest_set_sequence_starting_at(&v, 7) == 2, 4);
    }

    public fun expect_abort_0x20001__new_of_length_zero() {
        bit_vector::new(0);
    }

    public fun expect_abort_0x20001__new_of_length_1024() {
        bit_vector::new(1024);
    }

    public fun expect_abort_0x20000__set_out_of_bounds() {
        bit_vector::set(&mut bit_vector::new(9), 9);
    }

    public fun expect_abort_0x20000__unset_out_of_bounds() {
        bit_vector::unset(&mut bit_vector::new(9), 9);
    }

    public fun expect_abort_0x20000__is_index_set_out_of_bounds() {
        bit_vector::is_index_set(&bit_vector::new(9), 9);
    }

    public fun expect_abort_0x20000__sequence_out_of_bounds() {
        bit_vector::longest_set_sequence_starting_at(&bit_vector::new(9), 9);
    }
}
