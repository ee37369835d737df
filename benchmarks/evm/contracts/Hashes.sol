// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Hashes.
contract Hashes {
    /// A chain of `n` hashes, of two words each.
    function words(uint256 n) external pure returns (bytes32 hash) {
        for (uint256 i = 0; i < n; ++i) {
            hash = keccak256(abi.encode(hash, i));
        }
    }

    /// A chain of `n` hashes, each of four kilobytes.
    function pages(uint256 n) external pure returns (bytes32 hash) {
        bytes memory page = new bytes(4096);
        for (uint256 i = 0; i < n; ++i) {
            hash = keccak256(page);
            assembly {
                mstore(add(page, 0x20), hash)
            }
        }
    }
}
