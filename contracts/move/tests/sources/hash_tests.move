// SPDX-License-Identifier: Apache-2.0

module tests::hash_tests {
    use std::hash;
    use std::vector;

    public fun test_sha2_256_of_texts() {
        assert!(
            hash::sha2_256(b"")
                == x"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            1
        );
        assert!(
            hash::sha2_256(b"abc")
                == x"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            2
        );
        assert!(
            hash::sha2_256(b"The quick brown fox jumps over the lazy dog")
                == x"d7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592",
            3
        );
    }

    // Around the borders of padding and of blocks.
    public fun test_sha2_256_of_zeros() {
        assert!(
            hash::sha2_256(zeros(1))
                == x"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            1
        );
        assert!(
            hash::sha2_256(zeros(55))
                == x"02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7",
            2
        );
        assert!(
            hash::sha2_256(zeros(56))
                == x"d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb",
            3
        );
        assert!(
            hash::sha2_256(zeros(63))
                == x"c7723fa1e0127975e49e62e753db53924c1bd84b8ac1ac08df78d09270f3d971",
            4
        );
        assert!(
            hash::sha2_256(zeros(64))
                == x"f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b",
            5
        );
        assert!(
            hash::sha2_256(zeros(65))
                == x"98ce42deef51d40269d542f5314bef2c7468d401ad5d85168bfab4c0108f75f7",
            6
        );
        assert!(
            hash::sha2_256(zeros(135))
                == x"41a9a42d8072d429502781344a47e9c041ccfcd5455d014064c9227ae54e0187",
            7
        );
        assert!(
            hash::sha2_256(zeros(136))
                == x"b707241545a346265aab1ffb32ff64b55bf8f8dc1b56a46ef33ce3d15db11d33",
            8
        );
        assert!(
            hash::sha2_256(zeros(137))
                == x"4a93894f08d98d707cd9a0274f4c9a51bcfa27e701359e12befcc78ffb488817",
            9
        );
        assert!(
            hash::sha2_256(zeros(200))
                == x"6d9c54dee5660c46886f32d80e57e9dd0ffa57ee0cd2a762b036d9c8e0c3a33a",
            10
        );
    }

    public fun test_sha3_256_of_texts() {
        assert!(
            hash::sha3_256(b"")
                == x"a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
            1
        );
        assert!(
            hash::sha3_256(b"abc")
                == x"3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
            2
        );
        assert!(
            hash::sha3_256(b"The quick brown fox jumps over the lazy dog")
                == x"69070dda01975c8c120c3aada1b282394e7f032fa9cf32f4cb2259a0897dfc04",
            3
        );
    }

    // Around the borders of padding and of blocks.
    public fun test_sha3_256_of_zeros() {
        assert!(
            hash::sha3_256(zeros(1))
                == x"5d53469f20fef4f8eab52b88044ede69c77a6a68a60728609fc4a65ff531e7d0",
            1
        );
        assert!(
            hash::sha3_256(zeros(55))
                == x"2f113669686f149ef5d9a7024631eb12134d6ec36306a22291b485f2fec59d2c",
            2
        );
        assert!(
            hash::sha3_256(zeros(56))
                == x"37d87925f453b19faae61935631462157c0168e14f0f819ec032e4b8b5eb2322",
            3
        );
        assert!(
            hash::sha3_256(zeros(63))
                == x"4a1da33a313229e6925a30300eb358815b384237c701ddfd817f535053361468",
            4
        );
        assert!(
            hash::sha3_256(zeros(64))
                == x"070fa1ab6fcc557ed14d42941f1967693048551eb9042a8d0a057afbd75e81e0",
            5
        );
        assert!(
            hash::sha3_256(zeros(65))
                == x"416aa7b5c0e0653066a7c64dbdd0009dbe84386151fe039fd942faa2db6172eb",
            6
        );
        assert!(
            hash::sha3_256(zeros(135))
                == x"7d080d7ba978a75c8a7d1f9be566c859084509c9c2b4928435c225d5777d98e3",
            7
        );
        assert!(
            hash::sha3_256(zeros(136))
                == x"e772c9cf9eb9c991cdfcf125001b454fdbc0a95f188d1b4c844aa032ad6e075e",
            8
        );
        assert!(
            hash::sha3_256(zeros(137))
                == x"9ed57188470a83b758cd71c00c6cc3beb984b36a6c35864b4e53017b24cf5699",
            9
        );
        assert!(
            hash::sha3_256(zeros(200))
                == x"2b43036c229ba512995f91fdb46fcd5327a4dc834d86d6e0f58a08053346dc2e",
            10
        );
    }

    fun zeros(n: u64): vector<u8> {
        let v = vector[];
        while (n > 0) {
            vector::push_back(&mut v, 0);
            n = n - 1;
        };
        v
    }
}
