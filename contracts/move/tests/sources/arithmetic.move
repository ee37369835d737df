// SPDX-License-Identifier: Apache-2.0

/// Arithmetic of every width: what fits is exact, what does not aborts.
module tests::arithmetic {
    const MAX_8: u8 = 255;

    const MAX_16: u16 = 65535;

    const MAX_32: u32 = 4294967295;

    const MAX_64: u64 = 18446744073709551615;

    const MAX_128: u128 = 340282366920938463463374607431768211455;

    const MAX_256: u256 = 115792089237316195423570985008687907853269984665640564039457584007913129639935;

    // Keeps the compiler from computing what is to be computed at run time.
    fun id<T>(x: T): T { x }

    public fun test_u8_exact() {
        assert!(id(0u8) + 0 == 0 && id(MAX_8) + 0 == MAX_8 && id(MAX_8 - 1) + 1 == MAX_8, 1);
        assert!(id(MAX_8) - MAX_8 == 0 && id(MAX_8) - 1 == 254, 2);
        assert!(id(MAX_8) * 1 == MAX_8 && id(MAX_8) * 0 == 0 && id(15u8) * 17 == MAX_8, 3);
        assert!(id(MAX_8) / MAX_8 == 1 && id(MAX_8 - 1) / MAX_8 == 0 && id(186u8) / 6 == 31, 4);
        assert!(id(MAX_8) % MAX_8 == 0 && id(MAX_8 - 1) % MAX_8 == MAX_8 - 1 && id(186u8) % 6 == 0, 5);
        assert!(id(6u8) * 6 == 36 && id(186u8) - 6 + 6 == 186, 6);
    }

    public fun test_u8_order() {
        assert!(id(0u8) < 1 && id(0u8) <= 0 && !(id(1u8) < 1) && !(id(1u8) <= 0), 1);
        assert!(id(MAX_8) > MAX_8 - 1 && id(MAX_8) >= MAX_8 && !(id(MAX_8) > MAX_8), 2);
        assert!(id(186u8) > 6 && id(186u8) != 6 && id(186u8) == 186, 3);
    }

    public fun test_u8_bits() {
        assert!(id(186u8) & 6 == 2 && id(186u8) | 6 == 190 && id(186u8) ^ 6 == 188, 1);
        assert!(id(186u8) ^ 186 == 0 && id(MAX_8) & 186 == 186 && id(0u8) | 186 == 186, 2);
        assert!(id(1u8) << 7 == 128 && id(MAX_8) >> 7 == 1 && id(MAX_8) << 0 == MAX_8, 3);
        assert!(id(MAX_8) << 7 == 128 && id(186u8) >> 4 == 11, 4);
        assert!(id(186u8) << 3 == 208, 5);
    }

    public fun expect_arithmetic_error__u8_add(): u8 {
        id(MAX_8) + 1
    }

    public fun expect_arithmetic_error__u8_sub(): u8 {
        id(0u8) - 1
    }

    public fun expect_arithmetic_error__u8_mul(): u8 {
        id(16u8) * 16
    }

    public fun expect_arithmetic_error__u8_div(): u8 {
        id(1u8) / id(0)
    }

    public fun expect_arithmetic_error__u8_mod(): u8 {
        id(1u8) % id(0)
    }

    public fun expect_arithmetic_error__u8_sub_of_more(): u8 {
        id(6u8) - 7
    }

    public fun expect_arithmetic_error__u8_mul_of_max(): u8 {
        id(MAX_8) * 2
    }

    public fun expect_arithmetic_error__u8_add_of_max(): u8 {
        id(MAX_8) + MAX_8
    }

    public fun expect_arithmetic_error__u8_shl_by_width(): u8 {
        id(1u8) << id(8)
    }

    public fun expect_arithmetic_error__u8_shr_by_width(): u8 {
        id(MAX_8) >> id(8)
    }

    public fun expect_arithmetic_error__u8_shl_by_255(): u8 {
        id(1u8) << id(255)
    }

