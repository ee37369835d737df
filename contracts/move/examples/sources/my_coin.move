// SPDX-License-Identifier: Apache-2.0

/// A currency: what an issuer writes to have one. Holders use `0x1::coin` itself, with
/// `register`, `transfer` and `balance`.
module examples::my_coin {
    use std::coin::{Self, BurnCapability, FreezeCapability, MintCapability};
    use std::error;
    use std::signer;
    use std::string;

    /// Only the issuer may do this.
    const ENOT_ISSUER: u64 = 1;
    /// The currency was not created, or its minting has ended.
    const ENO_CAPABILITY: u64 = 2;

    /// The currency's type. No value of it ever exists.
    struct MyCoin {}

    /// The right to mint, in the issuer's account until minting ends.
    struct Minting has key {
        cap: MintCapability<MyCoin>
    }

    /// What the issuer may do besides.
    struct Powers has key {
        burn: BurnCapability<MyCoin>,
        freeze: FreezeCapability<MyCoin>
    }

    /// Begins the currency. Once, by the account that published this module.
    public entry fun create(issuer: &signer) {
        let (burn, freeze, cap) =
            coin::initialize<MyCoin>(
                issuer, string::utf8(b"My Coin"), string::utf8(b"MYC"), 6
            );
        move_to(issuer, Minting { cap });
        move_to(issuer, Powers { burn, freeze });
    }

    /// Makes `amount` for an account, which must have registered.
    public entry fun mint(issuer: &signer, to: address, amount: u64) acquires Minting {
        assert_issuer(issuer);
        assert!(exists<Minting>(@examples), error::not_found(ENO_CAPABILITY));
        let minted = coin::mint(amount, &borrow_global<Minting>(@examples).cap);
        coin::deposit(to, minted);
    }

    /// Destroys `amount` of the signer's own.
    public entry fun burn(holder: &signer, amount: u64) acquires Powers {
        assert!(exists<Powers>(@examples), error::not_found(ENO_CAPABILITY));
        let given = coin::withdraw<MyCoin>(holder, amount);
        coin::burn(given, &borrow_global<Powers>(@examples).burn);
    }

    /// Freezes an account's holding, or frees it.
    public entry fun set_frozen(issuer: &signer, account: address, frozen: bool) acquires Powers {
        assert_issuer(issuer);
        assert!(exists<Powers>(@examples), error::not_found(ENO_CAPABILITY));
        let cap = &borrow_global<Powers>(@examples).freeze;
        if (frozen) {
            coin::freeze_coin_store(account, cap)
        } else {
            coin::unfreeze_coin_store(account, cap)
        }
    }

    /// Fixes the supply: nobody ever mints again.
    public entry fun end_minting(issuer: &signer) acquires Minting {
        assert_issuer(issuer);
        assert!(exists<Minting>(@examples), error::not_found(ENO_CAPABILITY));
        let Minting { cap } = move_from<Minting>(@examples);
        coin::destroy_mint_cap(cap);
    }

    fun assert_issuer(account: &signer) {
        assert!(
            signer::address_of(account) == @examples, error::permission_denied(ENOT_ISSUER)
        );
    }
}
