// SPDX-License-Identifier: Apache-2.0

/// What indexers and clients hear of a transaction.
///
/// `emit` is all that new code needs. An `EventHandle` numbers its events besides and is kept for
/// code that was written for it: what it emits is the module event `HandleEvent<T>`.
module std::event {
    use std::bcs;
    use std::signer;
    use std::vector;

    /// Numbers the handles that an account makes.
    struct EventHandleGenerator has key {
        counter: u64
    }

    /// A source of events of one type, with an identity and a count.
    struct EventHandle<phantom T: drop + store> has store {
        /// Events emitted so far.
        counter: u64,
        /// BCS of the handle's number among the account's, then the account's address: 40 bytes.
        guid: vector<u8>
    }

    #[event]
    /// An event that came through a handle.
    struct HandleEvent<T: drop + store> has drop, store {
        guid: vector<u8>,
        sequence_number: u64,
        data: T
    }

    /// Emits an event of the type `T`, which must be a struct or an enum; otherwise aborts with
    /// `invalid_argument(1)`. The module that calls it must define `T`; otherwise aborts with
    /// `permission_denied(2)`.
    native public fun emit<T: store + drop>(msg: T);

    /// A new handle, whose identity no other has.
    public fun new_event_handle<T: drop + store>(account: &signer): EventHandle<T>
    acquires EventHandleGenerator {
        let addr = signer::address_of(account);
        if (!exists<EventHandleGenerator>(addr)) {
            move_to(account, EventHandleGenerator { counter: 0 });
        };
        let generator = borrow_global_mut<EventHandleGenerator>(addr);
        let guid = bcs::to_bytes(&generator.counter);
        vector::append(&mut guid, bcs::to_bytes(&addr));
        generator.counter = generator.counter + 1;
        EventHandle { counter: 0, guid }
    }

    /// Emits an event with the handle's next number.
    public fun emit_event<T: drop + store>(handle_ref: &mut EventHandle<T>, msg: T) {
        let sequence_number = handle_ref.counter;
        emit(HandleEvent { guid: *&handle_ref.guid, sequence_number, data: msg });
        handle_ref.counter = sequence_number + 1;
    }

    /// The handle's identity.
    public fun guid<T: drop + store>(handle_ref: &EventHandle<T>): &vector<u8> {
        &handle_ref.guid
    }

    /// How many events the handle emitted.
    public fun counter<T: drop + store>(handle_ref: &EventHandle<T>): u64 {
        handle_ref.counter
    }

    /// Destroys a handle. Its identity is not used again.
    public fun destroy_handle<T: drop + store>(handle: EventHandle<T>) {
        let EventHandle { counter: _, guid: _ } = handle;
    }
}
