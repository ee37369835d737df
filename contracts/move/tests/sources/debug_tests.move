// SPDX-License-Identifier: Apache-2.0

module tests::debug_tests {
    use std::debug;

    struct Opaque { secret: u64 }

    public fun test_print_changes_nothing() {
        let v = vector[1u8, 2, 3];
        debug::print(&v);
        assert!(v == vector[1, 2, 3], 1);
    }

    public fun test_print_takes_any_type(s: &signer) {
        debug::print(s);
        debug::print(&true);
        debug::print(&1u256);
        let o = Opaque { secret: 7 };
        debug::print(&o);
        let Opaque { secret } = o;
        assert!(secret == 7, 1);
    }
}
