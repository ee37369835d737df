// SPDX-License-Identifier: Apache-2.0

/// What `caller` calls.
module bridge_tests::callee {
    use std::signer;
    use std::string::{Self, String};
    use trivium::cross_vm;

    struct Number has key { value: u64 }

    public fun nothing() {}

    public fun echo(value: u64): u64 {
        value
    }

    public fun pair(value: u64): (u64, bool) {
        (value, value > 5)
    }

    public fun transfer(account: &signer, to: address, amount: u256): bool {
        signer::address_of(account) != to && amount == 5
    }

    public fun quote(): (u128, bool) {
        (99, true)
    }

    public fun text(): String {
        string::utf8(b"text")
    }

    public fun bytes(): vector<u8> {
        x"ff"
    }

    public fun who(account: &signer): address {
        signer::address_of(account)
    }

    public fun fail(code: u64) {
        abort code
    }

    public fun spin() {
        while (true) {}
    }

    /// Keeps a number for who calls.
    public fun keep(account: &signer, value: u64) acquires Number {
        let owner = signer::address_of(account);
        if (exists<Number>(owner)) {
            borrow_global_mut<Number>(owner).value = value;
        } else {
            move_to(account, Number { value });
        }
    }

    public fun forget(account: &signer): u64 acquires Number {
        let Number { value } = move_from<Number>(signer::address_of(account));
        value
    }

    public fun kept(owner: address): u64 acquires Number {
        borrow_global<Number>(owner).value
    }

    public fun keep_and_fail(account: &signer, value: u64) acquires Number {
        keep(account, value);
        abort 7
    }

    /// What came along.
    public fun take(): u128 {
        cross_vm::received()
    }

    /// Sends half of what came along to someone.
    public fun share(to: address): u128 {
        let value = cross_vm::received();
        cross_vm::transfer(to, value / 2);
        value
    }

    public fun purse(): address {
        cross_vm::self_address()
    }
}
