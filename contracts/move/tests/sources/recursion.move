// SPDX-License-Identifier: Apache-2.0

/// Functions that call themselves and each other.
module tests::recursion {
    use std::vector;

    public fun fib(n: u64): u64 {
        if (n < 2) n else fib(n - 1) + fib(n - 2)
    }

    public fun test_fib() {
        assert!(fib(0) == 0 && fib(1) == 1 && fib(15) == 610, 1);
    }

    public fun test_ackermann() {
        assert!(ackermann(2, 3) == 9, 1);
    }

    fun ackermann(m: u64, n: u64): u64 {
        if (m == 0) n + 1
        else if (n == 0) ackermann(m - 1, 1)
        else ackermann(m - 1, ackermann(m, n - 1))
    }

    public fun test_mutual() {
        assert!(is_even(100) && !is_even(77) && is_odd(77), 1);
    }

    fun is_even(n: u64): bool {
        if (n == 0) true else is_odd(n - 1)
    }

    fun is_odd(n: u64): bool {
        if (n == 0) false else is_even(n - 1)
    }

    public fun test_towers_of_hanoi() {
        let pegs = vector[vector[], vector[], vector[]];
        let disc = 7u8;
        while (disc > 0) {
            vector::push_back(&mut pegs[0], disc);
            disc = disc - 1;
        };
        assert!(hanoi(&mut pegs, 7, 0, 2, 1) == 127, 1);
        assert!(pegs == vector[vector[], vector[], vector[7, 6, 5, 4, 3, 2, 1]], 2);
    }

    fun hanoi(pegs: &mut vector<vector<u8>>, n: u64, from: u64, to: u64, over: u64): u64 {
        if (n == 0) return 0;
        let before = hanoi(pegs, n - 1, from, over, to);
        let disc = vector::pop_back(&mut pegs[from]);
        vector::push_back(&mut pegs[to], disc);
        before + 1 + hanoi(pegs, n - 1, over, to, from)
    }

    public fun test_generic_recursion() {
        assert!(last_of(vector[1u8, 2, 3]) == 3 && last_of(vector[b"x"]) == b"x", 1);
    }

    fun last_of<T: drop>(v: vector<T>): T {
        if (v.length() == 1) v.pop_back()
        else {
            v.remove(0);
            last_of(v)
        }
    }

    public fun test_deep_but_allowed() {
        assert!(depth(900) == 900, 1);
    }

    fun depth(n: u64): u64 {
        if (n == 0) return 0;
        let below = depth(n - 1);
        below + 1
    }

    // Operands that wait for the call fill the operand stack before the call stack is full.
    fun waiting(n: u64): u64 {
        if (n == 0) 0 else 1 + (2 + (3 + waiting(n - 1)))
    }

    public fun test_operands_wait() {
        assert!(waiting(200) == 1200, 1);
    }

    public fun expect_execution_stack_overflow__operands_wait() {
        waiting(600);
    }

    public fun expect_call_stack_overflow__too_deep() {
        depth(2000);
    }

    public fun expect_call_stack_overflow__endless() {
        endless()
    }

    fun endless() {
        endless();
        endless()
    }
}
