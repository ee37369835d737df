// SPDX-License-Identifier: Apache-2.0

/// Loops of all forms.
module tests::loops {
    public fun test_while() {
        let sum = 0;
        let i = 1;
        while (i <= 100) {
            sum = sum + i;
            i = i + 1;
        };
        assert!(sum == 5050u64, 1);
    }

    public fun test_while_never_entered() {
        let touched = false;
        while (touched) touched = true;
        assert!(!touched, 1);
    }

    public fun test_loop_with_break_and_continue() {
        let i = 0;
        let odd = 0;
        loop {
            i = i + 1;
            if (i > 20) break;
            if (i % 2 == 0) continue;
            odd = odd + i;
        };
        assert!(odd == 100u64 && i == 21, 1);
    }

    public fun test_for() {
        let sum = 0;
        for (i in 3..7) sum = sum * 10 + i;
        assert!(sum == 3456u64, 1);
        for (i in 7..7) sum = i;
        for (i in 8..7) sum = i;
        assert!(sum == 3456, 2);
        for (i in 0u8..255) sum = (i as u64);
        assert!(sum == 254, 3);
    }

    public fun test_nested_loops() {
        let count = 0;
        for (a in 1u64..30) {
            for (b in a..30) {
                for (c in b..30) {
                    if (a * a + b * b == c * c) count = count + 1;
                }
            }
        };
        // Pythagorean triples below 30.
        assert!(count == 10u64, 1);
    }

    public fun test_break_leaves_the_inner_loop_only() {
        let inner = 0;
        let outer = 0;
        while (outer < 5) {
            outer = outer + 1;
            loop {
                inner = inner + 1;
                break
            }
        };
        assert!(inner == 5u64, 1);
    }

    public fun test_labelled_loops() {
        let steps = 0u64;
        let i = 0;
        'outer: while (i < 10) {
            i = i + 1;
            for (j in 0..10) {
                steps = steps + 1;
                if (j == 3) continue 'outer;
                if (i == 3) break 'outer;
            }
        };
        assert!(steps == 9, 1);
    }

    public fun test_five_levels() {
        let n = 0u64;
        for (a in 0..2) for (b in 0..2) for (c in 0..2) for (d in 0..2) for (e in 0..2) {
            n = n + a + b + c + d + e;
        };
        assert!(n == 80, 1);
    }

    public fun test_loop_carries_references() {
        let v = vector[1u64, 2, 3];
        let i = 0;
        let r = &mut v[0];
        while (i < 3) {
            *r = *r * 10;
            i = i + 1;
            if (i < 3) r = &mut v[i];
        };
        assert!(v == vector[10, 20, 30], 1);
    }

    public fun test_collatz() {
        let n = 27u64;
        let steps = 0u64;
        while (n != 1) {
            n = if (n % 2 == 0) n / 2 else 3 * n + 1;
            steps = steps + 1;
        };
        assert!(steps == 111, 1);
    }

    public fun test_return_out_of_loops() {
        assert!(first_multiple(7, 100) == 105, 1);
    }

    fun first_multiple(of: u64, from: u64): u64 {
        loop {
            let n = from;
            while (true) {
                if (n % of == 0) return n;
                n = n + 1;
            }
        }
    }

    public fun test_sieve() {
        let composite = vector[];
        for (_i in 0..1000) composite.push_back(false);
        let primes = 0u64;
        for (i in 2..1000) {
            if (!composite[i]) {
                primes = primes + 1;
                let j = i * i;
                while (j < 1000) {
                    composite[j] = true;
                    j = j + i;
                }
            }
        };
        assert!(primes == 168, 1);
    }

    public fun expect_out_of_gas__endless_loop() {
        loop {}
    }

    public fun expect_out_of_gas__endless_loop_with_work() {
        let i = 0u64;
        while (true) i = (i + 1) % 1000;
    }
}
