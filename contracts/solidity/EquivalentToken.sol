// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title The token of docs/equivalence.md, in Solidity
/// @notice Its twins are `contracts/ink/equivalence/token` and `contracts/move/equivalence/sources/token.move`.
contract EquivalentToken {
    /// @notice Tokens went from one account to another.
    event Transfer(address indexed from, address indexed to, uint128 value);
    /// @notice A holder said how much a spender may take.
    event Approval(address indexed holder, address indexed spender, uint128 value);
    /// @notice Tokens came into being.
    event Minted(address indexed to, uint128 value);
    /// @notice Tokens ceased to be.
    event Burned(address indexed from, uint128 value);

    /// @notice 1: only the owner may do this.
    error NotOwner();
    /// @notice 2: there would be more tokens than a `u128` counts.
    error SupplyOverflow();
    /// @notice 3: the holder has fewer.
    error InsufficientBalance();
    /// @notice 4: the holder allowed the caller fewer.
    error InsufficientAllowance();

    /// @notice Who may mint: the deployer.
    address public immutable owner = msg.sender;
    /// @notice Tokens in existence.
    uint128 public supply;
    /// @notice Tokens of each account.
    mapping(address holder => uint128) public balance;
    /// @notice What `spender` may still take of `holder`'s.
    mapping(address holder => mapping(address spender => uint128)) public allowance;

    /// @notice Makes tokens and gives them to `to`. Canonical: `mint(address,u128)`.
    function mint(address to, uint128 value) external {
        if (msg.sender != owner) revert NotOwner();
        if (value > type(uint128).max - supply) revert SupplyOverflow();
        supply += value;
        balance[to] += value;
        emit Minted(to, value);
    }

    /// @notice Destroys tokens of the caller. Canonical: `burn(u128)`.
    function burn(uint128 value) external {
        _take(msg.sender, value);
        supply -= value;
        emit Burned(msg.sender, value);
    }

    /// @notice Moves the caller's tokens. Canonical: `transfer(address,u128)`.
    function transfer(address to, uint128 value) external {
        _move(msg.sender, to, value);
    }

    /// @notice Lets `spender` take up to `value` of the caller's tokens. Canonical: `approve(address,u128)`.
    function approve(address spender, uint128 value) external {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
    }

    /// @notice Moves tokens of `from` within what it allowed the caller. Canonical: `pull(address,address,u128)`.
    function pull(address from, address to, uint128 value) external {
        uint128 allowed = allowance[from][msg.sender];
        // The largest number is no limit, and stays.
        if (allowed != type(uint128).max) {
            if (allowed < value) revert InsufficientAllowance();
            allowance[from][msg.sender] = allowed - value;
        }
        _move(from, to, value);
    }

    function _move(address from, address to, uint128 value) private {
        _take(from, value);
        // All balances together are the supply, so that this cannot overflow.
        balance[to] += value;
        emit Transfer(from, to, value);
    }

    function _take(address from, uint128 value) private {
        if (balance[from] < value) revert InsufficientBalance();
        balance[from] -= value;
    }
}
