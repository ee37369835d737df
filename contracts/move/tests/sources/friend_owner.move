// SPDX-License-Identifier: Apache-2.0

/// What friends may call, and others may not.
module tests::friend_owner {
    friend tests::friend_user;

    struct Secret has drop, store { n: u64 }

    public(friend) fun make(n: u64): Secret {
        Secret { n }
    }

    public(friend) fun open<T: copy>(s: &Secret, also: &T): (u64, T) {
        (inner(s), *also)
    }

    fun inner(s: &Secret): u64 {
        s.n
    }

    public fun is(s: &Secret, n: u64): bool {
        inner(s) == n
    }
}
