// SPDX-License-Identifier: Apache-2.0

/// Casts between every two widths.
module tests::casts {
    fun id<T>(x: T): T { x }

    public fun test_u8_as_u8() {
        assert!((id(0u8) as u8) == 0 && (id(255u8) as u8) == 255, 1);
    }

    public fun test_u8_as_u16() {
        assert!((id(0u8) as u16) == 0 && (id(255u8) as u16) == 255, 1);
    }

    public fun test_u8_as_u32() {
        assert!((id(0u8) as u32) == 0 && (id(255u8) as u32) == 255, 1);
    }

    public fun test_u8_as_u64() {
        assert!((id(0u8) as u64) == 0 && (id(255u8) as u64) == 255, 1);
    }

    public fun test_u8_as_u128() {
        assert!((id(0u8) as u128) == 0 && (id(255u8) as u128) == 255, 1);
    }

    public fun test_u8_as_u256() {
        assert!((id(0u8) as u256) == 0 && (id(255u8) as u256) == 255, 1);
    }

    public fun test_u16_as_u8() {
        assert!((id(0u16) as u8) == 0 && (id(255u16) as u8) == 255, 1);
    }

    public fun expect_arithmetic_error__u16_as_u8_one_too_many(): u8 {
        (id(256u16) as u8)
    }

    public fun expect_arithmetic_error__u16_as_u8_of_max(): u8 {
        (id(65535u16) as u8)
    }

    public fun test_u16_as_u16() {
        assert!((id(0u16) as u16) == 0 && (id(65535u16) as u16) == 65535, 1);
    }

    public fun test_u16_as_u32() {
        assert!((id(0u16) as u32) == 0 && (id(65535u16) as u32) == 65535, 1);
    }

    public fun test_u16_as_u64() {
        assert!((id(0u16) as u64) == 0 && (id(65535u16) as u64) == 65535, 1);
    }

    public fun test_u16_as_u128() {
        assert!((id(0u16) as u128) == 0 && (id(65535u16) as u128) == 65535, 1);
    }

    public fun test_u16_as_u256() {
        assert!((id(0u16) as u256) == 0 && (id(65535u16) as u256) == 65535, 1);
    }

    public fun test_u32_as_u8() {
        assert!((id(0u32) as u8) == 0 && (id(255u32) as u8) == 255, 1);
    }

    public fun expect_arithmetic_error__u32_as_u8_one_too_many(): u8 {
        (id(256u32) as u8)
    }

    public fun expect_arithmetic_error__u32_as_u8_of_max(): u8 {
        (id(4294967295u32) as u8)
    }

    public fun test_u32_as_u16() {
        assert!((id(0u32) as u16) == 0 && (id(65535u32) as u16) == 65535, 1);
    }

    public fun expect_arithmetic_error__u32_as_u16_one_too_many(): u16 {
        (id(65536u32) as u16)
    }

    public fun expect_arithmetic_error__u32_as_u16_of_max(): u16 {
        (id(4294967295u32) as u16)
    }

    public fun test_u32_as_u32() {
        assert!((id(0u32) as u32) == 0 && (id(4294967295u32) as u32) == 4294967295, 1);
    }

    public fun test_u32_as_u64() {
        assert!((id(0u32) as u64) == 0 && (id(4294967295u32) as u64) == 4294967295, 1);
    }

    public fun test_u32_as_u128() {
        assert!((id(0u32) as u128) == 0 && (id(4294967295u32) as u128) == 4294967295, 1);
    }

    public fun test_u32_as_u256() {
        assert!((id(0u32) as u256) == 0 && (id(4294967295u32) as u256) == 4294967295, 1);
    }

    public fun test_u64_as_u8() {
        assert!((id(0u64) as u8) == 0 && (id(255u64) as u8) == 255, 1);
    }

    public fun expect_arithmetic_error__u64_as_u8_one_too_many(): u8 {
        (id(256u64) as u8)
    }

    public fun expect_arithmetic_error__u64_as_u8_of_max(): u8 {
        (id(18446744073709551615u64) as u8)
    }

    public fun test_u64_as_u16() {
        assert!((id(0u64) as u16) == 0 && (id(65535u64) as u16) == 65535, 1);
    }

    public fun expect_arithmetic_error__u64_as_u16_one_too_many(): u16 {
        (id(65536u64) as u16)
    }

    public fun expect_arithmetic_error__u64_as_u16_of_max(): u16 {
        (id(18446744073709551615u64) as u16)
    }

    public fun test_u64_as_u32() {
        assert!((id(0u64) as u32) == 0 && (id(4294967295u64) as u32) == 4294967295, 1);
    }

    public fun expect_arithmetic_error__u64_as_u32_one_too_many(): u32 {
        (id(4294967296u64) as u32)
    }

    public fun expect_arithmetic_error__u64_as_u32_of_max(): u32 {
        (id(18446744073709551615u64) as u32)
    }

    public fun test_u64_as_u64() {
        assert!((id(0u64) as u64) == 0 && (id(18446744073709551615u64) as u64) == 18446744073709551615, 1);
    }

    public fun test_u64_as_u128() {
        assert!((id(0u64) as u128) == 0 && (id(18446744073709551615u64) as u128) == 18446744073709551615, 1);
    }

