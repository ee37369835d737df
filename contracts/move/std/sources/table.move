// SPDX-License-Identifier: Apache-2.0

/// Maps whose entries lie in the chain's storage one by one: an access reads or writes its entry
/// alone, however many there are. Entries cannot be listed.
///
/// Invariant: `length` is the number of entries stored under `handle`.
module std::table {
    use std::error;

    /// There is an entry for the key. The host aborts with it too.
    const EALREADY_EXISTS: u64 = 1;
    /// There is no entry for the key. The host aborts with it.
    const ENOT_FOUND: u64 = 2;
    /// The table to be destroyed has entries.
    const ENOT_EMPTY: u64 = 3;

    struct Table<phantom K: copy + drop, phantom V: store> has store {
        handle: address,
        length: u64
    }

    /// What is stored for a key.
    struct Box<V> has key, drop, store {
        val: V
    }

    /// An empty table.
    public fun new<K: copy + drop, V: store>(): Table<K, V> {
        Table { handle: new_table_handle(), length: 0 }
    }

    /// Destroys a table without entries; aborts with `invalid_state(3)` if there are any.
    public fun destroy_empty<K: copy + drop, V: store>(self: Table<K, V>) {
        assert!(self.length == 0, error::invalid_state(ENOT_EMPTY));
        let Table { handle: _, length: _ } = self;
    }

    /// Adds an entry; aborts with `already_exists(1)` if the key has one.
    public fun add<K: copy + drop, V: store>(self: &mut Table<K, V>, key: K, val: V) {
        add_box<K, V, Box<V>>(self, key, Box { val });
        self.length = self.length + 1;
    }

    /// The key's value; aborts with `not_found(2)` if it has none.
    public fun borrow<K: copy + drop, V: store>(self: &Table<K, V>, key: K): &V {
        &borrow_box<K, V, Box<V>>(self, key).val
    }

    /// The key's value, to be changed; aborts with `not_found(2)` if it has none.
    public fun borrow_mut<K: copy + drop, V: store>(self: &mut Table<K, V>, key: K): &mut V {
        &mut borrow_box_mut<K, V, Box<V>>(self, key).val
    }

    /// The key's value, or `default` if it has none.
    public fun borrow_with_default<K: copy + drop, V: store>(
        self: &Table<K, V>, key: K, default: &V
    ): &V {
        if (contains(self, key)) borrow(self, key) else default
    }

    /// The key's value, to be changed, which is `default` if it had none.
    public fun borrow_mut_with_default<K: copy + drop, V: store + drop>(
        self: &mut Table<K, V>, key: K, default: V
    ): &mut V {
        if (!contains(self, key)) {
            add(self, key, default);
        };
        borrow_mut(self, key)
    }

    /// Gives the key a value, new or in the place of the old one.
    public fun upsert<K: copy + drop, V: store + drop>(self: &mut Table<K, V>, key: K, val: V) {
        if (contains(self, key)) {
            *borrow_mut(self, key) = val;
        } else {
            add(self, key, val);
        }
    }

    /// Takes the key's value out; aborts with `not_found(2)` if it has none.
    public fun remove<K: copy + drop, V: store>(self: &mut Table<K, V>, key: K): V {
        let Box { val } = remove_box<K, V, Box<V>>(self, key);
        self.length = self.length - 1;
        val
    }

    /// Whether the key has a value.
    public fun contains<K: copy + drop, V: store>(self: &Table<K, V>, key: K): bool {
        contains_box<K, V, Box<V>>(self, key)
    }

    /// The number of entries.
    public fun length<K: copy + drop, V: store>(self: &Table<K, V>): u64 {
        self.length
    }

    /// Whether there are no entries.
    public fun empty<K: copy + drop, V: store>(self: &Table<K, V>): bool {
        self.length == 0
    }

    // The host's. `B` is always `Box<V>`: so the host finds the stored type among its type
    // arguments.

    native fun new_table_handle(): address;

    native fun add_box<K: copy + drop, V: store, B>(
        table: &mut Table<K, V>, key: K, val: Box<V>
    );

    native fun borrow_box<K: copy + drop, V: store, B>(table: &Table<K, V>, key: K): &Box<V>;

    native fun borrow_box_mut<K: copy + drop, V: store, B>(
        table: &mut Table<K, V>, key: K
    ): &mut Box<V>;

    native fun contains_box<K: copy + drop, V: store, B>(table: &Table<K, V>, key: K): bool;

    native fun remove_box<K: copy + drop, V: store, B>(table: &mut Table<K, V>, key: K): Box<V>;
}
