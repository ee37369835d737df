// SPDX-License-Identifier: Apache-2.0

/// Growable vectors, indexed from 0.
///
/// What takes an index or a range out of bounds aborts: the instructions with the VM's
/// `VECTOR_OPERATION_ERROR`, the functions written here with `EINDEX_OUT_OF_BOUNDS`,
/// `EINVALID_RANGE`, `ELENGTHS_DIFFER` or `EINVALID_STEP`.
module std::vector {
    /// An index is not smaller than the length (`out_of_range(0)`).
    const EINDEX_OUT_OF_BOUNDS: u64 = 0x20000;
    /// A range ends before it begins or beyond the end (`out_of_range(1)`).
    const EINVALID_RANGE: u64 = 0x20001;
    /// Two vectors that are walked together differ in length (`out_of_range(2)`).
    const ELENGTHS_DIFFER: u64 = 0x20002;
    /// A step of zero never arrives (`out_of_range(3)`).
    const EINVALID_STEP: u64 = 0x20003;

    // Instructions of the VM

    #[bytecode_instruction]
    /// An empty vector.
    native public fun empty<Element>(): vector<Element>;

    #[bytecode_instruction]
    /// The number of elements.
    native public fun length<Element>(self: &vector<Element>): u64;

    #[bytecode_instruction]
    /// The element at `i`.
    native public fun borrow<Element>(self: &vector<Element>, i: u64): &Element;

    #[bytecode_instruction]
    /// The element at `i`, to be changed.
    native public fun borrow_mut<Element>(self: &mut vector<Element>, i: u64): &mut Element;

    #[bytecode_instruction]
    /// Adds `e` at the end.
    native public fun push_back<Element>(self: &mut vector<Element>, e: Element);

    #[bytecode_instruction]
    /// Takes the last element.
    native public fun pop_back<Element>(self: &mut vector<Element>): Element;

    #[bytecode_instruction]
    /// Destroys a vector that holds nothing.
    native public fun destroy_empty<Element>(self: vector<Element>);

    #[bytecode_instruction]
    /// Exchanges the elements at `i` and `j`.
    native public fun swap<Element>(self: &mut vector<Element>, i: u64, j: u64);

    // Whole vectors

    /// A vector of one element.
    public fun singleton<Element>(e: Element): vector<Element> {
        let v = empty();
        push_back(&mut v, e);
        v
    }

    /// Whether there is no element.
    public fun is_empty<Element>(self: &vector<Element>): bool {
        length(self) == 0
    }

    /// Turns the order of the elements round.
    public fun reverse<Element>(self: &mut vector<Element>) {
        let len = length(self);
        reverse_slice(self, 0, len)
    }

    /// Turns the order of the elements in `[left, right)` round.
    public fun reverse_slice<Element>(self: &mut vector<Element>, left: u64, right: u64) {
        assert!(left <= right, EINVALID_RANGE);
        assert!(right <= length(self), EINVALID_RANGE);
        while (left + 1 < right) {
            right = right - 1;
            swap(self, left, right);
            left = left + 1;
        }
    }

    /// Moves the elements of `other` to the end, in their order.
    public fun append<Element>(self: &mut vector<Element>, other: vector<Element>) {
        reverse(&mut other);
        reverse_append(self, other)
    }

    /// Moves the elements of `other` to the end, the last one first.
    public fun reverse_append<Element>(self: &mut vector<Element>, other: vector<Element>) {
        let left = length(&other);
        while (left > 0) {
            push_back(self, pop_back(&mut other));
            left = left - 1;
        };
        destroy_empty(other)
    }

    /// Shortens the vector to `new_len` elements and returns the others, in their order.
    public fun trim<Element>(self: &mut vector<Element>, new_len: u64): vector<Element> {
        let rest = trim_reverse(self, new_len);
        reverse(&mut rest);
        rest
    }

    /// Shortens the vector to `new_len` elements and returns the others, the last one first.
    public fun trim_reverse<Element>(self: &mut vector<Element>, new_len: u64): vector<Element> {
        let len = length(self);
        assert!(new_len <= len, EINDEX_OUT_OF_BOUNDS);
        let rest = empty();
        while (len > new_len) {
            push_back(&mut rest, pop_back(self));
            len = len - 1;
        };
        rest
    }

