// SPDX-License-Identifier: Apache-2.0

module tests::string_tests {
    use std::option;
    use std::string::{Self, utf8};

    // "a", U+00E9, U+20AC, U+1F600: one to four bytes.
    const MIXED: vector<u8> = x"61c3a9e282acf09f9880";

    public fun test_utf8_of_every_length() {
        assert!(*string::bytes(&utf8(MIXED)) == MIXED, 1);
        assert!(string::length(&utf8(MIXED)) == 10, 2);
        assert!(string::into_bytes(utf8(b"ab")) == b"ab", 3);
        assert!(string::is_empty(&utf8(b"")) && !string::is_empty(&utf8(b" ")), 4);
    }

    public fun test_utf8_borders_are_accepted() {
        let valid = vector[
            x"00", x"7f", x"c280", x"dfbf", x"e0a080", x"ed9fbf", x"ee8080", x"efbfbf", x"f0908080", x"f48fbfbf"
        ];
        while (!valid.is_empty()) {
            assert!(option::is_some(&string::try_utf8(valid.pop_back())), 1);
        }
    }

    public fun test_what_is_not_utf8_is_refused() {
        let invalid = vector[
            x"80", x"bf", x"c0", x"c080", x"c1bf", x"c3", x"c328", x"e0", x"e08080", x"e09fbf", x"e282", x"eda080",
            x"edbfbf", x"f0808080", x"f08fbfbf", x"f09f98", x"f4908080", x"f5808080", x"f8888080", x"fe", x"ff",
            x"61ff", x"c3a9a9"
        ];
        while (!invalid.is_empty()) {
            assert!(option::is_none(&string::try_utf8(invalid.pop_back())), 1);
        }
    }

    public fun test_append() {
        let s = utf8(b"ab");
        string::append(&mut s, utf8(b"cd"));
        string::append_utf8(&mut s, x"c3a9");
        string::append(&mut s, utf8(b""));
        assert!(s == utf8(x"61626364c3a9"), 1);
    }

    public fun test_insert() {
        let s = utf8(b"ad");
        string::insert(&mut s, 1, utf8(b"bc"));
        string::insert(&mut s, 0, utf8(b"<"));
        string::insert(&mut s, 5, utf8(b">"));
        assert!(s == utf8(b"<abcd>"), 1);
        let m = utf8(MIXED);
        string::insert(&mut m, 3, utf8(b"-"));
        assert!(string::into_bytes(m) == x"61c3a92de282acf09f9880", 2);
    }

    public fun test_sub_string() {
        let s = utf8(b"abcd");
        assert!(string::sub_string(&s, 1, 3) == utf8(b"bc"), 1);
        assert!(string::sub_string(&s, 0, 4) == s, 2);
        assert!(string::sub_string(&s, 4, 4) == utf8(b""), 3);
        assert!(string::sub_string(&utf8(MIXED), 1, 6) == utf8(x"c3a9e282ac"), 4);
    }

    public fun test_index_of() {
        let s = utf8(b"abcabd");
        assert!(string::index_of(&s, &utf8(b"abd")) == 3, 1);
        assert!(string::index_of(&s, &utf8(b"ab")) == 0, 2);
        assert!(string::index_of(&s, &utf8(b"d")) == 5, 3);
        assert!(string::index_of(&s, &utf8(b"x")) == 6, 4);
        assert!(string::index_of(&s, &utf8(b"")) == 0, 5);
        assert!(string::index_of(&s, &utf8(b"abcabde")) == 6, 6);
        assert!(string::index_of(&s, &s) == 0, 7);
        assert!(string::index_of(&utf8(b""), &utf8(b"")) == 0, 8);
        assert!(string::index_of(&utf8(b""), &utf8(b"a")) == 0, 9);
    }

    public fun expect_abort_0x1__utf8_of_other_bytes() {
        utf8(x"ff");
    }

    public fun expect_abort_0x1__append_utf8_of_other_bytes() {
        string::append_utf8(&mut utf8(b"a"), x"80");
    }

    public fun expect_abort_0x2__insert_inside_a_character() {
        string::insert(&mut utf8(MIXED), 2, utf8(b"-"));
    }

    public fun expect_abort_0x2__insert_beyond_end() {
        string::insert(&mut utf8(b"a"), 2, utf8(b"-"));
    }

    public fun expect_abort_0x2__sub_string_from_inside_a_character() {
        string::sub_string(&utf8(MIXED), 2, 3);
    }

    public fun expect_abort_0x2__sub_string_to_inside_a_character() {
        string::sub_string(&utf8(MIXED), 1, 2);
    }

    public fun expect_abort_0x2__sub_string_backwards() {
        string::sub_string(&utf8(b"abc"), 2, 1);
    }

    public fun expect_abort_0x2__sub_string_beyond_end() {
        string::sub_string(&utf8(b"abc"), 0, 4);
    }
}
