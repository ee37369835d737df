// SPDX-License-Identifier: Apache-2.0

module tests::aborts_below {
    public fun at_depth(n: u64) {
        if (n == 0) abort 13;
        at_depth(n - 1)
    }
}
