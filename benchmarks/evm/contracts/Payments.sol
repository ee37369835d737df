// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Coin} from "./Coin.sol";

/// Makes many transfers of a coin, each by a call of its own.
contract Payments {
    uint160 private constant KNOWN = 0x1000000000;
    uint160 private constant FRESH = 0x2000000000;

    Coin public coin;

    constructor() {
        coin = new Coin(address(this), type(uint128).max);
    }

    /// Gives the first `n` known recipients something to begin with.
    function prepare(uint256 n) external {
        pay(KNOWN, n, n);
    }

    /// `n` transfers to accounts that have had none before.
    function toFresh(uint256 n) external returns (uint256) {
        return pay(FRESH, n, n);
    }

    /// One transfer to each of `n` known recipients.
    function toKnown(uint256 n) external returns (uint256) {
        return pay(KNOWN, n, n);
    }

    /// `n` transfers among sixteen known recipients.
    function toFew(uint256 n) external returns (uint256) {
        return pay(KNOWN, n, 16);
    }

    function pay(uint160 first, uint256 n, uint256 recipients) private returns (uint256) {
        for (uint256 i = 0; i < n; ++i) {
            address to = address(first + uint160(i % recipients));
            require(coin.transfer(to, i + 1));
        }
        return coin.balanceOf(address(first)) ^ coin.balanceOf(address(this));
    }
}
