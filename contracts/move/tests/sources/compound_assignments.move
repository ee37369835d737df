// SPDX-License-Identifier: Apache-2.0

/// Assignments that compute, on locals, fields, elements, references and resources.
module tests::compound_assignments {
    struct Numbers has key, drop { a: u64, v: vector<u64> }

    public fun test_on_locals() {
        let x = 100u64;
        x += 5;
        x -= 1;
        x *= 3;
        x /= 2;
        x %= 100;
        assert!(x == 56, 1);
        x <<= 4;
        x >>= 2;
        x |= 1;
        x &= 0xF1;
        x ^= 0xFF;
        assert!(x == ((((56 << 4) >> 2) | 1) & 0xF1) ^ 0xFF, 2);
    }

    public fun test_on_fields_and_elements() {
        let n = Numbers { a: 1, v: vector[1, 2, 3] };
        n.a += 1;
        n.v[1] *= 10;
        n.v[2] -= n.a;
        assert!(n.a == 2 && n.v == vector[1, 20, 1], 1);
    }

    public fun test_through_references() {
        let n = 1u64;
        bump(&mut n);
        bump(&mut n);
        assert!(n == 3, 1);
    }

    fun bump(n: &mut u64) {
        *n += 1;
    }

    public fun test_on_resources(s: &signer) acquires Numbers {
        move_to(s, Numbers { a: 1, v: vector[1] });
        Numbers[@tests].a += 1;
        Numbers[@tests].v[0] += 41;
        assert!(Numbers[@tests].a == 2 && Numbers[@tests].v[0] == 42, 1);
    }

    public fun expect_arithmetic_error__beyond_the_type(): u8 {
        let x = 250u8;
        for (_i in 0..10) x += 1;
        x
    }
}
