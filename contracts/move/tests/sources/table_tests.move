// SPDX-License-Identifier: Apache-2.0

module tests::table_tests {
    use std::table::{Self, Table};

    struct Key has copy, drop { a: u8, b: vector<u8> }

    struct Value has store { n: u64 }

    struct Holder<phantom K: copy + drop, phantom V: store> has key { table: Table<K, V> }

    struct Nest has key { outer: Table<u64, Table<u64, u64>> }

    // A table cannot be dropped; what tests no longer need is kept here.
    fun keep<K: copy + drop, V: store>(s: &signer, table: Table<K, V>) {
        move_to(s, Holder { table });
    }

    public fun test_add_and_borrow(s: &signer) {
        let t = table::new<u64, u64>();
        assert!(table::empty(&t) && table::length(&t) == 0, 1);
        table::add(&mut t, 1, 10);
        table::add(&mut t, 2, 20);
        assert!(*table::borrow(&t, 1) == 10 && *table::borrow(&t, 2) == 20, 2);
        assert!(table::length(&t) == 2 && !table::empty(&t), 3);
        *table::borrow_mut(&mut t, 1) = 11;
        assert!(*table::borrow(&t, 1) == 11 && *table::borrow(&t, 2) == 20, 4);
        keep(s, t);
    }

    public fun test_contains() {
        let t = table::new<u64, bool>();
        assert!(!table::contains(&t, 1), 1);
        table::add(&mut t, 1, false);
        assert!(table::contains(&t, 1) && !table::contains(&t, 2), 2);
        table::remove(&mut t, 1);
        assert!(!table::contains(&t, 1), 3);
        table::destroy_empty(t);
    }

    public fun test_remove_and_add_again() {
        let t = table::new<u8, Value>();
        table::add(&mut t, 1, Value { n: 5 });
        let Value { n } = table::remove(&mut t, 1);
        assert!(n == 5 && table::length(&t) == 0, 1);
        table::add(&mut t, 1, Value { n: 6 });
        let Value { n } = table::remove(&mut t, 1);
        assert!(n == 6, 2);
        table::destroy_empty(t);
    }

    public fun test_defaults(s: &signer) {
        let t = table::new<u64, u64>();
        assert!(*table::borrow_with_default(&t, 1, &9) == 9, 1);
        *table::borrow_mut_with_default(&mut t, 1, 5) += 1;
        *table::borrow_mut_with_default(&mut t, 1, 5) += 1;
        assert!(*table::borrow(&t, 1) == 7 && table::length(&t) == 1, 2);
        assert!(*table::borrow_with_default(&t, 1, &9) == 7, 3);
        keep(s, t);
    }

    public fun test_upsert(s: &signer) {
        let t = table::new<u64, vector<u8>>();
        table::upsert(&mut t, 1, b"a");
        table::upsert(&mut t, 1, b"b");
        table::upsert(&mut t, 2, b"c");
        assert!(*table::borrow(&t, 1) == b"b" && table::length(&t) == 2, 1);
        keep(s, t);
    }

    public fun test_struct_keys(s: &signer) {
        let t = table::new<Key, u8>();
        table::add(&mut t, Key { a: 1, b: b"x" }, 1);
        table::add(&mut t, Key { a: 1, b: b"y" }, 2);
        table::add(&mut t, Key { a: 2, b: b"x" }, 3);
        assert!(*table::borrow(&t, Key { a: 1, b: b"y" }) == 2, 1);
        assert!(*table::borrow(&t, Key { a: 2, b: b"x" }) == 3, 2);
        assert!(!table::contains(&t, Key { a: 2, b: b"" }), 3);
        keep(s, t);
    }

    public fun test_tables_do_not_share_entries(s: &signer) {
        let a = table::new<u64, u64>();
        let b = table::new<u64, u64>();
        table::add(&mut a, 1, 10);
        assert!(!table::contains(&b, 1), 1);
        table::add(&mut b, 1, 20);
        assert!(*table::borrow(&a, 1) == 10 && *table::borrow(&b, 1) == 20, 2);
        table::remove(&mut b, 1);
        table::destroy_empty(b);
        assert!(table::contains(&a, 1), 3);
        keep(s, a);
    }

    public fun test_entries_outlive_moves(s: &signer) acquires Holder {
        let t = table::new<address, u128>();
        table::add(&mut t, @0x1, 7);
        keep(s, t);
        let held = borrow_global_mut<Holder<address, u128>>(@tests);
        *table::borrow_mut(&mut held.table, @0x1) = 8;
        table::add(&mut held.table, @0x2, 9);
        let Holder { table: t } = move_from<Holder<address, u128>>(@tests);
        assert!(table::remove(&mut t, @0x1) == 8 && table::remove(&mut t, @0x2) == 9, 1);
        table::destroy_empty(t);
    }

    public fun test_tables_nest(s: &signer) acquires Nest {
        move_to(s, Nest { outer: table::new() });
        let nest = borrow_global_mut<Nest>(@tests);
        let i = 0;
        while (i < 3) {
            let inner = table::new();
            table::add(&mut inner, i, i * 100);
            table::add(&mut nest.outer, i, inner);
            i = i + 1;
        };
        *table::borrow_mut(table::borrow_mut(&mut nest.outer, 1), 1) += 1;
        assert!(*table::borrow(table::borrow(&borrow_global<Nest>(@tests).outer, 1), 1) == 101, 1);
        assert!(*table::borrow(table::borrow(&borrow_global<Nest>(@tests).outer, 2), 2) == 200, 2);
        assert!(!table::contains(table::borrow(&borrow_global<Nest>(@tests).outer, 2), 1), 3);
    }

    public fun test_receiver_style(s: &signer) {
        let t = table::new<u64, u64>();
        t.add(1, 2);
        t.upsert(1, 3);
        assert!(t.contains(1) && *t.borrow(1) == 3 && t.length() == 1, 1);
        assert!(t.remove(1) == 3, 2);
        keep(s, t);
    }

    public fun test_many_entries(s: &signer) {
        let t = table::new<u64, u64>();
        let i = 0;
        while (i < 200) {
            t.add(i * 7919, i);
            i += 1;
        };
        while (i > 0) {
            i -= 1;
            assert!(*t.borrow(i * 7919) == i, 1);
        };
        assert!(t.length() == 200, 2);
        keep(s, t);
    }

    public fun expect_abort_0x80001__add_twice(s: &signer) {
        let t = table::new<u64, u64>();
        table::add(&mut t, 1, 10);
        table::add(&mut t, 1, 10);
        keep(s, t);
    }

    public fun expect_abort_0x60002__borrow_of_nothing(s: &signer) {
        let t = table::new<u64, u64>();
        table::borrow(&t, 1);
        keep(s, t);
    }

    public fun expect_abort_0x60002__borrow_mut_of_nothing(s: &signer) {
        let t = table::new<u64, u64>();
        *table::borrow_mut(&mut t, 1) = 1;
        keep(s, t);
    }

    public fun expect_abort_0x60002__remove_of_nothing(s: &signer) {
        let t = table::new<u64, u64>();
        table::remove(&mut t, 1);
        keep(s, t);
    }

    public fun expect_abort_0x60002__remove_twice(s: &signer) {
        let t = table::new<u64, u64>();
        table::add(&mut t, 1, 10);
        table::remove(&mut t, 1);
        table::remove(&mut t, 1);
        keep(s, t);
    }

    public fun expect_abort_0x30003__destroy_with_entries() {
        let t = table::new<u64, u64>();
        table::add(&mut t, 1, 10);
        table::destroy_empty(t);
    }
}
