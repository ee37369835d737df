//! Inputs that take precompiled contracts long.

use pallet_evm::revm::primitives::{hex, U256};
use polkadot_sdk::sp_io::hashing::sha2_256;

/// What a precompiled contract is called with.
#[derive(Clone, Debug)]
pub struct PrecompileInput {
	/// What it is.
	pub name: String,
	/// The contract's number.
	pub address: u16,
	/// The input.
	pub bytes: Vec<u8>,
}

fn input(name: impl Into<String>, address: u16, bytes: Vec<u8>) -> PrecompileInput {
	PrecompileInput {
		name: name.into(),
		address,
		bytes,
	}
}

fn bytes(digits: &str) -> Vec<u8> {
	hex::decode(digits).expect("pairs of digits")
}

fn word(number: u64) -> Vec<u8> {
	U256::from(number).to_be_bytes::<32>().to_vec()
}

/// The generator of BN254's G1, and that of G2 as
/// [EIP-197](https://eips.ethereum.org/EIPS/eip-197) writes it.
fn bn254_generators() -> (Vec<u8>, Vec<u8>) {
	let g2 = "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2\
		1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed\
		090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b\
		12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa";
	([word(1), word(2)].concat(), bytes(g2))
}

/// The generators of BLS12-381, as [EIP-2537](https://eips.ethereum.org/EIPS/eip-2537) writes them.
fn bls_generators() -> (Vec<u8>, Vec<u8>) {
	let field = |digits: &str| [vec![0; 16], bytes(digits)].concat();
	let g1 = [
		"17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac58\
		6c55e83ff97a1aeffb3af00adb22c6bb",
		"08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3ed\
		d03cc744a2888ae40caa232946c5e7e1",
	];
	let g2 = [
		"024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d177\
		0bac0326a805bbefd48056c8c121bdb8",
		"13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049\
		334cf11213945d57e5ac7d055d042b7e",
		"0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c\
		923ac9cc3baca289e193548608b82801",
		"0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab\
		3f370d275cec1da1aaa9075ff05f79be",
	];
	(g1.map(field).concat(), g2.map(field).concat())
}

/// A proof of [EIP-4844](https://eips.ethereum.org/EIPS/eip-4844) that holds, from its test vectors
/// (`verify_kzg_proof_case_correct_proof_4_4`).
fn kzg() -> Vec<u8> {
	let commitment = bytes(
		"8f59a8d2a1a625a17f3fea0fe5eb8c896db3764f3185481bc22f91b4aaffcca2\
		5f26936857bc3a7c2539ea8ec3a952b7",
	);
	let mut versioned_hash = sha2_256(&commitment).to_vec();
	versioned_hash[0] = 1;
	let point = bytes("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000000");
	let value = bytes("1522a4a7f34e1ea350ae07c29c96c7e79655aa926122e95fe69fcbd932ca49e9");
	let proof = bytes(
		"a62ad71d14c5719385c0686f1871430475bf3a00f0aa3f7b8dd99a9abc216074\
		4faf0070725e00b60ad9a026a15b1a8c",
	);
	[versioned_hash, point, value, commitment, proof].concat()
}

/// A signature of [RFC 6979](https://www.rfc-editor.org/rfc/rfc6979#appendix-A.2.5), of "sample"
/// with SHA-256: hash, r, s, and the key.
fn p256() -> Vec<u8> {
	bytes(
		"af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf\
		efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
		f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8\
		60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
		7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
	)
}

/// A signature on secp256k1 from which a key can be recovered: its nonce was 1.
fn ecrecover() -> Vec<u8> {
	let r = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
	let s = "7edcba98765432107edcba98765432117edcba98765432127edcba9876543213";
	// Another number than `s`, or the key would be the point at infinity.
	let hash = "5a".repeat(32);
	[bytes(&hash), word(27), bytes(r), bytes(s)].concat()
}

