// SPDX-License-Identifier: Apache-2.0

module tests::type_name_tests {
    use std::ascii;
    use std::coin::Coin;
    use std::option::Option;
    use std::string::{String, utf8};
    use std::type_name;

    struct Local {}

    struct Pair<A, phantom B> { a: A }

    public fun test_primitives() {
        assert!(type_name::get<bool>() == utf8(b"bool"), 1);
        assert!(type_name::get<u8>() == utf8(b"u8"), 2);
        assert!(type_name::get<u16>() == utf8(b"u16"), 3);
        assert!(type_name::get<u32>() == utf8(b"u32"), 4);
        assert!(type_name::get<u64>() == utf8(b"u64"), 5);
        assert!(type_name::get<u128>() == utf8(b"u128"), 6);
        assert!(type_name::get<u256>() == utf8(b"u256"), 7);
        assert!(type_name::get<address>() == utf8(b"address"), 8);
        assert!(type_name::get<signer>() == utf8(b"signer"), 9);
    }

    public fun test_vectors() {
        assert!(type_name::get<vector<u8>>() == utf8(b"vector<u8>"), 1);
        assert!(type_name::get<vector<vector<bool>>>() == utf8(b"vector<vector<bool>>"), 2);
    }

    public fun test_structs() {
        assert!(type_name::get<String>() == utf8(b"0x1::string::String"), 1);
        assert!(type_name::get<ascii::String>() == utf8(b"0x1::ascii::String"), 2);
        assert!(type_name::get<Local>() == utf8(b"0x7e57::type_name_tests::Local"), 3);
    }

    public fun test_type_arguments() {
        assert!(
            type_name::get<Coin<Local>>() == utf8(b"0x1::coin::Coin<0x7e57::type_name_tests::Local>"), 1
        );
        assert!(
            type_name::get<Pair<u8, Option<vector<u64>>>>()
                == utf8(b"0x7e57::type_name_tests::Pair<u8, 0x1::option::Option<vector<u64>>>"),
            2
        );
    }

    public fun test_through_a_type_parameter() {
        assert!(of_vector<Local>() == utf8(b"vector<0x7e57::type_name_tests::Local>"), 1);
        assert!(of_vector<u8>() == utf8(b"vector<u8>"), 2);
    }

    public fun test_address_of() {
        assert!(type_name::address_of<String>() == @0x1, 1);
        assert!(type_name::address_of<Local>() == @tests, 2);
        // The arguments' addresses do not matter.
        assert!(type_name::address_of<Coin<Local>>() == @0x1, 3);
        assert!(type_name::address_of<Pair<String, String>>() == @tests, 4);
    }

    public fun expect_abort_0x10001__address_of_an_integer() {
        type_name::address_of<u64>();
    }

    public fun expect_abort_0x10001__address_of_a_vector() {
        type_name::address_of<vector<Local>>();
    }

    fun of_vector<T>(): String {
        type_name::get<vector<T>>()
    }
}
