// SPDX-License-Identifier: Apache-2.0

/// Comes back to `caller`, by another call or directly.
module bridge_tests::relay {
    use std::bcs;
    use bridge_tests::caller;
    use trivium::cross_vm;

    struct Arguments has drop { value: u64 }

    public fun relay(target: address) {
        let arguments = bcs::to_bytes(&Arguments { value: 8 });
        cross_vm::send(target, b"write(u64)", arguments, cross_vm::options());
    }

    public fun nothing() {}

    /// Has `caller` call someone while this module waits.
    public fun through(target: address) {
        caller::send(target, b"nothing()", x"");
    }

    /// What came along for this module is nothing to another.
    public fun take_for_another(): u128 {
        caller::receive()
    }

    /// The same, within the machine.
    public fun directly(_target: address) {
        caller::write(8);
    }
}
