// SPDX-License-Identifier: Apache-2.0

/// A friend of `friend_owner`.
module tests::friend_user {
    use tests::friend_owner;

    public fun test_friend_functions() {
        let s = friend_owner::make(7);
        let (n, also) = friend_owner::open(&s, &b"x");
        assert!(n == 7 && also == b"x" && friend_owner::is(&s, 7) && !friend_owner::is(&s, 8), 1);
    }
}
