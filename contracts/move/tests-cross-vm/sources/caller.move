// SPDX-License-Identifier: Apache-2.0

/// Calls contracts, of this VM and of others, in all the ways there are.
module bridge_tests::caller {
    use std::bcs;
    use std::coin::{Self, Coin};
    use std::option::{Self, Option};
    use std::signer;
    use std::string::String;
    use std::vector;
    use trivium::cross_vm::{Self, Options};

    struct Arguments has drop { value: u64 }

    struct Nested has drop { depth: u64, count: u64 }

    struct Twice has drop { one: vector<u8>, other: vector<u8> }

    struct Rest has drop { targets: vector<address> }

    struct Pair has drop { value: u64, is_large: bool }

    struct Named has drop { name: String }

    struct Book has key { pages: u64 }

    struct Purse has key {}

    fun value_of(value: u64): vector<u8> {
        bcs::to_bytes(&Arguments { value })
    }

    public fun send(target: address, signature: vector<u8>, arguments: vector<u8>) {
        cross_vm::send(target, signature, arguments, cross_vm::options());
    }

    public fun number(target: address, signature: vector<u8>, arguments: vector<u8>): u64 {
        cross_vm::call<u64>(target, signature, arguments, cross_vm::options())
    }

    public fun view(target: address, signature: vector<u8>, arguments: vector<u8>): u64 {
        cross_vm::call<u64>(target, signature, arguments, cross_vm::options().read_only())
    }

    public fun text(target: address): String {
        cross_vm::call<String>(target, b"text()->(string)", x"", cross_vm::options())
    }

    public fun pair(target: address, value: u64): (u64, bool) {
        let Pair { value, is_large } = cross_vm::call<Pair>(
            target,
            b"pair(u64)->(u64,bool)",
            value_of(value),
            cross_vm::options(),
        );
        (value, is_large)
    }

    /// A result of a type that nobody makes from bytes.
    public fun forge(target: address): bool {
        let coin = cross_vm::call<Coin<Pair>>(
            target,
            b"echo(u64)->(u64)",
            value_of(0),
            cross_vm::options(),
        );
        coin::destroy_zero(coin);
        true
    }

    /// A string within a struct of its own, made of bytes that are no text.
    public fun name(target: address): String {
        let Named { name } = cross_vm::call<Named>(target, b"bytes()->(bytes)", x"", cross_vm::options());
        name
    }

    fun report(result: Option<u64>, error: Option<cross_vm::CallError>): (u64, u64, vector<u8>) {
        if (option::is_some(&error)) {
            assert!(option::is_none(&result), 1);
            let error = option::destroy_some(error);
            (0, 1 + (cross_vm::code(&error) as u64), cross_vm::data(&error))
        } else {
            (option::destroy_some(result), 0, x"")
        }
    }

    /// The result, and the number of the error and one, with what it carries.
    public fun attempt(
        target: address,
        signature: vector<u8>,
        arguments: vector<u8>
    ): (u64, u64, vector<u8>) {
        let (result, error) = cross_vm::try_call<u64>(target, signature, arguments, cross_vm::options());
        report(result, error)
    }

    fun outcome(error: Option<cross_vm::CallError>): (u64, vector<u8>) {
        if (option::is_none(&error)) {
            return (0, x"")
        };
        let error = option::destroy_some(error);
        (1 + (error.code() as u64), error.data())
    }

    fun try_send(target: address, signature: vector<u8>, arguments: vector<u8>, options: Options): (u64, vector<u8>) {
        outcome(cross_vm::try_send(target, signature, arguments, options))
    }

    public fun attempt_send(target: address, signature: vector<u8>, arguments: vector<u8>): (u64, vector<u8>) {
        try_send(target, signature, arguments, cross_vm::options())
    }

    public fun attempt_with_weight(
        target: address,
        signature: vector<u8>,
        ref_time: u64,
        proof_size: u64
    ): (u64, vector<u8>) {
        try_send(target, signature, x"", cross_vm::options().with_weight(ref_time, proof_size))
    }

    public fun attempt_with_deposit(
        target: address,
        signature: vector<u8>,
        arguments: vector<u8>,
        deposit: u128
    ): (u64, vector<u8>) {
        try_send(target, signature, arguments, cross_vm::options().with_deposit(deposit))
    }

    public fun attempt_read_only(target: address, signature: vector<u8>, arguments: vector<u8>): (u64, vector<u8>) {
        try_send(target, signature, arguments, cross_vm::options().read_only())
    }

    public fun pay(target: address, signature: vector<u8>, value: u128): u128 {
        cross_vm::call<u128>(target, signature, x"", cross_vm::options().with_value(value))
    }

    public fun attempt_to_pay(target: address, signature: vector<u8>, value: u128): (u64, vector<u8>) {
        try_send(target, signature, x"", cross_vm::options().with_value(value))
    }

