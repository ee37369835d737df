// SPDX-License-Identifier: Apache-2.0

/// Does what a script says, for random trees of calls. Its twins in the EVM and in ink! are in `runtime/tests/runtime/trees.rs`.
module bridge_tests::scripted {
    use std::event;
    use std::vector;
    use trivium::cross_vm;

    /// A script asked for failure.
    const E_ASKED: u64 = 1;

    struct Cell has copy, drop, store { key: u8, value: u8 }

    /// What was stored, under the module's own account.
    struct Notebook has key { cells: vector<Cell> }

    #[event]
    struct Noted has drop, store { byte: u8 }

    /// 1 KEY VALUE stores. 2 TARGET VALUE MUST LENGTH[2] ARGUMENTS calls a target of the list with so many planck, and fails if
    /// that fails and must not. 4 BYTE logs. Anything else fails.
    public fun run(program: vector<u8>, targets: vector<address>) acquires Notebook {
        // What has come along is taken.
        cross_vm::received();
        let at = 0;
        let end = vector::length(&program);
        while (at < end) {
            let op = *vector::borrow(&program, at);
            if (op == 1) {
                store(*vector::borrow(&program, at + 1), *vector::borrow(&program, at + 2));
                at = at + 3;
            } else if (op == 2) {
                let target = *vector::borrow(&targets, (*vector::borrow(&program, at + 1) as u64));
                let value = (*vector::borrow(&program, at + 2) as u128);
                let must = *vector::borrow(&program, at + 3) == 1;
                let low = (*vector::borrow(&program, at + 4) as u64);
                let high = (*vector::borrow(&program, at + 5) as u64);
                let length = low + 256 * high;
                let arguments = vector::empty();
                let read = 0;
                while (read < length) {
                    vector::push_back(&mut arguments, *vector::borrow(&program, at + 6 + read));
                    read = read + 1;
                };
                let options = cross_vm::with_value(cross_vm::options(), value);
                let error = cross_vm::try_send(target, b"run(bytes,address[])", arguments, options);
                assert!(std::option::is_none(&error) || !must, E_ASKED);
                at = at + 6 + length;
            } else if (op == 4) {
                event::emit(Noted { byte: *vector::borrow(&program, at + 1) });
                at = at + 2;
            } else {
                abort E_ASKED
            }
        }
    }

    fun store(key: u8, value: u8) acquires Notebook {
        let own = cross_vm::self_address();
        if (!exists<Notebook>(own)) {
            move_to(&cross_vm::self_signer(), Notebook { cells: vector::empty() });
        };
        let cells = &mut borrow_global_mut<Notebook>(own).cells;
        let at = 0;
        while (at < vector::length(cells)) {
            let cell = vector::borrow_mut(cells, at);
            if (cell.key == key) {
                cell.value = value;
                return
            };
            at = at + 1;
        };
        vector::push_back(cells, Cell { key, value });
    }

    /// What is stored under a key; 0 if nothing is.
    public fun stored(key: u8): u8 acquires Notebook {
        let own = cross_vm::self_address();
        if (!exists<Notebook>(own)) return 0;
        let cells = &borrow_global<Notebook>(own).cells;
        let at = 0;
        while (at < vector::length(cells)) {
            let cell = *vector::borrow(cells, at);
            if (cell.key == key) return cell.value;
            at = at + 1;
        };
        0
    }
}
