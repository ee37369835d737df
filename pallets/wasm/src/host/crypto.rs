//! Hashes and signatures.

use pallet_contracts_uapi::ReturnErrorCode;
use polkadot_sdk::{
	frame_support::crypto::ecdsa::ECDSAExt,
	sp_core::{ecdsa, sr25519},
	sp_io::{
		crypto::{secp256k1_ecdsa_recover_compressed, sr25519_verify},
		hashing::{blake2_128, blake2_256, keccak_256, sha2_256},
	},
	sp_weights::Weight,
};

use super::{host_functions, Answer, HostCall};
use crate::{Config, WeightInfo};

impl<T: Config> HostCall<'_, '_, T> {
	/// Hashes part of the memory into another part, which may overlap.
	fn hash<const N: usize>(
		&mut self,
		weight: Weight,
		hash: impl Fn(&[u8]) -> [u8; N],
		input: u32,
		input_len: u32,
		out: u32,
	) -> Answer<()> {
		self.charge(weight)?;
		let hash = hash(self.slice(input, input_len)?);
		Ok(self.write(out, &hash)?)
	}

	fn ecdsa_recover(&mut self, signature: u32, hash: u32, out: u32) -> Answer<u32> {
		self.charge(T::WeightInfo::ecdsa_recover())?;
		let signature: [u8; 65] = self.read_array(signature)?;
		let hash: [u8; 32] = self.read_array(hash)?;
		let Ok(key) = secp256k1_ecdsa_recover_compressed(&signature, &hash) else {
			return Ok(ReturnErrorCode::EcdsaRecoveryFailed.into());
		};
		self.write(out, &key)?;
		Ok(ReturnErrorCode::Success.into())
	}

	fn ecdsa_to_eth_address(&mut self, key: u32, out: u32) -> Answer<u32> {
		self.charge(T::WeightInfo::ecdsa_to_eth_address())?;
		let key: [u8; 33] = self.read_array(key)?;
		let Ok(address) = ecdsa::Public::from(key).to_eth_address() else {
			return Ok(ReturnErrorCode::EcdsaRecoveryFailed.into());
		};
		self.write(out, &address)?;
		Ok(ReturnErrorCode::Success.into())
	}

	fn sr25519_verify(
		&mut self,
		signature: u32,
		key: u32,
		message_len: u32,
		message: u32,
	) -> Answer<u32> {
		self.charge(T::WeightInfo::sr25519_verify(message_len))?;
		let signature: [u8; 64] = self.read_array(signature)?;
		let key: [u8; 32] = self.read_array(key)?;
		let message = self.slice(message, message_len)?;
		let is_good = sr25519_verify(
			&sr25519::Signature::from(signature),
			message,
			&sr25519::Public::from(key),
		);
		Ok(match is_good {
			true => ReturnErrorCode::Success,
			false => ReturnErrorCode::Sr25519VerifyFailed,
		}
		.into())
	}
}

host_functions! {
	"seal0" ["hash_sha2_256", "seal_hash_sha2_256"] Reads
	(call, input: u32, input_len: u32, out: u32) -> () {
		call.hash(T::WeightInfo::hash_sha2_256(input_len), sha2_256, input, input_len, out)
	}
	"seal0" ["hash_keccak_256", "seal_hash_keccak_256"] Reads
	(call, input: u32, input_len: u32, out: u32) -> () {
		call.hash(T::WeightInfo::hash_keccak_256(input_len), keccak_256, input, input_len, out)
	}
	"seal0" ["hash_blake2_256", "seal_hash_blake2_256"] Reads
	(call, input: u32, input_len: u32, out: u32) -> () {
		call.hash(T::WeightInfo::hash_blake2_256(input_len), blake2_256, input, input_len, out)
	}
	"seal0" ["hash_blake2_128", "seal_hash_blake2_128"] Reads
	(call, input: u32, input_len: u32, out: u32) -> () {
		call.hash(T::WeightInfo::hash_blake2_128(input_len), blake2_128, input, input_len, out)
	}
	"seal0" ["ecdsa_recover", "seal_ecdsa_recover"] Reads
	(call, signature: u32, hash: u32, out: u32) -> u32 {
		call.ecdsa_recover(signature, hash, out)
	}
	"seal0" ["ecdsa_to_eth_address", "seal_ecdsa_to_eth_address"] Reads
	(call, key: u32, out: u32) -> u32 {
		call.ecdsa_to_eth_address(key, out)
	}
	"seal0" ["sr25519_verify"] Reads
	(call, signature: u32, key: u32, message_len: u32, message: u32) -> u32 {
		call.sr25519_verify(signature, key, message_len, message)
	}
}
