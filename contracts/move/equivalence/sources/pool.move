// SPDX-License-Identifier: Apache-2.0

/// The pool of docs/equivalence.md, in Move: two tokens of whatever machine, exchanged so that the product of what the pool has
/// never falls. Its twins are `contracts/solidity/EquivalentPool.sol` and `contracts/ink/equivalence/pool`.
///
/// A failure aborts with a category of `0x1::error` and the number that the page gives it.
module equivalence::pool {
    use std::bcs;
    use std::error;
    use std::event;
    use std::signer;
    use std::table::{Self, Table};
    use trivium::cross_vm;

    /// Only the owner may do this.
    const ENOT_OWNER: u64 = 1;
    /// The tokens have been named.
    const EALREADY_OPEN: u64 = 2;
    /// Both tokens are one.
    const ESAME_TOKEN: u64 = 3;
    /// The tokens have not been named.
    const ENOT_OPEN: u64 = 4;
    /// The pool does not have this token.
    const EUNKNOWN_TOKEN: u64 = 5;
    /// An amount is nothing.
    const EZERO_AMOUNT: u64 = 6;
    /// Nobody has given anything yet.
    const ENO_LIQUIDITY: u64 = 7;
    /// The pool would have more of a token than it can reckon with.
    const ETOO_MUCH: u64 = 8;
    /// It comes to nothing, or to less than the caller asks for.
    const ETOO_LITTLE: u64 = 9;
    /// The caller has fewer shares.
    const EINSUFFICIENT_SHARES: u64 = 10;
    /// A token refused.
    const ETOKEN_FAILED: u64 = 11;

    /// The most that the pool may have of a token: 112 bits, so that no product here has more than 256.
    const MOST: u128 = 5192296858534827628530496329220095;
    /// Shares that are made with the first tokens and are nobody's, so that a share never costs a fortune.
    const LOCKED: u128 = 1000;
    /// Thousandths of what comes in that count: the fee is the other three.
    const KEPT: u256 = 997;

    /// The pool's own books, in the module's account.
    struct Books has key {
        owner: address,
        is_open: bool,
        first: Side,
        second: Side,
        total: u128,
        shares: Table<address, u128>
    }

    /// A token and what the pool has of it.
    struct Side has copy, drop, store {
        token: address,
        reserve: u128
    }

    /// Arguments of a token's `pull`.
    struct Pull has drop {
        from: address,
        to: address,
        value: u128
    }

    /// Arguments of a token's `transfer`.
    struct Transfer has drop {
        to: address,
        value: u128
    }

    #[event]
    /// The tokens were named.
    struct Opened has drop, store {
        first: address,
        second: address
    }

    #[event]
    /// Somebody gave tokens and got shares.
    struct Added has drop, store {
        provider: address,
        first: u128,
        second: u128,
        shares: u128
    }

    #[event]
    /// Somebody gave shares back and got tokens.
    struct Removed has drop, store {
        provider: address,
        first: u128,
        second: u128,
        shares: u128
    }

    #[event]
    /// Somebody gave `given` of `token` and got `got` of the other.
    struct Swapped has drop, store {
        trader: address,
        token: address,
        given: u128,
        got: u128
    }

    /// A pool whose tokens the publisher is to name.
    fun init_module(publisher: &signer) {
        let none = Side { token: @0x0, reserve: 0 };
        let books = Books {
            owner: signer::address_of(publisher),
            is_open: false,
            first: none,
            second: none,
            total: 0,
            shares: table::new()
        };
        move_to(&cross_vm::self_signer(), books);
    }

    /// Who may name the tokens: the publisher. Canonical: `owner()->(address)`.
    public fun owner(): address acquires Books {
        borrow_global<Books>(cross_vm::self_address()).owner
    }

    /// Shares in existence. Canonical: `total()->(u128)`.
    public fun total(): u128 acquires Books {
        borrow_global<Books>(cross_vm::self_address()).total
    }

