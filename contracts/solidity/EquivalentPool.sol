// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CrossVm} from "./CrossVm.sol";

/// @title The pool of docs/equivalence.md, in Solidity
/// @notice Two tokens of whatever machine, exchanged so that the product of what the pool has never falls. Its twins are
/// `contracts/ink/equivalence/pool` and `contracts/move/equivalence/sources/pool.move`.
/// @dev The bridge lets nobody come back in while the pool waits for a token, so that no guard is needed.
contract EquivalentPool {
    /// @notice The tokens were named.
    event Opened(address indexed first, address indexed second);
    /// @notice Somebody gave tokens and got shares.
    event Added(address indexed provider, uint128 first, uint128 second, uint128 shares);
    /// @notice Somebody gave shares back and got tokens.
    event Removed(address indexed provider, uint128 first, uint128 second, uint128 shares);
    /// @notice Somebody gave `given` of `token` and got `got` of the other.
    event Swapped(address indexed trader, address indexed token, uint128 given, uint128 got);

    /// @notice 1: only the owner may do this.
    error NotOwner();
    /// @notice 2: the tokens have been named.
    error AlreadyOpen();
    /// @notice 3: both tokens are one.
    error SameToken();
    /// @notice 4: the tokens have not been named.
    error NotOpen();
    /// @notice 5: the pool does not have this token.
    error UnknownToken();
    /// @notice 6: an amount is nothing.
    error ZeroAmount();
    /// @notice 7: nobody has given anything yet.
    error NoLiquidity();
    /// @notice 8: the pool would have more of a token than it can reckon with.
    error TooMuch();
    /// @notice 9: it comes to nothing, or to less than the caller asks for.
    error TooLittle();
    /// @notice 10: the caller has fewer shares.
    error InsufficientShares();
    /// @notice 11: a token refused.
    error TokenFailed();

    /// @notice The most that the pool may have of a token: 112 bits, so that no product here has more than 256.
    uint128 public constant MOST = 2 ** 112 - 1;
    /// @notice Shares that are made with the first tokens and are nobody's, so that a share never costs a fortune.
    uint128 public constant LOCKED = 1000;
    /// Thousandths of what comes in that count: the fee is the other three.
    uint256 private constant KEPT = 997;

    /// @notice Who may name the tokens: the deployer.
    address public immutable owner = msg.sender;
    /// @notice Shares in existence.
    uint128 public total;
    /// @notice Shares of each account.
    mapping(address provider => uint128) public shares;

    bool private isOpen;
    address private first;
    address private second;
    uint128 private firstReserve;
    uint128 private secondReserve;

    /// @notice Names the tokens, once. Canonical: `open(address,address)`.
    function open(address first_, address second_) external {
        if (msg.sender != owner) revert NotOwner();
        if (isOpen) revert AlreadyOpen();
        if (first_ == second_) revert SameToken();
        (isOpen, first, second) = (true, first_, second_);
        emit Opened(first_, second_);
    }

    /// @notice The two tokens. Canonical: `tokens()->(address,address)`.
    function tokens() external view returns (address, address) {
        if (!isOpen) revert NotOpen();
        return (first, second);
    }

    /// @notice What the pool has of each. Canonical: `reserves()->(u128,u128)`.
    function reserves() external view returns (uint128, uint128) {
        return (firstReserve, secondReserve);
    }

    /// @notice What `swap` would give now. Canonical: `quote(address,u128)->(u128)`.
    function quote(address token, uint128 given) public view returns (uint128) {
        if (!isOpen) revert NotOpen();
        if (token != first && token != second) revert UnknownToken();
        if (given == 0) revert ZeroAmount();
        if (total == 0) revert NoLiquidity();
        (uint128 into, uint128 from) =
            token == first ? (firstReserve, secondReserve) : (secondReserve, firstReserve);
        if (given > MOST - into) revert TooMuch();
        uint256 counted = uint256(given) * KEPT;
        // Below `from`, as the divisor is above `counted`.
        return uint128(counted * from / (uint256(into) * 1000 + counted));
    }

    /// @notice Takes both tokens of the caller and gives shares, at least `least`.
    /// Canonical: `add(u128,u128,u128)->(u128)`.
    function add(uint128 firstIn, uint128 secondIn, uint128 least) external returns (uint128 made) {
        if (!isOpen) revert NotOpen();
        if (firstIn == 0 || secondIn == 0) revert ZeroAmount();
        if (firstIn > MOST - firstReserve || secondIn > MOST - secondReserve) revert TooMuch();
        if (total == 0) {
            uint256 root = _sqrt(uint256(firstIn) * secondIn);
            if (root <= LOCKED) revert TooLittle();
            // At most 112 bits, as each of the two has.
            made = uint128(root) - LOCKED;
            total = LOCKED;
        } else {
            uint256 byFirst = uint256(firstIn) * total / firstReserve;
            uint256 bySecond = uint256(secondIn) * total / secondReserve;
            // The total is at most the root of the reserves' product, also after this: 112 bits.
            made = uint128(byFirst < bySecond ? byFirst : bySecond);
        }
        if (made == 0 || made < least) revert TooLittle();
        total += made;
        shares[msg.sender] += made;
        firstReserve += firstIn;
        secondReserve += secondIn;
        _pull(first, firstIn);
        _pull(second, secondIn);
        emit Added(msg.sender, firstIn, secondIn, made);
    }

    /// @notice Takes shares of the caller back and pays out what they stand for, at least that much of each.
    /// Canonical: `remove(u128,u128,u128)->(u128,u128)`.
    function remove(uint128 given, uint128 leastFirst, uint128 leastSecond)
        external
        returns (uint128 firstOut, uint128 secondOut)
    {
        if (!isOpen) revert NotOpen();
        if (given == 0) revert ZeroAmount();
        if (shares[msg.sender] < given) revert InsufficientShares();
        // Nobody has more shares than there are.
        firstOut = uint128(uint256(given) * firstReserve / total);
        secondOut = uint128(uint256(given) * secondReserve / total);
        if (firstOut == 0 || secondOut == 0) revert TooLittle();
        if (firstOut < leastFirst || secondOut < leastSecond) revert TooLittle();
        total -= given;
        shares[msg.sender] -= given;
        firstReserve -= firstOut;
        secondReserve -= secondOut;
        _pay(first, firstOut);
        _pay(second, secondOut);
        emit Removed(msg.sender, firstOut, secondOut, given);
    }

    /// @notice Takes `given` of `token` of the caller and pays out the other, at least `least`.
    /// Canonical: `swap(address,u128,u128)->(u128)`.
    function swap(address token, uint128 given, uint128 least) external returns (uint128 got) {
        got = quote(token, given);
        if (got == 0 || got < least) revert TooLittle();
        if (token == first) {
            firstReserve += given;
            secondReserve -= got;
        } else {
            secondReserve += given;
            firstReserve -= got;
        }
        _pull(token, given);
        _pay(token == first ? second : first, got);
        emit Swapped(msg.sender, token, given, got);
    }

    function _pull(address token, uint128 value) private {
        _ask(token, "pull(address,address,u128)", abi.encode(msg.sender, address(this), value));
    }

    function _pay(address token, uint128 value) private {
        _ask(token, "transfer(address,u128)", abi.encode(msg.sender, value));
    }

    function _ask(address token, string memory signature, bytes memory arguments) private {
        try CrossVm.BRIDGE.call(token, signature, arguments) returns (bytes memory) {}
        catch {
            revert TokenFailed();
        }
    }

    /// The root, rounded down, by Newton's method from above.
    function _sqrt(uint256 square) private pure returns (uint256 root) {
        root = square;
        // No product here has more than 224 bits, so that the sum fits.
        uint256 next = (square + 1) / 2;
        while (next < root) {
            root = next;
            next = (square / root + root) / 2;
        }
    }
}
