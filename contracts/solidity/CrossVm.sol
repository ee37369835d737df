// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICrossVm} from "./ICrossVm.sol";

/// @title Helpers around the cross-VM bridge
/// @notice One-line calls into other virtual machines, and failures as data.
/// @dev The functions that do not `try` revert with the errors of `ICrossVm`.
library CrossVm {
    /// @notice The bridge's precompile.
    ICrossVm internal constant BRIDGE = ICrossVm(0x0000000000000000000000000000000000000801);

    /// @notice The calling contract may be entered again from below.
    uint32 internal constant ALLOW_REENTRY = 1;

    /// @notice Nothing below may write.
    uint32 internal constant READ_ONLY = 2;

    /// @notice Calls `target`; reverts if the call fails.
    function call(address target, string memory signature, bytes memory args)
        internal
        returns (bytes memory)
    {
        return BRIDGE.call(target, signature, args);
    }

    /// @notice Calls `target` with flags; reverts if the call fails.
    function callWithFlags(address target, string memory signature, bytes memory args, uint32 flags)
        internal
        returns (bytes memory)
    {
        return BRIDGE.callWithFlags(target, signature, args, flags);
    }

    /// @notice Calls `target` and sends it `value` from this contract's balance.
    function callWithValue(
        address target,
        string memory signature,
        bytes memory args,
        uint256 value
    ) internal returns (bytes memory) {
        return BRIDGE.call{value: value}(target, signature, args);
    }

    /// @notice Calls `target` read-only, also from a `view` function.
    function staticCall(address target, string memory signature, bytes memory args)
        internal
        view
        returns (bytes memory)
    {
        (bool ok, bytes memory output) =
            address(BRIDGE).staticcall(abi.encodeCall(ICrossVm.call, (target, signature, args)));
        if (!ok) bubble(output);
        return abi.decode(output, (bytes));
    }

    /// @notice Calls `target` with a gas limit, a value and flags, and does not revert if it fails.
    /// @param gasLimit gas for the call and all below it; `type(uint256).max` for all that may be given
    /// @return ok whether the call succeeded
    /// @return data the encoded results if it did, otherwise the encoded error of `ICrossVm`
    function tryCall(
        address target,
        string memory signature,
        bytes memory args,
        uint32 flags,
        uint256 value,
        uint256 gasLimit
    ) internal returns (bool ok, bytes memory data) {
        (ok, data) = address(BRIDGE).call{value: value, gas: gasLimit}(
            abi.encodeCall(ICrossVm.callWithFlags, (target, signature, args, flags))
        );
        if (ok) data = abi.decode(data, (bytes));
    }

    /// @notice The selector of an encoded error, to compare with `ICrossVm.OutOfGas.selector` and its
    /// like; zero if there is none.
    function selectorOf(bytes memory reason) internal pure returns (bytes4) {
        return reason.length < 4 ? bytes4(0) : bytes4(reason);
    }

    /// @notice The number that an error carries: the reason of `BadEncoding`, the code of `Engine`, the
    /// state of `VmDisabled`, the feature of `FeatureDisabled`. Zero for an error without one.
    function codeOf(bytes memory reason) internal pure returns (uint32 code) {
        if (reason.length != 36) return 0;
        assembly ("memory-safe") {
            code := and(mload(add(reason, 36)), 0xffffffff)
        }
    }

    /// @notice The callee's own revert data inside an encoded `Reverted`; empty for any other error.
    function revertDataOf(bytes memory reason) internal pure returns (bytes memory) {
        if (selectorOf(reason) != ICrossVm.Reverted.selector) return "";
        bytes memory body = new bytes(reason.length - 4);
        assembly ("memory-safe") {
            mcopy(add(body, 32), add(reason, 36), mload(body))
        }
        return abi.decode(body, (bytes));
    }

    /// @notice Reverts with an error that was caught before, unchanged.
    function bubble(bytes memory reason) internal pure {
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }
}