    /// Shares of an account. Canonical: `shares(address)->(u128)`.
    public fun shares(provider: address): u128 acquires Books {
        shares_of(borrow_global<Books>(cross_vm::self_address()), provider)
    }

    /// Names the tokens, once. Canonical: `open(address,address)`.
    public entry fun open(caller: &signer, first: address, second: address) acquires Books {
        let books = borrow_global_mut<Books>(cross_vm::self_address());
        assert!(signer::address_of(caller) == books.owner, error::permission_denied(ENOT_OWNER));
        assert!(!books.is_open, error::already_exists(EALREADY_OPEN));
        assert!(first != second, error::invalid_argument(ESAME_TOKEN));
        books.is_open = true;
        books.first.token = first;
        books.second.token = second;
        event::emit(Opened { first, second });
    }

    /// The two tokens. Canonical: `tokens()->(address,address)`.
    public fun tokens(): (address, address) acquires Books {
        let books = borrow_global<Books>(cross_vm::self_address());
        ensure_open(books);
        (books.first.token, books.second.token)
    }

    /// What the pool has of each. Canonical: `reserves()->(u128,u128)`.
    public fun reserves(): (u128, u128) acquires Books {
        let books = borrow_global<Books>(cross_vm::self_address());
        (books.first.reserve, books.second.reserve)
    }

    /// What `swap` would give now. Canonical: `quote(address,u128)->(u128)`.
    public fun quote(token: address, given: u128): u128 acquires Books {
        let (_, got) = priced(borrow_global<Books>(cross_vm::self_address()), token, given);
        got
    }

    /// Takes both tokens of the caller and gives shares, at least `least`. Canonical: `add(u128,u128,u128)->(u128)`.
    public fun add(caller: &signer, first_in: u128, second_in: u128, least: u128): u128 acquires Books {
        let provider = signer::address_of(caller);
        let books = borrow_global_mut<Books>(cross_vm::self_address());
        ensure_open(books);
        assert!(first_in > 0 && second_in > 0, error::invalid_argument(EZERO_AMOUNT));
        let (first, second) = (books.first, books.second);
        ensure_room(&first, first_in);
        ensure_room(&second, second_in);
        let made =
            if (books.total == 0) {
                let root = root((first_in as u256) * (second_in as u256));
                assert!(root > LOCKED, error::out_of_range(ETOO_LITTLE));
                books.total = LOCKED;
                root - LOCKED
            } else {
                let by_first = share(first_in, books.total, first.reserve);
                let by_second = share(second_in, books.total, second.reserve);
                // The total is at most the root of the reserves' product, also after this: 112 bits.
                ((if (by_first < by_second) by_first else by_second) as u128)
            };
        assert!(made > 0 && made >= least, error::out_of_range(ETOO_LITTLE));
        books.total = books.total + made;
        let owned = shares_of(books, provider);
        books.shares.upsert(provider, owned + made);
        books.first.reserve = first.reserve + first_in;
        books.second.reserve = second.reserve + second_in;
        take(first.token, provider, first_in);
        take(second.token, provider, second_in);
        event::emit(Added { provider, first: first_in, second: second_in, shares: made });
        made
    }

    /// Takes shares of the caller back and pays out what they stand for, at least that much of each.
    /// Canonical: `remove(u128,u128,u128)->(u128,u128)`.
    public fun remove(
        caller: &signer, given: u128, least_first: u128, least_second: u128
    ): (u128, u128) acquires Books {
        let provider = signer::address_of(caller);
        let books = borrow_global_mut<Books>(cross_vm::self_address());
        ensure_open(books);
        assert!(given > 0, error::invalid_argument(EZERO_AMOUNT));
        let owned = shares_of(books, provider);
        assert!(owned >= given, error::invalid_state(EINSUFFICIENT_SHARES));
        let (first, second) = (books.first, books.second);
        // Nobody has more shares than there are.
        let first_out = (share(given, first.reserve, books.total) as u128);
        let second_out = (share(given, second.reserve, books.total) as u128);
        assert!(first_out > 0 && second_out > 0, error::out_of_range(ETOO_LITTLE));
        assert!(
            first_out >= least_first && second_out >= least_second,
            error::out_of_range(ETOO_LITTLE)
        );
        books.total = books.total - given;
        books.shares.upsert(provider, owned - given);
        books.first.reserve = first.reserve - first_out;
        books.second.reserve = second.reserve - second_out;
        pay(first.token, provider, first_out);
        pay(second.token, provider, second_out);
        event::emit(Removed { provider, first: first_out, second: second_out, shares: given });
        (first_out, second_out)
    }

