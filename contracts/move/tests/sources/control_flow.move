// SPDX-License-Identifier: Apache-2.0

/// Branches, short circuits, blocks as expressions, shadowing.
module tests::control_flow {
    public fun test_branches_are_expressions() {
        assert!(sign(0) == b"zero" && sign(1) == b"one" && sign(77) == b"many", 1);
    }

    fun sign(n: u64): vector<u8> {
        if (n == 0) b"zero"
        else if (n == 1) b"one"
        else b"many"
    }

    public fun test_short_circuits() {
        let calls = 0;
        assert!(!(no(&mut calls) && yes(&mut calls)) && calls == 1, 1);
        assert!((yes(&mut calls) || no(&mut calls)) && calls == 2, 2);
        assert!((yes(&mut calls) && yes(&mut calls)) && calls == 4, 3);
        assert!(!(no(&mut calls) || no(&mut calls)) && calls == 6, 4);
        assert!(!no(&mut calls), 5);
    }

    fun yes(calls: &mut u64): bool {
        *calls = *calls + 1;
        true
    }

    fun no(calls: &mut u64): bool {
        *calls = *calls + 1;
        false
    }

    public fun test_short_circuits_protect() {
        let v = vector<u64>[];
        assert!(!(v.length() > 0 && v[0] == 1), 1);
        assert!(v.length() == 0 || v[0] == 1, 2);
    }

    public fun test_order_of_evaluation() {
        let trace = vector[];
        let _ = note(&mut trace, 1) + note(&mut trace, 2) * note(&mut trace, 3);
        three(note(&mut trace, 4), note(&mut trace, 5), note(&mut trace, 6));
        assert!(trace == vector[1, 2, 3, 4, 5, 6], 1);
    }

    fun note(trace: &mut vector<u64>, n: u64): u64 {
        trace.push_back(n);
        n
    }

    fun three(_a: u64, _b: u64, _c: u64) {}

    public fun test_shadowing() {
        let x = 1u64;
        {
            let x = b"inner";
            assert!(x == b"inner", 1);
        };
        let y = {
            let x = x + 1;
            x * 2
        };
        assert!(x == 1 && y == 4, 2);
    }

    public fun test_early_return() {
        assert!(classify(5) == 1 && classify(50) == 2 && classify(500) == 3, 1);
    }

    fun classify(n: u64): u64 {
        if (n < 10) return 1;
        if (n < 100) { return 2 };
        3
    }

    public fun test_many_branches() {
        let sum = 0;
        for (i in 0u64..32) sum = sum + branch(i);
        assert!(sum == 1 + 2 + 4 + 8 + 16 + 27 * 100, 1);
    }

    fun branch(i: u64): u64 {
        if (i == 0) 1
        else if (i == 1) 2
        else if (i == 2) 4
        else if (i == 3) 8
        else if (i == 4) 16
        else if (i == 5) 100
        else if (i > 1000) 1000000
        else 100
    }

    public fun test_bools() {
        let t = true;
        let f = false;
        assert!(t != f && !f && (t || f) && !(t && f) && (t == !f), 1);
    }
}
