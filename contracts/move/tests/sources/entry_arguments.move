// SPDX-License-Identifier: Apache-2.0

/// Entry functions with arguments of every type that a transaction can give. Each stores what it
/// got, or a digest of it, so that a test of the door can read it back with `seen`.
module tests::entry_arguments {
    use std::bcs;
    use std::option::Option;
    use std::signer;
    use std::string::String;
    use std::type_name;
    use std::vector;

    struct Seen has key { bytes: vector<u8> }

    fun store(s: &signer, bytes: vector<u8>) acquires Seen {
        let a = signer::address_of(s);
        if (exists<Seen>(a)) borrow_global_mut<Seen>(a).bytes = bytes
        else move_to(s, Seen { bytes })
    }

    #[view]
    /// BCS of the arguments of the last call, one after the other.
    public fun seen(a: address): vector<u8> acquires Seen {
        borrow_global<Seen>(a).bytes
    }

    public entry fun nothing() {}

    public entry fun no_signer(_n: u64) {}

    public entry fun integers(
        s: &signer, a: u8, b: u16, c: u32, d: u64, e: u128, f: u256
    ) acquires Seen {
        let bytes = bcs::to_bytes(&a);
        vector::append(&mut bytes, bcs::to_bytes(&b));
        vector::append(&mut bytes, bcs::to_bytes(&c));
        vector::append(&mut bytes, bcs::to_bytes(&d));
        vector::append(&mut bytes, bcs::to_bytes(&e));
        vector::append(&mut bytes, bcs::to_bytes(&f));
        store(s, bytes)
    }

    public entry fun simple(s: &signer, b: bool, a: address) acquires Seen {
        let bytes = bcs::to_bytes(&b);
        vector::append(&mut bytes, bcs::to_bytes(&a));
        store(s, bytes)
    }

    public entry fun vectors(
        s: &signer, a: vector<u8>, b: vector<u64>, c: vector<vector<bool>>, d: vector<address>
    ) acquires Seen {
        let bytes = bcs::to_bytes(&a);
        vector::append(&mut bytes, bcs::to_bytes(&b));
        vector::append(&mut bytes, bcs::to_bytes(&c));
        vector::append(&mut bytes, bcs::to_bytes(&d));
        store(s, bytes)
    }

    public entry fun texts(s: &signer, a: String, b: vector<String>) acquires Seen {
        let bytes = bcs::to_bytes(&a);
        vector::append(&mut bytes, bcs::to_bytes(&b));
        store(s, bytes)
    }

    public entry fun options(s: &signer, a: Option<u64>, b: Option<String>) acquires Seen {
        let bytes = bcs::to_bytes(&a);
        vector::append(&mut bytes, bcs::to_bytes(&b));
        store(s, bytes)
    }

    public entry fun generic<A, B>(s: &signer) acquires Seen {
        let name = type_name::get<A>();
        name.append(type_name::get<B>());
        store(s, name.into_bytes())
    }

    public entry fun generic_value<T: copy + drop>(s: &signer, value: vector<T>) acquires Seen {
        store(s, bcs::to_bytes(&value))
    }

    public entry fun two_signers(a: &signer, b: &signer) acquires Seen {
        let bytes = bcs::to_bytes(&signer::address_of(a));
        vector::append(&mut bytes, bcs::to_bytes(&signer::address_of(b)));
        store(a, bytes)
    }

    /// Not public: a transaction may call it, another module may not.
    entry fun private_entry(s: &signer, n: u64) acquires Seen {
        store(s, bcs::to_bytes(&n))
    }

    public entry fun aborting(_s: &signer, code: u64) {
        abort code
    }

    public fun test_called_from_move(s: &signer, t: &signer) acquires Seen {
        integers(s, 1, 2, 3, 4, 5, 6);
        assert!(seen(@tests).length() == 1 + 2 + 4 + 8 + 16 + 32, 1);
        simple(s, true, @0x2);
        assert!(seen(@tests)[0] == 1 && seen(@tests)[32] == 2, 2);
        vectors(s, b"ab", vector[1], vector[vector[true], vector[]], vector[]);
        assert!(seen(@tests) == x"0261620101000000000000000201010000", 3);
        generic<u8, vector<bool>>(s);
        assert!(seen(@tests) == b"u8vector<bool>", 4);
        generic_value(s, vector[1u16, 2]);
        assert!(seen(@tests) == x"0201000200", 5);
        two_signers(s, t);
        assert!(seen(@tests).length() == 64 && seen(@tests)[63] == 0xA2, 6);
        private_entry(s, 1);
        assert!(seen(@tests) == x"0100000000000000", 7);
        nothing();
        no_signer(1);
    }

    public fun expect_abort_0x2c__aborting(s: &signer) {
        aborting(s, 44)
    }
}
