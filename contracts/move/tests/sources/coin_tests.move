// SPDX-License-Identifier: Apache-2.0

module tests::coin_tests {
    use std::coin::{Self, BurnCapability, Coin, FreezeCapability, MintCapability};
    use std::option;
    use std::signer;
    use std::string::{Self, utf8};

    struct Gold {}

    struct Silver {}

    struct Caps<phantom T> has key {
        burn: BurnCapability<T>,
        freeze: FreezeCapability<T>,
        mint: MintCapability<T>
    }

    struct Purse<phantom T> has key { coin: Coin<T> }

    const MAX: u64 = 18446744073709551615;

    fun begin<T>(issuer: &signer) {
        let (burn, freeze, mint) =
            coin::initialize<T>(issuer, utf8(b"Gold Coin"), utf8(b"GLD"), 6);
        move_to(issuer, Caps { burn, freeze, mint });
    }

    /// A store of `amount` for each of the two.
    fun set_up(issuer: &signer, user: &signer, amount: u64) acquires Caps {
        begin<Gold>(issuer);
        coin::register<Gold>(issuer);
        coin::register<Gold>(user);
        mint_to(signer::address_of(issuer), amount);
        mint_to(signer::address_of(user), amount);
    }

    fun mint_to(to: address, amount: u64) acquires Caps {
        coin::deposit(to, coin::mint(amount, &borrow_global<Caps<Gold>>(@tests).mint));
    }

    fun freeze_store(account: address) acquires Caps {
        coin::freeze_coin_store(account, &borrow_global<Caps<Gold>>(@tests).freeze)
    }

    public fun test_initialize(issuer: &signer) {
        assert!(!coin::is_coin_initialized<Gold>(), 1);
        begin<Gold>(issuer);
        assert!(coin::is_coin_initialized<Gold>() && !coin::is_coin_initialized<Silver>(), 2);
        assert!(coin::name<Gold>() == utf8(b"Gold Coin"), 3);
        assert!(coin::symbol<Gold>() == utf8(b"GLD"), 4);
        assert!(coin::decimals<Gold>() == 6 && coin::supply<Gold>() == 0, 5);
        assert!(coin::coin_address<Gold>() == @tests, 6);
    }

    public fun test_longest_names(issuer: &signer) {
        let (burn, freeze, mint) = coin::initialize<Gold>(issuer, letters(64), letters(16), 255);
        assert!(string::length(&coin::name<Gold>()) == 64 && coin::decimals<Gold>() == 255, 1);
        coin::destroy_burn_cap(burn);
        coin::destroy_freeze_cap(freeze);
        coin::destroy_mint_cap(mint);
    }

    public fun test_currencies_are_apart(issuer: &signer) acquires Caps {
        set_up(issuer, issuer, 5);
        begin<Silver>(issuer);
        coin::register<Silver>(issuer);
        assert!(coin::balance<Gold>(@tests) == 10 && coin::balance<Silver>(@tests) == 0, 1);
        assert!(coin::supply<Gold>() == 10 && coin::supply<Silver>() == 0, 2);
    }

    public fun test_register_is_idempotent(issuer: &signer, user: &signer) acquires Caps {
        assert!(!coin::is_account_registered<Gold>(@0xA2), 1);
        set_up(issuer, user, 5);
        coin::register<Gold>(user);
        assert!(coin::is_account_registered<Gold>(@0xA2), 2);
        assert!(coin::balance<Gold>(@0xA2) == 5, 3);
    }

    public fun test_transfer_moves_and_keeps_the_sum(issuer: &signer, user: &signer) acquires Caps {
        set_up(issuer, user, 100);
        coin::transfer<Gold>(issuer, @0xA2, 30);
        assert!(coin::balance<Gold>(@tests) == 70 && coin::balance<Gold>(@0xA2) == 130, 1);
        coin::transfer<Gold>(user, @tests, 130);
        assert!(coin::balance<Gold>(@tests) == 200 && coin::balance<Gold>(@0xA2) == 0, 2);
        assert!(coin::supply<Gold>() == 200, 3);
    }

