// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CrossVm} from "./CrossVm.sol";
import {ICrossVm} from "./ICrossVm.sol";

/// @title Every way to call a contract of another virtual machine
/// @notice Each function shows one behaviour of a cross-VM call. `counter`, `token` and `other` are the
/// 20-byte aliases of contracts in any virtual machine; `other` is a caller like this one. Functions
/// that such a caller calls (`bounce`, `knock`, `enter`, `relay`) have the same name in ink!.
contract Caller {
    /// @notice What a call into another virtual machine gave.
    event Called(address indexed target, uint64 value);
    /// @notice A call into another virtual machine failed and was caught.
    event Caught(address indexed target, bytes4 selector);

    /// @notice Thrown on purpose, after a callee has succeeded.
    /// @param value what the callee had returned
    error AfterCall(uint64 value);
    /// @notice This contract is locked by a call further up in this transaction.
    error Locked();

    /// @notice How often a function of this contract has written.
    uint64 public visits;
    /// @notice What the last successful call returned.
    uint64 public lastValue;
    /// @notice The selector of the last error caught; zero if the last attempt succeeded.
    bytes4 public lastError;
    /// @notice The last error caught, whole.
    bytes public lastReason;

    // Lives until the end of the transaction, wherever that goes in between.
    bool private transient locked;

    modifier guarded() {
        if (locked) revert Locked();
        locked = true;
        _;
        locked = false;
    }

    /// @notice Takes value, so that it can be sent on.
    receive() external payable {}

    // Plain calls

    /// @notice Increments a counter and returns its new value.
    function incrementForeign(address counter) external returns (uint64 value) {
        visits += 1;
        value = _increment(counter);
        lastValue = value;
        emit Called(counter, value);
    }

    /// @notice Increments a counter that is named by its 32-byte account.
    function incrementAccount(bytes32 counter) external returns (uint64 value) {
        visits += 1;
        value = abi.decode(
            CrossVm.BRIDGE.callAccount(counter, "increment()->(u64)", "", 0), (uint64)
        );
        lastValue = value;
    }

    /// @notice Reads a counter from a `view` function.
    function readForeign(address counter) external view returns (uint64) {
        return abi.decode(CrossVm.staticCall(counter, "get()->(u64)", ""), (uint64));
    }

    /// @notice Moves tokens that this contract owns on an ink! token.
    function moveToken(address token, address to, uint128 amount) external returns (bool) {
        visits += 1;
        return abi.decode(
            CrossVm.call(token, "transfer(address,u128)->(bool)", abi.encode(to, amount)), (bool)
        );
    }

    /// @notice Moves tokens that `from` allowed this contract to move on an ink! token.
    function pullToken(address token, address from, address to, uint128 amount)
        external
        returns (bool)
    {
        visits += 1;
        return abi.decode(
            CrossVm.call(
                token,
                "transfer_from(address,address,u128)->(bool)",
                abi.encode(from, to, amount)
            ),
            (bool)
        );
    }

    /// @notice Sends the value of this call on to a counter; returns the counter's balance.
    function depositForeign(address counter) external payable returns (uint128) {
        visits += 1;
        return abi.decode(
            CrossVm.callWithValue(counter, "deposit()->(u128)", "", msg.value), (uint128)
        );
    }

    /// @notice Calls anything. Reverts with the error of the bridge.
    function forward(
        address target,
        string calldata signature,
        bytes calldata args,
        uint32 flags
    ) external payable returns (bytes memory) {
        visits += 1;
        return CrossVm.BRIDGE.callWithFlags{value: msg.value}(target, signature, args, flags);
    }

    // Failures

    /// @notice Calls anything and keeps what it wrote itself if that fails. Returns the selector of the
    /// error, or zero.
    function tryForward(address target, string calldata signature, bytes calldata args, uint32 flags)
        external
        payable
        returns (bytes4)
    {
        visits += 1;
        try CrossVm.BRIDGE.callWithFlags{value: msg.value}(target, signature, args, flags) returns (
            bytes memory
        ) {
            return _caught(target, "");
        } catch (bytes memory reason) {
            return _caught(target, reason);
        }
    }

    /// @notice Calls a function that writes and then fails, catches that, and keeps its own writes.
    /// Returns the selector of the error.
    function tryFail(address counter, uint64 value) external returns (bytes4) {
        visits += 1;
        try CrossVm.BRIDGE.call(counter, "fail(u64)", abi.encode(value)) returns (bytes memory) {
            return _caught(counter, "");
        } catch (bytes memory reason) {
            return _caught(counter, reason);
        }
    }

    /// @notice Increments a counter and then reverts, which takes the increment back.
    function incrementThenRevert(address counter) external {
        visits += 1;
        revert AfterCall(_increment(counter));
    }

    /// @notice Calls itself so that the increment is made and reverted one frame below, and catches
    /// that here. The whole of it is inside the EVM but for the increment.
    function catchOwnRevert(address counter) external returns (bytes4) {
        visits += 1;
        try this.incrementThenRevert(counter) {
            return _caught(counter, "");
        } catch (bytes memory reason) {
            return _caught(counter, reason);
        }
    }

    /// @notice Walks along `path`, a list of callers; the last one increments `counter` and then fails.
    /// Nobody on the way catches it. Canonical: `relay(address[],address)`.
    function relay(address[] calldata path, address counter) external {
        visits += 1;
        if (path.length == 0) revert AfterCall(_increment(counter));
        CrossVm.call(path[0], "relay(address[],address)", abi.encode(path[1:], counter));
    }

    /// @notice Starts a `relay` and catches its failure, which happened `path.length` hops below.
    function catchRelay(address[] calldata path, address counter) external returns (bytes4) {
        visits += 1;
        try CrossVm.BRIDGE.call(
            path[0], "relay(address[],address)", abi.encode(path[1:], counter)
        ) returns (bytes memory) {
            return _caught(path[0], "");
        } catch (bytes memory reason) {
            return _caught(path[0], reason);
        }
    }

    // Read-only and delegate calls

    /// @notice Tries to increment a counter by a `STATICCALL` into the bridge. Returns the error.
    function incrementStatic(address counter) external returns (bytes4) {
        visits += 1;
        (bool ok, bytes memory output) = address(CrossVm.BRIDGE).staticcall(
            abi.encodeCall(ICrossVm.call, (counter, "increment()->(u64)", ""))
        );
        return _caught(counter, ok ? bytes("") : output);
    }

    /// @notice Tries to increment a counter by a call with the flag `READ_ONLY`. Returns the error.
    function incrementReadOnly(address counter) external returns (bytes4) {
        visits += 1;
        (bool ok, bytes memory output) = CrossVm.tryCall(
            counter, "increment()->(u64)", "", CrossVm.READ_ONLY, 0, type(uint256).max
        );
        return _caught(counter, ok ? bytes("") : output);
    }

    /// @notice Tries a delegate call into the bridge, which must refuse it. Returns the error.
    function incrementDelegate(address counter) external returns (bytes4) {
        visits += 1;
        (bool ok, bytes memory output) = address(CrossVm.BRIDGE).delegatecall(
            abi.encodeCall(ICrossVm.call, (counter, "increment()->(u64)", ""))
        );
        return _caught(counter, ok ? bytes("") : output);
    }

    // Gas

    /// @notice Increments a counter with no more than `gasLimit`. Returns the error, or zero.
    function incrementWithGas(address counter, uint256 gasLimit) external returns (bytes4) {
        visits += 1;
        (bool ok, bytes memory output) =
            CrossVm.tryCall(counter, "increment()->(u64)", "", 0, 0, gasLimit);
        return _caught(counter, ok ? bytes("") : output);
    }

    /// @notice Calls a function that writes and never ends, with `gasLimit`. Returns the error.
    function spinForeign(address counter, uint256 gasLimit) external returns (bytes4) {
        visits += 1;
        (bool ok, bytes memory output) = CrossVm.tryCall(counter, "spin()", "", 0, 0, gasLimit);
        return _caught(counter, ok ? bytes("") : output);
    }

    // Re-entry

    /// @notice Plays `hops` hops of ping-pong with `other`, writing before and after each.
    /// Canonical: `bounce(address,u32,u32)->(u32)`.
    /// @param flags for every hop: with `ALLOW_REENTRY` the game goes on, without it the second hop fails
    /// @return the number of hops played
    function bounce(address other, uint32 hops, uint32 flags) external returns (uint32) {
        visits += 1;
        uint64 before = visits;
        if (hops == 0) return 0;
        bytes memory output = CrossVm.callWithFlags(
            other,
            "bounce(address,u32,u32)->(u32)",
            abi.encode(address(this), hops - 1, flags),
            flags
        );
        // What was written here further down the stack is seen here.
        require(visits >= before, "a write was lost");
        visits += 1;
        return abi.decode(output, (uint32)) + 1;
    }

    /// @notice Writes and returns how often this contract has written, unless it is locked.
    /// Canonical: `enter()->(u64)`.
    function enter() external guarded returns (uint64) {
        visits += 1;
        return visits;
    }

    /// @notice Calls `enter` of `other` and tells whether it was let in. Canonical:
    /// `knock(address)->(bool)`.
    function knock(address other) external returns (bool ok) {
        visits += 1;
        (ok,) = CrossVm.tryCall(other, "enter()->(u64)", "", 0, 0, type(uint256).max);
    }

    /// @notice Has `other` knock here while the door is open. True if `other` got in.
    function knockUnlocked(address other, uint32 flags) external returns (bool) {
        return _haveKnocked(other, flags);
    }

    /// @notice Has `other` knock here while a transient lock is held. It must not get in.
    function knockLocked(address other, uint32 flags) external guarded returns (bool) {
        return _haveKnocked(other, flags);
    }

    function _haveKnocked(address other, uint32 flags) private returns (bool) {
        visits += 1;
        return abi.decode(
            CrossVm.callWithFlags(other, "knock(address)->(bool)", abi.encode(address(this)), flags),
            (bool)
        );
    }

    function _increment(address counter) private returns (uint64) {
        return abi.decode(CrossVm.call(counter, "increment()->(u64)", ""), (uint64));
    }

    function _caught(address target, bytes memory reason) private returns (bytes4 selector) {
        selector = CrossVm.selectorOf(reason);
        lastError = selector;
        lastReason = reason;
        if (reason.length != 0) emit Caught(target, selector);
    }
}
