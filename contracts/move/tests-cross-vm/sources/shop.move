// SPDX-License-Identifier: Apache-2.0

/// What `docs/move.md` shows.
module bridge_tests::shop {
    use std::bcs;
    use trivium::cross_vm;

    struct Transfer has drop { to: address, amount: u256 }

    struct Quote has drop { price: u128, is_final: bool }

    /// The arguments of a call are those of its signature, in BCS, one after the other.
    public fun pay(token: address, to: address, amount: u256): bool {
        cross_vm::call<bool>(
            token,
            b"transfer(address,u256)->(bool)",
            bcs::to_bytes(&Transfer { to, amount }),
            cross_vm::options(),
        )
    }

    /// Two results are a struct of one's own; a failure is a value.
    public fun price(market: address): u128 {
        let options = cross_vm::options().read_only();
        let (quote, error) = cross_vm::try_call<Quote>(market, b"quote()->(u128,bool)", x"", options);
        if (error.is_some()) {
            return 0
        };
        let Quote { price, is_final: _ } = quote.destroy_some();
        price
    }
}
