// SPDX-License-Identifier: Apache-2.0

/// What a type parameter stands for.
module std::type_name {
    use std::string::{Self, String};

    /// The type's canonical name, as in `0x1::coin::Coin<0xcafe::my_coin::MyCoin>`: addresses
    /// without leading zeros, type arguments separated by a comma and a space.
    public fun get<T>(): String {
        string::utf8(get_bytes<T>())
    }

    /// The address of the module that defines the type. Aborts with `invalid_argument(1)` if it is
    /// neither a struct nor an enum.
    native public fun address_of<T>(): address;

    /// The canonical name's bytes.
    native fun get_bytes<T>(): vector<u8>;
}