    /// A copy of the elements in `[start, end)`.
    public fun slice<Element: copy>(self: &vector<Element>, start: u64, end: u64): vector<Element> {
        assert!(start <= end, EINVALID_RANGE);
        assert!(end <= length(self), EINVALID_RANGE);
        let part = empty();
        while (start < end) {
            push_back(&mut part, *borrow(self, start));
            start = start + 1;
        };
        part
    }

    /// Moves the first `rot` elements behind the others; returns where the first element is now.
    public fun rotate<Element>(self: &mut vector<Element>, rot: u64): u64 {
        let len = length(self);
        rotate_slice(self, 0, rot, len)
    }

    /// In `[left, right)`, moves the elements in front of `rot` behind the others; returns where
    /// the element that was at `left` is now.
    public fun rotate_slice<Element>(
        self: &mut vector<Element>, left: u64, rot: u64, right: u64
    ): u64 {
        assert!(left <= rot, EINVALID_RANGE);
        assert!(rot <= right, EINVALID_RANGE);
        // Three reversals make a rotation.
        reverse_slice(self, left, rot);
        reverse_slice(self, rot, right);
        reverse_slice(self, left, right);
        left + (right - rot)
    }

    // Searching

    /// Whether an element equals `e`.
    public fun contains<Element>(self: &vector<Element>, e: &Element): bool {
        let (found, _) = index_of(self, e);
        found
    }

    /// `(true, i)` for the first element, at `i`, that equals `e`; `(false, 0)` if none does.
    public fun index_of<Element>(self: &vector<Element>, e: &Element): (bool, u64) {
        let i = 0;
        let len = length(self);
        while (i < len) {
            if (borrow(self, i) == e) return (true, i);
            i = i + 1;
        };
        (false, 0)
    }

    // Single elements

    /// Puts `e` at index `i`, where the elements from `i` on move up by one; at most at the end.
    public fun insert<Element>(self: &mut vector<Element>, i: u64, e: Element) {
        let len = length(self);
        assert!(i <= len, EINDEX_OUT_OF_BOUNDS);
        push_back(self, e);
        while (i < len) {
            swap(self, i, len);
            i = i + 1;
        }
    }

    /// Takes the element at `i`; those behind it move down by one.
    public fun remove<Element>(self: &mut vector<Element>, i: u64): Element {
        let len = length(self);
        assert!(i < len, EINDEX_OUT_OF_BOUNDS);
        while (i + 1 < len) {
            swap(self, i, i + 1);
            i = i + 1;
        };
        pop_back(self)
    }

    /// Takes the first element that equals `e`, in a vector of one; of none if there is none.
    public fun remove_value<Element>(self: &mut vector<Element>, e: &Element): vector<Element> {
        let (found, i) = index_of(self, e);
        if (found) singleton(remove(self, i)) else empty()
    }

    /// Takes the element at `i` and puts the last one in its place. Its cost does not grow with the
    /// length.
    public fun swap_remove<Element>(self: &mut vector<Element>, i: u64): Element {
        let len = length(self);
        assert!(i < len, EINDEX_OUT_OF_BOUNDS);
        swap(self, i, len - 1);
        pop_back(self)
    }

    /// Puts `e` at index `i` and returns what was there.
    public fun replace<Element>(self: &mut vector<Element>, i: u64, e: Element): Element {
        let len = length(self);
        assert!(i < len, EINDEX_OUT_OF_BOUNDS);
        push_back(self, e);
        swap_remove(self, i)
    }

    // Numbers

    /// `start, start + 1, ...` up to but not including `end`.
    public fun range(start: u64, end: u64): vector<u64> {
        range_with_step(start, end, 1)
    }

    /// `start, start + step, ...` as far as it stays below `end`.
    public fun range_with_step(start: u64, end: u64, step: u64): vector<u64> {
        assert!(step > 0, EINVALID_STEP);
        let numbers = empty();
        while (start < end) {
            push_back(&mut numbers, start);
            // The next number may not exist.
            if (end - start <= step) break;
            start = start + step;
        };
        numbers
    }

    // With a function of the caller's, which the compiler puts in place

    /// Hands over every element, first to last.
    public inline fun for_each<Element>(self: vector<Element>, f: |Element|) {
        std::vector::reverse(&mut self);
        std::vector::for_each_reverse(self, |e| f(e))
    }

