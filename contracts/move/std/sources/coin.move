// SPDX-License-Identifier: Apache-2.0

/// Fungible tokens: one currency for each type `T`, issued from the account that publishes `T`'s
/// module.
///
/// What this module promises, whatever other modules do:
///
/// 1. The values of all `Coin<T>` add up to `supply<T>()`. Coins come only from `mint` and go only
///    in a burn; nothing copies or drops them.
/// 2. Nobody mints, burns or freezes without the capability, of which there is one each, made once.
///    It cannot be copied: a capability that is destroyed ends what it allowed for ever.
/// 3. What leaves a store leaves it with its owner's signature or by the burn capability.
/// 4. A frozen store neither gives nor takes, and cannot be unregistered to be had anew. Its coins
///    can be burnt.
///
/// Amounts count the smallest unit. An amount of zero is like any other.
module std::coin {
    use std::error;
    use std::event;
    use std::signer;
    use std::string::{Self, String};
    use std::type_name;

    /// Only the account that publishes the type's module issues it.
    const ENOT_ISSUER: u64 = 1;
    /// The currency exists already.
    const EALREADY_INITIALIZED: u64 = 2;
    /// The currency does not exist.
    const ENOT_INITIALIZED: u64 = 3;
    /// The account has no store for the currency.
    const ENOT_REGISTERED: u64 = 4;
    /// There are fewer coins than asked for.
    const EINSUFFICIENT_BALANCE: u64 = 5;
    /// A coin that must be empty has a value.
    const ENOT_ZERO: u64 = 6;
    /// The store is frozen.
    const EFROZEN: u64 = 7;
    /// The sum does not fit in 64 bits.
    const EAMOUNT_OVERFLOW: u64 = 8;
    /// The supply does not fit in 128 bits.
    const ESUPPLY_OVERFLOW: u64 = 9;
    /// The name is longer than `MAX_NAME_LENGTH`.
    const ENAME_TOO_LONG: u64 = 10;
    /// The symbol is longer than `MAX_SYMBOL_LENGTH`.
    const ESYMBOL_TOO_LONG: u64 = 11;

    const MAX_U64: u64 = 0xFFFF_FFFF_FFFF_FFFF;
    const MAX_U128: u128 = 0xFFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF;
    /// In bytes.
    const MAX_NAME_LENGTH: u64 = 64;
    /// In bytes.
    const MAX_SYMBOL_LENGTH: u64 = 16;

    /// Money: an amount that can be moved, joined and divided.
    struct Coin<phantom T> has store {
        value: u64
    }

    /// An account's holding.
    struct CoinStore<phantom T> has key {
        coin: Coin<T>,
        frozen: bool
    }

    /// The currency, in the issuer's account.
    struct CoinInfo<phantom T> has key {
        name: String,
        symbol: String,
        decimals: u8,
        supply: u128
    }

    /// The right to mint.
    struct MintCapability<phantom T> has store {}

    /// The right to burn, also out of a store of anyone's.
    struct BurnCapability<phantom T> has store {}

    /// The right to freeze stores and to free them.
    struct FreezeCapability<phantom T> has store {}

    #[event]
    /// A currency began.
    struct Initialize<phantom T> has drop, store {
        name: String,
        symbol: String,
        decimals: u8
    }

    #[event]
    /// Coins were made.
    struct Mint<phantom T> has drop, store {
        amount: u64,
        supply: u128
    }

    #[event]
    /// Coins were destroyed.
    struct Burn<phantom T> has drop, store {
        amount: u64,
        supply: u128
    }

    #[event]
    /// Coins came into a store.
    struct Deposit<phantom T> has drop, store {
        account: address,
        amount: u64
    }

    #[event]
    /// Coins left a store.
    struct Withdraw<phantom T> has drop, store {
        account: address,
        amount: u64
    }

    #[event]
    /// A store was frozen or freed.
    struct Freeze<phantom T> has drop, store {
        account: address,
        frozen: bool
    }

    // The issuer's

    /// Begins the currency `T`, with nothing in it. One token is `10^decimals` of the smallest
    /// unit.
    ///
    /// Aborts with `permission_denied(1)` unless `account` publishes `T`'s module,
    /// `already_exists(2)` if it was begun, `invalid_argument(10)` or `(11)` for a name or a symbol
    /// that is too long.
    public fun initialize<T>(
        account: &signer, name: String, symbol: String, decimals: u8
    ): (BurnCapability<T>, FreezeCapability<T>, MintCapability<T>) {
        let issuer = signer::address_of(account);
        assert!(issuer == coin_address<T>(), error::permission_denied(ENOT_ISSUER));
        assert!(!exists<CoinInfo<T>>(issuer), error::already_exists(EALREADY_INITIALIZED));
        assert!(string::length(&name) <= MAX_NAME_LENGTH, error::invalid_argument(ENAME_TOO_LONG));
        assert!(
            string::length(&symbol) <= MAX_SYMBOL_LENGTH, error::invalid_argument(ESYMBOL_TOO_LONG)
        );
        move_to(account, CoinInfo<T> { name, symbol, decimals, supply: 0 });
        event::emit(Initialize<T> { name, symbol, decimals });
        (BurnCapability<T> {}, FreezeCapability<T> {}, MintCapability<T> {})
    }

