// SPDX-License-Identifier: Apache-2.0

/// Generic enums, enums as keys and in tables, programs over enums: bytecode version 7.
module tests::generic_enums {
    use std::table::{Self, Table};
    use std::type_name;
    use std::string::utf8;

    enum Either<L, R> has copy, drop, store {
        Left(L),
        Right(R)
    }

    enum Instruction has copy, drop, store {
        Push(u64),
        Add,
        Multiply,
        Duplicate,
        JumpIfNotZero { to: u64 },
        Decrement,
        Halt
    }

    enum Key has copy, drop, store {
        ByNumber(u64),
        ByName { name: vector<u8> }
    }

    enum State has copy, drop, store {
        Idle,
        Running { since: u64, jobs: vector<u64> },
        Stopped { reason: Either<u64, vector<u8>> }
    }

    struct Holder has key { map: Table<Key, State>, last: Either<Key, u8> }

    struct Phantom<phantom T> has key { either: Either<u64, vector<u8>> }

    fun flip<L, R>(e: Either<L, R>): Either<R, L> {
        match (e) {
            Left(l) => Either::Right(l),
            Right(r) => Either::Left(r)
        }
    }

    public fun test_flip() {
        let e = Either::Left<u8, bool>(7);
        assert!(flip(e) == Either::Right<bool, u8>(7) && flip(flip(e)) == e, 1);
    }

    public fun test_type_names() {
        assert!(
            type_name::get<Either<u8, State>>()
                == utf8(b"0x7e57::generic_enums::Either<u8, 0x7e57::generic_enums::State>"),
            1
        );
        assert!(type_name::address_of<State>() == @tests, 2);
    }

    // A machine of its own.
    public fun test_interpreter() {
        let code = vector[
            Instruction::Push(2), Instruction::Duplicate, Instruction::Multiply, Instruction::Push(3),
            Instruction::Add, Instruction::Decrement, Instruction::Duplicate,
            Instruction::JumpIfNotZero { to: 5 }, Instruction::Push(99), Instruction::Halt
        ];
        assert!(run(&code) == vector[0, 99], 1);
    }

    fun run(code: &vector<Instruction>): vector<u64> {
        let stack = vector[];
        let pc = 0;
        loop {
            let next = pc + 1;
            match (&code[pc]) {
                Push(n) => stack.push_back(*n),
                Add => {
                    let (a, b) = (stack.pop_back(), stack.pop_back());
                    stack.push_back(a + b)
                }
                Multiply => {
                    let (a, b) = (stack.pop_back(), stack.pop_back());
                    stack.push_back(a * b)
                }
                Duplicate => {
                    let a = stack.pop_back();
                    stack.push_back(a);
                    stack.push_back(a)
                }
                JumpIfNotZero { to } => if (stack.pop_back() != 0) next = *to,
                Decrement => {
                    let a = stack.pop_back();
                    stack.push_back(a - 1)
                }
                Halt => return stack
            };
            pc = next;
        }
    }

    public fun test_state_machine() {
        let s = State::Idle;
        step(&mut s, 1);
        step(&mut s, 2);
        assert!(s == State::Running { since: 1, jobs: vector[1, 2] }, 1);
        step(&mut s, 0);
        assert!(s == State::Stopped { reason: Either::Left(2) }, 2);
        step(&mut s, 5);
        assert!(s == State::Stopped { reason: Either::Right(b"dead") }, 3);
    }

    fun step(s: &mut State, job: u64) {
        match (s) {
            Idle => *s = State::Running { since: job, jobs: vector[job] },
            Running { since: _, jobs } =>
                if (job == 0) {
                    let done = jobs.length();
                    *s = State::Stopped { reason: Either::Left(done) }
                } else jobs.push_back(job),
            Stopped { reason } => *reason = Either::Right(b"dead")
        }
    }

    public fun test_in_tables(s: &signer) acquires Holder {
        move_to(s, Holder { map: table::new(), last: Either::Right(0) });
        let h = borrow_global_mut<Holder>(@tests);
        h.map.add(Key::ByNumber(1), State::Idle);
        h.map.add(Key::ByName { name: b"x" }, State::Running { since: 3, jobs: vector[] });
        step(h.map.borrow_mut(Key::ByName { name: b"x" }), 8);
        h.last = Either::Left(Key::ByNumber(1));
        let h = borrow_global<Holder>(@tests);
        assert!(*h.map.borrow(Key::ByNumber(1)) == State::Idle && !h.map.contains(Key::ByNumber(2)), 1);
        assert!(
            *h.map.borrow(Key::ByName { name: b"x" }) == State::Running { since: 3, jobs: vector[8] }, 2
        );
        assert!(h.last == Either::Left(Key::ByNumber(1)), 3);
    }

    public fun test_in_generic_resources(s: &signer) acquires Phantom {
        move_to(s, Phantom<u8> { either: Either::Left(1) });
        move_to(s, Phantom<State> { either: Either::Right(b"r") });
        let p = borrow_global_mut<Phantom<u8>>(@tests);
        p.either = Either::Right(b"changed");
        assert!(borrow_global<Phantom<State>>(@tests).either == Either::Right(b"r"), 1);
        assert!(borrow_global<Phantom<u8>>(@tests).either == Either::Right(b"changed"), 2);
    }

    public fun expect_struct_variant_mismatch__generic_unpack(): u64 {
        left(Either::Right<u64, bool>(true))
    }

    fun left<L, R: drop>(e: Either<L, R>): L {
        let Either::Left(l) = e;
        l
    }
}
