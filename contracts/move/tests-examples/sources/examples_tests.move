// SPDX-License-Identifier: Apache-2.0

/// The example contracts, used and misused.
module examples::examples_tests {
    use std::coin;
    use std::string::utf8;
    use examples::counter;
    use examples::escrow;
    use examples::my_coin::{Self, MyCoin};

    const MAX: u64 = 18446744073709551615;

    // The counter

    public fun test_counter_counts(a: &signer, b: &signer) {
        counter::create(a);
        counter::create(b);
        assert!(counter::get(@examples) == 0, 1);
        counter::increment(a);
        counter::increment(a);
        counter::increment_by(a, 40);
        assert!(counter::get(@examples) == 42 && counter::get(@0xA2) == 0, 2);
    }

    public fun test_counter_can_be_removed(a: &signer) {
        counter::create(a);
        counter::increment(a);
        counter::remove(a);
        counter::create(a);
        assert!(counter::get(@examples) == 0, 1);
    }

    public fun test_counter_reaches_the_end(a: &signer) {
        counter::create(a);
        counter::increment_by(a, MAX);
        counter::increment_by(a, 0);
        assert!(counter::get(@examples) == MAX, 1);
    }

    public fun expect_abort_0x80001__create_a_counter_twice(a: &signer) {
        counter::create(a);
        counter::create(a);
    }

    public fun expect_abort_0x60002__increment_no_counter(a: &signer) {
        counter::increment(a);
    }

    public fun expect_abort_0x60002__get_no_counter() {
        counter::get(@0xA2);
    }

    public fun expect_abort_0x60002__remove_no_counter(a: &signer) {
        counter::remove(a);
    }

    public fun expect_abort_0x20003__count_too_far(a: &signer) {
        counter::create(a);
        counter::increment_by(a, MAX);
        counter::increment(a);
    }

    // The coin

    fun with_coins(issuer: &signer, user: &signer, amount: u64) {
        my_coin::create(issuer);
        coin::register<MyCoin>(issuer);
        coin::register<MyCoin>(user);
        my_coin::mint(issuer, @0xA2, amount);
    }

    public fun test_coin_is_minted_and_moved(issuer: &signer, user: &signer) {
        with_coins(issuer, user, 100);
        assert!(coin::symbol<MyCoin>() == utf8(b"MYC") && coin::decimals<MyCoin>() == 6, 1);
        coin::transfer<MyCoin>(user, @examples, 30);
        assert!(coin::balance<MyCoin>(@examples) == 30 && coin::balance<MyCoin>(@0xA2) == 70, 2);
        my_coin::burn(user, 70);
        assert!(coin::supply<MyCoin>() == 30, 3);
    }

    public fun test_coin_can_be_frozen_and_freed(issuer: &signer, user: &signer) {
        with_coins(issuer, user, 100);
        my_coin::set_frozen(issuer, @0xA2, true);
        assert!(coin::is_coin_store_frozen<MyCoin>(@0xA2), 1);
        my_coin::set_frozen(issuer, @0xA2, false);
        coin::transfer<MyCoin>(user, @examples, 100);
    }

    public fun expect_abort_0x50001__mint_by_another(issuer: &signer, user: &signer) {
        with_coins(issuer, user, 100);
        my_coin::mint(user, @0xA2, 1);
    }

    public fun expect_abort_0x50001__create_by_another(issuer: &signer, user: &signer) {
        let _ = issuer;
        my_coin::create(user);
    }

    public fun expect_abort_0x50001__freeze_by_another(issuer: &signer, user: &signer) {
        with_coins(issuer, user, 100);
        my_coin::set_frozen(user, @examples, true);
    }

    public fun expect_abort_0x50001__end_minting_by_another(issuer: &signer, user: &signer) {
        with_coins(issuer, user, 100);
        my_coin::end_minting(user);
    }

    public fun expect_abort_0x60002__mint_after_the_end(issuer: &signer, user: &signer) {
        with_coins(issuer, user, 100);
        my_coin::end_minting(issuer);
        my_coin::mint(issuer, @0xA2, 1);
    }

    public fun expect_abort_0x60002__mint_before_the_beginning(issuer: &signer) {
        my_coin::mint(issuer, @examples, 1);
    }

    public fun expect_abort_0x10005__coin_double_spend(issuer: &signer, user: &signer) {
        with_coins(issuer, user, 100);
        coin::transfer<MyCoin>(user, @examples, 60);
        coin::transfer<MyCoin>(user, @examples, 60);
    }

