// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// A small contract.
contract Box {
    uint256 private immutable content;

    constructor(uint256 what) {
        content = what;
    }

    function look() external view returns (uint256) {
        return content;
    }
}

/// Creates small contracts.
contract Factory {
    /// Creates `n` contracts, each second one at an address of its salt, and calls each once.
    function make(uint256 n) external returns (uint256 sum) {
        for (uint256 i = 0; i < n; ++i) {
            Box box = i % 2 == 0 ? new Box(i) : new Box{salt: bytes32(i)}(i);
            sum += box.look();
        }
    }
}
