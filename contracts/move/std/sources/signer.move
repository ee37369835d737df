// SPDX-License-Identifier: Apache-2.0

/// Who signed: proof that an account stands behind the call.
module std::signer {
    /// The account's address, inside the signer.
    native public fun borrow_address(s: &signer): &address;

    /// The account's address.
    public fun address_of(s: &signer): address {
        *borrow_address(s)
    }
}
