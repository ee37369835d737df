// SPDX-License-Identifier: Apache-2.0

/// Non-negative fractions with 32 bits in front of the binary point and 32 behind it.
///
/// A number is `value / 2^32`. Products and quotients are truncated, as is a fraction made of two
/// integers; what does not fit aborts.
module std::fixed_point32 {
    /// 2^64 - 1.
    const MAX_U64: u128 = 0xFFFF_FFFF_FFFF_FFFF;

    /// The denominator is zero (`invalid_argument(1)`).
    const EDENOMINATOR: u64 = 0x10001;
    /// The quotient does not fit (`out_of_range(2)`).
    const EDIVISION: u64 = 0x20002;
    /// The product does not fit (`out_of_range(3)`).
    const EMULTIPLICATION: u64 = 0x20003;
    /// The divisor is zero (`invalid_argument(4)`).
    const EDIVISION_BY_ZERO: u64 = 0x10004;
    /// The fraction is too great, or not zero and too small (`out_of_range(5)`).
    const ERATIO_OUT_OF_RANGE: u64 = 0x20005;

    struct FixedPoint32 has copy, drop, store {
        value: u64
    }

    /// `val * multiplier`, truncated.
    public fun multiply_u64(val: u64, multiplier: FixedPoint32): u64 {
        let product = ((val as u128) * (multiplier.value as u128)) >> 32;
        assert!(product <= MAX_U64, EMULTIPLICATION);
        (product as u64)
    }

    /// `val / divisor`, truncated.
    public fun divide_u64(val: u64, divisor: FixedPoint32): u64 {
        assert!(divisor.value != 0, EDIVISION_BY_ZERO);
        let quotient = ((val as u128) << 32) / (divisor.value as u128);
        assert!(quotient <= MAX_U64, EDIVISION);
        (quotient as u64)
    }

    /// `numerator / denominator`, truncated. A fraction that is not zero must not become zero.
    public fun create_from_rational(numerator: u64, denominator: u64): FixedPoint32 {
        assert!(denominator != 0, EDENOMINATOR);
        let value = ((numerator as u128) << 32) / (denominator as u128);
        assert!(value != 0 || numerator == 0, ERATIO_OUT_OF_RANGE);
        assert!(value <= MAX_U64, ERATIO_OUT_OF_RANGE);
        FixedPoint32 { value: (value as u64) }
    }

    /// `value / 2^32`.
    public fun create_from_raw_value(value: u64): FixedPoint32 {
        FixedPoint32 { value }
    }

    /// The integer `val`, which must be below 2^32.
    public fun create_from_u64(val: u64): FixedPoint32 {
        assert!(val <= 0xFFFF_FFFF, ERATIO_OUT_OF_RANGE);
        FixedPoint32 { value: val << 32 }
    }

    /// The number times 2^32.
    public fun get_raw_value(self: FixedPoint32): u64 {
        self.value
    }

    /// Whether the number is zero.
    public fun is_zero(self: FixedPoint32): bool {
        self.value == 0
    }

    /// The smaller one.
    public fun min(num1: FixedPoint32, num2: FixedPoint32): FixedPoint32 {
        if (num1.value < num2.value) num1 else num2
    }

    /// The greater one.
    public fun max(num1: FixedPoint32, num2: FixedPoint32): FixedPoint32 {
        if (num1.value > num2.value) num1 else num2
    }

    /// The greatest integer that is not greater.
    public fun floor(self: FixedPoint32): u64 {
        self.value >> 32
    }

    /// The smallest integer that is not smaller.
    public fun ceil(self: FixedPoint32): u64 {
        let whole = floor(self);
        if (self.value == whole << 32) whole else whole + 1
    }

    /// The nearest integer, the greater one of two.
    public fun round(self: FixedPoint32): u64 {
        let whole = floor(self);
        if (self.value - (whole << 32) < 0x8000_0000) whole else whole + 1
    }
}