    /// Takes `given` of `token` of the caller and pays out the other, at least `least`.
    /// Canonical: `swap(address,u128,u128)->(u128)`.
    public fun swap(caller: &signer, token: address, given: u128, least: u128): u128 acquires Books {
        let trader = signer::address_of(caller);
        let books = borrow_global_mut<Books>(cross_vm::self_address());
        let (is_first, got) = priced(books, token, given);
        assert!(got > 0 && got >= least, error::out_of_range(ETOO_LITTLE));
        let (into, from) =
            if (is_first) (&mut books.first, &mut books.second)
            else (&mut books.second, &mut books.first);
        into.reserve = into.reserve + given;
        from.reserve = from.reserve - got;
        let other = from.token;
        take(token, trader, given);
        pay(other, trader, got);
        event::emit(Swapped { trader, token, given, got });
        got
    }

    /// Whether the token is the first one, and what the other side gives for so much of it.
    fun priced(books: &Books, token: address, given: u128): (bool, u128) {
        ensure_open(books);
        let is_first = token == books.first.token;
        assert!(is_first || token == books.second.token, error::not_found(EUNKNOWN_TOKEN));
        assert!(given > 0, error::invalid_argument(EZERO_AMOUNT));
        assert!(books.total > 0, error::invalid_state(ENO_LIQUIDITY));
        let (into, from) =
            if (is_first) (books.first, books.second) else (books.second, books.first);
        ensure_room(&into, given);
        let counted = (given as u256) * KEPT;
        // Below what there is, as the divisor is above `counted`.
        let got = counted * (from.reserve as u256) / ((into.reserve as u256) * 1000 + counted);
        (is_first, (got as u128))
    }

    fun ensure_open(books: &Books) {
        assert!(books.is_open, error::invalid_state(ENOT_OPEN));
    }

    fun ensure_room(side: &Side, value: u128) {
        assert!(value <= MOST - side.reserve, error::out_of_range(ETOO_MUCH));
    }

    fun shares_of(books: &Books, provider: address): u128 {
        *books.shares.borrow_with_default(provider, &0)
    }

    /// `a * b / by`, rounded down.
    fun share(a: u128, b: u128, by: u128): u256 {
        (a as u256) * (b as u256) / (by as u256)
    }

    /// The root of a product of two amounts, rounded down: bit by bit, from the highest that it can have.
    fun root(square: u256): u128 {
        let root = 0u256;
        let bit = 1u256 << 111;
        while (bit > 0) {
            let next = root + bit;
            if (next * next <= square) {
                root = next;
            };
            bit = bit >> 1;
        };
        (root as u128)
    }

    fun take(token: address, from: address, value: u128) {
        let arguments = Pull { from, to: cross_vm::self_address(), value };
        ask(token, b"pull(address,address,u128)", bcs::to_bytes(&arguments));
    }

    fun pay(token: address, to: address, value: u128) {
        ask(token, b"transfer(address,u128)", bcs::to_bytes(&Transfer { to, value }));
    }

    fun ask(token: address, signature: vector<u8>, arguments: vector<u8>) {
        let failure = cross_vm::try_send(token, signature, arguments, cross_vm::options());
        assert!(failure.is_none(), error::aborted(ETOKEN_FAILED));
    }
}
