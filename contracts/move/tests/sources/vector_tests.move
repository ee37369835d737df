// SPDX-License-Identifier: Apache-2.0

module tests::vector_tests {
    use std::vector;

    struct Coin has store { value: u64 }

    public fun test_empty_and_length() {
        let v = vector::empty<u64>();
        assert!(vector::length(&v) == 0, 1);
        assert!(vector::is_empty(&v), 2);
        vector::push_back(&mut v, 5);
        assert!(vector::length(&v) == 1, 3);
        assert!(!vector::is_empty(&v), 4);
        vector::pop_back(&mut v);
        vector::destroy_empty(v);
    }

    public fun test_literals_and_equality() {
        assert!(vector[] == vector::empty<u8>(), 1);
        assert!(vector[1u64, 2] == vector[1, 2], 2);
        assert!(vector[1u64, 2] != vector[2, 1], 3);
        assert!(vector[1u64] != vector[1, 1], 4);
        assert!(b"ab" == x"6162", 5);
        assert!(vector[vector[1u8], vector[]] == vector[x"01", x""], 6);
    }

    public fun test_singleton() {
        assert!(vector::singleton(7u8) == vector[7], 1);
    }

    public fun test_borrow_reads() {
        let v = vector[10u64, 20, 30];
        assert!(*vector::borrow(&v, 0) == 10, 1);
        assert!(*vector::borrow(&v, 2) == 30, 2);
        assert!(v[1] == 20, 3);
    }

    public fun test_borrow_mut_writes() {
        let v = vector[10u64, 20, 30];
        *vector::borrow_mut(&mut v, 1) = 21;
        v[2] = 31;
        assert!(v == vector[10, 21, 31], 1);
    }

    public fun test_push_and_pop_are_last_in_first_out() {
        let v = vector[];
        let i = 0;
        while (i < 100) {
            vector::push_back(&mut v, i);
            i = i + 1;
        };
        while (i > 0) {
            i = i - 1;
            assert!(vector::pop_back(&mut v) == i, 1);
        };
        assert!(v == vector[], 2);
    }

    public fun test_swap() {
        let v = vector[1u8, 2, 3];
        vector::swap(&mut v, 0, 2);
        assert!(v == vector[3, 2, 1], 1);
        vector::swap(&mut v, 1, 1);
        assert!(v == vector[3, 2, 1], 2);
    }

    public fun test_reverse() {
        let v = vector::empty<u8>();
        vector::reverse(&mut v);
        assert!(v == vector[], 1);
        v = vector[1];
        vector::reverse(&mut v);
        assert!(v == vector[1], 2);
        v = vector[1, 2];
        vector::reverse(&mut v);
        assert!(v == vector[2, 1], 3);
        v = vector[1, 2, 3, 4, 5];
        vector::reverse(&mut v);
        assert!(v == vector[5, 4, 3, 2, 1], 4);
    }

    public fun test_reverse_slice() {
        let v = vector[1u8, 2, 3, 4, 5];
        vector::reverse_slice(&mut v, 1, 4);
        assert!(v == vector[1, 4, 3, 2, 5], 1);
        vector::reverse_slice(&mut v, 5, 5);
        vector::reverse_slice(&mut v, 0, 0);
        assert!(v == vector[1, 4, 3, 2, 5], 2);
    }

    public fun test_append() {
        let v = vector[1u8, 2];
        vector::append(&mut v, vector[3, 4, 5]);
        assert!(v == vector[1, 2, 3, 4, 5], 1);
        vector::append(&mut v, vector[]);
        assert!(v == vector[1, 2, 3, 4, 5], 2);
        let e = vector[];
        vector::append(&mut e, v);
        assert!(e == vector[1, 2, 3, 4, 5], 3);
    }

    public fun test_reverse_append() {
        let v = vector[1u8, 2];
        vector::reverse_append(&mut v, vector[3, 4]);
        assert!(v == vector[1, 2, 4, 3], 1);
    }

    public fun test_trim() {
        let v = vector[1u8, 2, 3, 4];
        assert!(vector::trim(&mut v, 1) == vector[2, 3, 4], 1);
        assert!(v == vector[1], 2);
        assert!(vector::trim(&mut v, 1) == vector[], 3);
        assert!(vector::trim_reverse(&mut v, 0) == vector[1], 4);
        let v = vector[1u8, 2, 3, 4];
        assert!(vector::trim_reverse(&mut v, 2) == vector[4, 3], 5);
    }