    public fun test_u16_exact() {
        assert!(id(0u16) + 0 == 0 && id(MAX_16) + 0 == MAX_16 && id(MAX_16 - 1) + 1 == MAX_16, 1);
        assert!(id(MAX_16) - MAX_16 == 0 && id(MAX_16) - 1 == 65534, 2);
        assert!(id(MAX_16) * 1 == MAX_16 && id(MAX_16) * 0 == 0 && id(255u16) * 257 == MAX_16, 3);
        assert!(id(MAX_16) / MAX_16 == 1 && id(MAX_16 - 1) / MAX_16 == 0 && id(56460u16) / 121 == 466, 4);
        assert!(id(MAX_16) % MAX_16 == 0 && id(MAX_16 - 1) % MAX_16 == MAX_16 - 1 && id(56460u16) % 121 == 74, 5);
        assert!(id(121u16) * 121 == 14641 && id(56460u16) - 121 + 121 == 56460, 6);
    }

    public fun test_u16_order() {
        assert!(id(0u16) < 1 && id(0u16) <= 0 && !(id(1u16) < 1) && !(id(1u16) <= 0), 1);
        assert!(id(MAX_16) > MAX_16 - 1 && id(MAX_16) >= MAX_16 && !(id(MAX_16) > MAX_16), 2);
        assert!(id(56460u16) > 121 && id(56460u16) != 121 && id(56460u16) == 56460, 3);
    }

    public fun test_u16_bits() {
        assert!(id(56460u16) & 121 == 8 && id(56460u16) | 121 == 56573 && id(56460u16) ^ 121 == 56565, 1);
        assert!(id(56460u16) ^ 56460 == 0 && id(MAX_16) & 56460 == 56460 && id(0u16) | 56460 == 56460, 2);
        assert!(id(1u16) << 15 == 32768 && id(MAX_16) >> 15 == 1 && id(MAX_16) << 0 == MAX_16, 3);
        assert!(id(MAX_16) << 15 == 32768 && id(56460u16) >> 8 == 220, 4);
        assert!(id(56460u16) << 7 == 17920, 5);
    }

    public fun expect_arithmetic_error__u16_add(): u16 {
        id(MAX_16) + 1
    }

    public fun expect_arithmetic_error__u16_sub(): u16 {
        id(0u16) - 1
    }

    public fun expect_arithmetic_error__u16_mul(): u16 {
        id(256u16) * 256
    }

    public fun expect_arithmetic_error__u16_div(): u16 {
        id(1u16) / id(0)
    }

    public fun expect_arithmetic_error__u16_mod(): u16 {
        id(1u16) % id(0)
    }

    public fun expect_arithmetic_error__u16_sub_of_more(): u16 {
        id(121u16) - 122
    }

    public fun expect_arithmetic_error__u16_mul_of_max(): u16 {
        id(MAX_16) * 2
    }

    public fun expect_arithmetic_error__u16_add_of_max(): u16 {
        id(MAX_16) + MAX_16
    }

    public fun expect_arithmetic_error__u16_shl_by_width(): u16 {
        id(1u16) << id(16)
    }

    public fun expect_arithmetic_error__u16_shr_by_width(): u16 {
        id(MAX_16) >> id(16)
    }

    public fun expect_arithmetic_error__u16_shl_by_255(): u16 {
        id(1u16) << id(255)
    }

    public fun test_u32_exact() {
        assert!(id(0u32) + 0 == 0 && id(MAX_32) + 0 == MAX_32 && id(MAX_32 - 1) + 1 == MAX_32, 1);
        assert!(id(MAX_32) - MAX_32 == 0 && id(MAX_32) - 1 == 4294967294, 2);
        assert!(id(MAX_32) * 1 == MAX_32 && id(MAX_32) * 0 == 0 && id(65535u32) * 65537 == MAX_32, 3);
        assert!(id(MAX_32) / MAX_32 == 1 && id(MAX_32 - 1) / MAX_32 == 0 && id(2480007651u32) / 60719 == 40844, 4);
        assert!(id(MAX_32) % MAX_32 == 0 && id(MAX_32 - 1) % MAX_32 == MAX_32 - 1 && id(2480007651u32) % 60719 == 815, 5);
        assert!(id(60719u32) * 60719 == 3686796961 && id(2480007651u32) - 60719 + 60719 == 2480007651, 6);
    }

