// SPDX-License-Identifier: Apache-2.0

/// Text in ASCII: every character is one byte below 128.
module std::ascii {
    use std::option::{Self, Option};
    use std::vector;

    /// A byte is not an ASCII character (`invalid_argument(0)`).
    const EINVALID_ASCII_CHARACTER: u64 = 0x10000;

    /// Invariant: every byte is below 128.
    struct String has copy, drop, store {
        bytes: vector<u8>
    }

    /// Invariant: `byte` is below 128.
    struct Char has copy, drop, store {
        byte: u8
    }

    /// The character that the byte is.
    public fun char(byte: u8): Char {
        assert!(is_valid_char(byte), EINVALID_ASCII_CHARACTER);
        Char { byte }
    }

    /// The text that the bytes are.
    public fun string(bytes: vector<u8>): String {
        assert!(all_valid(&bytes), EINVALID_ASCII_CHARACTER);
        String { bytes }
    }

    /// The text that the bytes are, if they are one.
    public fun try_string(bytes: vector<u8>): Option<String> {
        if (all_valid(&bytes)) option::some(String { bytes }) else option::none()
    }

    /// Whether every character is printable.
    public fun all_characters_printable(self: &String): bool {
        vector::all(&self.bytes, |byte| is_printable_char(*byte))
    }

    /// Adds a character at the end.
    public fun push_char(self: &mut String, char: Char) {
        vector::push_back(&mut self.bytes, char.byte)
    }

    /// Takes the last character.
    public fun pop_char(self: &mut String): Char {
        Char { byte: vector::pop_back(&mut self.bytes) }
    }

    /// The number of characters.
    public fun length(self: &String): u64 {
        vector::length(&self.bytes)
    }

    /// The bytes.
    public fun as_bytes(self: &String): &vector<u8> {
        &self.bytes
    }

    /// The bytes, without the text.
    public fun into_bytes(self: String): vector<u8> {
        let String { bytes } = self;
        bytes
    }

    /// The character's byte.
    public fun byte(self: Char): u8 {
        let Char { byte } = self;
        byte
    }

    /// Whether the byte is an ASCII character.
    public fun is_valid_char(b: u8): bool {
        b <= 0x7F
    }

    /// Whether the byte is an ASCII character that can be seen, or a space.
    public fun is_printable_char(byte: u8): bool {
        byte >= 0x20 && byte <= 0x7E
    }

    fun all_valid(bytes: &vector<u8>): bool {
        vector::all(bytes, |byte| is_valid_char(*byte))
    }
}
