// SPDX-License-Identifier: Apache-2.0

/// Global storage: what is moved there stays, can be borrowed and taken again, is found by type and address.
module tests::globals {
    use std::signer;

    struct Counter has key { n: u64 }

    struct Box<T> has key { inner: T }

    struct Log has key { entries: vector<Entry> }

    struct Entry has copy, drop, store { who: address, what: vector<u8> }

    public fun test_move_to_and_borrow(s: &signer) acquires Counter {
        assert!(!exists<Counter>(@tests), 1);
        move_to(s, Counter { n: 1 });
        assert!(exists<Counter>(@tests) && borrow_global<Counter>(@tests).n == 1, 2);
        borrow_global_mut<Counter>(@tests).n = 2;
        assert!(borrow_global<Counter>(@tests).n == 2, 3);
    }

    public fun test_move_from(s: &signer) acquires Counter {
        move_to(s, Counter { n: 1 });
        let Counter { n } = move_from<Counter>(@tests);
        assert!(n == 1 && !exists<Counter>(@tests), 1);
        move_to(s, Counter { n: 2 });
        assert!(borrow_global<Counter>(@tests).n == 2, 2);
    }

    public fun test_addresses_are_apart(a: &signer, b: &signer) acquires Counter {
        move_to(a, Counter { n: 1 });
        assert!(!exists<Counter>(signer::address_of(b)), 1);
        move_to(b, Counter { n: 2 });
        borrow_global_mut<Counter>(@tests).n = 10;
        assert!(borrow_global<Counter>(@0xA2).n == 2, 2);
    }

    public fun test_instances_are_apart(s: &signer) acquires Box {
        move_to(s, Box { inner: 1u8 });
        move_to(s, Box { inner: 2u64 });
        move_to(s, Box { inner: vector[3u8] });
        assert!(!exists<Box<u16>>(@tests) && exists<Box<vector<u8>>>(@tests), 1);
        borrow_global_mut<Box<u8>>(@tests).inner = 9;
        assert!(borrow_global<Box<u64>>(@tests).inner == 2, 2);
        assert!(borrow_global<Box<vector<u8>>>(@tests).inner == vector[3], 3);
        let Box { inner } = move_from<Box<u8>>(@tests);
        assert!(inner == 9 && !exists<Box<u8>>(@tests) && exists<Box<u64>>(@tests), 4);
    }

    public fun test_generic_access(s: &signer) acquires Box {
        put(s, 7u64);
        put(s, b"x");
        assert!(get<u64>(@tests) == 7 && get<vector<u8>>(@tests) == b"x", 1);
        assert!(take<u64>(@tests) == 7 && !has<u64>(@tests) && has<vector<u8>>(@tests), 2);
    }

    fun put<T: store>(s: &signer, inner: T) {
        move_to(s, Box { inner })
    }

    fun has<T: store>(a: address): bool {
        exists<Box<T>>(a)
    }

    fun get<T: store + copy>(a: address): T acquires Box {
        borrow_global<Box<T>>(a).inner
    }

    fun take<T: store>(a: address): T acquires Box {
        let Box { inner } = move_from<Box<T>>(a);
        inner
    }

    public fun test_changes_through_calls(s: &signer) acquires Log {
        move_to(s, Log { entries: vector[] });
        record(@0x1, b"a");
        record(@0x2, b"b");
        let log = borrow_global_mut<Log>(@tests);
        rename(&mut log.entries[0], b"z");
        assert!(borrow_global<Log>(@tests).entries[0].what == b"z", 1);
        assert!(borrow_global<Log>(@tests).entries[1] == Entry { who: @0x2, what: b"b" }, 2);
    }

    fun record(who: address, what: vector<u8>) acquires Log {
        borrow_global_mut<Log>(@tests).entries.push_back(Entry { who, what });
    }

    fun rename(e: &mut Entry, to: vector<u8>) {
        e.what = to;
    }

    public fun test_copies_do_not_write_back(s: &signer) acquires Log {
        move_to(s, Log { entries: vector[Entry { who: @0x1, what: b"a" }] });
        let copied = borrow_global<Log>(@tests).entries;
        copied[0].what = b"changed";
        assert!(borrow_global<Log>(@tests).entries[0].what == b"a", 1);
    }

    public fun test_two_types_borrowed_at_once(s: &signer) acquires Counter, Log {
        move_to(s, Counter { n: 5 });
        move_to(s, Log { entries: vector[] });
        let c = borrow_global_mut<Counter>(@tests);
        let l = borrow_global_mut<Log>(@tests);
        l.entries.push_back(Entry { who: @tests, what: b"" });
        c.n = c.n + l.entries.length();
        assert!(borrow_global<Counter>(@tests).n == 6, 1);
    }

    public fun test_index_syntax(s: &signer) acquires Counter {
        move_to(s, Counter { n: 5 });
        Counter[@tests].n += 1;
        assert!(Counter[@tests].n == 6, 1);
    }

    public fun expect_resource_already_exists__move_to_twice(s: &signer) {
        move_to(s, Counter { n: 1 });
        move_to(s, Counter { n: 1 });
    }

    public fun expect_missing_data__borrow_global() acquires Counter {
        borrow_global<Counter>(@0xA2);
    }

    public fun expect_missing_data__borrow_global_mut() acquires Counter {
        borrow_global_mut<Counter>(@0xA2).n = 1;
    }

    public fun expect_missing_data__move_from() acquires Counter {
        let Counter { n: _ } = move_from<Counter>(@0xA2);
    }

    public fun expect_missing_data__move_from_twice(s: &signer) acquires Counter {
        move_to(s, Counter { n: 1 });
        let Counter { n: _ } = move_from<Counter>(@tests);
        let Counter { n: _ } = move_from<Counter>(@tests);
    }

    public fun expect_missing_data__borrow_of_another_instance(s: &signer) acquires Box {
        move_to(s, Box { inner: 1u64 });
        borrow_global<Box<u32>>(@tests);
    }
}