    public fun test_transfer_to_oneself_changes_nothing(
        issuer: &signer, user: &signer
    ) acquires Caps {
        set_up(issuer, user, 100);
        coin::transfer<Gold>(user, @0xA2, 100);
        coin::transfer<Gold>(user, @0xA2, 1);
        assert!(coin::balance<Gold>(@0xA2) == 100 && coin::supply<Gold>() == 200, 1);
    }

    public fun test_zero_amounts(issuer: &signer, user: &signer) acquires Caps {
        set_up(issuer, user, 0);
        coin::transfer<Gold>(user, @tests, 0);
        coin::destroy_zero(coin::withdraw<Gold>(user, 0));
        coin::deposit(@0xA2, coin::zero<Gold>());
        let caps = borrow_global<Caps<Gold>>(@tests);
        coin::burn(coin::mint(0, &caps.mint), &caps.burn);
        coin::burn_from(@0xA2, 0, &caps.burn);
        assert!(coin::supply<Gold>() == 0 && coin::balance<Gold>(@0xA2) == 0, 1);
    }

    public fun test_coins_in_hand(issuer: &signer, user: &signer) acquires Caps {
        set_up(issuer, user, 100);
        let coin = coin::withdraw<Gold>(user, 60);
        let part = coin::extract(&mut coin, 25);
        assert!(coin::value(&coin) == 35 && coin::value(&part) == 25, 1);
        let rest = coin::extract_all(&mut coin);
        assert!(coin::value(&rest) == 35, 2);
        coin::destroy_zero(coin);
        coin::merge(&mut part, rest);
        assert!(coin::value(&part) == 60 && coin::supply<Gold>() == 200, 3);
        coin::deposit(@tests, part);
        assert!(coin::balance<Gold>(@tests) == 160 && coin::balance<Gold>(@0xA2) == 40, 4);
    }

    public fun test_coins_can_be_kept_elsewhere(issuer: &signer, user: &signer) acquires Caps, Purse {
        set_up(issuer, user, 100);
        move_to(user, Purse { coin: coin::withdraw<Gold>(user, 100) });
        assert!(coin::balance<Gold>(@0xA2) == 0 && coin::supply<Gold>() == 200, 1);
        let Purse { coin } = move_from<Purse<Gold>>(@0xA2);
        coin::deposit(@0xA2, coin);
        assert!(coin::balance<Gold>(@0xA2) == 100, 2);
    }

    public fun test_burn(issuer: &signer, user: &signer) acquires Caps {
        set_up(issuer, user, 100);
        let coin = coin::withdraw<Gold>(user, 40);
        let burn = &borrow_global<Caps<Gold>>(@tests).burn;
        coin::burn(coin, burn);
        assert!(coin::supply<Gold>() == 160 && coin::balance<Gold>(@0xA2) == 60, 1);
        coin::burn_from(@0xA2, 60, burn);
        assert!(coin::supply<Gold>() == 100 && coin::balance<Gold>(@0xA2) == 0, 2);
    }

    public fun test_supply_beyond_64_bits(issuer: &signer, user: &signer) acquires Caps {
        set_up(issuer, user, MAX);
        assert!(coin::supply<Gold>() == 2 * (MAX as u128), 1);
        assert!(coin::balance<Gold>(@0xA2) == MAX, 2);
    }

    public fun test_freeze_and_unfreeze(issuer: &signer, user: &signer) acquires Caps {
        set_up(issuer, user, 100);
        assert!(!coin::is_coin_store_frozen<Gold>(@0xA2), 1);
        freeze_store(@0xA2);
        freeze_store(@0xA2);
        assert!(coin::is_coin_store_frozen<Gold>(@0xA2), 2);
        assert!(!coin::is_coin_store_frozen<Gold>(@tests), 3);
        coin::burn_from(@0xA2, 10, &borrow_global<Caps<Gold>>(@tests).burn);
        // To register again frees nothing.
        coin::register<Gold>(user);
        assert!(coin::is_coin_store_frozen<Gold>(@0xA2), 4);
        coin::unfreeze_coin_store(@0xA2, &borrow_global<Caps<Gold>>(@tests).freeze);
        coin::transfer<Gold>(user, @tests, 90);
        assert!(coin::balance<Gold>(@tests) == 190 && coin::supply<Gold>() == 190, 5);
    }

