// SPDX-License-Identifier: Apache-2.0

/// A value that may be absent.
///
/// In BCS it is a vector of none or one element, which is what other languages write for their
/// options.
module std::option {
    use std::vector;

    /// There is a value where none may be.
    const EOPTION_IS_SET: u64 = 0x40000;
    /// There is no value where one must be.
    const EOPTION_NOT_SET: u64 = 0x40001;
    /// A vector of more than one element is no option.
    const EOPTION_VEC_TOO_LONG: u64 = 0x40002;

    /// Invariant: `vec` holds at most one element.
    struct Option<Element> has copy, drop, store {
        vec: vector<Element>
    }

    /// No value.
    public fun none<Element>(): Option<Element> {
        Option { vec: vector::empty() }
    }

    /// The value `e`.
    public fun some<Element>(e: Element): Option<Element> {
        Option { vec: vector::singleton(e) }
    }

    /// What a vector of none or one element says.
    public fun from_vec<Element>(vec: vector<Element>): Option<Element> {
        assert!(vector::length(&vec) <= 1, EOPTION_VEC_TOO_LONG);
        Option { vec }
    }

    /// Whether there is no value.
    public fun is_none<Element>(self: &Option<Element>): bool {
        vector::is_empty(&self.vec)
    }

    /// Whether there is a value.
    public fun is_some<Element>(self: &Option<Element>): bool {
        !vector::is_empty(&self.vec)
    }

    /// Whether the value equals `e`; not if there is none.
    public fun contains<Element>(self: &Option<Element>, e: &Element): bool {
        vector::contains(&self.vec, e)
    }

    /// The value.
    public fun borrow<Element>(self: &Option<Element>): &Element {
        assert!(is_some(self), EOPTION_NOT_SET);
        vector::borrow(&self.vec, 0)
    }

    /// The value, to be changed.
    public fun borrow_mut<Element>(self: &mut Option<Element>): &mut Element {
        assert!(is_some(self), EOPTION_NOT_SET);
        vector::borrow_mut(&mut self.vec, 0)
    }

    /// The value, or `default` if there is none.
    public fun borrow_with_default<Element>(
        self: &Option<Element>, default: &Element
    ): &Element {
        if (is_some(self)) vector::borrow(&self.vec, 0) else default
    }

    /// A copy of the value, or `default` if there is none.
    public fun get_with_default<Element: copy + drop>(
        self: &Option<Element>, default: Element
    ): Element {
        if (is_some(self)) *vector::borrow(&self.vec, 0) else default
    }

    /// Puts `e` where no value is.
    public fun fill<Element>(self: &mut Option<Element>, e: Element) {
        assert!(is_none(self), EOPTION_IS_SET);
        vector::push_back(&mut self.vec, e)
    }

    /// Takes the value and leaves none.
    public fun extract<Element>(self: &mut Option<Element>): Element {
        assert!(is_some(self), EOPTION_NOT_SET);
        vector::pop_back(&mut self.vec)
    }

    /// Puts `e` in the place of the value and returns the old one.
    public fun swap<Element>(self: &mut Option<Element>, e: Element): Element {
        let old = extract(self);
        fill(self, e);
        old
    }

    /// Puts `e` there and returns what was there before.
    public fun swap_or_fill<Element>(self: &mut Option<Element>, e: Element): Option<Element> {
        let old = if (is_some(self)) some(extract(self)) else none();
        fill(self, e);
        old
    }

    /// The value, or `default` if there is none.
    public fun destroy_with_default<Element: drop>(
        self: Option<Element>, default: Element
    ): Element {
        if (is_some(&self)) destroy_some(self) else default
    }

    /// The value, which must be there.
    public fun destroy_some<Element>(self: Option<Element>): Element {
        let e = extract(&mut self);
        destroy_none(self);
        e
    }

    /// Destroys an option without a value.
    public fun destroy_none<Element>(self: Option<Element>) {
        assert!(is_none(&self), EOPTION_IS_SET);
        let Option { vec } = self;
        vector::destroy_empty(vec)
    }

    /// A vector of the value, or of nothing.
    public fun to_vec<Element>(self: Option<Element>): vector<Element> {
        let Option { vec } = self;
        vec
    }

    // With a function of the caller's, which the compiler puts in place

    /// Hands over the value, if there is one.
    public inline fun for_each<Element>(self: Option<Element>, f: |Element|) {
        std::vector::for_each(std::option::to_vec(self), |e| f(e))
    }

    /// Shows the value, if there is one.
    public inline fun for_each_ref<Element>(self: &Option<Element>, f: |&Element|) {
        if (std::option::is_some(self)) f(std::option::borrow(self))
    }

    /// What `f` makes of the value, if there is one.
    public inline fun map<Element, Image>(self: Option<Element>, f: |Element|Image): Option<Image> {
        std::option::from_vec(std::vector::map(std::option::to_vec(self), |e| f(e)))
    }

    /// Whether there is a value for which `p` holds.
    public inline fun any<Element>(self: &Option<Element>, p: |&Element|bool): bool {
        std::option::is_some(self) && p(std::option::borrow(self))
    }
}
