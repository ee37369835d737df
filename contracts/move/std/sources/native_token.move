// SPDX-License-Identifier: Apache-2.0

/// A view of the chain's native token. It moves with calls, not through this module.
module std::native_token {
    use std::string::{Self, String};

    #[view]
    /// What the account could spend now, in the smallest unit: without holds, locks and the
    /// existential deposit. 0 for an account that does not exist.
    native public fun balance_of(addr: address): u128;

    #[view]
    /// One token is `10^decimals` of the smallest unit.
    public fun decimals(): u8 {
        18
    }

    #[view]
    /// The token's ticker.
    public fun symbol(): String {
        string::utf8(b"TRV")
    }
}
