// SPDX-License-Identifier: Apache-2.0

/// Constants of every kind.
module tests::constants {
    const YES: bool = true;
    const NO: bool = !YES;
    const U8: u8 = 255;
    const U16: u16 = 65535;
    const U32: u32 = 4294967295;
    const U64: u64 = 18446744073709551615;
    const U128: u128 = 340282366920938463463374607431768211455;
    const U256: u256 = 115792089237316195423570985008687907853269984665640564039457584007913129639935;
    const PLACE: address = @0xfedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210;
    const NAMED: address = @tests;
    const TEXT: vector<u8> = b"text \"quoted\" \\ \n \t \x41";
    const HEX: vector<u8> = x"00ff";
    const NOTHING: vector<u8> = b"";
    const NUMBERS: vector<u64> = vector[1, 2, 3];
    const PLACES: vector<address> = vector[@0x1, @0x2];
    const NESTED: vector<vector<u8>> = vector[b"a", b"", b"bc"];
    const FLAGS: vector<bool> = vector[true, false];
    const BIG: vector<u256> = vector[0, 115792089237316195423570985008687907853269984665640564039457584007913129639935];
    const COMPUTED: u64 = (1 << 10) + 7 % 4 - 0x10 / 2;
    const DEPENDENT: u64 = COMPUTED * 2;

    public fun test_numbers() {
        assert!(U8 == 0xFF && U16 == 0xFFFF && U32 == 0xFFFF_FFFF && U64 == 0xFFFF_FFFF_FFFF_FFFF, 1);
        assert!(U128 == 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF && U256 == 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF, 2);
        assert!(YES && !NO, 3);
        assert!(COMPUTED == 1019 && DEPENDENT == 2038, 4);
    }

    public fun test_addresses() {
        assert!(PLACE == @0xfedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210, 1);
        assert!(NAMED == @0x7e57 && PLACES == vector[@0x1, @0x2], 2);
    }

    public fun test_vectors() {
        assert!(TEXT.length() == 21 && TEXT[0] == 116 && TEXT[20] == 65, 1);
        assert!(std::hash::sha2_256(TEXT) == x"8fd3548b60253fb037dc040194cc594dfaae5d714aa15e173e5768c29913e3e8", 2);
        assert!(HEX.length() == 2 && HEX[1] == 255 && NOTHING.length() == 0, 3);
        assert!(NUMBERS.length() == 3 && NUMBERS[2] == 3, 4);
        assert!(NESTED.length() == 3 && NESTED[2][1] == 99 && NESTED[1].length() == 0, 5);
        assert!(FLAGS[0] && !FLAGS[1] && BIG[1] == U256 && BIG[0] == 0, 6);
    }

    public fun test_a_use_is_a_copy() {
        let n = NUMBERS;
        n.push_back(4);
        n[0] = 9;
        assert!(NUMBERS.length() == 3 && NUMBERS[0] == 1 && n.length() == 4, 1);
    }

    public fun test_borrowed() {
        let r = &NUMBERS;
        assert!(r[1] == 2 && *&U64 == U64, 1);
    }
}