    public fun test_u64_as_u256() {
        assert!((id(0u64) as u256) == 0 && (id(18446744073709551615u64) as u256) == 18446744073709551615, 1);
    }

    public fun test_u128_as_u8() {
        assert!((id(0u128) as u8) == 0 && (id(255u128) as u8) == 255, 1);
    }

    public fun expect_arithmetic_error__u128_as_u8_one_too_many(): u8 {
        (id(256u128) as u8)
    }

    public fun expect_arithmetic_error__u128_as_u8_of_max(): u8 {
        (id(340282366920938463463374607431768211455u128) as u8)
    }

    public fun test_u128_as_u16() {
        assert!((id(0u128) as u16) == 0 && (id(65535u128) as u16) == 65535, 1);
    }

    public fun expect_arithmetic_error__u128_as_u16_one_too_many(): u16 {
        (id(65536u128) as u16)
    }

    public fun expect_arithmetic_error__u128_as_u16_of_max(): u16 {
        (id(340282366920938463463374607431768211455u128) as u16)
    }

    public fun test_u128_as_u32() {
        assert!((id(0u128) as u32) == 0 && (id(4294967295u128) as u32) == 4294967295, 1);
    }

    public fun expect_arithmetic_error__u128_as_u32_one_too_many(): u32 {
        (id(4294967296u128) as u32)
    }

    public fun expect_arithmetic_error__u128_as_u32_of_max(): u32 {
        (id(340282366920938463463374607431768211455u128) as u32)
    }

    public fun test_u128_as_u64() {
        assert!((id(0u128) as u64) == 0 && (id(18446744073709551615u128) as u64) == 18446744073709551615, 1);
    }

    public fun expect_arithmetic_error__u128_as_u64_one_too_many(): u64 {
        (id(18446744073709551616u128) as u64)
    }

    public fun expect_arithmetic_error__u128_as_u64_of_max(): u64 {
        (id(340282366920938463463374607431768211455u128) as u64)
    }

    public fun test_u128_as_u128() {
        assert!((id(0u128) as u128) == 0 && (id(340282366920938463463374607431768211455u128) as u128) == 340282366920938463463374607431768211455, 1);
    }

    public fun test_u128_as_u256() {
        assert!((id(0u128) as u256) == 0 && (id(340282366920938463463374607431768211455u128) as u256) == 340282366920938463463374607431768211455, 1);
    }

    public fun test_u256_as_u8() {
        assert!((id(0u256) as u8) == 0 && (id(255u256) as u8) == 255, 1);
    }

    public fun expect_arithmetic_error__u256_as_u8_one_too_many(): u8 {
        (id(256u256) as u8)
    }

    public fun expect_arithmetic_error__u256_as_u8_of_max(): u8 {
        (id(115792089237316195423570985008687907853269984665640564039457584007913129639935u256) as u8)
    }

    public fun test_u256_as_u16() {
        assert!((id(0u256) as u16) == 0 && (id(65535u256) as u16) == 65535, 1);
    }

    public fun expect_arithmetic_error__u256_as_u16_one_too_many(): u16 {
        (id(65536u256) as u16)
    }

    public fun expect_arithmetic_error__u256_as_u16_of_max(): u16 {
        (id(115792089237316195423570985008687907853269984665640564039457584007913129639935u256) as u16)
    }

    public fun test_u256_as_u32() {
        assert!((id(0u256) as u32) == 0 && (id(4294967295u256) as u32) == 4294967295, 1);
    }

    public fun expect_arithmetic_error__u256_as_u32_one_too_many(): u32 {
        (id(4294967296u256) as u32)
    }

    public fun expect_arithmetic_error__u256_as_u32_of_max(): u32 {
        (id(115792089237316195423570985008687907853269984665640564039457584007913129639935u256) as u32)
    }

    public fun test_u256_as_u64() {
        assert!((id(0u256) as u64) == 0 && (id(18446744073709551615u256) as u64) == 18446744073709551615, 1);
    }

    public fun expect_arithmetic_error__u256_as_u64_one_too_many(): u64 {
        (id(18446744073709551616u256) as u64)
    }

    public fun expect_arithmetic_error__u256_as_u64_of_max(): u64 {
        (id(115792089237316195423570985008687907853269984665640564039457584007913129639935u256) as u64)
    }

    public fun test_u256_as_u128() {
        assert!((id(0u256) as u128) == 0 && (id(340282366920938463463374607431768211455u256) as u128) == 340282366920938463463374607431768211455, 1);
    }

    public fun expect_arithmetic_error__u256_as_u128_one_too_many(): u128 {
        (id(340282366920938463463374607431768211456u256) as u128)
    }

    public fun expect_arithmetic_error__u256_as_u128_of_max(): u128 {
        (id(115792089237316195423570985008687907853269984665640564039457584007913129639935u256) as u128)
    }

    public fun test_u256_as_u256() {
        assert!((id(0u256) as u256) == 0 && (id(115792089237316195423570985008687907853269984665640564039457584007913129639935u256) as u256) == 115792089237316195423570985008687907853269984665640564039457584007913129639935, 1);
    }
}
