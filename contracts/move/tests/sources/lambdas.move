// SPDX-License-Identifier: Apache-2.0

/// Inline functions with lambdas, which the compiler puts in place.
module tests::lambdas {
    inline fun twice(n: u64, f: |u64|u64): u64 {
        f(f(n))
    }

    inline fun repeat(times: u64, f: |u64|) {
        let i = 0;
        while (i < times) {
            f(i);
            i = i + 1;
        }
    }

    public fun test_lambda_as_argument() {
        assert!(twice(3, |x| x * x) == 81, 1);
        assert!(twice(twice(1, |x| x + 1), |x| x * 10) == 300, 2);
    }

    public fun test_captured_variables() {
        let sum = 0;
        let factor = 3;
        repeat(5, |i| sum = sum + i * factor);
        assert!(sum == 30, 1);
    }

    public fun test_nested_lambdas() {
        let grid = vector[];
        repeat(3, |i| {
            let row = vector[];
            repeat(3, |j| row.push_back(i * 3 + j));
            grid.push_back(row);
        });
        assert!(grid == vector[vector[0, 1, 2], vector[3, 4, 5], vector[6, 7, 8]], 1);
    }
}
