// SPDX-License-Identifier: Apache-2.0

/// Aborts end everything, with their code.
module tests::aborts {
    use tests::aborts_below;

    struct Mark has key { n: u64 }

    const CODE: u64 = 0xBEEF;

    public fun expect_abort_0x0__zero() {
        abort 0
    }

    public fun expect_abort_0x2a__plain() {
        abort 42
    }

    public fun expect_abort_0xffffffffffffffff__greatest() {
        abort 18446744073709551615
    }

    public fun expect_abort_0xbeef__constant() {
        abort CODE
    }

    public fun expect_abort_0x7__assert() {
        assert!(one() == 2, 7);
    }

    public fun expect_abort_0x9__computed() {
        let a = 4;
        abort a + one() + 4
    }

    public fun expect_abort_0xd__in_another_module() {
        aborts_below::at_depth(10)
    }

    public fun expect_abort_0x3__in_an_expression(): u64 {
        one() + (if (one() == 1) abort 3 else 4)
    }

    public fun expect_abort_0x5__after_a_write(s: &signer) {
        move_to(s, Mark { n: 1 });
        abort 5
    }

    public fun expect_abort_0x1__in_a_loop() {
        let i = 0;
        while (true) {
            i = i + 1;
            assert!(i < 100, one());
        }
    }

    public fun test_no_abort_without_cause() {
        assert!(one() == 1, 99);
        if (one() == 2) abort 98;
        // The code is computed only when it is needed.
        assert!(one() == 1, one() / (one() - 1));
    }

    fun one(): u64 { 1 }
}
