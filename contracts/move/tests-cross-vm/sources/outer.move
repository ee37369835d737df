// SPDX-License-Identifier: Apache-2.0

/// Is entered first, and has `relay` have `caller` call someone.
module bridge_tests::outer {
    use bridge_tests::relay;

    public fun through(target: address) {
        relay::through(target);
    }
}
