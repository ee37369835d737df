// SPDX-License-Identifier: Apache-2.0

/// Uses what `package_visibility` gives its package, and stores another module's type.
module tests::package_user {
    use tests::package_visibility::{Self, Token};

    struct Safe has key { tokens: vector<Token> }

    public fun test_package_functions(s: &signer) acquires Safe {
        move_to(s, Safe { tokens: vector[package_visibility::forge(1)] });
        borrow_global_mut<Safe>(@tests).tokens.push_back(package_visibility::forge(2));
        let Safe { tokens } = move_from<Safe>(@tests);
        let sum = 0;
        while (!tokens.is_empty()) sum = sum * 10 + package_visibility::melt(tokens.pop_back());
        tokens.destroy_empty();
        assert!(sum == 21, 1);
    }
}