    public fun test_slice() {
        let v = vector[1u8, 2, 3, 4];
        assert!(vector::slice(&v, 0, 4) == v, 1);
        assert!(vector::slice(&v, 1, 3) == vector[2, 3], 2);
        assert!(vector::slice(&v, 4, 4) == vector[], 3);
    }

    public fun test_rotate() {
        let v = vector[1u8, 2, 3, 4, 5];
        assert!(vector::rotate(&mut v, 2) == 3, 1);
        assert!(v == vector[3, 4, 5, 1, 2], 2);
        assert!(vector::rotate(&mut v, 0) == 5, 3);
        assert!(vector::rotate(&mut v, 5) == 0, 4);
        assert!(v == vector[3, 4, 5, 1, 2], 5);
        assert!(vector::rotate_slice(&mut v, 1, 2, 4) == 3, 6);
        assert!(v == vector[3, 5, 1, 4, 2], 7);
    }

    public fun test_contains_and_index_of() {
        let v = vector[b"a", b"b", b"b"];
        assert!(vector::contains(&v, &b"b"), 1);
        assert!(!vector::contains(&v, &b"c"), 2);
        let (found, at) = vector::index_of(&v, &b"b");
        assert!(found && at == 1, 3);
        let (found, at) = vector::index_of(&v, &b"");
        assert!(!found && at == 0, 4);
    }

    public fun test_insert() {
        let v = vector[1u8, 3];
        vector::insert(&mut v, 1, 2);
        assert!(v == vector[1, 2, 3], 1);
        vector::insert(&mut v, 0, 0);
        vector::insert(&mut v, 4, 4);
        assert!(v == vector[0, 1, 2, 3, 4], 2);
    }

    public fun test_remove_keeps_order() {
        let v = vector[1u8, 2, 3, 4];
        assert!(vector::remove(&mut v, 1) == 2, 1);
        assert!(v == vector[1, 3, 4], 2);
        assert!(vector::remove(&mut v, 2) == 4, 3);
        assert!(vector::remove(&mut v, 0) == 1, 4);
        assert!(v == vector[3], 5);
    }

    public fun test_remove_value() {
        let v = vector[1u8, 2, 1];
        assert!(vector::remove_value(&mut v, &1) == vector[1], 1);
        assert!(v == vector[2, 1], 2);
        assert!(vector::remove_value(&mut v, &9) == vector[], 3);
    }

    public fun test_swap_remove() {
        let v = vector[1u8, 2, 3, 4];
        assert!(vector::swap_remove(&mut v, 1) == 2, 1);
        assert!(v == vector[1, 4, 3], 2);
        assert!(vector::swap_remove(&mut v, 2) == 3, 3);
        assert!(v == vector[1, 4], 4);
    }

    public fun test_replace() {
        let v = vector[1u8, 2, 3];
        assert!(vector::replace(&mut v, 1, 9) == 2, 1);
        assert!(v == vector[1, 9, 3], 2);
        assert!(vector::replace(&mut v, 2, 8) == 3, 3);
        assert!(v == vector[1, 9, 8], 4);
    }

    public fun test_range() {
        assert!(vector::range(2, 5) == vector[2, 3, 4], 1);
        assert!(vector::range(5, 5) == vector[], 2);
        assert!(vector::range(6, 5) == vector[], 3);
        assert!(vector::range_with_step(0, 7, 3) == vector[0, 3, 6], 4);
        assert!(vector::range_with_step(0, 6, 3) == vector[0, 3], 5);
        let max = 18446744073709551615;
        assert!(vector::range_with_step(max - 1, max, 10) == vector[max - 1], 6);
    }

    public fun test_values_without_drop_are_moved() {
        let v = vector[Coin { value: 1 }, Coin { value: 2 }, Coin { value: 3 }];
        vector::reverse(&mut v);
        let sum = 0;
        while (!vector::is_empty(&v)) {
            let Coin { value } = vector::pop_back(&mut v);
            sum = sum * 10 + value;
        };
        vector::destroy_empty(v);
        assert!(sum == 123, 1);
    }