    public fun test_u32_order() {
        assert!(id(0u32) < 1 && id(0u32) <= 0 && !(id(1u32) < 1) && !(id(1u32) <= 0), 1);
        assert!(id(MAX_32) > MAX_32 - 1 && id(MAX_32) >= MAX_32 && !(id(MAX_32) > MAX_32), 2);
        assert!(id(2480007651u32) > 60719 && id(2480007651u32) != 60719 && id(2480007651u32) == 2480007651, 3);
    }

    public fun test_u32_bits() {
        assert!(id(2480007651u32) & 60719 == 59683 && id(2480007651u32) | 60719 == 2480008687 && id(2480007651u32) ^ 60719 == 2479949004, 1);
        assert!(id(2480007651u32) ^ 2480007651 == 0 && id(MAX_32) & 2480007651 == 2480007651 && id(0u32) | 2480007651 == 2480007651, 2);
        assert!(id(1u32) << 31 == 2147483648 && id(MAX_32) >> 31 == 1 && id(MAX_32) << 0 == MAX_32, 3);
        assert!(id(MAX_32) << 31 == 2147483648 && id(2480007651u32) >> 16 == 37841, 4);
        assert!(id(2480007651u32) << 15 == 4109467648, 5);
    }

    public fun expect_arithmetic_error__u32_add(): u32 {
        id(MAX_32) + 1
    }

    public fun expect_arithmetic_error__u32_sub(): u32 {
        id(0u32) - 1
    }

    public fun expect_arithmetic_error__u32_mul(): u32 {
        id(65536u32) * 65536
    }

    public fun expect_arithmetic_error__u32_div(): u32 {
        id(1u32) / id(0)
    }

    public fun expect_arithmetic_error__u32_mod(): u32 {
        id(1u32) % id(0)
    }

    public fun expect_arithmetic_error__u32_sub_of_more(): u32 {
        id(60719u32) - 60720
    }

    public fun expect_arithmetic_error__u32_mul_of_max(): u32 {
        id(MAX_32) * 2
    }

    public fun expect_arithmetic_error__u32_add_of_max(): u32 {
        id(MAX_32) + MAX_32
    }

    public fun expect_arithmetic_error__u32_shl_by_width(): u32 {
        id(1u32) << id(32)
    }

    public fun expect_arithmetic_error__u32_shr_by_width(): u32 {
        id(MAX_32) >> id(32)
    }

    public fun expect_arithmetic_error__u32_shl_by_255(): u32 {
        id(1u32) << id(255)
    }

    public fun test_u64_exact() {
        assert!(id(0u64) + 0 == 0 && id(MAX_64) + 0 == MAX_64 && id(MAX_64 - 1) + 1 == MAX_64, 1);
        assert!(id(MAX_64) - MAX_64 == 0 && id(MAX_64) - 1 == 18446744073709551614, 2);
        assert!(id(MAX_64) * 1 == MAX_64 && id(MAX_64) * 0 == 0 && id(4294967295u64) * 4294967297 == MAX_64, 3);
        assert!(id(MAX_64) / MAX_64 == 1 && id(MAX_64 - 1) / MAX_64 == 0 && id(11526466273339081240u64) / 2706770216 == 4258383739, 4);
        assert!(id(MAX_64) % MAX_64 == 0 && id(MAX_64 - 1) % MAX_64 == MAX_64 - 1 && id(11526466273339081240u64) % 2706770216 == 315163616, 5);
        assert!(id(2706770216u64) * 2706770216 == 7326605002224686656 && id(11526466273339081240u64) - 2706770216 + 2706770216 == 11526466273339081240, 6);
    }

