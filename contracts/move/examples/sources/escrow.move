// SPDX-License-Identifier: Apache-2.0

/// Coins held between a buyer and a seller until one of them gives way.
///
/// The buyer locks coins in a deal. Only the buyer can release them to the seller, only the seller
/// can refund them to the buyer: each can give and none can take. A deal is over after the first of
/// the two.
module examples::escrow {
    use std::coin::{Self, Coin};
    use std::error;
    use std::event;
    use std::signer;
    use std::table::{Self, Table};

    /// The buyer has no deal of this number, or no longer.
    const ENO_DEAL: u64 = 1;
    /// Only the deal's seller may do this.
    const ENOT_SELLER: u64 = 2;
    /// A deal over nothing.
    const EZERO_AMOUNT: u64 = 3;
    /// Buyer and seller are one account.
    const ESAME_PARTY: u64 = 4;

    /// A buyer's open deals in one currency, in the buyer's account.
    struct Deals<phantom T> has key {
        next_id: u64,
        open: Table<u64, Deal<T>>
    }

    struct Deal<phantom T> has store {
        seller: address,
        locked: Coin<T>
    }

    #[event]
    /// Coins were locked.
    struct Opened<phantom T> has drop, store {
        buyer: address,
        id: u64,
        seller: address,
        amount: u64
    }

    #[event]
    /// A deal is over: `released` to the seller, or refunded to the buyer.
    struct Closed<phantom T> has drop, store {
        buyer: address,
        id: u64,
        released: bool
    }

    /// Locks `amount` of the buyer's coins for the seller. The event tells the deal's number; a
    /// buyer's first is 0.
    public entry fun open<T>(buyer: &signer, seller: address, amount: u64) acquires Deals {
        let from = signer::address_of(buyer);
        assert!(amount > 0, error::invalid_argument(EZERO_AMOUNT));
        assert!(from != seller, error::invalid_argument(ESAME_PARTY));
        let locked = coin::withdraw<T>(buyer, amount);
        if (!exists<Deals<T>>(from)) {
            move_to(buyer, Deals<T> { next_id: 0, open: table::new() });
        };
        let deals = borrow_global_mut<Deals<T>>(from);
        let id = deals.next_id;
        deals.next_id = id + 1;
        deals.open.add(id, Deal { seller, locked });
        event::emit(Opened<T> { buyer: from, id, seller, amount });
    }

    /// The buyer gives the coins to the seller.
    public entry fun release<T>(buyer: &signer, id: u64) acquires Deals {
        let from = signer::address_of(buyer);
        let Deal { seller, locked } = close<T>(from, id);
        coin::deposit(seller, locked);
        event::emit(Closed<T> { buyer: from, id, released: true });
    }

    /// The seller gives the coins back to the buyer.
    public entry fun refund<T>(seller: &signer, buyer: address, id: u64) acquires Deals {
        let Deal { seller: entitled, locked } = close<T>(buyer, id);
        assert!(
            signer::address_of(seller) == entitled, error::permission_denied(ENOT_SELLER)
        );
        coin::deposit(buyer, locked);
        event::emit(Closed<T> { buyer, id, released: false });
    }

    #[view]
    /// What a deal holds; 0 if there is none.
    public fun locked<T>(buyer: address, id: u64): u64 acquires Deals {
        if (!is_open<T>(buyer, id)) return 0;
        coin::value(&borrow_global<Deals<T>>(buyer).open.borrow(id).locked)
    }

    #[view]
    /// Whether a deal waits to be released or refunded.
    public fun is_open<T>(buyer: address, id: u64): bool acquires Deals {
        exists<Deals<T>>(buyer) && borrow_global<Deals<T>>(buyer).open.contains(id)
    }

    /// Takes a deal out, so that it cannot be closed twice.
    fun close<T>(buyer: address, id: u64): Deal<T> acquires Deals {
        assert!(is_open<T>(buyer, id), error::not_found(ENO_DEAL));
        borrow_global_mut<Deals<T>>(buyer).open.remove(id)
    }
}
