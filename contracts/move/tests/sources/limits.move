// SPDX-License-Identifier: Apache-2.0

/// Values near the limits of what a chain allows.
module tests::limits {
    struct Deep<T> has copy, drop { t: T }

    public fun test_long_vector() {
        let v = vector[];
        for (i in 0u64..5000) v.push_back(i);
        let sum = 0;
        for (i in 0..5000) sum = sum + v[i];
        assert!(sum == 12497500, 1);
    }

    public fun test_long_bytes() {
        let v = b"0123456789abcdef";
        for (_i in 0u64..8) {
            let w = v;
            v.append(w);
        };
        assert!(v.length() == 4096 && v[4095] == 102, 1);
    }

    public fun test_many_locals() {
        let (a, b, c, d, e, f, g, h) = (1u64, 2u64, 3u64, 4u64, 5u64, 6u64, 7u64, 8u64);
        let (i, j, k, l, m, n, o, p) = (a + b, b + c, c + d, d + e, e + f, f + g, g + h, h + a);
        let (q, r, s, t, u, v, w, x) = (i * j, j * k, k * l, l * m, m * n, n * o, o * p, p * i);
        assert!(q + r + s + t + u + v + w + x == 712, 1);
        assert!(many(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) == 36 + 72, 2);
    }

    fun many(
        a: u64, b: u64, c: u64, d: u64, e: u64, f: u64, g: u64, h: u64, i: u64, j: u64, k: u64, l: u64, m: u64,
        n: u64, o: u64, p: u64
    ): u64 {
        a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p
    }

    public fun test_type_of_depth_ten() {
        let d = Deep { t: Deep { t: Deep { t: Deep { t: Deep { t: Deep { t: Deep { t: Deep { t: Deep { t: 1u8 } } } } } } } } };
        let e = d;
        e.t.t.t.t.t.t.t.t.t = 2;
        assert!(d != e && d.t.t.t.t.t.t.t.t.t == 1, 1);
    }
}