    /// Hands over every element, last to first.
    public inline fun for_each_reverse<Element>(self: vector<Element>, f: |Element|) {
        let left = std::vector::length(&self);
        while (left > 0) {
            f(std::vector::pop_back(&mut self));
            left = left - 1;
        };
        std::vector::destroy_empty(self)
    }

    /// Shows every element, first to last.
    public inline fun for_each_ref<Element>(self: &vector<Element>, f: |&Element|) {
        let i = 0;
        let len = std::vector::length(self);
        while (i < len) {
            f(std::vector::borrow(self, i));
            i = i + 1;
        }
    }

    /// Shows every element to be changed, first to last.
    public inline fun for_each_mut<Element>(self: &mut vector<Element>, f: |&mut Element|) {
        let i = 0;
        let len = std::vector::length(self);
        while (i < len) {
            f(std::vector::borrow_mut(self, i));
            i = i + 1;
        }
    }

    /// Shows every element with its index, first to last.
    public inline fun enumerate_ref<Element>(self: &vector<Element>, f: |u64, &Element|) {
        let i = 0;
        let len = std::vector::length(self);
        while (i < len) {
            f(i, std::vector::borrow(self, i));
            i = i + 1;
        }
    }

    /// Hands over the elements of two vectors of one length in pairs, first to last.
    public inline fun zip<A, B>(self: vector<A>, other: vector<B>, f: |A, B|) {
        std::vector::assert_same_length(std::vector::length(&self), std::vector::length(&other));
        std::vector::reverse(&mut other);
        std::vector::for_each(self, |e| f(e, std::vector::pop_back(&mut other)));
        std::vector::destroy_empty(other)
    }

    /// `f(... f(f(init, first), second) ..., last)`.
    public inline fun fold<Accumulator, Element>(
        self: vector<Element>, init: Accumulator, f: |Accumulator, Element|Accumulator
    ): Accumulator {
        let accumulated = init;
        std::vector::for_each(self, |e| accumulated = f(accumulated, e));
        accumulated
    }

    /// What `f` makes of every element, in order.
    public inline fun map<Element, Image>(
        self: vector<Element>, f: |Element|Image
    ): vector<Image> {
        let images = std::vector::empty<Image>();
        std::vector::for_each(self, |e| std::vector::push_back(&mut images, f(e)));
        images
    }

    /// What `f` makes of a look at every element, in order.
    public inline fun map_ref<Element, Image>(
        self: &vector<Element>, f: |&Element|Image
    ): vector<Image> {
        let images = std::vector::empty<Image>();
        std::vector::for_each_ref(self, |e| std::vector::push_back(&mut images, f(e)));
        images
    }

    /// The elements for which `p` holds, in order.
    public inline fun filter<Element: drop>(
        self: vector<Element>, p: |&Element|bool
    ): vector<Element> {
        let kept = std::vector::empty<Element>();
        std::vector::for_each(self, |e| if (p(&e)) std::vector::push_back(&mut kept, e));
        kept
    }

    /// `(true, i)` for the first element, at `i`, for which `p` holds; `(false, 0)` if it holds for
    /// none.
    public inline fun find<Element>(self: &vector<Element>, p: |&Element|bool): (bool, u64) {
        let found = false;
        let at = 0;
        let i = 0;
        let len = std::vector::length(self);
        while (i < len) {
            if (p(std::vector::borrow(self, i))) {
                found = true;
                at = i;
                break
            };
            i = i + 1;
        };
        (found, at)
    }

    /// Whether `p` holds for an element.
    public inline fun any<Element>(self: &vector<Element>, p: |&Element|bool): bool {
        let (found, _) = std::vector::find(self, |e| p(e));
        found
    }

    /// Whether `p` holds for every element.
    public inline fun all<Element>(self: &vector<Element>, p: |&Element|bool): bool {
        let (found, _) = std::vector::find(self, |e| !p(e));
        !found
    }

    /// Destroys every element with `d`.
    public inline fun destroy<Element>(self: vector<Element>, d: |Element|) {
        std::vector::for_each_reverse(self, |e| d(e))
    }

    /// For `zip`, whose body stands in other modules.
    public fun assert_same_length(a: u64, b: u64) {
        assert!(a == b, ELENGTHS_DIFFER)
    }
}