    public fun receive(): u128 {
        cross_vm::received()
    }

    public entry fun withdraw(account: &signer, amount: u128) {
        cross_vm::transfer(signer::address_of(account), amount);
    }

    // Deposits

    /// Keeps something of its own, and has another keep something.
    public entry fun open_and_keep(target: address) {
        open();
        cross_vm::send(target, b"keep(u64)", value_of(7), cross_vm::options());
    }

    public fun close() acquires Book {
        let Book { pages: _ } = move_from<Book>(cross_vm::self_address());
    }

    /// What it has kept is removed below a call, and kept again.
    public fun open_around() {
        open();
        let this = cross_vm::self_address();
        cross_vm::send(this, b"close()", x"", cross_vm::options().with_reentry());
        open();
    }

    // Re-entry

    public fun open() {
        let account = cross_vm::self_signer();
        move_to(&account, Book { pages: 1 });
    }

    public fun pages(): u64 acquires Book {
        borrow_global<Book>(cross_vm::self_address()).pages
    }

    public fun write(pages: u64) acquires Book {
        borrow_global_mut<Book>(cross_vm::self_address()).pages = pages;
    }

    /// Writes 5, calls `relay`, which calls `write`, and reads.
    public fun write_around(
        relay: address,
        signature: vector<u8>,
        allow: bool
    ): u64 acquires Book {
        let this = cross_vm::self_address();
        let pages = &mut borrow_global_mut<Book>(this).pages;
        *pages = 5;
        let options = cross_vm::options();
        if (allow) {
            options = options.with_reentry();
        };
        let arguments = bcs::to_bytes(&this);
        cross_vm::send(relay, signature, arguments, options);
        borrow_global<Book>(this).pages
    }

    /// Calls another contract while a resource is borrowed.
    public fun call_while_borrowed(target: address): u64 acquires Book {
        let book = borrow_global_mut<Book>(cross_vm::self_address());
        cross_vm::send(target, b"nothing()", x"", cross_vm::options());
        book.pages = 9;
        book.pages
    }

    /// So many pieces of at least 32 KiB each.
    fun pieces(count: u64): vector<vector<u8>> {
        let piece = x"07";
        while (vector::length(&piece) < 32768) {
            piece = bcs::to_bytes(&Twice { one: piece, other: piece });
        };
        let held = vector::empty();
        while (vector::length(&held) < count) {
            vector::push_back(&mut held, piece);
        };
        held
    }

    /// Calls itself until `depth` is 0, and holds so many pieces each time.
    public fun hold_and_nest(depth: u64, count: u64): u64 {
        let held = pieces(count);
        let below = if (depth == 0) { 0 } else {
            let this = cross_vm::self_address();
            cross_vm::call<u64>(
                this,
                b"hold_and_nest(u64,u64)->(u64)",
                bcs::to_bytes(&Nested { depth: depth - 1, count }),
                cross_vm::options().with_reentry(),
            )
        };
        below + vector::length(&held)
    }

    /// Holds so much that two frames may, and calls the first of the targets with the others. Its twins in the EVM and in ink!
    /// are in `tests/blocks/src/programs.rs`.
    public fun worst(targets: vector<address>) {
        let held = pieces(60);
        if (!vector::is_empty(&targets)) {
            let first = vector::remove(&mut targets, 0);
            cross_vm::send(
                first,
                b"worst(address[])",
                bcs::to_bytes(&Rest { targets }),
                cross_vm::options().with_reentry(),
            );
        };
        assert!(vector::length(&held) == 60, 1);
    }

    /// Calls itself once, with arguments that have room for much more if `spare`.
    public fun hold_below(spare: bool, count: u64): u64 {
        let piece = vector::pop_back(&mut pieces(1));
        let arguments = bcs::to_bytes(&Twice { one: piece, other: piece });
        while (!vector::is_empty(&arguments)) {
            vector::pop_back(&mut arguments);
        };
        if (!spare) {
            arguments = x"";
        };
        vector::append(&mut arguments, bcs::to_bytes(&Nested { depth: 0, count }));
        cross_vm::call<u64>(
            cross_vm::self_address(),
            b"hold_and_nest(u64,u64)->(u64)",
            arguments,
            cross_vm::options().with_reentry(),
        )
    }

    public entry fun hold_and_nest_in_transaction(depth: u64, count: u64) {
        assert!(hold_and_nest(depth, count) == count * (depth + 1), 1);
    }

    public entry fun nest_in_transaction(depth: u64) {
        assert!(nest(depth) == depth + 1, 1);
    }

    /// Calls itself until `depth` is 0.
    public fun nest(depth: u64): u64 {
        if (depth == 0) {
            return 1
        };
        let this = cross_vm::self_address();
        1 + cross_vm::call<u64>(
            this,
            b"nest(u64)->(u64)",
            value_of(depth - 1),
            cross_vm::options().with_reentry(),
        )
    }
}
