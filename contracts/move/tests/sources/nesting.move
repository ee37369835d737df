// SPDX-License-Identifier: Apache-2.0

/// Deep nesting of types, values, blocks and expressions, within the limits.
module tests::nesting {
    use std::option::{Self, Option};
    use std::vector;

    struct In<T> has copy, drop, store { x: T }

    struct Stored<T: store> has key { x: T }

    public fun test_nested_vectors() {
        let v = vector[vector[vector[vector[vector[vector[1u8]]]]]];
        assert!(v[0][0][0][0][0][0] == 1, 1);
        vector::push_back(&mut v[0][0][0][0][0], 2);
        vector::push_back(&mut v[0][0], vector[]);
        assert!(v == vector[vector[vector[vector[vector[vector[1, 2]]], vector[]]]], 2);
    }

    public fun test_nested_generic_structs() {
        let x = In { x: In { x: In { x: In { x: In { x: In { x: In { x: In { x: 5u64 } } } } } } } };
        x.x.x.x.x.x.x.x.x = 6;
        let y = x;
        assert!(y.x.x.x.x.x.x.x.x == 6 && x == y, 1);
    }

    public fun test_nested_options() {
        let o = option::some(option::some(option::some(option::none<u8>())));
        let inner = o.destroy_some().destroy_some().destroy_some();
        assert!(inner.is_none(), 1);
    }

    public fun test_nested_types_in_storage(s: &signer) acquires Stored {
        move_to(s, Stored<In<vector<In<Option<u64>>>>> { x: In { x: vector[In { x: option::some(3) }] } });
        let stored = borrow_global_mut<Stored<In<vector<In<Option<u64>>>>>>(@tests);
        let slot = &mut stored.x.x[0];
        *slot.x.borrow_mut() = 4;
        let Stored { x } = move_from<Stored<In<vector<In<Option<u64>>>>>>(@tests);
        assert!(x.x[0].x == option::some(4), 1);
    }

    public fun test_nested_blocks() {
        let r = { { { { { { { { 1u64 + { { { 2 } } } } } } } } } } };
        assert!(r == 3, 1);
    }

    public fun test_nested_branches() {
        assert!(maze(true, true, true, true) == 15 && maze(true, false, true, false) == 10, 1);
        assert!(maze(false, false, false, false) == 0, 2);
    }

    fun maze(a: bool, b: bool, c: bool, d: bool): u64 {
        if (a) {
            if (b) {
                if (c) { if (d) 15 else 14 } else { if (d) 13 else 12 }
            } else {
                if (c) { if (d) 11 else 10 } else { if (d) 9 else 8 }
            }
        } else {
            if (b) {
                if (c) { if (d) 7 else 6 } else { if (d) 5 else 4 }
            } else {
                if (c) { if (d) 3 else 2 } else { if (d) 1 else 0 }
            }
        }
    }

    public fun test_long_expression() {
        let n = 1u64;
        let r = ((((((((((n + 1) * 2) + 1) * 2) + 1) * 2) + 1) * 2) + 1) * 2)
            + (n + (n + (n + (n + (n + (n + (n + (n + (n + n)))))))));
        assert!(r == 94 + 10, 1);
    }

    public fun test_calls_within_calls() {
        assert!(add(add(add(1, add(2, 3)), add(add(4, 5), add(6, 7))), add(8, add(9, 10))) == 55, 1);
    }

    fun add(a: u64, b: u64): u64 {
        a + b
    }
}
