//! Inputs of the precompiled contracts on which they take longest for what they are charged by.
//!
//! Where the time depends on the values and not on lengths alone, the values are dense, no point is at
//! infinity and none occurs twice in a sum, because all of these are shortcuts.

use crate::{precompiles::ethereum, Config};
use alloc::{vec, vec::Vec};
use polkadot_sdk::sp_io;
use revm::{
	precompile::{u64_to_address, Precompile, PrecompileOutput},
	primitives::hex,
};

use super::setup::signature;

/// A contract and what it is called with.
pub struct Native {
	contract: &'static Precompile,
	input: Vec<u8>,
}

impl Native {
	fn new<T: Config>(number: u64, input: Vec<u8>) -> Self {
		let address = u64_to_address(number);
		let contracts = ethereum::<T>().precompiles;
		let contract = contracts.get(&address).expect("the chain has it");
		Self { contract, input }
	}

	/// Runs it, with all the gas there is.
	pub fn run(&self) -> PrecompileOutput {
		self.contract
			.execute(&self.input, u64::MAX, 0)
			.expect("no contract ends the execution")
	}
}

/// A contract's answer, for putting further inputs together.
fn answer<T: Config>(number: u64, input: Vec<u8>) -> Vec<u8> {
	let output = Native::new::<T>(number, input).run();
	assert!(output.is_success());
	output.bytes.to_vec()
}

/// A number below every field's modulus with nearly all bits set.
fn dense(number: u32) -> [u8; 32] {
	let mut word = [0xFF; 32];
	word[0] = 0x2F;
	word[28..].copy_from_slice(&(u32::MAX - number).to_be_bytes());
	word
}

pub fn ecrecover<T: Config>() -> Native {
	let hash = [0xB7; 32];
	let signature = signature(&hash);
	let mut input = hash.to_vec();
	input.extend([0; 31]);
	input.push(27 + signature[64]);
	input.extend(&signature[..64]);
	Native::new::<T>(1, input)
}

/// SHA-256, RIPEMD-160 and the identity: the time depends on the length alone.
pub fn bytes<T: Config>(number: u64, len: u32) -> Native {
	Native::new::<T>(number, vec![0xA5; len as usize])
}

fn modexp<T: Config>(base: &[u8], exponent: &[u8], modulus: &[u8]) -> Native {
	let mut input = Vec::new();
	for part in [base, exponent, modulus] {
		input.extend([0; 28]);
		input.extend((part.len() as u32).to_be_bytes());
	}
	input.extend([base, exponent, modulus].concat());
	Native::new::<T>(5, input)
}

/// Words of eight bytes for which a multiplication's complexity is at least `complexity`.
fn words(complexity: u32) -> usize {
	if complexity <= 16 {
		return 4;
	}
	(1..=128)
		.find(|words| 2 * words * words >= complexity)
		.unwrap_or(128) as usize
}

/// One squaring, and the dearest modulus.
///
/// The crate splits an even modulus into its odd part and a power of two, and inverts the first modulo
/// the second bit by bit. That takes longest for a large power of two and for an odd part whose
/// inverse has nearly all bits set, as `2^64 - 1` has. Odd moduli and mere powers of two are not
/// inverted, and take no more than a quarter of the time.
pub fn modexp_setup<T: Config>(complexity: u32) -> Native {
	let len = 8 * words(complexity);
	let mut modulus = vec![0; len];
	modulus[..8].fill(0xFF);
	modexp::<T>(&vec![0xFF; len], &[3], &modulus)
}

/// Many squarings by a modulus of the greatest length, odd so that each is a full Montgomery
/// multiplication, and an exponent so short that the crate uses no windows: then each of its bits
/// costs a multiplication as well.
pub fn modexp_steps<T: Config>(thousands: u32) -> Native {
	const COMPLEXITY: u32 = 2 * 128 * 128;
	let iterations = (thousands * 1_000).div_ceil(COMPLEXITY).clamp(1, 15);
	let exponent = ((1_u32 << (iterations + 1)) - 1) as u16;
	modexp::<T>(&[0xFF; 1_024], &exponent.to_be_bytes(), &[0xFD; 1_024])
}

/// A point of BN254.
fn bn254_point<T: Config>(number: u32) -> Vec<u8> {
	let mut input = vec![0; 64];
	input[31] = 1;
	input[63] = 2;
	input.extend(dense(number));
	answer::<T>(7, input)
}

pub fn bn254_add<T: Config>() -> Native {
	Native::new::<T>(6, [bn254_point::<T>(0), bn254_point::<T>(1)].concat())
}

pub fn bn254_mul<T: Config>() -> Native {
	let mut input = bn254_point::<T>(0);
	input.extend(dense(2));
	Native::new::<T>(7, input)
}

/// The generator of BN254's second group ([EIP-197](https://eips.ethereum.org/EIPS/eip-197)).
const BN254_G2: [u8; 128] = hex!(
	"198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
	"1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
	"090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
	"12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"
);

