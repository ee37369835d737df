// SPDX-License-Identifier: Apache-2.0

/// Cryptographic hashes, 32 bytes each.
module std::hash {
    /// SHA-256.
    native public fun sha2_256(data: vector<u8>): vector<u8>;

    /// SHA3-256 as standardised, which is not the Keccak-256 of the EVM.
    native public fun sha3_256(data: vector<u8>): vector<u8>;
}
