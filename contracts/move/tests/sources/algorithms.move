// SPDX-License-Identifier: Apache-2.0

/// Small programs, the way contracts are written.
module tests::algorithms {
    public fun test_insertion_sort() {
        let v = scrambled(60);
        let i = 1;
        while (i < v.length()) {
            let j = i;
            while (j > 0 && v[j - 1] > v[j]) {
                v.swap(j - 1, j);
                j = j - 1;
            };
            i = i + 1;
        };
        assert!(sorted(&v), 1);
    }

    public fun test_quick_sort() {
        let v = scrambled(200);
        quick_sort(&mut v, 0, 200);
        assert!(sorted(&v) && v.length() == 200, 1);
    }

    fun quick_sort(v: &mut vector<u64>, from: u64, to: u64) {
        if (from + 1 >= to) return;
        let pivot = v[to - 1];
        let border = from;
        let i = from;
        while (i < to - 1) {
            if (v[i] < pivot) {
                v.swap(i, border);
                border = border + 1;
            };
            i = i + 1;
        };
        v.swap(border, to - 1);
        quick_sort(v, from, border);
        quick_sort(v, border + 1, to);
    }

    fun scrambled(n: u64): vector<u64> {
        let v = vector[];
        let x = 12345u64;
        while (v.length() < n) {
            x = (x * 1103515245 + 12345) % 2147483648;
            v.push_back(x);
        };
        v
    }

    fun sorted(v: &vector<u64>): bool {
        let i = 1;
        while (i < v.length()) {
            if (v[i - 1] > v[i]) return false;
            i = i + 1;
        };
        true
    }

    public fun test_binary_search() {
        let v = vector[];
        for (i in 0..100) v.push_back(i * 3);
        let i = 0;
        while (i < 300) {
            let (found, at) = search(&v, i);
            assert!(found == (i % 3 == 0) && (!found || at == i / 3), 1);
            i = i + 1;
        }
    }

    fun search(v: &vector<u64>, wanted: u64): (bool, u64) {
        let low = 0;
        let high = v.length();
        while (low < high) {
            let mid = low + (high - low) / 2;
            let x = v[mid];
            if (x == wanted) return (true, mid);
            if (x < wanted) low = mid + 1 else high = mid;
        };
        (false, low)
    }

    public fun test_greatest_common_divisor() {
        assert!(gcd(1071, 462) == 21 && gcd(17, 5) == 1 && gcd(0, 9) == 9, 1);
    }

    fun gcd(a: u64, b: u64): u64 {
        while (b != 0) {
            (a, b) = (b, a % b);
        };
        a
    }

    public fun test_matrix_product() {
        let a = vector[vector[1u64, 2], vector[3, 4]];
        let p = vector[vector[1u64, 0], vector[0, 1]];
        for (_i in 0..10) p = product(&p, &a);
        assert!(p == vector[vector[4783807, 6972050], vector[10458075, 15241882]], 1);
    }

    fun product(a: &vector<vector<u64>>, b: &vector<vector<u64>>): vector<vector<u64>> {
        let rows = vector[];
        for (i in 0..2) {
            let row = vector[];
            for (j in 0..2) {
                let sum = 0;
                for (k in 0..2) sum = sum + a[i][k] * b[k][j];
                row.push_back(sum);
            };
            rows.push_back(row);
        };
        rows
    }

    public fun test_integer_square_root() {
        let i = 0;
        while (i < 200) {
            let r = sqrt(i);
            assert!(r * r <= i && (r + 1) * (r + 1) > i, 1);
            i = i + 1;
        };
        assert!(sqrt(18446744073709551615) == 4294967295, 2);
    }

    fun sqrt(n: u64): u64 {
        if (n == 0) return 0;
        let x = (n as u128);
        let y = (x + 1) / 2;
        while (y < x) {
            x = y;
            y = (x + (n as u128) / x) / 2;
        };
        (x as u64)
    }

    public fun test_hex_text() {
        assert!(to_hex(&x"00ff1a") == b"00ff1a", 1);
    }

    fun to_hex(bytes: &vector<u8>): vector<u8> {
        let digits = b"0123456789abcdef";
        let text = vector[];
        for (i in 0..bytes.length()) {
            text.push_back(digits[((bytes[i] >> 4) as u64)]);
            text.push_back(digits[((bytes[i] & 15) as u64)]);
        };
        text
    }

    // The Merkle root of four leaves, and a proof for one.
    public fun test_merkle_proof() {
        use std::hash::sha2_256;
        let leaves = vector[sha2_256(b"a"), sha2_256(b"b"), sha2_256(b"c"), sha2_256(b"d")];
        let root = node(node(leaves[0], leaves[1]), node(leaves[2], leaves[3]));
        let proof = vector[leaves[3], node(leaves[0], leaves[1])];
        let at = leaves[2];
        let index = 2u64;
        for (i in 0..2) {
            at = if (index % 2 == 0) node(at, proof[i]) else node(proof[i], at);
            index = index / 2;
        };
        assert!(at == root, 1);
    }

    fun node(left: vector<u8>, right: vector<u8>): vector<u8> {
        left.append(right);
        std::hash::sha2_256(left)
    }
}
