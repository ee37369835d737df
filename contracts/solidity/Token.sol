// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title A plain ERC-20 token of fixed supply
/// @dev ERC-20 with the errors of ERC-6093 (https://eips.ethereum.org/EIPS/eip-6093).
contract Token {
    /// @notice Tokens moved.
    event Transfer(address indexed from, address indexed to, uint256 value);
    /// @notice An allowance was set.
    event Approval(address indexed owner, address indexed spender, uint256 value);

    /// @notice The sender has fewer tokens than it wants to move.
    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
    /// @notice The spender was allowed fewer tokens than it wants to move.
    error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
    /// @notice Tokens cannot be sent to the zero address.
    error ERC20InvalidReceiver(address receiver);
    /// @notice The zero address cannot be allowed anything.
    error ERC20InvalidSpender(address spender);

    /// @notice The token's name.
    string public constant name = "Trivium Example Token";
    /// @notice The token's ticker.
    string public constant symbol = "TET";
    /// @notice Decimal places of the amounts.
    uint8 public constant decimals = 18;

    /// @notice Tokens in existence.
    uint256 public immutable totalSupply;
    /// @notice Tokens of each account.
    mapping(address owner => uint256) public balanceOf;
    /// @notice What `spender` may still move for `owner`; the largest number means no limit.
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    /// @param supply all tokens; they go to the deployer
    constructor(uint256 supply) {
        totalSupply = supply;
        balanceOf[msg.sender] = supply;
        emit Transfer(address(0), msg.sender, supply);
    }

    /// @notice Moves the caller's tokens. Canonical: `transfer(address,u256)->(bool)`.
    function transfer(address to, uint256 value) external returns (bool) {
        _move(msg.sender, to, value);
        return true;
    }

    /// @notice Lets `spender` move up to `value` of the caller's tokens.
    /// Canonical: `approve(address,u256)->(bool)`.
    function approve(address spender, uint256 value) external returns (bool) {
        if (spender == address(0)) revert ERC20InvalidSpender(spender);
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    /// @notice Moves tokens of `from` within what it allowed the caller.
    /// Canonical: `transferFrom(address,address,u256)->(bool)`.
    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed != type(uint256).max) {
            if (allowed < value) revert ERC20InsufficientAllowance(msg.sender, allowed, value);
            unchecked {
                allowance[from][msg.sender] = allowed - value;
            }
        }
        _move(from, to, value);
        return true;
    }

    function _move(address from, address to, uint256 value) private {
        if (to == address(0)) revert ERC20InvalidReceiver(to);
        uint256 balance = balanceOf[from];
        if (balance < value) revert ERC20InsufficientBalance(from, balance, value);
        unchecked {
            balanceOf[from] = balance - value;
            // The sum of all balances is the supply, so it cannot overflow.
            balanceOf[to] += value;
        }
        emit Transfer(from, to, value);
    }
}
