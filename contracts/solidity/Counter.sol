// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title A counter, the contract that others call
/// @notice Its twin in ink! has the same functions under the same names, so that one canonical
/// signature reaches either.
contract Counter {
    /// @notice The counter has a new value.
    /// @param by the immediate caller
    /// @param value the new value
    event Incremented(address indexed by, uint64 value);

    /// @notice Thrown by `fail`, after it has written.
    /// @param value what it had written
    error Refused(uint64 value);

    uint64 private count;
    address private lastCaller;

    /// @param start the first value
    constructor(uint64 start) {
        count = start;
    }

    /// @notice The counter's value. Canonical: `get()->(u64)`.
    function get() external view returns (uint64) {
        return count;
    }

    /// @notice Who wrote last. Canonical: `sender()->(address)`.
    function sender() external view returns (address) {
        return lastCaller;
    }

    /// @notice Adds one and returns the new value. Canonical: `increment()->(u64)`.
    function increment() external returns (uint64) {
        _set(count + 1);
        emit Incremented(msg.sender, count);
        return count;
    }

    /// @notice Writes a value. Canonical: `set(u64)`.
    function set(uint64 value) external {
        _set(value);
    }

    /// @notice Writes a value, emits an event and then reverts. Canonical: `fail(u64)`.
    function fail(uint64 value) external {
        _set(value);
        emit Incremented(msg.sender, value);
        revert Refused(value);
    }

    /// @notice Hashes `rounds` times: work that grows with its argument and writes once, at its end.
    /// Canonical: `burn(u64)->(bytes32)`.
    function burn(uint64 rounds) external returns (bytes32 digest) {
        for (uint64 i = 0; i < rounds; ++i) {
            digest = keccak256(abi.encode(digest, i));
        }
        _set(count + 1);
    }

    /// @notice Writes, then never ends: only running out of gas stops it. Canonical: `spin()`.
    function spin() external {
        _set(count + 1);
        unchecked {
            while (true) ++count;
        }
    }

    /// @notice Takes the value sent along and returns the balance after it.
    /// Canonical: `deposit()->(u128)`.
    function deposit() external payable returns (uint128) {
        _set(count + 1);
        return uint128(address(this).balance);
    }

    function _set(uint64 value) private {
        count = value;
        lastCaller = msg.sender;
    }
}
