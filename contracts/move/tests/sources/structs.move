// SPDX-License-Identifier: Apache-2.0

/// Nested structs, vectors of structs, equality.
module tests::structs {
    use std::vector;

    struct L0 has copy, drop, store { n: u64 }
    struct L1 has copy, drop, store { a: L0, b: L0 }
    struct L2 has copy, drop, store { a: L1, b: L1 }
    struct L3 has copy, drop, store { a: L2, b: L2 }
    struct L4 has copy, drop, store { a: L3, b: L3 }

    struct Empty has copy, drop {}

    struct Tree has drop { value: u64, children: vector<Node> }
    struct Node has drop { value: u64, leaves: vector<u64> }

    struct Wide has copy, drop {
        a: u8, b: u16, c: u32, d: u64, e: u128, f: u256, g: bool, h: address, i: vector<u8>, j: L0,
        k: vector<L0>, l: vector<vector<u16>>
    }

    struct HotPotato { n: u64 }

    fun l4(): L4 {
        let l1 = L1 { a: L0 { n: 1 }, b: L0 { n: 2 } };
        let l2 = L2 { a: l1, b: l1 };
        let l3 = L3 { a: l2, b: l2 };
        L4 { a: l3, b: l3 }
    }

    fun wide(): Wide {
        Wide {
            a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: true, h: @0x7, i: b"8", j: L0 { n: 9 }, k: vector[L0 { n: 10 }],
            l: vector[vector[11], vector[], vector[12, 13]]
        }
    }

    public fun test_deep_paths() {
        let v = l4();
        v.b.a.b.a.n = 7;
        assert!(v.b.a.b.a.n == 7 && v.a.a.b.a.n == 1 && v.b.b.b.a.n == 1, 1);
        let L4 { a: L3 { a: _, b: L2 { a: L1 { a: L0 { n }, b: _ }, b: _ } }, b: _ } = v;
        assert!(n == 1, 2);
    }

    public fun test_equality_is_deep() {
        let a = l4();
        let b = l4();
        assert!(a == b, 1);
        b.b.b.b.b.n = 3;
        assert!(a != b && a.a == b.a && a.b.b.b.b != b.b.b.b.b, 2);
        assert!(Empty {} == Empty {}, 3);
    }

    public fun test_wide() {
        let w = wide();
        assert!(w == wide(), 1);
        let Wide { a, b, c, d, e, f, g, h, i, j, k, l } = w;
        assert!(a == 1 && b == 2 && c == 3 && d == 4 && e == 5 && f == 6 && g && h == @0x7 && i == b"8", 2);
        assert!(j.n == 9 && k[0].n == 10 && l[2][1] == 13, 3);
        let v = wide();
        vector::push_back(&mut v.l[1], 1);
        assert!(v != wide(), 4);
    }

    public fun test_vectors_of_structs() {
        let t = Tree { value: 1, children: vector[] };
        let i = 0;
        while (i < 4) {
            t.children.push_back(Node { value: i, leaves: vector[i, i * i] });
            i = i + 1;
        };
        let third = &mut t.children[2];
        third.leaves.push_back(100);
        t.children[3].value = t.children[2].leaves[2] + t.value;
        assert!(t.children[3].value == 101 && t.children[2].leaves == vector[2, 4, 100], 1);
        let Node { value, leaves } = t.children.remove(1);
        assert!(value == 1 && leaves == vector[1, 1] && t.children.length() == 3, 2);
    }

    public fun test_what_cannot_be_dropped_is_taken_apart() {
        let p = HotPotato { n: 5 };
        let q = pass_on(p);
        let HotPotato { n } = q;
        assert!(n == 6, 1);
    }

    fun pass_on(p: HotPotato): HotPotato {
        let HotPotato { n } = p;
        HotPotato { n: n + 1 }
    }

    public fun test_several_results() {
        let (a, b, c) = three();
        let (d, _, _) = three();
        (a, d) = (d + 1, a);
        assert!(a == 2 && d == 1 && b == b"two" && c.n == 3, 1);
    }

    fun three(): (u64, vector<u8>, L0) {
        (1, b"two", L0 { n: 3 })
    }
}
