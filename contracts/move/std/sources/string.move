// SPDX-License-Identifier: Apache-2.0

/// Text in UTF-8. Indices and lengths count bytes; an index must lie between two characters.
module std::string {
    use std::option::{Self, Option};
    use std::vector;

    /// The bytes are not UTF-8.
    const EINVALID_UTF8: u64 = 1;
    /// The index is beyond the end or inside a character.
    const EINVALID_INDEX: u64 = 2;

    /// Invariant: `bytes` is well-formed UTF-8.
    struct String has copy, drop, store {
        bytes: vector<u8>
    }

    /// The text that the bytes are.
    public fun utf8(bytes: vector<u8>): String {
        assert!(internal_check_utf8(&bytes), EINVALID_UTF8);
        String { bytes }
    }

    /// The text that the bytes are, if they are one.
    public fun try_utf8(bytes: vector<u8>): Option<String> {
        if (internal_check_utf8(&bytes)) option::some(String { bytes }) else option::none()
    }

    /// The bytes.
    public fun bytes(self: &String): &vector<u8> {
        &self.bytes
    }

    /// The bytes, without the text.
    public fun into_bytes(self: String): vector<u8> {
        let String { bytes } = self;
        bytes
    }

    /// Whether there is no character.
    public fun is_empty(self: &String): bool {
        vector::is_empty(&self.bytes)
    }

    /// The number of bytes.
    public fun length(self: &String): u64 {
        vector::length(&self.bytes)
    }

    /// Adds a text at the end.
    public fun append(self: &mut String, r: String) {
        vector::append(&mut self.bytes, into_bytes(r))
    }

    /// Adds the text that the bytes are at the end.
    public fun append_utf8(self: &mut String, bytes: vector<u8>) {
        append(self, utf8(bytes))
    }

    /// Puts a text in front of the byte at `at`, or at the end.
    public fun insert(self: &mut String, at: u64, o: String) {
        assert!(is_char_boundary(&self.bytes, at), EINVALID_INDEX);
        let behind = vector::trim(&mut self.bytes, at);
        append(self, o);
        vector::append(&mut self.bytes, behind)
    }

    /// The text of the bytes in `[i, j)`.
    public fun sub_string(self: &String, i: u64, j: u64): String {
        assert!(
            i <= j && is_char_boundary(&self.bytes, i) && is_char_boundary(&self.bytes, j),
            EINVALID_INDEX
        );
        String { bytes: vector::slice(&self.bytes, i, j) }
    }

    /// Where `r` occurs first; the length if it does not. The empty text occurs at 0.
    ///
    /// Compares at every place: in the worst case the product of the lengths.
    public fun index_of(self: &String, r: &String): u64 {
        let len = length(self);
        let wanted = length(r);
        let at = 0;
        // Not `at + wanted <= len`, and nothing below zero.
        while (len - at >= wanted) {
            if (matches_at(&self.bytes, &r.bytes, at)) return at;
            at = at + 1;
        };
        len
    }

    /// Whether `part` stands in `whole` at `at`, where it has room.
    fun matches_at(whole: &vector<u8>, part: &vector<u8>, at: u64): bool {
        let i = 0;
        let len = vector::length(part);
        while (i < len) {
            if (vector::borrow(whole, at + i) != vector::borrow(part, i)) return false;
            i = i + 1;
        };
        true
    }

    /// Whether a character of well-formed UTF-8 begins, or the text ends, at `i`.
    fun is_char_boundary(v: &vector<u8>, i: u64): bool {
        let len = vector::length(v);
        // Bytes within a character are 0b10xxxxxx.
        i == len || (i < len && (*vector::borrow(v, i) & 0xC0) != 0x80)
    }

    /// Whether the bytes are well-formed UTF-8.
    native fun internal_check_utf8(v: &vector<u8>): bool;
}