    public fun expect_abort_0x10005__burn_more_than_one_has(issuer: &signer, user: &signer) {
        with_coins(issuer, user, 100);
        my_coin::burn(user, 101);
    }

    public fun expect_abort_0x50007__frozen_coins_do_not_move(issuer: &signer, user: &signer) {
        with_coins(issuer, user, 100);
        my_coin::set_frozen(issuer, @0xA2, true);
        coin::transfer<MyCoin>(user, @examples, 1);
    }

    // The escrow: the user buys, the issuer sells

    public fun test_escrow_is_released(seller: &signer, buyer: &signer) {
        with_coins(seller, buyer, 100);
        escrow::open<MyCoin>(buyer, @examples, 40);
        escrow::open<MyCoin>(buyer, @examples, 50);
        assert!(coin::balance<MyCoin>(@0xA2) == 10 && coin::balance<MyCoin>(@examples) == 0, 1);
        assert!(escrow::locked<MyCoin>(@0xA2, 0) == 40 && escrow::locked<MyCoin>(@0xA2, 1) == 50, 2);
        escrow::release<MyCoin>(buyer, 1);
        assert!(coin::balance<MyCoin>(@examples) == 50, 3);
        assert!(escrow::is_open<MyCoin>(@0xA2, 0) && !escrow::is_open<MyCoin>(@0xA2, 1), 4);
        escrow::release<MyCoin>(buyer, 0);
        assert!(coin::balance<MyCoin>(@examples) == 90 && coin::supply<MyCoin>() == 100, 5);
    }

    public fun test_escrow_is_refunded(seller: &signer, buyer: &signer) {
        with_coins(seller, buyer, 100);
        escrow::open<MyCoin>(buyer, @examples, 40);
        escrow::refund<MyCoin>(seller, @0xA2, 0);
        assert!(coin::balance<MyCoin>(@0xA2) == 100 && !escrow::is_open<MyCoin>(@0xA2, 0), 1);
        // A number is not used again.
        escrow::open<MyCoin>(buyer, @examples, 1);
        assert!(!escrow::is_open<MyCoin>(@0xA2, 0) && escrow::is_open<MyCoin>(@0xA2, 1), 2);
    }

    public fun test_no_deal_holds_nothing() {
        assert!(escrow::locked<MyCoin>(@0xA2, 0) == 0 && !escrow::is_open<MyCoin>(@0xA2, 0), 1);
    }

    public fun expect_abort_0x60001__release_twice(seller: &signer, buyer: &signer) {
        with_coins(seller, buyer, 100);
        escrow::open<MyCoin>(buyer, @examples, 40);
        escrow::release<MyCoin>(buyer, 0);
        escrow::release<MyCoin>(buyer, 0);
    }

    public fun expect_abort_0x60001__refund_after_release(seller: &signer, buyer: &signer) {
        with_coins(seller, buyer, 100);
        escrow::open<MyCoin>(buyer, @examples, 40);
        escrow::release<MyCoin>(buyer, 0);
        escrow::refund<MyCoin>(seller, @0xA2, 0);
    }

    public fun expect_abort_0x60001__release_by_the_seller(seller: &signer, buyer: &signer) {
        with_coins(seller, buyer, 100);
        escrow::open<MyCoin>(buyer, @examples, 40);
        escrow::release<MyCoin>(seller, 0);
    }

    public fun expect_abort_0x50002__refund_by_the_buyer(seller: &signer, buyer: &signer) {
        with_coins(seller, buyer, 100);
        escrow::open<MyCoin>(buyer, @examples, 40);
        escrow::refund<MyCoin>(buyer, @0xA2, 0);
    }

    public fun expect_abort_0x50002__refund_by_a_third(
        seller: &signer, buyer: &signer, third: &signer
    ) {
        with_coins(seller, buyer, 100);
        escrow::open<MyCoin>(buyer, @examples, 40);
        escrow::refund<MyCoin>(third, @0xA2, 0);
    }

    public fun expect_abort_0x10003__deal_over_nothing(seller: &signer, buyer: &signer) {
        with_coins(seller, buyer, 100);
        escrow::open<MyCoin>(buyer, @examples, 0);
    }

    public fun expect_abort_0x10004__deal_with_oneself(seller: &signer, buyer: &signer) {
        with_coins(seller, buyer, 100);
        escrow::open<MyCoin>(buyer, @0xA2, 1);
    }

    public fun expect_abort_0x10005__deal_beyond_one_s_means(seller: &signer, buyer: &signer) {
        with_coins(seller, buyer, 100);
        escrow::open<MyCoin>(buyer, @examples, 60);
        escrow::open<MyCoin>(buyer, @examples, 60);
    }
}