/// `4n + 1` pairs: the last is alone in its group of four.
pub fn bn254_pairing<T: Config>(n: u32) -> Native {
	let pairs = (0..=4 * n).flat_map(|number| [bn254_point::<T>(number), BN254_G2.to_vec()]);
	Native::new::<T>(8, pairs.collect::<Vec<_>>().concat())
}

pub fn blake2f<T: Config>(rounds: u32) -> Native {
	let mut input = rounds.to_be_bytes().to_vec();
	input.extend([0x9D; 208]);
	input.push(1);
	Native::new::<T>(9, input)
}

/// A commitment and a proof of the consensus layer's tests, at a dense point and for a dense value.
/// The proof does not hold for these, which takes as long to find out.
pub fn kzg_point_evaluation<T: Config>() -> Native {
	let commitment = hex!(
		"8f59a8d2a1a625a17f3fea0fe5eb8c896db3764f3185481bc22f91b4aaffcca25f26936857bc3a7c2539ea8ec3a952b7"
	);
	let proof = hex!(
		"a62ad71d14c5719385c0686f1871430475bf3a00f0aa3f7b8dd99a9abc2160744faf0070725e00b60ad9a026a15b1a8c"
	);
	let mut input = sp_io::hashing::sha2_256(&commitment).to_vec();
	input[0] = 1;
	input.extend(dense(3));
	input.extend(dense(4));
	input.extend(commitment);
	input.extend(proof);
	Native::new::<T>(10, input)
}

/// A number of BLS12-381's base field with nearly all bits set, padded to 64 bytes.
fn bls_field(number: u32) -> Vec<u8> {
	let mut field = vec![0; 16];
	field.push(0x17);
	field.extend([0xFF; 43]);
	field.extend((u32::MAX - number).to_be_bytes());
	field
}

/// A point of BLS12-381's first group.
fn bls_g1<T: Config>(number: u32) -> Vec<u8> {
	answer::<T>(0x10, bls_field(number))
}

/// A point of BLS12-381's second group.
fn bls_g2<T: Config>(number: u32) -> Vec<u8> {
	answer::<T>(0x11, [bls_field(number), bls_field(number + 1)].concat())
}

/// Factors whose digits to the base eight, which is that of up to 31 terms, are never zero and fall
/// into all of the four classes of one sign or the other.
fn factor(number: u32) -> [u8; 32] {
	// Minus four is written as three and a carry.
	let (digit, carry) = match number % 4 {
		0 => (3, 1),
		digit => (digit, 0),
	};
	let mut factor = [0; 32];
	for bit in 0..255 {
		if digit >> (bit % 3) & 1 == 1 {
			factor[31 - bit / 8] |= 1 << (bit % 8);
		}
	}
	factor[31] += carry;
	factor
}

pub fn bls_g1_add<T: Config>() -> Native {
	Native::new::<T>(0x0B, [bls_g1::<T>(0), bls_g1::<T>(1)].concat())
}

pub fn bls_g1_msm<T: Config>(terms: u32) -> Native {
	let terms = (0..terms).flat_map(|number| [bls_g1::<T>(number), factor(number).to_vec()]);
	Native::new::<T>(0x0C, terms.collect::<Vec<_>>().concat())
}

pub fn bls_g2_add<T: Config>() -> Native {
	Native::new::<T>(0x0D, [bls_g2::<T>(0), bls_g2::<T>(2)].concat())
}

pub fn bls_g2_msm<T: Config>(terms: u32) -> Native {
	let terms = (0..terms).flat_map(|number| [bls_g2::<T>(2 * number), factor(number).to_vec()]);
	Native::new::<T>(0x0E, terms.collect::<Vec<_>>().concat())
}

/// `4n + 1` pairs, as for [`bn254_pairing`].
pub fn bls_pairing<T: Config>(n: u32) -> Native {
	let pairs = (0..=4 * n).flat_map(|number| [bls_g1::<T>(number), bls_g2::<T>(number)]);
	Native::new::<T>(0x0F, pairs.collect::<Vec<_>>().concat())
}

pub fn bls_map_fp_to_g1<T: Config>() -> Native {
	Native::new::<T>(0x10, bls_field(0))
}

pub fn bls_map_fp2_to_g2<T: Config>() -> Native {
	Native::new::<T>(0x11, [bls_field(0), bls_field(1)].concat())
}

/// A valid signature.
pub fn p256_verify<T: Config>() -> Native {
	let input = hex!(
		"b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6"
		"cade549f0f3a936d34bca63217ca3d734d330ad9d1399cbbdfd83dc3d942aaff"
		"9996440c4a91f6752ccc96a2113657ac240370787b375184154464220016252c"
		"ec100fcbeaf1111ae3fea90f196314f00fb780b54df1112934822c565a02c76d"
		"4ed20eb8dc684b18ffc0491fe006b81c517d0364d4bb4cc8c9ea6a39ec19157c"
	);
	Native::new::<T>(0x100, input.to_vec())
}
