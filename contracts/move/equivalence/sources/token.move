// SPDX-License-Identifier: Apache-2.0

/// The token of docs/equivalence.md, in Move. Its twins are `contracts/solidity/EquivalentToken.sol` and
/// `contracts/ink/equivalence/token`.
///
/// A failure aborts with a category of `0x1::error` and the number that the page gives it.
module equivalence::token {
    use std::error;
    use std::event;
    use std::signer;
    use std::table::{Self, Table};
    use trivium::cross_vm;

    /// Only the owner may do this.
    const ENOT_OWNER: u64 = 1;
    /// There would be more tokens than a `u128` counts.
    const ESUPPLY_OVERFLOW: u64 = 2;
    /// The holder has fewer.
    const EINSUFFICIENT_BALANCE: u64 = 3;
    /// The holder allowed the caller fewer.
    const EINSUFFICIENT_ALLOWANCE: u64 = 4;

    /// The largest number.
    const MAX: u128 = 340282366920938463463374607431768211455;

    /// The books, in the module's own account.
    struct Books has key {
        owner: address,
        supply: u128,
        balances: Table<address, u128>,
        allowances: Table<Allowance, u128>
    }

    /// Who may take whose tokens.
    struct Allowance has copy, drop {
        holder: address,
        spender: address
    }

    #[event]
    /// Tokens went from one account to another.
    struct Transfer has drop, store {
        from: address,
        to: address,
        value: u128
    }

    #[event]
    /// A holder said how much a spender may take.
    struct Approval has drop, store {
        holder: address,
        spender: address,
        value: u128
    }

    #[event]
    /// Tokens came into being.
    struct Minted has drop, store {
        to: address,
        value: u128
    }

    #[event]
    /// Tokens ceased to be.
    struct Burned has drop, store {
        from: address,
        value: u128
    }

    /// A token without units, which the publisher may mint.
    fun init_module(publisher: &signer) {
        let owner = signer::address_of(publisher);
        let books = Books { owner, supply: 0, balances: table::new(), allowances: table::new() };
        move_to(&cross_vm::self_signer(), books);
    }

    /// Who may mint: the publisher. Canonical: `owner()->(address)`.
    public fun owner(): address acquires Books {
        borrow_global<Books>(cross_vm::self_address()).owner
    }

    /// Tokens in existence. Canonical: `supply()->(u128)`.
    public fun supply(): u128 acquires Books {
        borrow_global<Books>(cross_vm::self_address()).supply
    }

    /// Tokens of an account. Canonical: `balance(address)->(u128)`.
    public fun balance(holder: address): u128 acquires Books {
        let books = borrow_global<Books>(cross_vm::self_address());
        *books.balances.borrow_with_default(holder, &0)
    }

    /// What `spender` may still take of `holder`'s. Canonical: `allowance(address,address)->(u128)`.
    public fun allowance(holder: address, spender: address): u128 acquires Books {
        let books = borrow_global<Books>(cross_vm::self_address());
        *books.allowances.borrow_with_default(Allowance { holder, spender }, &0)
    }

    /// Makes tokens and gives them to `to`. Canonical: `mint(address,u128)`.
    public entry fun mint(caller: &signer, to: address, value: u128) acquires Books {
        let books = borrow_global_mut<Books>(cross_vm::self_address());
        assert!(signer::address_of(caller) == books.owner, error::permission_denied(ENOT_OWNER));
        assert!(value <= MAX - books.supply, error::out_of_range(ESUPPLY_OVERFLOW));
        books.supply = books.supply + value;
        give(books, to, value);
        event::emit(Minted { to, value });
    }

    /// Destroys tokens of the caller. Canonical: `burn(u128)`.
    public entry fun burn(caller: &signer, value: u128) acquires Books {
        let from = signer::address_of(caller);
        let books = borrow_global_mut<Books>(cross_vm::self_address());
        take(books, from, value);
        books.supply = books.supply - value;
        event::emit(Burned { from, value });
    }

    /// Moves the caller's tokens. Canonical: `transfer(address,u128)`.
    public entry fun transfer(caller: &signer, to: address, value: u128) acquires Books {
        shift(signer::address_of(caller), to, value)
    }

    /// Lets `spender` take up to `value` of the caller's tokens. Canonical: `approve(address,u128)`.
    public entry fun approve(caller: &signer, spender: address, value: u128) acquires Books {
        let holder = signer::address_of(caller);
        let books = borrow_global_mut<Books>(cross_vm::self_address());
        books.allowances.upsert(Allowance { holder, spender }, value);
        event::emit(Approval { holder, spender, value });
    }

    /// Moves tokens of `from` within what it allowed the caller. Canonical: `pull(address,address,u128)`.
    public entry fun pull(caller: &signer, from: address, to: address, value: u128) acquires Books {
        let spender = signer::address_of(caller);
        let allowed = allowance(from, spender);
        // The largest number is no limit, and stays.
        if (allowed != MAX) {
            assert!(allowed >= value, error::invalid_state(EINSUFFICIENT_ALLOWANCE));
            let books = borrow_global_mut<Books>(cross_vm::self_address());
            books.allowances.upsert(Allowance { holder: from, spender }, allowed - value);
        };
        shift(from, to, value)
    }

    fun shift(from: address, to: address, value: u128) acquires Books {
        let books = borrow_global_mut<Books>(cross_vm::self_address());
        take(books, from, value);
        give(books, to, value);
        event::emit(Transfer { from, to, value });
    }

    fun take(books: &mut Books, from: address, value: u128) {
        let had = *books.balances.borrow_with_default(from, &0);
        assert!(had >= value, error::invalid_state(EINSUFFICIENT_BALANCE));
        books.balances.upsert(from, had - value);
    }

    fun give(books: &mut Books, to: address, value: u128) {
        // All balances together are the supply, so that the sum fits.
        let had = *books.balances.borrow_with_default(to, &0);
        books.balances.upsert(to, had + value);
    }
}
