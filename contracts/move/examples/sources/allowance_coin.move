// SPDX-License-Identifier: Apache-2.0

/// A coin with allowances: what ERC-20 is, written in Move. Once its publisher has registered its functions by their
/// names in Solidity (docs/interfaces.md), contracts of the EVM and wallets use it as an ERC-20.
module examples::allowance_coin {
    use std::error;
    use std::event;
    use std::signer;
    use std::table::{Self, Table};

    /// Only the publisher may do this.
    const ENOT_ISSUER: u64 = 1;
    /// The coin exists already.
    const EALREADY_CREATED: u64 = 2;
    /// The owner has less.
    const EBALANCE: u64 = 3;
    /// The owner has allowed less.
    const EALLOWANCE: u64 = 4;

    /// The books, under the account of the publisher.
    struct Books has key {
        supply: u128,
        balances: Table<address, u128>,
        allowances: Table<Allowance, u128>
    }

    /// Who may spend whose coins.
    struct Allowance has copy, drop {
        owner: address,
        spender: address
    }

    #[event]
    /// Coins went from one account to another.
    struct Transfer has drop, store {
        from: address,
        to: address,
        value: u128
    }

    #[event]
    /// An owner said how much a spender may take.
    struct Approval has drop, store {
        owner: address,
        spender: address,
        value: u128
    }

    /// Makes `supply` coins, all of them the publisher's. Once.
    public entry fun create(issuer: &signer, supply: u128) {
        let owner = signer::address_of(issuer);
        assert!(owner == @examples, error::permission_denied(ENOT_ISSUER));
        assert!(!exists<Books>(@examples), error::already_exists(EALREADY_CREATED));
        let balances = table::new<address, u128>();
        table::add(&mut balances, owner, supply);
        let allowances = table::new<Allowance, u128>();
        move_to(issuer, Books { supply, balances, allowances });
    }

    /// Coins in existence.
    public fun total_supply(): u128 acquires Books {
        borrow_global<Books>(@examples).supply
    }

    /// Digits after the point.
    public fun decimals(): u8 {
        6
    }

    /// Coins of an account.
    public fun balance_of(owner: address): u128 acquires Books {
        *table::borrow_with_default(&borrow_global<Books>(@examples).balances, owner, &0)
    }

    /// What `spender` may still take of `owner`'s.
    public fun allowance(owner: address, spender: address): u128 acquires Books {
        let books = borrow_global<Books>(@examples);
        *table::borrow_with_default(&books.allowances, Allowance { owner, spender }, &0)
    }

    /// Moves the caller's coins.
    public entry fun transfer(owner: &signer, to: address, value: u128) acquires Books {
        give(signer::address_of(owner), to, value)
    }

    /// Lets `spender` take up to `value` of the caller's coins.
    public entry fun approve(owner: &signer, spender: address, value: u128) acquires Books {
        allow(signer::address_of(owner), spender, value)
    }

    /// Moves coins of `from` within what it has allowed the caller.
    public entry fun transfer_from(
        spender: &signer, from: address, to: address, value: u128
    ) acquires Books {
        let spender = signer::address_of(spender);
        let allowed = allowance(from, spender);
        assert!(allowed >= value, error::invalid_state(EALLOWANCE));
        allow(from, spender, allowed - value);
        give(from, to, value)
    }

    fun give(from: address, to: address, value: u128) acquires Books {
        let left = balance_of(from);
        assert!(left >= value, error::invalid_state(EBALANCE));
        let balances = &mut borrow_global_mut<Books>(@examples).balances;
        table::upsert(balances, from, left - value);
        // What comes in was there before, so that the sum fits.
        let had = *table::borrow_with_default(balances, to, &0);
        table::upsert(balances, to, had + value);
        event::emit(Transfer { from, to, value });
    }

    fun allow(owner: address, spender: address, value: u128) acquires Books {
        let allowances = &mut borrow_global_mut<Books>(@examples).allowances;
        table::upsert(allowances, Allowance { owner, spender }, value);
        event::emit(Approval { owner, spender, value });
    }
}
