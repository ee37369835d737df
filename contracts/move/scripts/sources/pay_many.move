// SPDX-License-Identifier: Apache-2.0

script {
    use std::coin;
    use std::vector;

    // The lists differ in length.
    const ELENGTHS_DIFFER: u64 = 0x10001;

    /// Pays each of `to` the amount at the same place of `amounts`: all of them or none.
    fun pay_many<T>(payer: &signer, to: vector<address>, amounts: vector<u64>) {
        let count = vector::length(&to);
        assert!(count == vector::length(&amounts), ELENGTHS_DIFFER);
        let i = 0;
        while (i < count) {
            coin::transfer<T>(payer, *vector::borrow(&to, i), *vector::borrow(&amounts, i));
            i = i + 1;
        }
    }
}
