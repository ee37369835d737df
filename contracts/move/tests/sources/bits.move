// SPDX-License-Identifier: Apache-2.0

/// Tricks with bits.
module tests::bits {
    fun ones(x: u256): u8 {
        let n = 0;
        while (x != 0) {
            x = x & (x - 1);
            n = n + 1;
        };
        n
    }

    public fun test_population_count() {
        assert!(ones(0) == 0 && ones(1) == 1 && ones(255) == 8, 1);
        assert!(ones(0x5555555555555555555555555555555555555555555555555555555555555555) == 128, 2);
        assert!(ones((1 << 255) | (1 << 128) | (1 << 64) | 1) == 4, 3);
    }

    public fun test_rotation() {
        let x = 0x80000001u32;
        for (_i in 0..32) x = (x << 1) | (x >> 31);
        assert!(x == 0x80000001, 1);
        assert!(((x << 4) | (x >> 28)) == 0x18, 2);
    }

    public fun test_every_shift_of_one() {
        let i = 0u8;
        let x = 1u128;
        while (i < 127) {
            assert!(1u128 << i == x && x >> i == 1, 1);
            x = x * 2;
            i = i + 1;
        }
    }

    // FNV-1a, whose products wrap around.
    public fun test_hash_with_wrapping() {
        let h = 0xcbf29ce484222325u64;
        let text = b"Trivium";
        for (i in 0..text.length()) {
            h = h ^ (text[i] as u64);
            h = (((h as u128) * 0x100000001b3 & 0xFFFFFFFFFFFFFFFF) as u64);
        };
        assert!(h == FNV_OF_TRIVIUM, 1);
    }

    const FNV_OF_TRIVIUM: u64 = 483142490615245885;

    public fun test_xor_exchanges() {
        let (a, b) = (0x1234u16, 0xABCDu16);
        a = a ^ b;
        b = a ^ b;
        a = a ^ b;
        assert!(a == 0xABCD && b == 0x1234, 1);
    }

    public fun test_bytes_of_a_word() {
        let x = 0x0102030405060708u64;
        let bytes = vector[];
        for (i in 0u8..8) bytes.push_back(((x >> (8 * i) & 0xFF) as u8));
        assert!(bytes == x"0807060504030201", 1);
    }
}
