// SPDX-License-Identifier: Apache-2.0

/// Functions for the modules of the package.
module tests::package_visibility {
    struct Token has store { n: u64 }

    package fun forge(n: u64): Token {
        Token { n }
    }

    package fun melt(t: Token): u64 {
        let Token { n } = t;
        n
    }
}