/// Numbers of these lengths, all ones but for the modulus' last byte.
fn modexp(
	base_len: usize,
	exponent_len: usize,
	modulus_len: usize,
	modulus_end: u8,
) -> PrecompileInput {
	let mut bytes = [base_len, exponent_len, modulus_len]
		.map(|len| word(len as u64))
		.concat();
	bytes.extend(vec![0xFF; base_len + exponent_len + modulus_len]);
	if let Some(last) = bytes.last_mut() {
		*last = modulus_end;
	}
	let parity = ["even", "odd"][usize::from(modulus_end & 1)];
	let name = format!("modexp-{base_len}-{exponent_len}-{modulus_len}-{parity}");
	input(name, 5, bytes)
}

/// `count` times the same bytes.
fn repeated(count: usize, bytes: &[&[u8]]) -> Vec<u8> {
	bytes.concat().repeat(count)
}

/// All inputs.
pub fn inputs() -> Vec<PrecompileInput> {
	let scalar: &[u8] = &[0xFD; 32];
	let (bn_g1, bn_g2) = bn254_generators();
	let (g1, g2) = bls_generators();
	let mut inputs = vec![
		input("ecrecover", 1, ecrecover()),
		input("sha256-0", 2, vec![]),
		input("sha256-8k", 2, vec![0xA5; 8_192]),
		input("ripemd160-0", 3, vec![]),
		input("ripemd160-8k", 3, vec![0xA5; 8_192]),
		input("identity-0", 4, vec![]),
		input("identity-8k", 4, vec![0xA5; 8_192]),
		input("bn254-add", 6, bn_g1.repeat(2)),
		input("bn254-mul", 7, [&bn_g1[..], &[0xFF; 32]].concat()),
		input("kzg-point-evaluation", 0x0A, kzg()),
		input("bls-g1-add", 0x0B, g1.repeat(2)),
		input("bls-g2-add", 0x0D, g2.repeat(2)),
		input("bls-map-g1", 0x10, g1[..64].to_vec()),
		input("bls-map-g2", 0x11, g2[..128].to_vec()),
		input("p256", 0x100, p256()),
	];
	for rounds in [0u32, 1, 12, 100_000] {
		let mut bytes = vec![0x5A; 213];
		bytes[..4].copy_from_slice(&rounds.to_be_bytes());
		bytes[212] = 1;
		inputs.push(input(format!("blake2f-{rounds}"), 9, bytes));
	}
	for pairs in [1, 2, 4, 16] {
		let bn = repeated(pairs, &[&bn_g1, &bn_g2]);
		inputs.push(input(format!("bn254-pairing-{pairs}"), 8, bn));
		let bls = repeated(pairs, &[&g1, &g2]);
		inputs.push(input(format!("bls-pairing-{pairs}"), 0x0F, bls));
	}
	for terms in [1, 2, 16, 64] {
		let in_g1 = repeated(terms, &[&g1, scalar]);
		inputs.push(input(format!("bls-g1-msm-{terms}"), 0x0C, in_g1));
		let in_g2 = repeated(terms, &[&g2, scalar]);
		inputs.push(input(format!("bls-g2-msm-{terms}"), 0x0E, in_g2));
	}
	for (base, exponent, modulus) in [
		(0, 0, 1),
		(1, 1, 1),
		(32, 1, 32),
		(32, 32, 32),
		(8, 81, 8),
		(32, 1024, 32),
		(64, 64, 64),
		(200, 1, 200),
		(256, 3, 256),
		(512, 64, 512),
		(1024, 1, 1024),
		(1024, 32, 8),
	] {
		for end in [0xFF, 0xFE] {
			inputs.push(modexp(base, exponent, modulus, end));
		}
	}
	inputs
}

#[cfg(test)]
mod tests {
	use super::*;
	use revm::{precompile::Precompiles, primitives::Address};

	#[test]
	fn contracts_take_their_inputs() {
		let contracts = Precompiles::osaka();
		for input in inputs() {
			let address = Address::left_padding_from(&input.address.to_be_bytes());
			let contract = contracts.get(&address).expect("there is a contract");
			let output = contract.execute(&input.bytes, u64::MAX >> 1, 0);
			let output = output.unwrap_or_else(|error| panic!("{}: {error:?}", input.name));
			assert!(output.is_success(), "{}", input.name);
			if ["ecrecover", "p256"].contains(&input.name.as_str()) {
				assert_eq!(
					output.bytes.len(),
					32,
					"{}: the signature is valid",
					input.name
				);
			}
		}
	}
}
