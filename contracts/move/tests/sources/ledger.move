// SPDX-License-Identifier: Apache-2.0

/// A larger program: accounts in a table, orders that are matched, a log that is checked.
module tests::ledger {
    use std::error;
    use std::option::{Self, Option};
    use std::signer;
    use std::table::{Self, Table};

    const EPOOR: u64 = 1;
    const EUNKNOWN: u64 = 2;

    struct Book has key {
        balances: Table<address, u64>,
        bids: vector<Bid>,
        log: vector<Record>,
        best: Option<Bid>
    }

    struct Bid has copy, drop, store { who: address, price: u64 }

    struct Record has copy, drop, store { from: address, to: address, amount: u64 }

    fun open(s: &signer) {
        move_to(s, Book { balances: table::new(), bids: vector[], log: vector[], best: option::none() })
    }

    fun credit(who: address, amount: u64) acquires Book {
        let book = borrow_global_mut<Book>(@tests);
        let balance = book.balances.borrow_mut_with_default(who, 0);
        *balance += amount;
    }

    fun pay(from: address, to: address, amount: u64) acquires Book {
        let book = borrow_global_mut<Book>(@tests);
        assert!(book.balances.contains(from), error::not_found(EUNKNOWN));
        let balance = book.balances.borrow_mut(from);
        assert!(*balance >= amount, error::invalid_argument(EPOOR));
        *balance -= amount;
        book.log.push_back(Record { from, to, amount });
        credit_in(book, to, amount);
    }

    fun credit_in(book: &mut Book, who: address, amount: u64) {
        *book.balances.borrow_mut_with_default(who, 0) += amount;
    }

    fun bid(s: &signer, price: u64) acquires Book {
        let book = borrow_global_mut<Book>(@tests);
        let bid = Bid { who: signer::address_of(s), price };
        book.bids.push_back(bid);
        if (book.best.is_none() || book.best.borrow().price < price) {
            book.best.swap_or_fill(bid);
        }
    }

    fun total(people: vector<address>): u64 acquires Book {
        let book = borrow_global<Book>(@tests);
        let sum = 0;
        while (!people.is_empty()) sum += *book.balances.borrow_with_default(people.pop_back(), &0);
        sum
    }

    public fun test_payments_keep_the_sum(s: &signer) acquires Book {
        open(s);
        credit(@0x1, 100);
        credit(@0x2, 60);
        let amount = 1;
        while (amount <= 10) {
            pay(@0x1, @0x2, amount);
            pay(@0x2, @0x3, 2 * amount);
            amount += 1;
        };
        assert!(total(vector[@0x1, @0x2, @0x3, @0x4]) == 160, 1);
        assert!(total(vector[@0x1]) == 45 && total(vector[@0x3]) == 110, 2);
        let log = &borrow_global<Book>(@tests).log;
        assert!(log.length() == 20 && log[19] == Record { from: @0x2, to: @0x3, amount: 20 }, 3);
    }

    public fun test_best_bid(a: &signer, b: &signer) acquires Book {
        open(a);
        bid(a, 5);
        bid(b, 9);
        bid(a, 7);
        let book = borrow_global<Book>(@tests);
        assert!(book.best == option::some(Bid { who: @0xA2, price: 9 }), 1);
        assert!(book.bids.length() == 3 && book.bids[2].price == 7, 2);
    }

    public fun expect_abort_0x10001__pay_more_than_there_is(s: &signer) acquires Book {
        open(s);
        credit(@0x1, 10);
        pay(@0x1, @0x2, 11);
    }

    public fun expect_abort_0x60002__pay_from_nobody(s: &signer) acquires Book {
        open(s);
        pay(@0x1, @0x2, 0);
    }
}
