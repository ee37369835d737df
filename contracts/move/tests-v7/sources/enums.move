// SPDX-License-Identifier: Apache-2.0

/// Enums: bytecode version 7.
module tests::enums {
    use std::bcs;
    use std::vector;

    enum Colour has copy, drop, store {
        Red,
        Green,
        Blue
    }

    enum Shape has copy, drop, store {
        Circle { radius: u64 },
        Rectangle { width: u64, height: u64 },
        Point
    }

    enum Maybe<T> has copy, drop, store {
        Nothing,
        Just { value: T }
    }

    enum Positional has copy, drop {
        One(u64),
        Two(u64, bool)
    }

    enum Outcome<T, E> {
        Good { value: T },
        Bad { error: E }
    }

    enum Expression has drop {
        Number { value: u64 },
        Sum { terms: vector<Leaf> },
        Product { terms: vector<Leaf> }
    }

    struct Leaf has copy, drop { value: u64 }

    enum Versioned has key {
        V1 { count: u64 },
        V2 { count: u64, name: vector<u8> }
    }

    enum Common has drop {
        A { shared: u64, only_a: bool },
        B { only_b: u8, shared: u64 },
        C { shared: u64 }
    }

    enum Nested has copy, drop {
        Single { shape: Shape },
        Pair { first: Shape, second: Maybe<Shape> }
    }

    struct Owned has store { n: u64 }

    struct Drawing has copy, drop, store { colour: Colour, shapes: vector<Shape> }

    fun area(s: &Shape): u64 {
        match (s) {
            Circle { radius } => 3 * *radius * *radius,
            Rectangle { width, height } => *width * *height,
            Point => 0
        }
    }

    public fun test_match() {
        assert!(area(&Shape::Circle { radius: 2 }) == 12, 1);
        assert!(area(&Shape::Rectangle { width: 3, height: 5 }) == 15, 2);
        assert!(area(&Shape::Point) == 0, 3);
    }

    public fun test_variants_without_fields() {
        assert!(number(Colour::Red) == 0 && number(Colour::Green) == 1 && number(Colour::Blue) == 2, 1);
    }

    fun number(c: Colour): u64 {
        match (c) {
            Red => 0,
            Green => 1,
            Blue => 2
        }
    }

    public fun test_is() {
        let s = Shape::Circle { radius: 1 };
        assert!((s is Shape::Circle) && !(s is Shape::Point) && !(s is Shape::Rectangle), 1);
        assert!((&s is Shape::Circle | Shape::Point) && !(&s is Shape::Rectangle | Shape::Point), 2);
    }

    public fun test_equality() {
        assert!(Shape::Point == Shape::Point && Shape::Point != Shape::Circle { radius: 0 }, 1);
        assert!(Shape::Circle { radius: 1 } == Shape::Circle { radius: 1 }, 2);
        assert!(Shape::Circle { radius: 1 } != Shape::Circle { radius: 2 }, 3);
        assert!(Colour::Red == Colour::Red && Colour::Red != Colour::Blue, 4);
    }

    public fun test_generic() {
        assert!(or_else(Maybe::Just { value: 7u64 }, 1) == 7, 1);
        assert!(or_else(Maybe::Nothing, b"none") == b"none", 2);
        let nested = Maybe::Just { value: Maybe::Just { value: 3u8 } };
        assert!(or_else(or_else(nested, Maybe::Nothing), 0) == 3, 3);
    }

    fun or_else<T: drop>(m: Maybe<T>, default: T): T {
        match (m) {
            Just { value } => value,
            Nothing => default
        }
    }

    public fun test_positional() {
        assert!(total(Positional::One(5)) == 5 && total(Positional::Two(5, true)) == 105, 1);
    }

    fun total(p: Positional): u64 {
        match (p) {
            One(n) => n,
            Two(n, flag) => if (flag) n + 100 else n
        }
    }

    public fun test_what_cannot_be_dropped_is_matched_away() {
        let good = Outcome::Good<Owned, u8> { value: Owned { n: 5 } };
        let bad = Outcome::Bad<Owned, u8> { error: 9 };
        let settled = settle(good);
        assert!(settled == 5, 1);
        settled = settle(bad);
        assert!(settled == 1009, 2);
    }

    fun settle(o: Outcome<Owned, u8>): u64 {
        match (o) {
            Good { value: Owned { n } } => n,
            Bad { error } => 1000 + (error as u64)
        }
    }

    public fun test_change_in_place() {
        let s = Shape::Rectangle { width: 1, height: 2 };
        grow(&mut s);
        assert!(s == Shape::Rectangle { width: 2, height: 4 }, 1);
        s = Shape::Circle { radius: 5 };
        grow(&mut s);
        assert!(s == Shape::Circle { radius: 10 }, 2);
        s = Shape::Point;
        grow(&mut s);
        assert!(s == Shape::Point, 3);
    }

    fun grow(s: &mut Shape) {
        match (s) {
            Circle { radius } => *radius = *radius * 2,
            Rectangle { width, height } => {
                *width = *width * 2;
                *height = *height * 2;
            }
            Point => {}
        }
    }

    public fun test_exchange_of_variants_behind_a_reference() {
        let s = Shape::Point;
        turn_into_circle(&mut s);
        assert!(s == Shape::Circle { radius: 1 }, 1);
        turn_into_circle(&mut s);
        assert!(s == Shape::Circle { radius: 2 }, 2);
    }

    fun turn_into_circle(s: &mut Shape) {
        match (s) {
            Circle { radius } => *radius = *radius + 1,
            _ => *s = Shape::Circle { radius: 1 }
        }
    }

