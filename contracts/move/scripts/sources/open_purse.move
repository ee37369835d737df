// SPDX-License-Identifier: Apache-2.0

script {
    use std::coin;

    /// Moves `amount` of a currency from one account to another that had no store for it: a
    /// transaction that both sign.
    fun open_purse<T>(giver: &signer, taker: &signer, amount: u64) {
        coin::register<T>(taker);
        let purse = coin::withdraw<T>(giver, amount);
        coin::deposit(std::signer::address_of(taker), purse);
    }
}