    /// Makes coins. Aborts with `out_of_range(9)` if the supply would not fit in 128 bits.
    public fun mint<T>(amount: u64, _cap: &MintCapability<T>): Coin<T> acquires CoinInfo {
        let info = borrow_global_mut<CoinInfo<T>>(coin_address<T>());
        assert!(
            info.supply <= MAX_U128 - (amount as u128), error::out_of_range(ESUPPLY_OVERFLOW)
        );
        info.supply = info.supply + (amount as u128);
        event::emit(Mint<T> { amount, supply: info.supply });
        Coin { value: amount }
    }

    /// Destroys coins.
    public fun burn<T>(coin: Coin<T>, _cap: &BurnCapability<T>) acquires CoinInfo {
        let Coin { value: amount } = coin;
        let info = borrow_global_mut<CoinInfo<T>>(coin_address<T>());
        // No underflow: the coin is part of the supply.
        info.supply = info.supply - (amount as u128);
        event::emit(Burn<T> { amount, supply: info.supply });
    }

    /// Destroys coins in an account's store, frozen or not.
    ///
    /// Aborts with `not_found(4)` if there is no store, `invalid_argument(5)` if it holds less.
    public fun burn_from<T>(
        account: address, amount: u64, burn_cap: &BurnCapability<T>
    ) acquires CoinInfo, CoinStore {
        let coin = take(account, amount);
        burn(coin, burn_cap)
    }

    /// Freezes an account's store. Aborts with `not_found(4)` if there is none.
    public fun freeze_coin_store<T>(account: address, _cap: &FreezeCapability<T>) acquires CoinStore {
        set_frozen<T>(account, true)
    }

    /// Frees an account's store. Aborts with `not_found(4)` if there is none.
    public fun unfreeze_coin_store<T>(
        account: address, _cap: &FreezeCapability<T>
    ) acquires CoinStore {
        set_frozen<T>(account, false)
    }

    /// Ends minting for ever.
    public fun destroy_mint_cap<T>(cap: MintCapability<T>) {
        let MintCapability<T> {} = cap;
    }

    /// Ends burning for ever.
    public fun destroy_burn_cap<T>(cap: BurnCapability<T>) {
        let BurnCapability<T> {} = cap;
    }

    /// Ends freezing for ever; what is frozen stays so.
    public fun destroy_freeze_cap<T>(cap: FreezeCapability<T>) {
        let FreezeCapability<T> {} = cap;
    }

    // The holder's

    /// Gives the account a store, which it needs to receive. Does nothing if it has one.
    ///
    /// Aborts with `not_found(3)` if the currency does not exist.
    public entry fun register<T>(account: &signer) {
        assert!(is_coin_initialized<T>(), error::not_found(ENOT_INITIALIZED));
        if (!is_account_registered<T>(signer::address_of(account))) {
            move_to(account, CoinStore<T> { coin: zero(), frozen: false });
        }
    }

    /// Removes the account's store, which must be empty and not frozen; its storage deposit is
    /// freed.
    ///
    /// Aborts with `not_found(4)`, `permission_denied(7)` if it is frozen, `invalid_argument(6)` if
    /// it is not empty.
    public entry fun unregister<T>(account: &signer) acquires CoinStore {
        let addr = signer::address_of(account);
        assert!(exists<CoinStore<T>>(addr), error::not_found(ENOT_REGISTERED));
        let CoinStore { coin, frozen } = move_from<CoinStore<T>>(addr);
        assert!(!frozen, error::permission_denied(EFROZEN));
        destroy_zero(coin)
    }

    /// Takes coins out of the signer's store.
    ///
    /// Aborts with `not_found(4)` if there is no store, `permission_denied(7)` if it is frozen,
    /// `invalid_argument(5)` if it holds less.
    public fun withdraw<T>(account: &signer, amount: u64): Coin<T> acquires CoinStore {
        let addr = signer::address_of(account);
        assert!(!is_coin_store_frozen<T>(addr), error::permission_denied(EFROZEN));
        take(addr, amount)
    }

    /// Puts coins into an account's store.
    ///
    /// Aborts with `not_found(4)` if there is no store, `permission_denied(7)` if it is frozen,
    /// `out_of_range(8)` if the sum does not fit.
    public fun deposit<T>(account: address, coin: Coin<T>) acquires CoinStore {
        assert!(exists<CoinStore<T>>(account), error::not_found(ENOT_REGISTERED));
        let store = borrow_global_mut<CoinStore<T>>(account);
        assert!(!store.frozen, error::permission_denied(EFROZEN));
        event::emit(Deposit<T> { account, amount: coin.value });
        merge(&mut store.coin, coin)
    }

