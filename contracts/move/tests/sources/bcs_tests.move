// SPDX-License-Identifier: Apache-2.0

module tests::bcs_tests {
    use std::ascii;
    use std::bcs;
    use std::string;

    struct Empty has drop {}

    struct Inner has copy, drop { a: u8, b: bool }

    struct Outer<T> has drop { inner: Inner, many: vector<Inner>, other: T }

    struct Chain<T> has drop { next: T }

    public fun test_integers() {
        assert!(bcs::to_bytes(&0x01u8) == x"01", 1);
        assert!(bcs::to_bytes(&0x0102u16) == x"0201", 2);
        assert!(bcs::to_bytes(&0x01020304u32) == x"04030201", 3);
        assert!(bcs::to_bytes(&0x0102030405060708u64) == x"0807060504030201", 4);
        assert!(
            bcs::to_bytes(&0x0102030405060708090a0b0c0d0e0f10u128) == x"100f0e0d0c0b0a090807060504030201", 5
        );
        assert!(
            bcs::to_bytes(&0x01u256) == x"0100000000000000000000000000000000000000000000000000000000000000", 6
        );
        assert!(
            bcs::to_bytes(&0xff00000000000000000000000000000000000000000000000000000000000001u256)
                == x"01000000000000000000000000000000000000000000000000000000000000ff",
            7
        );
    }

    public fun test_bools_and_addresses() {
        assert!(bcs::to_bytes(&true) == x"01", 1);
        assert!(bcs::to_bytes(&false) == x"00", 2);
        assert!(
            bcs::to_bytes(&@0xcafe) == x"000000000000000000000000000000000000000000000000000000000000cafe", 3
        );
    }

    public fun test_vectors() {
        assert!(bcs::to_bytes(&vector<u64>[]) == x"00", 1);
        assert!(bcs::to_bytes(&vector[1u16, 2]) == x"0201000200", 2);
        assert!(bcs::to_bytes(&vector[b"a", b"", b"bc"]) == x"03016100026263", 3);
        assert!(bcs::to_bytes(&vector[true, false]) == x"020100", 4);
    }

    public fun test_lengths_are_uleb128() {
        assert!(bcs::to_bytes(&zeros(127)).length() == 128, 1);
        let v = bcs::to_bytes(&zeros(128));
        assert!(v.length() == 130 && v[0] == 0x80 && v[1] == 0x01, 2);
        let v = bcs::to_bytes(&zeros(300));
        assert!(v.length() == 302 && v[0] == 0xac && v[1] == 0x02, 3);
        let v = bcs::to_bytes(&zeros(16384));
        assert!(v.length() == 16387 && v[0] == 0x80 && v[1] == 0x80 && v[2] == 0x01, 4);
    }

    public fun test_structs_are_their_fields() {
        // A struct without fields has a hidden one, false.
        assert!(bcs::to_bytes(&Empty {}) == x"00", 1);
        let inner = Inner { a: 7, b: true };
        assert!(bcs::to_bytes(&inner) == x"0701", 2);
        let outer = Outer { inner, many: vector[inner, Inner { a: 8, b: false }], other: 258u16 };
        assert!(bcs::to_bytes(&outer) == x"070102070108000201", 3);
    }

    public fun test_strings() {
        assert!(bcs::to_bytes(&string::utf8(x"c3a9")) == x"02c3a9", 1);
        assert!(bcs::to_bytes(&ascii::string(b"ab")) == x"026162", 2);
        assert!(bcs::to_bytes(&ascii::char(97)) == x"61", 3);
    }

    public fun test_signer_is_its_address(s: &signer) {
        assert!(
            bcs::to_bytes(&std::signer::address_of(s))
                == x"0000000000000000000000000000000000000000000000000000000000007e57",
            1
        );
    }

    public fun test_nested_structs_add_nothing() {
        let c = Chain { next: Chain { next: Chain { next: Chain { next: 5u8 } } } };
        assert!(bcs::to_bytes(&c) == x"05", 1);
    }

    public fun test_equal_bytes_for_equal_values() {
        assert!(bcs::to_bytes(&zeros(2)) == bcs::to_bytes(&x"0000"), 1);
        assert!(bcs::to_bytes(&1u8) != bcs::to_bytes(&1u16), 2);
    }

    fun zeros(n: u64): vector<u8> {
        let v = vector[];
        while (n > 0) {
            v.push_back(0);
            n = n - 1;
        };
        v
    }
}
