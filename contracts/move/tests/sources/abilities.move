// SPDX-License-Identifier: Apache-2.0

/// What copy, drop, store and key allow.
module tests::abilities {
    struct Plain has copy, drop, store { n: u64 }

    struct Owned has store { n: u64 }

    struct Resource has key { owned: Owned, plain: Plain }

    struct Cell<T> has copy, drop, store { t: T }

    struct Vault has key { cells: vector<Cell<Owned>> }

    public fun test_copy_and_drop() {
        let a = Plain { n: 1 };
        let b = a;
        b.n = 2;
        let c = copy a;
        assert!(a.n + b.n + c.n == 4, 1);
        a = Plain { n: 9 };
        assert!(a.n == 9, 2);
    }

    public fun test_move_leaves_nothing_behind() {
        let a = Owned { n: 1 };
        let b = a;
        let Owned { n } = b;
        a = Owned { n: n + 1 };
        let Owned { n } = a;
        assert!(n == 2, 1);
    }

    public fun test_key_and_store(s: &signer) acquires Resource {
        move_to(s, Resource { owned: Owned { n: 1 }, plain: Plain { n: 2 } });
        let r = borrow_global_mut<Resource>(@tests);
        r.owned.n = r.owned.n + r.plain.n;
        let Resource { owned: Owned { n }, plain: _ } = move_from<Resource>(@tests);
        assert!(n == 3, 1);
    }

    // `Cell<Plain>` can be copied, `Cell<Owned>` cannot.
    public fun test_conditional_abilities(s: &signer) acquires Vault {
        let c = Cell { t: Plain { n: 1 } };
        let d = c;
        assert!(c == d, 1);
        move_to(s, Vault { cells: vector[Cell { t: Owned { n: 5 } }] });
        let Cell { t: Owned { n } } = borrow_global_mut<Vault>(@tests).cells.pop_back();
        assert!(n == 5, 2);
    }

    public fun test_exchange_of_resources() {
        let v = vector[Owned { n: 1 }, Owned { n: 2 }];
        v.swap(0, 1);
        let Owned { n: a } = v.pop_back();
        let Owned { n: b } = v.pop_back();
        v.destroy_empty();
        assert!(a == 1 && b == 2, 1);
    }
}
