// SPDX-License-Identifier: Apache-2.0

module tests::native_token_tests {
    use std::native_token;
    use std::string;

    public fun test_unit() {
        assert!(native_token::decimals() == 18, 1);
        assert!(native_token::symbol() == string::utf8(b"TRV"), 2);
    }

    public fun test_unknown_account_has_nothing() {
        assert!(
            native_token::balance_of(
                @0x5f3c1d9e8b7a60415263748596a7b8c9dadbecfd0e1f2031425364758697a8b9
            ) == 0,
            1
        );
    }
}