    public fun test_nobody_is_frozen_without_a_store() {
        assert!(!coin::is_coin_store_frozen<Gold>(@0xA2), 1);
    }

    public fun test_unregister(issuer: &signer, user: &signer) acquires Caps {
        set_up(issuer, user, 0);
        coin::unregister<Gold>(user);
        assert!(!coin::is_account_registered<Gold>(@0xA2), 1);
        coin::register<Gold>(user);
        assert!(coin::balance<Gold>(@0xA2) == 0, 2);
    }

    public fun test_end_of_minting(issuer: &signer, user: &signer) acquires Caps {
        set_up(issuer, user, 3);
        let Caps { burn, freeze, mint } = move_from<Caps<Gold>>(@tests);
        coin::destroy_mint_cap(mint);
        coin::destroy_burn_cap(burn);
        coin::destroy_freeze_cap(freeze);
        coin::transfer<Gold>(user, @tests, 3);
        assert!(coin::supply<Gold>() == 6 && coin::balance<Gold>(@tests) == 6, 1);
    }

    public fun expect_abort_0x50001__initialize_another_account_s_type(
        issuer: &signer, other: &signer
    ) {
        let _ = issuer;
        begin<Gold>(other);
    }

    public fun expect_abort_0x50001__initialize_a_type_of_the_library(issuer: &signer) {
        begin<option::Option<Gold>>(issuer);
    }

    public fun expect_abort_0x10001__initialize_an_integer(issuer: &signer) {
        begin<u64>(issuer);
    }

    public fun expect_abort_0x80002__initialize_twice(issuer: &signer) {
        begin<Gold>(issuer);
        let (burn, freeze, mint) = coin::initialize<Gold>(issuer, utf8(b""), utf8(b""), 0);
        coin::destroy_burn_cap(burn);
        coin::destroy_freeze_cap(freeze);
        coin::destroy_mint_cap(mint);
    }

    public fun expect_abort_0x1000a__name_too_long(issuer: &signer) {
        let (burn, freeze, mint) = coin::initialize<Gold>(issuer, letters(65), letters(16), 0);
        coin::destroy_burn_cap(burn);
        coin::destroy_freeze_cap(freeze);
        coin::destroy_mint_cap(mint);
    }

    public fun expect_abort_0x1000b__symbol_too_long(issuer: &signer) {
        let (burn, freeze, mint) = coin::initialize<Gold>(issuer, letters(64), letters(17), 0);
        coin::destroy_burn_cap(burn);
        coin::destroy_freeze_cap(freeze);
        coin::destroy_mint_cap(mint);
    }

    public fun expect_abort_0x60003__register_for_no_currency(user: &signer) {
        coin::register<Gold>(user);
    }

    public fun expect_abort_0x60003__supply_of_no_currency() {
        coin::supply<Gold>();
    }

    public fun expect_abort_0x60003__name_of_no_currency() {
        coin::name<Gold>();
    }

    public fun expect_abort_0x60003__symbol_of_no_currency() {
        coin::symbol<Gold>();
    }

    public fun expect_abort_0x60003__decimals_of_no_currency() {
        coin::decimals<Gold>();
    }

    public fun expect_abort_0x60004__balance_without_store() {
        coin::balance<Gold>(@0xA2);
    }

    public fun expect_abort_0x60004__transfer_to_unregistered(
        issuer: &signer, user: &signer
    ) acquires Caps {
        set_up(issuer, user, 10);
        coin::transfer<Gold>(user, @0xA3, 1);
    }

    public fun expect_abort_0x60004__transfer_from_unregistered(
        issuer: &signer, user: &signer, third: &signer
    ) acquires Caps {
        set_up(issuer, user, 10);
        coin::transfer<Gold>(third, @0xA2, 0);
    }

    public fun expect_abort_0x60004__deposit_to_unregistered() {
        coin::deposit(@0xA3, coin::zero<Gold>());
    }

    public fun expect_abort_0x60004__burn_from_unregistered(
        issuer: &signer, user: &signer
    ) acquires Caps {
        set_up(issuer, user, 10);
        coin::burn_from(@0xA3, 0, &borrow_global<Caps<Gold>>(@tests).burn);
    }

