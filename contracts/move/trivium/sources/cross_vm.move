// SPDX-License-Identifier: Apache-2.0

/// Calls to contracts of any virtual machine of the chain, and the native tokens of a module.
///
/// Each module has a contract account, which is who its callees see as their caller, and which holds what it is
/// sent. Every function here acts for the module whose code calls it. A script has no such account: it aborts with
/// `ENOT_A_MODULE`.
///
/// While a call runs, the module that made it cannot be entered again, unless it gave leave to; other modules that it
/// was called by cannot be entered at all. No reference to a resource or to an entry of a table may be alive
/// during a call: what it refers to could change. Such a call fails with the status `VM_EXTENSION_ERROR`.
module trivium::cross_vm {
    use std::option::Option;

    /// No module called.
    const ENOT_A_MODULE: u64 = 0x50001;
    /// The result is not of the type `Ret`, or no module may make values of that type from bytes.
    const ENOT_OF_THIS_TYPE: u64 = 0x10002;
    /// The module's account cannot spend this much, or the receiver cannot be given so little.
    const ECANNOT_TRANSFER: u64 = 0x90003;
    /// An alias has 20 bytes.
    const EBAD_ALIAS: u64 = 0x10004;
    /// The call failed. Added to it is the number of the error.
    const ECALL_FAILED: u64 = 0x70100;

    /// No limit of its own.
    const UNLIMITED_64: u64 = 18446744073709551615;
    const UNLIMITED_128: u128 = 340282366920938463463374607431768211455;

    /// The calling module may be entered again while the call runs.
    const ALLOW_REENTRY: u32 = 1;
    /// Neither the callee nor what it calls may write.
    const READ_ONLY: u32 = 2;

    /// What a call may use and what goes with it. `options()` gives all there is, no value and no leave.
    struct Options has copy, drop, store {
        /// Planck sent along.
        value: u128,
        /// Picoseconds that the callee may use.
        ref_time: u64,
        /// Bytes of proof that the callee may use.
        proof_size: u64,
        /// Planck that the call may add to the storage deposits of who acts.
        deposit: u128,
        /// `ALLOW_REENTRY`, `READ_ONLY`.
        flags: u32,
    }

    /// Why a call failed.
    struct CallError has copy, drop, store {
        /// The number of the error in the table `CallError` of `docs/errors.md`.
        code: u8,
        /// What the callee said for `Reverted`, in its own encoding, or the `E` of a `result<T,E>` in BCS; for other errors what they carry, in SCALE.
        data: vector<u8>,
    }

    /// Sends nothing along, gives the callee all there is, and no leave to come back.
    public fun options(): Options {
        Options {
            value: 0,
            ref_time: UNLIMITED_64,
            proof_size: UNLIMITED_64,
            deposit: UNLIMITED_128,
            flags: 0,
        }
    }

    /// The same, with these planck sent along from the module's account.
    public fun with_value(self: Options, value: u128): Options {
        self.value = value;
        self
    }

    /// The same, with no more than this for the callee: picoseconds and bytes of proof.
    public fun with_weight(self: Options, ref_time: u64, proof_size: u64): Options {
        self.ref_time = ref_time;
        self.proof_size = proof_size;
        self
    }

    /// The same, with no more than these planck of storage deposits.
    public fun with_deposit(self: Options, deposit: u128): Options {
        self.deposit = deposit;
        self
    }

    /// The same, with leave for the callee to enter the calling module again.
    public fun with_reentry(self: Options): Options {
        self.flags = self.flags | ALLOW_REENTRY;
        self
    }

    /// The same, but neither the callee nor what it calls may write.
    public fun read_only(self: Options): Options {
        self.flags = self.flags | READ_ONLY;
        self
    }

    /// The number of an error.
    public fun code(self: &CallError): u8 {
        self.code
    }

    /// What an error carries.
    public fun data(self: &CallError): vector<u8> {
        self.data
    }

    /// Calls a function that has a result, and aborts with `ECALL_FAILED + code` if it fails.
    ///
    /// `signature` is text such as `b"get(address)->(u64)"`. `arguments` are the BCS bytes of the arguments, one after
    /// the other: those of a struct with such fields. `Ret` is the type of the result, or a struct of the calling module
    /// with such fields.
    native public fun call<Ret>(
        target: address,
        signature: vector<u8>,
        arguments: vector<u8>,
        options: Options,
    ): Ret;

    /// The same, with a failure as a value. A call that failed has changed nothing.
    native public fun try_call<Ret>(
        target: address,
        signature: vector<u8>,
        arguments: vector<u8>,
        options: Options,
    ): (Option<Ret>, Option<CallError>);

    /// Calls a function that has no result, and aborts with `ECALL_FAILED + code` if it fails.
    native public fun send(
        target: address,
        signature: vector<u8>,
        arguments: vector<u8>,
        options: Options,
    );

    /// The same, with a failure as a value. A call that failed has changed nothing.
    native public fun try_send(
        target: address,
        signature: vector<u8>,
        arguments: vector<u8>,
        options: Options,
    ): Option<CallError>;

    /// The planck that were sent along with the call that runs, if the calling module is the one that it was sent to, and
    /// otherwise 0. A call with value to a function that does not ask is refused.
    native public fun received(): u128;

    /// Sends planck from the module's account.
    native public fun transfer(to: address, amount: u128);

    /// The address of the calling module's account.
    native public fun self_address(): address;

    /// The calling module's account as a signer. Whoever gets it acts for the module.
    native public fun self_signer(): signer;

    /// The account that a 20-byte alias stands for.
    native public fun account_of(alias: vector<u8>): address;

    /// The 20-byte alias of an account.
    native public fun alias_of(account: address): vector<u8>;
}