    public fun test_fields_common_to_variants() {
        let a = Common::A { shared: 1, only_a: true };
        let b = Common::B { only_b: 0, shared: 2 };
        let c = Common::C { shared: 3 };
        assert!(a.shared + b.shared + c.shared == 6, 1);
        a.shared = 10;
        b.shared = 20;
        assert!(shared_of(&a) == 10 && shared_of(&b) == 20 && a.only_a && b.only_b == 0, 2);
    }

    fun shared_of(c: &Common): u64 {
        c.shared
    }

    public fun test_guards() {
        assert!(size(&Shape::Circle { radius: 100 }) == 2, 1);
        assert!(size(&Shape::Circle { radius: 1 }) == 1, 2);
        assert!(size(&Shape::Rectangle { width: 1, height: 1 }) == 0, 3);
    }

    fun size(s: &Shape): u64 {
        match (s) {
            Circle { radius } if (*radius > 10) => 2,
            Circle { radius: _ } => 1,
            _ => 0
        }
    }

    public fun test_nested_patterns() {
        let n = Nested::Pair {
            first: Shape::Circle { radius: 4 },
            second: Maybe::Just { value: Shape::Rectangle { width: 2, height: 3 } }
        };
        assert!(inspect(n) == 4 + 6, 1);
        assert!(inspect(Nested::Pair { first: Shape::Point, second: Maybe::Nothing }) == 100, 2);
        assert!(inspect(Nested::Single { shape: Shape::Circle { radius: 9 } }) == 9, 3);
    }

    fun inspect(n: Nested): u64 {
        match (n) {
            Pair { first: Circle { radius }, second: Just { value: Rectangle { width, height } } } =>
                radius + width * height,
            Single { shape: Circle { radius } } => radius,
            _ => 100
        }
    }

    public fun test_in_vectors_and_structs() {
        let d = Drawing { colour: Colour::Red, shapes: vector[] };
        d.shapes.push_back(Shape::Point);
        d.shapes.push_back(Shape::Circle { radius: 1 });
        d.shapes.push_back(Shape::Rectangle { width: 2, height: 2 });
        d.colour = Colour::Blue;
        grow(vector::borrow_mut(&mut d.shapes, 1));
        let sum = 0;
        for (i in 0..3) sum = sum + area(&d.shapes[i]);
        assert!(sum == 12 + 4 && d.colour == Colour::Blue, 1);
        let copied = d;
        vector::pop_back(&mut copied.shapes);
        assert!(copied != d, 2);
    }

    public fun test_vectors_in_variants() {
        let s = Expression::Sum { terms: vector[Leaf { value: 2 }, Leaf { value: 3 }, Leaf { value: 4 }] };
        let p = Expression::Product { terms: vector[Leaf { value: 2 }, Leaf { value: 3 }, Leaf { value: 4 }] };
        assert!(evaluate(&s) == 9 && evaluate(&p) == 24, 1);
        assert!(evaluate(&Expression::Number { value: 5 }) == 5, 2);
    }

    fun evaluate(e: &Expression): u64 {
        match (e) {
            Number { value } => *value,
            Sum { terms } => {
                let n = 0;
                for (i in 0..terms.length()) n = n + terms[i].value;
                n
            }
            Product { terms } => {
                let n = 1;
                for (i in 0..terms.length()) n = n * terms[i].value;
                n
            }
        }
    }

    public fun test_in_global_storage(s: &signer) acquires Versioned {
        move_to(s, Versioned::V1 { count: 5 });
        borrow_global_mut<Versioned>(@tests).count = 6;
        upgrade(s);
        upgrade(s);
        let stored = borrow_global<Versioned>(@tests);
        assert!(stored.count == 6 && stored.name == b"new", 1);
        match (move_from<Versioned>(@tests)) {
            V1 { count: _ } => abort 2,
            V2 { count, name: _ } => assert!(count == 6, 3)
        };
        assert!(!exists<Versioned>(@tests), 4);
    }

    fun upgrade(s: &signer) acquires Versioned {
        let new = match (move_from<Versioned>(@tests)) {
            V1 { count } => Versioned::V2 { count, name: b"new" },
            V2 { count, name } => Versioned::V2 { count, name }
        };
        move_to(s, new)
    }

    public fun test_bcs() {
        assert!(bcs::to_bytes(&Colour::Red) == x"00" && bcs::to_bytes(&Colour::Blue) == x"02", 1);
        assert!(bcs::to_bytes(&Shape::Circle { radius: 7 }) == x"000700000000000000", 2);
        assert!(bcs::to_bytes(&Shape::Point) == x"02", 3);
        assert!(bcs::to_bytes(&Maybe::Just { value: b"ab" }) == x"01026162", 4);
        assert!(bcs::to_bytes(&Positional::Two(1, true)) == x"01010000000000000001", 5);
    }

    public fun expect_struct_variant_mismatch__field_of_another_variant(): u64 {
        let s = Shape::Point;
        s.radius
    }

    public fun expect_struct_variant_mismatch__field_behind_a_mutable_reference() {
        let s = Shape::Circle { radius: 1 };
        s.width = 2;
    }

    public fun expect_struct_variant_mismatch__unpack_of_another_variant(): u64 {
        let Shape::Circle { radius } = Shape::Point;
        radius
    }

    public fun expect_struct_variant_mismatch__unpack_of_a_reference(): u64 {
        let s = Shape::Point;
        let Shape::Rectangle { width, height: _ } = &s;
        *width
    }

    public fun expect_abort_0x17__in_an_arm() {
        match (Colour::Green) {
            Red => {}
            Green => abort 23,
            Blue => {}
        }
    }
}