    public fun expect_abort_0x60004__freeze_unregistered(issuer: &signer, user: &signer) acquires Caps {
        set_up(issuer, user, 10);
        freeze_store(@0xA3);
    }

    public fun expect_abort_0x60004__unfreeze_unregistered(
        issuer: &signer, user: &signer
    ) acquires Caps {
        set_up(issuer, user, 10);
        coin::unfreeze_coin_store(@0xA3, &borrow_global<Caps<Gold>>(@tests).freeze);
    }

    public fun expect_abort_0x60004__unregister_without_store(user: &signer) {
        coin::unregister<Gold>(user);
    }

    public fun expect_abort_0x10005__withdraw_more_than_there_is(
        issuer: &signer, user: &signer
    ) acquires Caps {
        set_up(issuer, user, 10);
        coin::deposit(@tests, coin::withdraw<Gold>(user, 11));
    }

    public fun expect_abort_0x10005__double_spend(issuer: &signer, user: &signer) acquires Caps {
        set_up(issuer, user, 10);
        coin::transfer<Gold>(user, @tests, 10);
        coin::transfer<Gold>(user, @tests, 10);
    }

    public fun expect_abort_0x10005__transfer_to_oneself_of_too_much(
        issuer: &signer, user: &signer
    ) acquires Caps {
        set_up(issuer, user, 10);
        coin::transfer<Gold>(user, @0xA2, 11);
    }

    public fun expect_abort_0x10005__burn_from_of_too_much(
        issuer: &signer, user: &signer
    ) acquires Caps {
        set_up(issuer, user, 10);
        coin::burn_from(@0xA2, 11, &borrow_global<Caps<Gold>>(@tests).burn);
    }

    public fun expect_abort_0x10005__extract_too_much(issuer: &signer, user: &signer) acquires Caps {
        set_up(issuer, user, 10);
        let coin = coin::withdraw<Gold>(user, 10);
        let part = coin::extract(&mut coin, 11);
        coin::merge(&mut coin, part);
        coin::deposit(@tests, coin);
    }

    public fun expect_abort_0x10006__destroy_zero_of_a_value(
        issuer: &signer, user: &signer
    ) acquires Caps {
        set_up(issuer, user, 10);
        coin::destroy_zero(coin::withdraw<Gold>(user, 1));
    }

    public fun expect_abort_0x10006__unregister_with_coins(
        issuer: &signer, user: &signer
    ) acquires Caps {
        set_up(issuer, user, 10);
        coin::unregister<Gold>(user);
    }

    public fun expect_abort_0x50007__withdraw_from_frozen(issuer: &signer, user: &signer) acquires Caps {
        set_up(issuer, user, 10);
        freeze_store(@0xA2);
        coin::deposit(@tests, coin::withdraw<Gold>(user, 1));
    }

    public fun expect_abort_0x50007__transfer_to_frozen(issuer: &signer, user: &signer) acquires Caps {
        set_up(issuer, user, 10);
        freeze_store(@0xA2);
        coin::transfer<Gold>(issuer, @0xA2, 1);
    }

    public fun expect_abort_0x50007__unregister_frozen(issuer: &signer, user: &signer) acquires Caps {
        set_up(issuer, user, 0);
        freeze_store(@0xA2);
        coin::unregister<Gold>(user);
    }

    public fun expect_abort_0x20008__deposit_beyond_64_bits(
        issuer: &signer, user: &signer
    ) acquires Caps {
        set_up(issuer, user, MAX);
        mint_to(@0xA2, 1);
    }

    public fun expect_abort_0x20008__merge_beyond_64_bits(issuer: &signer, user: &signer) acquires Caps {
        set_up(issuer, user, MAX);
        let a = coin::withdraw<Gold>(issuer, MAX);
        coin::merge(&mut a, coin::withdraw<Gold>(user, 1));
        coin::deposit(@tests, a);
    }

    fun letters(n: u64): string::String {
        let s = utf8(b"");
        while (n > 0) {
            string::append_utf8(&mut s, b"x");
            n = n - 1;
        };
        s
    }
}