    /// Moves coins from the signer's store to another. To oneself it changes nothing, and needs the
    /// coins as well.
    ///
    /// Aborts as `withdraw` and `deposit` do.
    public entry fun transfer<T>(from: &signer, to: address, amount: u64) acquires CoinStore {
        let coin = withdraw<T>(from, amount);
        deposit(to, coin)
    }

    // Coins in hand

    /// The amount.
    public fun value<T>(coin: &Coin<T>): u64 {
        coin.value
    }

    /// A coin of no value.
    public fun zero<T>(): Coin<T> {
        Coin { value: 0 }
    }

    /// Destroys a coin of no value. Aborts with `invalid_argument(6)` if it has one.
    public fun destroy_zero<T>(zero_coin: Coin<T>) {
        let Coin { value } = zero_coin;
        assert!(value == 0, error::invalid_argument(ENOT_ZERO));
    }

    /// Takes part of a coin. Aborts with `invalid_argument(5)` if it is worth less.
    public fun extract<T>(coin: &mut Coin<T>, amount: u64): Coin<T> {
        assert!(coin.value >= amount, error::invalid_argument(EINSUFFICIENT_BALANCE));
        coin.value = coin.value - amount;
        Coin { value: amount }
    }

    /// Takes all of a coin.
    public fun extract_all<T>(coin: &mut Coin<T>): Coin<T> {
        let amount = coin.value;
        extract(coin, amount)
    }

    /// Adds a coin to another. Aborts with `out_of_range(8)` if the sum does not fit.
    public fun merge<T>(dst_coin: &mut Coin<T>, source_coin: Coin<T>) {
        let Coin { value } = source_coin;
        assert!(dst_coin.value <= MAX_U64 - value, error::out_of_range(EAMOUNT_OVERFLOW));
        dst_coin.value = dst_coin.value + value;
    }

    // Views

    #[view]
    /// The account that issues the currency: that of the type's module.
    public fun coin_address<T>(): address {
        type_name::address_of<T>()
    }

    #[view]
    /// What the account holds. Aborts with `not_found(4)` if it has no store.
    public fun balance<T>(owner: address): u64 acquires CoinStore {
        assert!(exists<CoinStore<T>>(owner), error::not_found(ENOT_REGISTERED));
        borrow_global<CoinStore<T>>(owner).coin.value
    }

    #[view]
    /// Whether the account has a store.
    public fun is_account_registered<T>(account: address): bool {
        exists<CoinStore<T>>(account)
    }

    #[view]
    /// Whether the account has a store that is frozen.
    public fun is_coin_store_frozen<T>(account: address): bool acquires CoinStore {
        exists<CoinStore<T>>(account) && borrow_global<CoinStore<T>>(account).frozen
    }

    #[view]
    /// Whether the currency exists.
    public fun is_coin_initialized<T>(): bool {
        exists<CoinInfo<T>>(coin_address<T>())
    }

    #[view]
    /// The value of all coins. Aborts with `not_found(3)` if the currency does not exist, like
    /// those below.
    public fun supply<T>(): u128 acquires CoinInfo {
        borrow_global<CoinInfo<T>>(initialized<T>()).supply
    }

    #[view]
    /// The currency's name.
    public fun name<T>(): String acquires CoinInfo {
        borrow_global<CoinInfo<T>>(initialized<T>()).name
    }

    #[view]
    /// The currency's ticker.
    public fun symbol<T>(): String acquires CoinInfo {
        borrow_global<CoinInfo<T>>(initialized<T>()).symbol
    }

    #[view]
    /// One token is `10^decimals` of the smallest unit.
    public fun decimals<T>(): u8 acquires CoinInfo {
        borrow_global<CoinInfo<T>>(initialized<T>()).decimals
    }

    /// The issuer of a currency that exists.
    fun initialized<T>(): address {
        let issuer = coin_address<T>();
        assert!(exists<CoinInfo<T>>(issuer), error::not_found(ENOT_INITIALIZED));
        issuer
    }

    /// Takes coins out of a store, whoever asks: callers have checked that they may.
    fun take<T>(account: address, amount: u64): Coin<T> acquires CoinStore {
        assert!(exists<CoinStore<T>>(account), error::not_found(ENOT_REGISTERED));
        let store = borrow_global_mut<CoinStore<T>>(account);
        let coin = extract(&mut store.coin, amount);
        event::emit(Withdraw<T> { account, amount });
        coin
    }

    fun set_frozen<T>(account: address, frozen: bool) acquires CoinStore {
        assert!(exists<CoinStore<T>>(account), error::not_found(ENOT_REGISTERED));
        borrow_global_mut<CoinStore<T>>(account).frozen = frozen;
        event::emit(Freeze<T> { account, frozen });
    }
}
