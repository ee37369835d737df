// SPDX-License-Identifier: Apache-2.0

module tests::event_tests {
    use std::event::{Self, EventHandle};

    #[event]
    struct Said has copy, drop, store { what: u64 }

    #[event]
    struct Wrapped<T> has copy, drop, store { inner: T }

    struct Handles has key { first: EventHandle<Said>, second: EventHandle<Wrapped<u8>> }

    public fun test_emit() {
        event::emit(Said { what: 1 });
        event::emit(Said { what: 2 });
        event::emit(Wrapped { inner: true });
        event::emit(Wrapped { inner: Said { what: 3 } });
    }

    public fun test_handles_have_identities_and_count(a: &signer, b: &signer) {
        let first = event::new_event_handle<Said>(a);
        let second = event::new_event_handle<Said>(a);
        let other = event::new_event_handle<Wrapped<u8>>(b);
        assert!(
            *event::guid(&first)
                == x"00000000000000000000000000000000000000000000000000000000000000000000000000007e57",
            1
        );
        assert!(
            *event::guid(&second)
                == x"01000000000000000000000000000000000000000000000000000000000000000000000000007e57",
            2
        );
        assert!(
            *event::guid(&other)
                == x"000000000000000000000000000000000000000000000000000000000000000000000000000000a2",
            3
        );
        assert!(event::counter(&first) == 0, 4);
        event::emit_event(&mut first, Said { what: 1 });
        event::emit_event(&mut first, Said { what: 2 });
        assert!(event::counter(&first) == 2 && event::counter(&second) == 0, 5);
        event::destroy_handle(first);
        event::destroy_handle(second);
        event::destroy_handle(other);
        // A number is not given twice.
        let third = event::new_event_handle<Said>(a);
        assert!(*std::vector::borrow(event::guid(&third), 0) == 2, 6);
        event::destroy_handle(third);
    }

    public fun test_handles_in_storage(a: &signer) acquires Handles {
        move_to(
            a,
            Handles { first: event::new_event_handle(a), second: event::new_event_handle(a) }
        );
        let handles = borrow_global_mut<Handles>(@tests);
        event::emit_event(&mut handles.first, Said { what: 1 });
        event::emit_event(&mut handles.second, Wrapped { inner: 1 });
        event::emit_event(&mut handles.second, Wrapped { inner: 2 });
        assert!(event::counter(&borrow_global<Handles>(@tests).first) == 1, 1);
        assert!(event::counter(&borrow_global<Handles>(@tests).second) == 2, 2);
    }
}
