// SPDX-License-Identifier: Apache-2.0

module tests::fixed_point32_tests {
    use std::fixed_point32::{
        Self, ceil, create_from_raw_value, create_from_rational, create_from_u64, divide_u64, floor,
        get_raw_value, multiply_u64, round
    };

    const MAX: u64 = 18446744073709551615;

    public fun test_rationals() {
        assert!(get_raw_value(create_from_rational(3, 4)) == 0xC0000000, 1);
        assert!(get_raw_value(create_from_rational(1, 3)) == 0x55555555, 2);
        assert!(get_raw_value(create_from_rational(0, 7)) == 0, 3);
        assert!(get_raw_value(create_from_rational(MAX, MAX)) == 1 << 32, 4);
        assert!(get_raw_value(create_from_rational(1, 1 << 32)) == 1, 5);
        assert!(get_raw_value(create_from_rational(4294967295, 1)) == 0xFFFFFFFF00000000, 6);
    }

    public fun test_multiply() {
        let three_quarters = create_from_rational(3, 4);
        assert!(multiply_u64(10, three_quarters) == 7, 1);
        assert!(multiply_u64(0, three_quarters) == 0, 2);
        assert!(multiply_u64(MAX, create_from_u64(1)) == MAX, 3);
        assert!(multiply_u64(MAX, create_from_raw_value(0)) == 0, 4);
    }

    public fun test_divide() {
        let three_quarters = create_from_rational(3, 4);
        assert!(divide_u64(7, three_quarters) == 9, 1);
        assert!(divide_u64(0, three_quarters) == 0, 2);
        assert!(divide_u64(MAX, create_from_u64(1)) == MAX, 3);
        assert!(divide_u64(1, create_from_raw_value(1)) == 1 << 32, 4);
    }

    public fun test_integers() {
        assert!(get_raw_value(create_from_u64(4294967295)) == 4294967295 << 32, 1);
        assert!(create_from_u64(2) == create_from_rational(4, 2), 2);
        assert!(fixed_point32::is_zero(create_from_u64(0)), 3);
        assert!(!fixed_point32::is_zero(create_from_raw_value(1)), 4);
    }

    public fun test_min_and_max() {
        let a = create_from_rational(1, 2);
        let b = create_from_rational(2, 3);
        assert!(fixed_point32::min(a, b) == a && fixed_point32::min(b, a) == a, 1);
        assert!(fixed_point32::max(a, b) == b && fixed_point32::max(b, a) == b, 2);
    }

    public fun test_rounding() {
        let half = create_from_rational(5, 2);
        assert!(floor(half) == 2 && ceil(half) == 3 && round(half) == 3, 1);
        let third = create_from_rational(7, 3);
        assert!(floor(third) == 2 && ceil(third) == 3 && round(third) == 2, 2);
        let whole = create_from_u64(4);
        assert!(floor(whole) == 4 && ceil(whole) == 4 && round(whole) == 4, 3);
        let most = create_from_raw_value(MAX);
        assert!(floor(most) == 4294967295 && ceil(most) == 4294967296, 4);
        assert!(round(most) == 4294967296, 5);
    }

    public fun expect_abort_0x10001__denominator_zero() {
        create_from_rational(1, 0);
    }

    public fun expect_abort_0x20002__quotient_too_great() {
        divide_u64(MAX, create_from_rational(1, 2));
    }

    public fun expect_abort_0x20003__product_too_great() {
        multiply_u64(MAX, create_from_rational(3, 2));
    }

    public fun expect_abort_0x10004__division_by_zero() {
        divide_u64(1, create_from_raw_value(0));
    }

    public fun expect_abort_0x20005__fraction_too_small() {
        create_from_rational(1, (1 << 32) + 1);
    }

    public fun expect_abort_0x20005__fraction_too_great() {
        create_from_rational(4294967296, 1);
    }

    public fun expect_abort_0x20005__integer_too_great() {
        create_from_u64(4294967296);
    }
}