    public fun test_u64_order() {
        assert!(id(0u64) < 1 && id(0u64) <= 0 && !(id(1u64) < 1) && !(id(1u64) <= 0), 1);
        assert!(id(MAX_64) > MAX_64 - 1 && id(MAX_64) >= MAX_64 && !(id(MAX_64) > MAX_64), 2);
        assert!(id(11526466273339081240u64) > 2706770216 && id(11526466273339081240u64) != 2706770216 && id(11526466273339081240u64) == 11526466273339081240, 3);
    }

    public fun test_u64_bits() {
        assert!(id(11526466273339081240u64) & 2706770216 == 558104584 && id(11526466273339081240u64) | 2706770216 == 11526466275487746872 && id(11526466273339081240u64) ^ 2706770216 == 11526466274929642288, 1);
        assert!(id(11526466273339081240u64) ^ 11526466273339081240 == 0 && id(MAX_64) & 11526466273339081240 == 11526466273339081240 && id(0u64) | 11526466273339081240 == 11526466273339081240, 2);
        assert!(id(1u64) << 63 == 9223372036854775808 && id(MAX_64) >> 63 == 1 && id(MAX_64) << 0 == MAX_64, 3);
        assert!(id(MAX_64) << 63 == 9223372036854775808 && id(11526466273339081240u64) >> 32 == 2683714561, 4);
        assert!(id(11526466273339081240u64) << 31 == 13615156880778199040, 5);
    }

    public fun expect_arithmetic_error__u64_add(): u64 {
        id(MAX_64) + 1
    }

    public fun expect_arithmetic_error__u64_sub(): u64 {
        id(0u64) - 1
    }

    public fun expect_arithmetic_error__u64_mul(): u64 {
        id(4294967296u64) * 4294967296
    }

    public fun expect_arithmetic_error__u64_div(): u64 {
        id(1u64) / id(0)
    }

    public fun expect_arithmetic_error__u64_mod(): u64 {
        id(1u64) % id(0)
    }

    public fun expect_arithmetic_error__u64_sub_of_more(): u64 {
        id(2706770216u64) - 2706770217
    }

    public fun expect_arithmetic_error__u64_mul_of_max(): u64 {
        id(MAX_64) * 2
    }

    public fun expect_arithmetic_error__u64_add_of_max(): u64 {
        id(MAX_64) + MAX_64
    }

    public fun expect_arithmetic_error__u64_shl_by_width(): u64 {
        id(1u64) << id(64)
    }

    public fun expect_arithmetic_error__u64_shr_by_width(): u64 {
        id(MAX_64) >> id(64)
    }

    public fun expect_arithmetic_error__u64_shl_by_255(): u64 {
        id(1u64) << id(255)
    }

    public fun test_u128_exact() {
        assert!(id(0u128) + 0 == 0 && id(MAX_128) + 0 == MAX_128 && id(MAX_128 - 1) + 1 == MAX_128, 1);
        assert!(id(MAX_128) - MAX_128 == 0 && id(MAX_128) - 1 == 340282366920938463463374607431768211454, 2);
        assert!(id(MAX_128) * 1 == MAX_128 && id(MAX_128) * 0 == 0 && id(18446744073709551615u128) * 18446744073709551617 == MAX_128, 3);
        assert!(id(MAX_128) / MAX_128 == 1 && id(MAX_128 - 1) / MAX_128 == 0 && id(308181085338712342929907631926888764129u128) / 6714164901057816607 == 45900136484607105239, 4);
        assert!(id(MAX_128) % MAX_128 == 0 && id(MAX_128 - 1) % MAX_128 == MAX_128 - 1 && id(308181085338712342929907631926888764129u128) % 6714164901057816607 == 6623725034877860056, 5);
        assert!(id(6714164901057816607u128) * 6714164901057816607 == 45080010318596720267831964574044992449 && id(308181085338712342929907631926888764129u128) - 6714164901057816607 + 6714164901057816607 == 308181085338712342929907631926888764129, 6);
    }

