// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626, IERC20} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";

/// @title A vault as OpenZeppelin has it
/// @notice Takes any ERC-20 as its asset, and knows of no other virtual machine. On Trivium the asset may be an ink! or a Move
/// token whose deployer has registered its interface: to this contract there is no difference.
contract Vault is ERC4626 {
    /// @param asset_ what the vault takes: an ERC-20, or the alias of a token of another virtual machine
    constructor(IERC20 asset_) ERC20("Vault share", "vSHARE") ERC4626(asset_) {}
}