    public fun test_higher_order_functions() {
        let v = vector[1u64, 2, 3, 4];
        let sum = 0;
        vector::for_each(v, |e| sum = sum * 10 + e);
        assert!(sum == 1234, 1);
        sum = 0;
        vector::for_each_reverse(v, |e| sum = sum * 10 + e);
        assert!(sum == 4321, 2);
        sum = 0;
        vector::for_each_ref(&v, |e| sum = sum + *e);
        assert!(sum == 10, 3);
        let doubled = v;
        vector::for_each_mut(&mut doubled, |e| *e = *e * 2);
        assert!(doubled == vector[2, 4, 6, 8], 4);
        sum = 0;
        vector::enumerate_ref(&v, |i, e| sum = sum + i * *e);
        assert!(sum == 2 + 6 + 12, 5);
        assert!(vector::fold(v, 0, |a, e| a * 2 + e) == 26, 6);
        assert!(vector::map(v, |e| (e as u8)) == vector[1u8, 2, 3, 4], 7);
        assert!(vector::map_ref(&v, |e| *e > 2) == vector[false, false, true, true], 8);
        assert!(vector::filter(v, |e| *e % 2 == 0) == vector[2, 4], 9);
        let (found, at) = vector::find(&v, |e| *e > 2);
        assert!(found && at == 2, 10);
        assert!(vector::any(&v, |e| *e == 4) && !vector::any(&v, |e| *e == 5), 11);
        assert!(vector::all(&v, |e| *e < 5) && !vector::all(&v, |e| *e < 4), 12);
        let product = 0;
        vector::zip(v, vector[10u64, 20, 30, 40], |a, b| product = product + a * b);
        assert!(product == 300, 13);
    }

    public fun test_destroy_with_a_function() {
        let total = 0;
        vector::destroy(
            vector[Coin { value: 4 }, Coin { value: 5 }],
            |c| {
                let Coin { value } = c;
                total = total + value;
            }
        );
        assert!(total == 9, 1);
    }

    public fun test_receiver_style() {
        let v = vector[3u8, 1, 2];
        v.push_back(9);
        v.swap(0, 3);
        assert!(v.length() == 4 && v.contains(&9) && v.pop_back() == 3, 1);
        assert!(v == vector[9, 1, 2], 2);
    }

    public fun expect_vector_operation_error_1__borrow_at_length() {
        let v = vector[1u8];
        vector::borrow(&v, 1);
    }

    public fun expect_vector_operation_error_1__borrow_mut_far_out() {
        let v = vector[1u8];
        *vector::borrow_mut(&mut v, 18446744073709551615) = 2;
    }

    public fun expect_vector_operation_error_1__borrow_from_empty() {
        let v = vector::empty<u128>();
        vector::borrow(&v, 0);
    }

    public fun expect_vector_operation_error_1__swap_first_out() {
        let v = vector[1u8, 2];
        vector::swap(&mut v, 2, 0);
    }

    public fun expect_vector_operation_error_1__swap_second_out() {
        let v = vector[1u8, 2];
        vector::swap(&mut v, 0, 2);
    }

    public fun expect_vector_operation_error_2__pop_from_empty() {
        let v = vector::empty<u8>();
        vector::pop_back(&mut v);
    }

    public fun expect_vector_operation_error_3__destroy_not_empty() {
        vector::destroy_empty(vector[1u8]);
    }

    public fun expect_abort_0x20000__insert_beyond_end() {
        let v = vector[1u8];
        vector::insert(&mut v, 2, 2);
    }

    public fun expect_abort_0x20000__remove_at_length() {
        let v = vector[1u8];
        vector::remove(&mut v, 1);
    }

    public fun expect_abort_0x20000__remove_from_empty() {
        let v = vector::empty<u8>();
        vector::remove(&mut v, 0);
    }

    public fun expect_abort_0x20000__swap_remove_from_empty() {
        let v = vector::empty<u8>();
        vector::swap_remove(&mut v, 0);
    }

    public fun expect_abort_0x20000__swap_remove_at_length() {
        let v = vector[1u8];
        vector::swap_remove(&mut v, 1);
    }

    public fun expect_abort_0x20000__replace_at_length() {
        let v = vector[1u8];
        vector::replace(&mut v, 1, 2);
    }

    public fun expect_abort_0x20000__trim_to_more() {
        let v = vector[1u8];
        vector::trim(&mut v, 2);
    }

    public fun expect_abort_0x20001__slice_backwards() {
        vector::slice(&vector[1u8, 2], 2, 1);
    }

    public fun expect_abort_0x20001__slice_beyond_end() {
        vector::slice(&vector[1u8, 2], 1, 3);
    }

    public fun expect_abort_0x20001__reverse_slice_beyond_end() {
        let v = vector[1u8, 2];
        vector::reverse_slice(&mut v, 0, 3);
    }

    public fun expect_abort_0x20001__rotate_too_far() {
        let v = vector[1u8, 2];
        vector::rotate(&mut v, 3);
    }

    public fun expect_abort_0x20002__zip_of_different_lengths() {
        vector::zip(vector[1u8, 2], vector[1u8], |_a, _b| {});
    }

    public fun expect_abort_0x20003__range_with_step_zero() {
        vector::range_with_step(0, 1, 0);
    }
}
