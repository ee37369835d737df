// SPDX-License-Identifier: Apache-2.0

/// Generic functions and structs, phantom parameters, abilities through parameters.
module tests::generics {
    struct Pair<A, B> has copy, drop, store { first: A, second: B }

    struct Tagged<phantom Tag> has copy, drop { value: u64 }

    struct Euro {}

    struct Dollar {}

    struct NoAbilities { n: u64 }

    struct Wrapper<T> { inner: T }

    public fun swap<A, B>(p: Pair<A, B>): Pair<B, A> {
        let Pair { first, second } = p;
        Pair { first: second, second: first }
    }

    public fun test_pair() {
        let p = swap(Pair { first: 1u8, second: b"x" });
        assert!(p.first == b"x" && p.second == 1, 1);
        assert!(swap(swap(p)) == p, 2);
    }

    public fun test_nested_instances() {
        let p = Pair { first: Pair { first: 1u8, second: 2u16 }, second: vector[Pair { first: true, second: @0x1 }] };
        assert!(p.first.second == 2 && p.second[0].first && p.second[0].second == @0x1, 1);
        let q = swap(p);
        assert!(q.second.first == 1 && q.first.length() == 1, 2);
    }

    fun add<C>(a: Tagged<C>, b: Tagged<C>): Tagged<C> {
        Tagged { value: a.value + b.value }
    }

    public fun test_phantom() {
        let sum = add(Tagged<Euro> { value: 1 }, Tagged { value: 2 });
        assert!(sum == Tagged<Euro> { value: 3 }, 1);
        // The tag has no abilities and needs none.
        let copied = sum;
        assert!(copied.value + sum.value == 6, 2);
        assert!(Tagged<Dollar> { value: 3 }.value == sum.value, 3);
    }

    public fun test_values_without_abilities_pass_through() {
        let w = wrap(wrap(NoAbilities { n: 7 }));
        let NoAbilities { n } = unwrap(unwrap(w));
        assert!(n == 7, 1);
    }

    fun wrap<T>(inner: T): Wrapper<T> {
        Wrapper { inner }
    }

    fun unwrap<T>(w: Wrapper<T>): T {
        let Wrapper { inner } = w;
        inner
    }

    public fun test_references_through_parameters() {
        let p = Pair { first: 1u64, second: 2u64 };
        *first_mut(&mut p) = 10;
        assert!(*first(&p) == 10 && *pick(true, &p.first, &p.second) == 10, 1);
        assert!(*pick(false, &p.first, &p.second) == 2, 2);
    }

    fun first<A, B>(p: &Pair<A, B>): &A {
        &p.first
    }

    fun first_mut<A, B>(p: &mut Pair<A, B>): &mut A {
        &mut p.first
    }

    fun pick<T>(c: bool, a: &T, b: &T): &T {
        if (c) a else b
    }

    public fun test_generic_equality() {
        assert!(same(&vector[1u8], &vector[1u8]) && !same(&b"a", &b"b"), 1);
        assert!(same(&Pair { first: 1u8, second: true }, &Pair { first: 1, second: true }), 2);
    }

    fun same<T>(a: &T, b: &T): bool {
        a == b
    }

    public fun test_many_parameters() {
        let (a, b, c, d, e) = turn(1u8, 2u16, 3u32, 4u64, 5u128);
        assert!(a == 5u128 && b == 1u8 && c == 2u16 && d == 3u32 && e == 4u64, 1);
    }

    fun turn<A, B, C, D, E>(a: A, b: B, c: C, d: D, e: E): (E, A, B, C, D) {
        (e, a, b, c, d)
    }

    public fun test_copies_are_independent() {
        let a = Pair { first: vector[1u8], second: 0u8 };
        let b = a;
        b.first.push_back(2);
        assert!(a.first == vector[1] && b.first == vector[1, 2], 1);
    }
}