    public fun test_u128_order() {
        assert!(id(0u128) < 1 && id(0u128) <= 0 && !(id(1u128) < 1) && !(id(1u128) <= 0), 1);
        assert!(id(MAX_128) > MAX_128 - 1 && id(MAX_128) >= MAX_128 && !(id(MAX_128) > MAX_128), 2);
        assert!(id(308181085338712342929907631926888764129u128) > 6714164901057816607 && id(308181085338712342929907631926888764129u128) != 6714164901057816607 && id(308181085338712342929907631926888764129u128) == 308181085338712342929907631926888764129, 3);
    }

    public fun test_u128_bits() {
        assert!(id(308181085338712342929907631926888764129u128) & 6714164901057816607 == 6423399854212513793 && id(308181085338712342929907631926888764129u128) | 6714164901057816607 == 308181085338712342930198396973734066943 && id(308181085338712342929907631926888764129u128) ^ 6714164901057816607 == 308181085338712342923774997119521553150, 1);
        assert!(id(308181085338712342929907631926888764129u128) ^ 308181085338712342929907631926888764129 == 0 && id(MAX_128) & 308181085338712342929907631926888764129 == 308181085338712342929907631926888764129 && id(0u128) | 308181085338712342929907631926888764129 == 308181085338712342929907631926888764129, 2);
        assert!(id(1u128) << 127 == 170141183460469231731687303715884105728 && id(MAX_128) >> 127 == 1 && id(MAX_128) << 0 == MAX_128, 3);
        assert!(id(MAX_128) << 127 == 170141183460469231731687303715884105728 && id(308181085338712342929907631926888764129u128) >> 64 == 16706530112158628064, 4);
        assert!(id(308181085338712342929907631926888764129u128) << 63 == 144524258126259277506837053652483440640, 5);
    }

    public fun expect_arithmetic_error__u128_add(): u128 {
        id(MAX_128) + 1
    }

    public fun expect_arithmetic_error__u128_sub(): u128 {
        id(0u128) - 1
    }

    public fun expect_arithmetic_error__u128_mul(): u128 {
        id(18446744073709551616u128) * 18446744073709551616
    }

    public fun expect_arithmetic_error__u128_div(): u128 {
        id(1u128) / id(0)
    }

    public fun expect_arithmetic_error__u128_mod(): u128 {
        id(1u128) % id(0)
    }

    public fun expect_arithmetic_error__u128_sub_of_more(): u128 {
        id(6714164901057816607u128) - 6714164901057816608
    }

    public fun expect_arithmetic_error__u128_mul_of_max(): u128 {
        id(MAX_128) * 2
    }

    public fun expect_arithmetic_error__u128_add_of_max(): u128 {
        id(MAX_128) + MAX_128
    }

    public fun expect_arithmetic_error__u128_shl_by_width(): u128 {
        id(1u128) << id(128)
    }

    public fun expect_arithmetic_error__u128_shr_by_width(): u128 {
        id(MAX_128) >> id(128)
    }

    public fun expect_arithmetic_error__u128_shl_by_255(): u128 {
        id(1u128) << id(255)
    }

    public fun test_u256_exact() {
        assert!(id(0u256) + 0 == 0 && id(MAX_256) + 0 == MAX_256 && id(MAX_256 - 1) + 1 == MAX_256, 1);
        assert!(id(MAX_256) - MAX_256 == 0 && id(MAX_256) - 1 == 115792089237316195423570985008687907853269984665640564039457584007913129639934, 2);
        assert!(id(MAX_256) * 1 == MAX_256 && id(MAX_256) * 0 == 0 && id(340282366920938463463374607431768211455u256) * 340282366920938463463374607431768211457 == MAX_256, 3);
        assert!(id(MAX_256) / MAX_256 == 1 && id(MAX_256 - 1) / MAX_256 == 0 && id(110836921891709048621641985493033003582278959419575771108654709201605151247800u256) / 337504089920091314811345636892664719400 == 328401714829444579078618921157635642604, 4);
        assert!(id(MAX_256) % MAX_256 == 0 && id(MAX_256 - 1) % MAX_256 == MAX_256 - 1 && id(110836921891709048621641985493033003582278959419575771108654709201605151247800u256) % 337504089920091314811345636892664719400 == 95645497484812953132088985066805930200, 5);
        assert!(id(337504089920091314811345636892664719400u256) * 337504089920091314811345636892664719400 == 113909010712789083850998859678437936778834512973138328989559378061480736360000 && id(110836921891709048621641985493033003582278959419575771108654709201605151247800u256) - 337504089920091314811345636892664719400 + 337504089920091314811345636892664719400 == 110836921891709048621641985493033003582278959419575771108654709201605151247800, 6);
    }

