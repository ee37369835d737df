// SPDX-License-Identifier: Apache-2.0

/// Functions called on values, with the references taken by themselves.
module tests::receivers {
    struct Stack<T> has copy, drop, store { items: vector<T> }

    struct Account has drop { balance: u64, history: Stack<u64> }

    fun new<T>(): Stack<T> {
        Stack { items: vector[] }
    }

    fun push<T>(self: &mut Stack<T>, item: T) {
        self.items.push_back(item)
    }

    fun pop<T>(self: &mut Stack<T>): T {
        self.items.pop_back()
    }

    fun size<T>(self: &Stack<T>): u64 {
        self.items.length()
    }

    fun into_items<T>(self: Stack<T>): vector<T> {
        let Stack { items } = self;
        items
    }

    fun top<T>(self: &mut Stack<T>): &mut T {
        let last = self.items.length() - 1;
        &mut self.items[last]
    }

    fun pay_in(self: &mut Account, amount: u64) {
        self.balance += amount;
        self.history.push(amount);
    }

    public fun test_by_mutable_reference() {
        let s = new();
        s.push(1u8);
        s.push(2);
        assert!(s.pop() == 2 && s.size() == 1, 1);
    }

    public fun test_by_value() {
        let s = new();
        s.push(b"a");
        assert!(s.into_items() == vector[b"a"], 1);
    }

    public fun test_returned_references() {
        let s = new();
        s.push(5u64);
        *s.top() = 6;
        *s.top() += 1;
        assert!(s.pop() == 7, 1);
    }

    public fun test_on_fields() {
        let a = Account { balance: 0, history: new() };
        a.pay_in(5);
        a.pay_in(7);
        assert!(a.balance == 12 && a.history.size() == 2 && a.history.pop() == 7, 1);
    }
}
