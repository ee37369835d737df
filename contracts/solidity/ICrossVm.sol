// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Trivium's bridge out of the EVM
/// @notice Calls a contract of any virtual machine of the chain, within the same transaction.
/// @dev A precompile at 0x0000000000000000000000000000000000000801.
///
/// **Signatures** are canonical text, `transfer(address,u128)->(bool)`, and name the function as the
/// callee's language names it. Types: `bool`, `u8` to `u256`, `i8` to `i256` (powers of two), `address`,
/// `bytes`, `bytesN`, `string`, `T[]`, `T[N]`, `(A,B)` and `option<T>`, which is `(bool,T)` in Solidity.
/// A function that may refuse is `f()->(result<T,E>)`: all being well it returns the `T`, otherwise the call reverts
/// with `Reverted`, whose data is `abi.encode` of the `E`.
/// Arguments and results are what `abi.encode` makes of those types; the chain transcodes them to
/// the encoding of the callee.
///
/// **Value** sent with a call (`{value: v}`) travels on to the callee. **Gas** given to it (`{gas: g}`) is
/// all that the callee and the call's own machinery may use; without it, 63/64 of what is left.
///
/// **A call that fails** leaves nothing behind but the gas it used, in whichever virtual machine it
/// had written, and reverts with one of the errors below, which `try`/`catch` can catch.
///
/// **Read-only**: reached by `STATICCALL`, a call and everything below it cannot write.
/// **Delegate calls** into the bridge are refused with `Engine(1)`.
interface ICrossVm {
    /// @notice The callee ended itself on purpose.
    /// @param data its revert data: `abi.encode` of the `E` where the signature says `result<T,E>` and the callee
    /// refused with one, otherwise in the callee's own encoding
    error Reverted(bytes data);

    /// @notice Gas ran out, in computation or in proof size, in the callee or on the way to it.
    error OutOfGas();

    /// @notice The target does not exist or has no code.
    error NotFound();

    /// @notice The signature, the arguments or the result is not what it should be.
    /// @param reason 0 signature, 1 signature too complex, 2 truncated, 3 trailing bytes, 4 out of
    /// range, 5 not UTF-8, 6 not canonical, 7 type mismatch, 8 wrong count, 10 refused by the callee
    error BadEncoding(uint8 reason);

    /// @notice Governance has taken the callee's virtual machine out of service.
    /// @param state the machine's lifecycle state
    error VmDisabled(uint8 state);

    /// @notice Governance has switched off a feature that the call needs.
    /// @param feature the feature's number
    error FeatureDisabled(uint32 feature);

    /// @notice The target is on the call stack already, and was left without `ALLOW_REENTRY`.
    error ReentrancyDenied();

    /// @notice More calls between virtual machines inside each other than the chain allows.
    error DepthExceeded();

    /// @notice A read-only call tried to write, to move value, or to call what may.
    error ReadOnly();

    /// @notice The payer of the value or of a storage deposit cannot spend that much.
    error InsufficientBalance();

    /// @notice The target does not let itself be called from the EVM, or by this contract.
    error AccessDenied();

    /// @notice The callee's virtual machine stopped it.
    /// @param code 1 delegate call into a bridge, 2 conflicting re-entry, 3 trapped; others are the
    /// machine's own
    error Engine(uint32 code);

    /// @notice Calls a contract by its 20-byte alias.
    /// @param target the alias of the contract's account
    /// @param signature canonical signature of the function
    /// @param args `abi.encode` of the parameters; empty if there are none
    /// @return result `abi.encode` of the results; empty if there are none
    function call(address target, string calldata signature, bytes calldata args)
        external
        payable
        returns (bytes memory result);

    /// @notice Calls a contract by its 20-byte alias, with flags.
    /// @param target the alias of the contract's account
    /// @param signature canonical signature of the function
    /// @param args `abi.encode` of the parameters; empty if there are none
    /// @param flags sum of 1 (`ALLOW_REENTRY`: the calling contract may be entered again from below) and
    /// 2 (`READ_ONLY`: nothing below may write); any other bit is refused
    /// @return result `abi.encode` of the results; empty if there are none
    function callWithFlags(
        address target,
        string calldata signature,
        bytes calldata args,
        uint32 flags
    ) external payable returns (bytes memory result);

    /// @notice Calls a contract by its 32-byte account.
    /// @param account the contract's account
    /// @param signature canonical signature of the function
    /// @param args `abi.encode` of the parameters; empty if there are none
    /// @param flags as for `callWithFlags`
    /// @return result `abi.encode` of the results; empty if there are none
    function callAccount(
        bytes32 account,
        string calldata signature,
        bytes calldata args,
        uint32 flags
    ) external payable returns (bytes memory result);

    /// @notice The 20-byte alias of an account; every account has exactly one.
    /// @param account any account, existing or not
    /// @return alias_ its alias
    function aliasOf(bytes32 account) external view returns (address alias_);

    /// @notice The account behind an alias.
    /// @param alias_ any 20-byte alias
    /// @return account its account; for an alias that no other account owns, `alias_` followed by twelve
    /// bytes `0xEE`
    function accountOf(address alias_) external view returns (bytes32 account);
}