    public fun test_u256_order() {
        assert!(id(0u256) < 1 && id(0u256) <= 0 && !(id(1u256) < 1) && !(id(1u256) <= 0), 1);
        assert!(id(MAX_256) > MAX_256 - 1 && id(MAX_256) >= MAX_256 && !(id(MAX_256) > MAX_256), 2);
        assert!(id(110836921891709048621641985493033003582278959419575771108654709201605151247800u256) > 337504089920091314811345636892664719400 && id(110836921891709048621641985493033003582278959419575771108654709201605151247800u256) != 337504089920091314811345636892664719400 && id(110836921891709048621641985493033003582278959419575771108654709201605151247800u256) == 110836921891709048621641985493033003582278959419575771108654709201605151247800, 3);
    }

    public fun test_u256_bits() {
        assert!(id(110836921891709048621641985493033003582278959419575771108654709201605151247800u256) & 337504089920091314811345636892664719400 == 124449621741269646432854201843620792360 && id(110836921891709048621641985493033003582278959419575771108654709201605151247800u256) | 337504089920091314811345636892664719400 == 110836921891709048621641985493033003582492013887754592777033200636654195174840 && id(110836921891709048621641985493033003582278959419575771108654709201605151247800u256) ^ 337504089920091314811345636892664719400 == 110836921891709048621641985493033003582367564266013323130600346434810574382480, 1);
        assert!(id(110836921891709048621641985493033003582278959419575771108654709201605151247800u256) ^ 110836921891709048621641985493033003582278959419575771108654709201605151247800 == 0 && id(MAX_256) & 110836921891709048621641985493033003582278959419575771108654709201605151247800 == 110836921891709048621641985493033003582278959419575771108654709201605151247800 && id(0u256) | 110836921891709048621641985493033003582278959419575771108654709201605151247800 == 110836921891709048621641985493033003582278959419575771108654709201605151247800, 2);
        assert!(id(1u256) << 255 == 57896044618658097711785492504343953926634992332820282019728792003956564819968 && id(MAX_256) >> 255 == 1 && id(MAX_256) << 0 == MAX_256, 3);
        assert!(id(MAX_256) << 255 == 57896044618658097711785492504343953926634992332820282019728792003956564819968 && id(110836921891709048621641985493033003582278959419575771108654709201605151247800u256) >> 128 == 325720438865587786979685937850051935446, 4);
        assert!(id(110836921891709048621641985493033003582278959419575771108654709201605151247800u256) << 127 == 21189974856761879896701645478308038836513391846310224362430041642133379612672, 5);
    }

    public fun expect_arithmetic_error__u256_add(): u256 {
        id(MAX_256) + 1
    }

    public fun expect_arithmetic_error__u256_sub(): u256 {
        id(0u256) - 1
    }

    public fun expect_arithmetic_error__u256_mul(): u256 {
        id(340282366920938463463374607431768211456u256) * 340282366920938463463374607431768211456
    }

    public fun expect_arithmetic_error__u256_div(): u256 {
        id(1u256) / id(0)
    }

    public fun expect_arithmetic_error__u256_mod(): u256 {
        id(1u256) % id(0)
    }

    public fun expect_arithmetic_error__u256_sub_of_more(): u256 {
        id(337504089920091314811345636892664719400u256) - 337504089920091314811345636892664719401
    }

    public fun expect_arithmetic_error__u256_mul_of_max(): u256 {
        id(MAX_256) * 2
    }

    public fun expect_arithmetic_error__u256_add_of_max(): u256 {
        id(MAX_256) + MAX_256
    }
}
