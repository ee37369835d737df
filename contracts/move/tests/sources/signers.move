// SPDX-License-Identifier: Apache-2.0

/// Signers handed through calls, and what only they allow.
module tests::signers {
    use std::signer;

    struct Mark has key { by: address }

    fun mark(s: &signer, by: &signer) {
        move_to(s, Mark { by: signer::address_of(by) })
    }

    fun both(a: &signer, b: &signer) {
        mark(a, b);
        mark(b, a);
    }

    public fun test_signers_travel(a: &signer, b: &signer) acquires Mark {
        both(a, b);
        assert!(borrow_global<Mark>(@tests).by == @0xA2 && borrow_global<Mark>(@0xA2).by == @tests, 1);
    }

    public fun test_chosen_signer(a: &signer, b: &signer) {
        let s = if (signer::address_of(a) == @0xA2) a else b;
        mark(s, a);
        assert!(exists<Mark>(@0xA2) && !exists<Mark>(@tests), 1);
    }

    public fun test_three_signers(a: &signer, b: &signer, c: &signer) {
        mark(a, b);
        mark(b, c);
        mark(c, a);
        assert!(exists<Mark>(@0xA3), 1);
    }

    public fun expect_resource_already_exists__one_signer_twice(a: &signer) {
        both(a, a)
    }
}
