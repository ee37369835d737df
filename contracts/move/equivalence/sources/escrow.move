// SPDX-License-Identifier: Apache-2.0

/// The escrow of docs/equivalence.md, in Move: tokens of whatever machine held between a buyer and a seller, with an arbiter
/// between them. Its twins are `contracts/solidity/EquivalentEscrow.sol` and `contracts/ink/equivalence/escrow`.
///
/// A failure aborts with a category of `0x1::error` and the number that the page gives it.
module equivalence::escrow {
    use std::bcs;
    use std::error;
    use std::event;
    use std::signer;
    use std::table::{Self, Table};
    use trivium::cross_vm;

    /// The amount is nothing.
    const EZERO_AMOUNT: u64 = 1;
    /// Buyer and seller are one account.
    const ESAME_PARTY: u64 = 2;
    /// There is no deal of this number.
    const ENO_DEAL: u64 = 3;
    /// The deal is over.
    const ECLOSED: u64 = 4;
    /// The caller has no say in this.
    const ENOT_ENTITLED: u64 = 5;
    /// The token refused.
    const ETOKEN_FAILED: u64 = 6;

    // How a deal stands.
    const OPEN: u8 = 0;
    const RELEASED: u8 = 1;
    const REFUNDED: u8 = 2;

    /// All deals, by number, in the module's own account.
    struct Deals has key {
        count: u64,
        deals: Table<u64, Deal>
    }

    struct Deal has copy, drop, store {
        buyer: address,
        seller: address,
        arbiter: address,
        token: address,
        amount: u128,
        state: u8
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
    /// A buyer gave tokens into a new deal.
    struct Opened has drop, store {
        buyer: address,
        seller: address,
        arbiter: address,
        id: u64,
        token: address,
        amount: u128
    }

    #[event]
    /// The seller got the tokens of a deal.
    struct Released has drop, store {
        by: address,
        id: u64
    }

    #[event]
    /// The buyer got the tokens of a deal back.
    struct Refunded has drop, store {
        by: address,
        id: u64
    }

    /// An escrow without deals.
    fun init_module(_publisher: &signer) {
        move_to(&cross_vm::self_signer(), Deals { count: 0, deals: table::new() });
    }

    /// Deals so far; the next one has this number. Canonical: `count()->(u64)`.
    public fun count(): u64 acquires Deals {
        borrow_global<Deals>(cross_vm::self_address()).count
    }

    /// Takes `amount` of the caller's tokens into a new deal and gives the deal's number.
    /// Canonical: `open(address,address,address,u128)->(u64)`.
    public fun open(
        caller: &signer, token: address, seller: address, arbiter: address, amount: u128
    ): u64 acquires Deals {
        let buyer = signer::address_of(caller);
        assert!(amount > 0, error::invalid_argument(EZERO_AMOUNT));
        assert!(buyer != seller, error::invalid_argument(ESAME_PARTY));
        let all = borrow_global_mut<Deals>(cross_vm::self_address());
        let id = all.count;
        all.count = id + 1;
        all.deals.add(id, Deal { buyer, seller, arbiter, token, amount, state: OPEN });
        let arguments = Pull { from: buyer, to: cross_vm::self_address(), value: amount };
        ask(token, b"pull(address,address,u128)", bcs::to_bytes(&arguments));
        event::emit(Opened { buyer, seller, arbiter, id, token, amount });
        id
    }

    /// Pays the seller: for the buyer or the arbiter to say. Canonical: `release(u64)`.
    public entry fun release(caller: &signer, id: u64) acquires Deals {
        let by = signer::address_of(caller);
        let deal = open_deal(id);
        assert!(by == deal.buyer || by == deal.arbiter, error::permission_denied(ENOT_ENTITLED));
        close(id, RELEASED, deal.seller);
        event::emit(Released { by, id });
    }

    /// Pays the buyer back: for the seller or the arbiter to say. Canonical: `refund(u64)`.
    public entry fun refund(caller: &signer, id: u64) acquires Deals {
        let by = signer::address_of(caller);
        let deal = open_deal(id);
        assert!(by == deal.seller || by == deal.arbiter, error::permission_denied(ENOT_ENTITLED));
        close(id, REFUNDED, deal.buyer);
        event::emit(Refunded { by, id });
    }

    /// Buyer, seller, arbiter, token, amount, and 0 if it is open, 1 if released, 2 if refunded.
    /// Canonical: `deal(u64)->(address,address,address,address,u128,u8)`.
    public fun deal(id: u64): (address, address, address, address, u128, u8) acquires Deals {
        let Deal { buyer, seller, arbiter, token, amount, state } = known_deal(id);
        (buyer, seller, arbiter, token, amount, state)
    }

    fun known_deal(id: u64): Deal acquires Deals {
        let all = borrow_global<Deals>(cross_vm::self_address());
        assert!(id < all.count, error::not_found(ENO_DEAL));
        *all.deals.borrow(id)
    }

    fun open_deal(id: u64): Deal acquires Deals {
        let deal = known_deal(id);
        assert!(deal.state == OPEN, error::invalid_state(ECLOSED));
        deal
    }

    fun close(id: u64, state: u8, to: address) acquires Deals {
        let deal = borrow_global_mut<Deals>(cross_vm::self_address()).deals.borrow_mut(id);
        deal.state = state;
        let (token, value) = (deal.token, deal.amount);
        ask(token, b"transfer(address,u128)", bcs::to_bytes(&Transfer { to, value }));
    }

    fun ask(token: address, signature: vector<u8>, arguments: vector<u8>) {
        let failure = cross_vm::try_send(token, signature, arguments, cross_vm::options());
        assert!(failure.is_none(), error::aborted(ETOKEN_FAILED));
    }
}
