// SPDX-License-Identifier: Apache-2.0

module tests::ascii_tests {
    use std::ascii;
    use std::option;

    public fun test_strings() {
        let s = ascii::string(b"Hello");
        assert!(*ascii::as_bytes(&s) == b"Hello", 1);
        assert!(ascii::length(&s) == 5, 2);
        assert!(ascii::into_bytes(s) == b"Hello", 3);
        assert!(ascii::length(&ascii::string(b"")) == 0, 4);
    }

    public fun test_every_byte() {
        let b = 0u8;
        while (b < 255) {
            let valid = b < 128;
            assert!(ascii::is_valid_char(b) == valid, 1);
            assert!(option::is_some(&ascii::try_string(vector[97, b])) == valid, 2);
            assert!(ascii::is_printable_char(b) == (b >= 32 && b < 127), 3);
            b = b + 1;
        };
        assert!(!ascii::is_valid_char(255), 4);
    }

    public fun test_characters() {
        let s = ascii::string(b"a");
        ascii::push_char(&mut s, ascii::char(98));
        assert!(s == ascii::string(b"ab"), 1);
        assert!(ascii::byte(ascii::pop_char(&mut s)) == 98, 2);
        assert!(s == ascii::string(b"a"), 3);
    }

    public fun test_printable() {
        assert!(ascii::all_characters_printable(&ascii::string(b"a ~")), 1);
        assert!(ascii::all_characters_printable(&ascii::string(b"")), 2);
        assert!(!ascii::all_characters_printable(&ascii::string(x"610a")), 3);
        assert!(!ascii::all_characters_printable(&ascii::string(x"7f")), 4);
    }

    public fun expect_abort_0x10000__string_of_other_bytes() {
        ascii::string(x"6180");
    }

    public fun expect_abort_0x10000__char_of_other_byte() {
        ascii::char(128);
    }

    public fun expect_vector_operation_error_2__pop_char_of_empty() {
        ascii::pop_char(&mut ascii::string(b""));
    }
}
