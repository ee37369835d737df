// SPDX-License-Identifier: Apache-2.0

module tests::option_tests {
    use std::bcs;
    use std::option;

    struct Unique has store { n: u8 }

    public fun test_none_and_some() {
        let n = option::none<u64>();
        let s = option::some(3u64);
        assert!(option::is_none(&n) && !option::is_some(&n), 1);
        assert!(option::is_some(&s) && !option::is_none(&s), 2);
        assert!(n == option::none() && s == option::some(3) && s != n && s != option::some(4), 3);
    }

    public fun test_contains() {
        assert!(option::contains(&option::some(3u64), &3), 1);
        assert!(!option::contains(&option::some(3u64), &4), 2);
        assert!(!option::contains(&option::none<u64>(), &3), 3);
    }

    public fun test_borrows() {
        let s = option::some(3u64);
        assert!(*option::borrow(&s) == 3, 1);
        *option::borrow_mut(&mut s) = 4;
        assert!(*option::borrow(&s) == 4, 2);
        assert!(*option::borrow_with_default(&s, &9) == 4, 3);
        assert!(*option::borrow_with_default(&option::none(), &9u64) == 9, 4);
        assert!(option::get_with_default(&s, 9) == 4, 5);
        assert!(option::get_with_default(&option::none(), 9u64) == 9, 6);
    }

    public fun test_fill_and_extract() {
        let o = option::none();
        option::fill(&mut o, 5u8);
        assert!(option::extract(&mut o) == 5, 1);
        assert!(option::is_none(&o), 2);
        option::fill(&mut o, 6);
        assert!(o == option::some(6), 3);
    }

    public fun test_swap() {
        let o = option::some(5u8);
        assert!(option::swap(&mut o, 6) == 5, 1);
        assert!(option::swap_or_fill(&mut o, 7) == option::some(6), 2);
        assert!(o == option::some(7), 3);
        let n = option::none();
        assert!(option::swap_or_fill(&mut n, 1u8) == option::none(), 4);
        assert!(n == option::some(1), 5);
    }

    public fun test_destroy() {
        assert!(option::destroy_some(option::some(1u8)) == 1, 1);
        assert!(option::destroy_with_default(option::some(1u8), 2) == 1, 2);
        assert!(option::destroy_with_default(option::none(), 2u8) == 2, 3);
        option::destroy_none(option::none<Unique>());
        let Unique { n } = option::destroy_some(option::some(Unique { n: 8 }));
        assert!(n == 8, 4);
    }

    public fun test_vectors() {
        assert!(option::to_vec(option::some(1u8)) == vector[1], 1);
        assert!(option::to_vec(option::none<u8>()) == vector[], 2);
        assert!(option::from_vec(vector[1u8]) == option::some(1), 3);
        assert!(option::from_vec(vector<u8>[]) == option::none(), 4);
    }

    public fun test_bcs_is_that_of_a_vector() {
        assert!(bcs::to_bytes(&option::none<u64>()) == x"00", 1);
        assert!(bcs::to_bytes(&option::some(258u16)) == x"010201", 2);
    }

    public fun test_higher_order_functions() {
        assert!(option::map(option::some(2u8), |e| e == 2) == option::some(true), 1);
        assert!(option::map(option::none<u8>(), |e| e == 2) == option::none(), 2);
        let seen = 0;
        option::for_each(option::some(2u8), |e| seen = seen + e);
        option::for_each_ref(&option::some(3u8), |e| seen = seen + *e);
        option::for_each(option::none<u8>(), |e| seen = seen + e);
        assert!(seen == 5, 3);
        assert!(option::any(&option::some(2u8), |e| *e == 2), 4);
        assert!(!option::any(&option::none<u8>(), |e| *e == 2), 5);
    }

    public fun expect_abort_0x40000__fill_of_some() {
        option::fill(&mut option::some(1u8), 2);
    }

    public fun expect_abort_0x40000__destroy_none_of_some() {
        option::destroy_none(option::some(1u8));
    }

    public fun expect_abort_0x40001__borrow_of_none() {
        option::borrow(&option::none<u8>());
    }

    public fun expect_abort_0x40001__borrow_mut_of_none() {
        option::borrow_mut(&mut option::none<u8>());
    }

    public fun expect_abort_0x40001__extract_of_none() {
        option::extract(&mut option::none<u8>());
    }

    public fun expect_abort_0x40001__swap_of_none() {
        option::swap(&mut option::none<u8>(), 1);
    }

    public fun expect_abort_0x40001__destroy_some_of_none() {
        option::destroy_some(option::none<u8>());
    }

    public fun expect_abort_0x40002__from_vector_of_two() {
        option::from_vec(vector[1u8, 2]);
    }
}
