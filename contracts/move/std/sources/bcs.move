// SPDX-License-Identifier: Apache-2.0

/// Binary canonical serialization: each value has exactly one form in bytes.
module std::bcs {
    /// The bytes of a value. Aborts with `0x1C5` if it is nested too deeply to have any.
    native public fun to_bytes<MoveValue>(v: &MoveValue): vector<u8>;
}
