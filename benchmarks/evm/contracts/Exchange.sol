// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Coin} from "./Coin.sol";

/// A pool of two coins whose product never falls: what comes in pays a fee of 0.3 %.
contract Pool {
    event Traded(address indexed by, uint256 in0, uint256 in1, uint256 out0, uint256 out1);
    event Reserves(uint112 reserve0, uint112 reserve1);

    error Entered();
    error NothingAsked();
    error NothingPaid();
    error TooLittleLeft();
    error ProductFell();

    Coin private immutable coin0;
    Coin private immutable coin1;

    // One slot: what the pool believes to own, and when it last looked.
    uint112 private reserve0;
    uint112 private reserve1;
    uint32 private updated;

    // Prices summed up over time, as fixed-point numbers with 112 bits behind the point.
    uint256 private price0Sum;
    uint256 private price1Sum;
    uint256 private entered;

    constructor(Coin first, Coin second) {
        coin0 = first;
        coin1 = second;
    }

    modifier exclusive() {
        if (entered == 2) revert Entered();
        entered = 2;
        _;
        entered = 1;
    }

    function reserves() external view returns (uint112, uint112) {
        return (reserve0, reserve1);
    }

    /// Takes what the coins say is here for the reserves.
    function sync() external exclusive {
        (uint256 balance0, uint256 balance1) = balances();
        settle(balance0, balance1, reserve0, reserve1);
    }

    /// Pays out, and holds against what has been paid in beforehand.
    function trade(uint256 out0, uint256 out1, address to) external exclusive {
        if (out0 == 0 && out1 == 0) revert NothingAsked();
        (uint112 had0, uint112 had1) = (reserve0, reserve1);
        if (out0 >= had0 || out1 >= had1) revert TooLittleLeft();
        if (out0 != 0) require(coin0.transfer(to, out0));
        if (out1 != 0) require(coin1.transfer(to, out1));

        (uint256 balance0, uint256 balance1) = balances();
        uint256 in0 = balance0 > had0 - out0 ? balance0 - (had0 - out0) : 0;
        uint256 in1 = balance1 > had1 - out1 ? balance1 - (had1 - out1) : 0;
        if (in0 == 0 && in1 == 0) revert NothingPaid();
        uint256 net0 = balance0 * 1000 - in0 * 3;
        uint256 net1 = balance1 * 1000 - in1 * 3;
        if (net0 * net1 < uint256(had0) * had1 * 1_000_000) revert ProductFell();
        settle(balance0, balance1, had0, had1);
        emit Traded(msg.sender, in0, in1, out0, out1);
    }

    function balances() private view returns (uint256, uint256) {
        return (coin0.balanceOf(address(this)), coin1.balanceOf(address(this)));
    }

    function settle(uint256 balance0, uint256 balance1, uint112 had0, uint112 had1) private {
        require(balance0 <= type(uint112).max && balance1 <= type(uint112).max);
        uint32 time = uint32(block.timestamp);
        unchecked {
            uint32 elapsed = time - updated;
            if (elapsed != 0 && had0 != 0 && had1 != 0) {
                price0Sum += ((uint256(had1) << 112) / had0) * elapsed;
                price1Sum += ((uint256(had0) << 112) / had1) * elapsed;
            }
        }
        reserve0 = uint112(balance0);
        reserve1 = uint112(balance1);
        updated = time;
        emit Reserves(reserve0, reserve1);
    }
}

/// Trades to and fro through a pool.
contract Exchange {
    Coin private coin0;
    Coin private coin1;
    Pool private pool;

    constructor() {
        coin0 = new Coin(address(this), type(uint128).max);
        coin1 = new Coin(address(this), type(uint128).max);
        pool = new Pool(coin0, coin1);
        coin0.approve(address(this), type(uint256).max);
        coin1.approve(address(this), type(uint256).max);
        require(coin0.transfer(address(pool), 1e24));
        require(coin1.transfer(address(pool), 4e24));
        pool.sync();
    }

    /// `n` swaps, the direction changing each time.
    function swaps(uint256 n) external returns (uint256 received) {
        for (uint256 i = 0; i < n; ++i) {
            received += swap(i % 2 == 0, 1e18 + i * 1e12);
        }
    }

    function swap(bool forward, uint256 paid) private returns (uint256 out) {
        (uint256 reserveIn, uint256 reserveOut) = pool.reserves();
        if (!forward) (reserveIn, reserveOut) = (reserveOut, reserveIn);
        uint256 net = paid * 997;
        out = (net * reserveOut) / (reserveIn * 1000 + net);
        Coin coin = forward ? coin0 : coin1;
        require(coin.transferFrom(address(this), address(pool), paid));
        (uint256 out0, uint256 out1) = forward ? (uint256(0), out) : (out, uint256(0));
        pool.trade(out0, out1, address(this));
    }
}
