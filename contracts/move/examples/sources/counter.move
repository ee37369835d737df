// SPDX-License-Identifier: Apache-2.0

/// A counter in the account of everyone who wants one: the smallest contract with state, an event
/// and a view.
module examples::counter {
    use std::error;
    use std::event;
    use std::signer;

    /// The account has a counter already.
    const EALREADY_CREATED: u64 = 1;
    /// The account has no counter.
    const ENOT_CREATED: u64 = 2;
    /// The count would not fit in 64 bits.
    const EOVERFLOW: u64 = 3;

    const MAX_U64: u64 = 0xFFFF_FFFF_FFFF_FFFF;

    struct Counter has key {
        value: u64
    }

    #[event]
    /// A counter counted.
    struct Incremented has drop, store {
        owner: address,
        value: u64
    }

    /// Gives the signer a counter at zero.
    public entry fun create(account: &signer) {
        assert!(
            !exists<Counter>(signer::address_of(account)), error::already_exists(EALREADY_CREATED)
        );
        move_to(account, Counter { value: 0 });
    }

    /// Counts the signer's counter up by one.
    public entry fun increment(account: &signer) acquires Counter {
        increment_by(account, 1)
    }

    /// Counts the signer's counter up by `amount`.
    public entry fun increment_by(account: &signer, amount: u64) acquires Counter {
        let owner = signer::address_of(account);
        assert!(exists<Counter>(owner), error::not_found(ENOT_CREATED));
        let counter = borrow_global_mut<Counter>(owner);
        assert!(counter.value <= MAX_U64 - amount, error::out_of_range(EOVERFLOW));
        counter.value = counter.value + amount;
        event::emit(Incremented { owner, value: counter.value });
    }

    /// Takes the signer's counter away; its storage deposit is freed.
    public entry fun remove(account: &signer) acquires Counter {
        let owner = signer::address_of(account);
        assert!(exists<Counter>(owner), error::not_found(ENOT_CREATED));
        let Counter { value: _ } = move_from<Counter>(owner);
    }

    #[view]
    /// What the account's counter shows.
    public fun get(owner: address): u64 acquires Counter {
        assert!(exists<Counter>(owner), error::not_found(ENOT_CREATED));
        borrow_global<Counter>(owner).value
    }
}
