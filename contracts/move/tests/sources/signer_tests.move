// SPDX-License-Identifier: Apache-2.0

module tests::signer_tests {
    use std::signer;

    public fun test_addresses(first: &signer, second: &signer) {
        assert!(signer::address_of(first) == @tests, 1);
        assert!(signer::address_of(second) == @0xA2, 2);
        assert!(*signer::borrow_address(first) == @tests, 3);
        assert!(signer::borrow_address(first) != signer::borrow_address(second), 4);
        assert!(signer::borrow_address(second) == &@0xA2, 5);
    }

    public fun test_signers_compare_by_address(first: &signer, second: &signer) {
        assert!(first == first, 1);
        assert!(first != second, 2);
    }
}
