// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Storage that comes, changes and goes.
contract Ledger {
    mapping(uint256 key => uint256) private entries;

    /// Makes the first `n` entries.
    function prepare(uint256 n) external {
        for (uint256 i = 0; i < n; ++i) {
            entries[i] = i + 1;
        }
    }

    /// Of `3 * n` entries that are there, changes a third, removes a third and reads a third; makes
    /// `n` new ones; and removes and changes half of those again.
    function churn(uint256 n) external returns (uint256 sum) {
        for (uint256 i = 0; i < n; ++i) {
            entries[i] += 7;
            delete entries[n + i];
            sum += entries[2 * n + i];
            entries[3 * n + i] = i + 1;
        }
        for (uint256 i = 0; i < n; i += 2) {
            delete entries[3 * n + i];
            entries[3 * n + i + 1] ^= sum;
        }
    }
}
