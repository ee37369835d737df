// SPDX-License-Identifier: Apache-2.0

module tests::error_tests {
    use std::error;

    public fun test_canonical() {
        assert!(error::canonical(3, 7) == 0x30007, 1);
        assert!(error::canonical(0, 0) == 0, 2);
    }

    public fun test_categories() {
        assert!(error::invalid_argument(0x102) == 0x1_0102, 1);
        assert!(error::out_of_range(0x102) == 0x2_0102, 2);
        assert!(error::invalid_state(0x102) == 0x3_0102, 3);
        assert!(error::unauthenticated(0x102) == 0x4_0102, 4);
        assert!(error::permission_denied(0x102) == 0x5_0102, 5);
        assert!(error::not_found(0x102) == 0x6_0102, 6);
        assert!(error::aborted(0x102) == 0x7_0102, 7);
        assert!(error::already_exists(0x102) == 0x8_0102, 8);
        assert!(error::resource_exhausted(0x102) == 0x9_0102, 9);
        assert!(error::cancelled(0x102) == 0xa_0102, 10);
        assert!(error::internal(0x102) == 0xb_0102, 11);
        assert!(error::not_implemented(0x102) == 0xc_0102, 12);
        assert!(error::unavailable(0x102) == 0xd_0102, 13);
    }

    public fun expect_abort_0x80005__thrown() {
        abort error::already_exists(5)
    }
}
