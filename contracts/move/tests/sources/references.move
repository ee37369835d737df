// SPDX-License-Identifier: Apache-2.0

/// References: fields, elements, through calls, frozen, reassigned.
module tests::references {
    struct Point has copy, drop { x: u64, y: u64 }

    struct Line has copy, drop { from: Point, to: Point }

    struct Path has copy, drop { lines: vector<Line>, name: vector<u8> }

    fun line(): Line {
        Line { from: Point { x: 1, y: 2 }, to: Point { x: 3, y: 4 } }
    }

    public fun test_locals() {
        let x = 1u64;
        let r = &mut x;
        *r = 2;
        *r = *r + 1;
        assert!(x == 3, 1);
    }

    public fun test_fields() {
        let l = line();
        l.to.y = 40;
        let r = &mut l.from;
        r.x = 10;
        *r = Point { x: r.x + 1, y: r.y };
        assert!(l == Line { from: Point { x: 11, y: 2 }, to: Point { x: 3, y: 40 } }, 1);
    }

    public fun test_fields_through_calls() {
        let l = line();
        bump(&mut l.from.x);
        bump(end_y(&mut l));
        move_by(&mut l.to, 100);
        assert!(l.from.x == 2 && l.to.y == 105 && l.to.x == 103, 1);
    }

    fun bump(n: &mut u64) {
        *n = *n + 1;
    }

    fun end_y(l: &mut Line): &mut u64 {
        &mut l.to.y
    }

    fun move_by(p: &mut Point, d: u64) {
        p.x = p.x + d;
        p.y = p.y + d;
    }

    public fun test_two_fields_at_once() {
        let l = line();
        let from = &mut l.from;
        let to = &mut l.to;
        from.x = to.x;
        to.y = from.y;
        assert!(l == Line { from: Point { x: 3, y: 2 }, to: Point { x: 3, y: 2 } }, 1);
    }

    public fun test_exchange_through_references() {
        let l = line();
        exchange(&mut l.from, &mut l.to);
        assert!(l.from == Point { x: 3, y: 4 } && l.to == Point { x: 1, y: 2 }, 1);
    }

    fun exchange<T: copy + drop>(a: &mut T, b: &mut T) {
        let held = *a;
        *a = *b;
        *b = held;
    }

    public fun test_elements_of_vectors_in_structs() {
        let p = Path { lines: vector[line(), line()], name: b"p" };
        p.lines[1].to.x = 30;
        bump(&mut p.lines[1].to.x);
        p.name.push_back(113);
        assert!(p.lines[1].to.x == 31 && p.lines[0].to.x == 3 && p.name == b"pq", 1);
    }

    public fun test_frozen() {
        let p = Point { x: 1, y: 2 };
        let m = &mut p;
        m.x = 5;
        let f: &Point = m;
        assert!(sum(f) == 7, 1);
        assert!(sum(&p) == 7, 2);
    }

    fun sum(p: &Point): u64 {
        p.x + p.y
    }

    public fun test_reassigned() {
        let a = 1u64;
        let b = 2u64;
        let r = &a;
        let first = *r;
        r = &b;
        assert!(first == 1 && *r == 2, 1);
    }

    public fun test_chosen_by_a_branch() {
        let a = 1u64;
        let b = 2u64;
        let r = if (a > b) &mut a else &mut b;
        *r = 9;
        assert!(a == 1 && b == 9, 1);
    }

    public fun test_equality_looks_behind() {
        let a = line();
        let b = line();
        assert!(&a == &b && &mut a.from == &mut b.from, 1);
        b.to.x = 0;
        assert!(&a != &b, 2);
    }

    public fun test_copied_out() {
        let a = line();
        let r = &a;
        let b = *r;
        b.from.x = 100;
        assert!(a.from.x == 1 && b.from.x == 100, 1);
    }

    public fun test_several_shared() {
        let a = line();
        let (r, s, t) = (&a, &a.from, &a.from.x);
        assert!(r.from.x == s.x && s.x == *t, 1);
    }

    public fun test_old_value_is_gone() {
        let v = vector[1u8, 2, 3];
        let r = &mut v;
        *r = vector[9];
        r.push_back(8);
        assert!(v == vector[9, 8], 1);
    }
}
