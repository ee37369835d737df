// SPDX-License-Identifier: Apache-2.0

/// Does one thing many times, for what a single one takes.
module bridge_tests::looping {
    use bridge_tests::callee;
    use trivium::cross_vm;

    public fun nothing() {}

    public fun take(_bytes: vector<u8>) {}

    /// Calls a contract of any machine.
    public fun run(target: address, signature: vector<u8>, arguments: vector<u8>, times: u64) {
        let done = 0;
        while (done < times) {
            cross_vm::send(target, signature, arguments, cross_vm::options());
            done = done + 1;
        }
    }

    /// Calls another module of this machine.
    public fun run_within(times: u64) {
        let done = 0;
        while (done < times) {
            callee::nothing();
            done = done + 1;
        }
    }
}
