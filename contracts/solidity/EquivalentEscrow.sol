// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CrossVm} from "./CrossVm.sol";

/// @title The escrow of docs/equivalence.md, in Solidity
/// @notice Holds tokens of whatever machine between a buyer and a seller, with an arbiter between them. Its twins are
/// `contracts/ink/equivalence/escrow` and `contracts/move/equivalence/sources/escrow.move`.
/// @dev The bridge lets nobody come back in while the escrow waits for a token, so that no guard is needed.
contract EquivalentEscrow {
    /// @notice A buyer gave tokens into a new deal.
    event Opened(
        address indexed buyer,
        address indexed seller,
        address indexed arbiter,
        uint64 id,
        address token,
        uint128 amount
    );
    /// @notice The seller got the tokens of a deal.
    event Released(address indexed by, uint64 id);
    /// @notice The buyer got the tokens of a deal back.
    event Refunded(address indexed by, uint64 id);

    /// @notice 1: the amount is nothing.
    error ZeroAmount();
    /// @notice 2: buyer and seller are one account.
    error SameParty();
    /// @notice 3: there is no deal of this number.
    error NoDeal();
    /// @notice 4: the deal is over.
    error Closed();
    /// @notice 5: the caller has no say in this.
    error NotEntitled();
    /// @notice 6: the token refused.
    error TokenFailed();

    /// How a deal stands, as `deal` tells it.
    enum State {
        Open,
        Released,
        Refunded
    }

    struct Deal {
        address buyer;
        address seller;
        address arbiter;
        address token;
        uint128 amount;
        State state;
    }

    /// @notice Deals so far; the next one has this number. Canonical: `count()->(u64)`.
    uint64 public count;

    mapping(uint64 id => Deal) private deals;

    /// @notice Takes `amount` of the caller's tokens into a new deal and gives the deal's number.
    /// Canonical: `open(address,address,address,u128)->(u64)`.
    function open(address token, address seller, address arbiter, uint128 amount)
        external
        returns (uint64 id)
    {
        if (amount == 0) revert ZeroAmount();
        if (msg.sender == seller) revert SameParty();
        id = count;
        count = id + 1;
        deals[id] = Deal(msg.sender, seller, arbiter, token, amount, State.Open);
        _ask(token, "pull(address,address,u128)", abi.encode(msg.sender, address(this), amount));
        emit Opened(msg.sender, seller, arbiter, id, token, amount);
    }

    /// @notice Pays the seller: for the buyer or the arbiter to say. Canonical: `release(u64)`.
    function release(uint64 id) external {
        Deal storage it = _openDeal(id);
        if (msg.sender != it.buyer && msg.sender != it.arbiter) revert NotEntitled();
        it.state = State.Released;
        _ask(it.token, "transfer(address,u128)", abi.encode(it.seller, it.amount));
        emit Released(msg.sender, id);
    }

    /// @notice Pays the buyer back: for the seller or the arbiter to say. Canonical: `refund(u64)`.
    function refund(uint64 id) external {
        Deal storage it = _openDeal(id);
        if (msg.sender != it.seller && msg.sender != it.arbiter) revert NotEntitled();
        it.state = State.Refunded;
        _ask(it.token, "transfer(address,u128)", abi.encode(it.buyer, it.amount));
        emit Refunded(msg.sender, id);
    }

    /// @notice Buyer, seller, arbiter, token, amount, and 0 if it is open, 1 if released, 2 if refunded.
    /// Canonical: `deal(u64)->(address,address,address,address,u128,u8)`.
    function deal(uint64 id)
        external
        view
        returns (address, address, address, address, uint128, State)
    {
        if (id >= count) revert NoDeal();
        Deal storage it = deals[id];
        return (it.buyer, it.seller, it.arbiter, it.token, it.amount, it.state);
    }

    function _openDeal(uint64 id) private view returns (Deal storage it) {
        if (id >= count) revert NoDeal();
        it = deals[id];
        if (it.state != State.Open) revert Closed();
    }

    function _ask(address token, string memory signature, bytes memory arguments) private {
        try CrossVm.BRIDGE.call(token, signature, arguments) returns (bytes memory) {}
        catch {
            revert TokenFailed();
        }
    }
}
