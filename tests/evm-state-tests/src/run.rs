//! One variant of a case: pre-state in, transaction through the pallet, post-state out.

use pallet_evm::{
	revm::{
		context::{BlockEnv, TxEnv},
		context_interface::{
			block::BlobExcessGasAndPrice,
			either::Either,
			transaction::{
				AccessList, AccessListItem, Authorization, SignedAuthorization, TransactionType,
			},
		},
		primitives::{hardfork::SpecId, keccak256, Address, TxKind, B256, U256},
	},
	transaction::decode,
	Applied, Refusal,
};
use polkadot_sdk::sp_io::TestExternalities;
use std::{collections::BTreeMap, fmt};

use crate::{
	chain::{self, Evm, Setting, System},
	draft,
	format::{Case, Number, Post},
	state::{self, State},
};

/// The fork of this name, if its cases are run.
pub fn spec(fork: &str) -> Option<SpecId> {
	Some(match fork {
		"EIP158" => SpecId::SPURIOUS_DRAGON,
		"Byzantium" => SpecId::BYZANTIUM,
		"ConstantinopleFix" | "Petersburg" => SpecId::PETERSBURG,
		"Istanbul" | "MuirGlacier" => SpecId::ISTANBUL,
		"Berlin" => SpecId::BERLIN,
		"London" | "ArrowGlacier" | "GrayGlacier" => SpecId::LONDON,
		"Merge" | "Paris" => SpecId::MERGE,
		"Shanghai" => SpecId::SHANGHAI,
		"Cancun" => SpecId::CANCUN,
		"Prague" => SpecId::PRAGUE,
		"Osaka" => SpecId::OSAKA,
		_ => return None,
	})
}

/// Runs a variant.
///
/// # Errors
/// What came out otherwise than the case says.
pub fn run(case: &Case, fork: &str, spec: SpecId, post: &Post) -> Result<(), String> {
	chain::set(setting(case, fork, spec)?);
	let tx = transaction(case, post);
	TestExternalities::default().execute_with(|| {
		// Events of the block before the first are not kept.
		System::set_block_number(1);
		chain::put_chain_id();
		let written = write_state(case)?;
		let before = written.read();
		let applied = tx.and_then(|tx| Evm::apply_transaction(tx).map_err(Unfit::Refused));
		let after = written.read();

		let ended = match (&applied, &post.expect_exception) {
			(Err(Unfit::Broken(reason)), _) => return Err(reason.clone()),
			(Ok(applied), None) => format!("{:?}", summary(applied)),
			(Ok(_), Some(expected)) => return Err(format!("is not refused: {expected}")),
			(Err(refusal), None) => return Err(format!("is refused: {refusal}")),
			(Err(refusal), Some(expected)) => {
				if !is_expected(refusal, expected) {
					return Err(format!("is refused for {refusal} instead of {expected}"));
				}
				if before != after {
					return Err("is refused, and yet has changed the state".into());
				}
				String::new()
			}
		};
		let logs = keccak256(alloy_rlp::encode(state::logs()));
		if logs != post.logs.hash() {
			return Err(format!(
				"logs hash is {logs} instead of {}: {ended}",
				post.logs.hash()
			));
		}
		if !written.is_root_of(&after, post.hash.hash()) {
			return Err(format!(
				"state root is {} instead of {}: {ended}",
				state::root(&after),
				post.hash.hash()
			));
		}
		state::check_ledger()
	})
}

fn summary(applied: &Applied) -> (u64, Option<&pallet_evm::Failure>) {
	(applied.gas_used, applied.result.as_ref().err())
}

/// Why there was no transaction to run, or none was run.
enum Unfit {
	/// The pallet does not want it.
	Refused(Refusal),
	/// One of its numbers is larger than any transaction of ours can say.
	TooLarge(&'static str),
	/// The pallet has read something else than what is written in the case.
	Broken(String),
}

impl fmt::Display for Unfit {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Refused(refusal) => write!(f, "{refusal:?}"),
			Self::TooLarge(number) => write!(f, "{number} is too large"),
			Self::Broken(reason) => f.write_str(reason),
		}
	}
}

fn setting(case: &Case, fork: &str, spec: SpecId) -> Result<Setting, String> {
	let env = &case.env;
	let number = |number: Option<Number>| number.and_then(|number| number.0);
	let schedule = case.config.blob_schedule.get(fork);
	let max_blobs = match (schedule, spec.is_enabled_in(SpecId::PRAGUE)) {
		(Some(schedule), _) => schedule.max.u64().unwrap_or(u64::MAX),
		(None, true) => 9,
		(None, false) => 6,
	};
	// EIP-7594
	let max_blobs = match spec.is_enabled_in(SpecId::OSAKA) {
		true => max_blobs.min(6),
		false => max_blobs,
	};
	let excess = env
		.current_excess_blob_gas
		.and_then(Number::u64)
		.unwrap_or_default();
	let blob_price = match schedule.and_then(|schedule| schedule.base_fee_update_fraction.u64()) {
		Some(fraction) => BlobExcessGasAndPrice::new(excess, fraction),
		None => BlobExcessGasAndPrice::new_with_spec(excess, spec),
	};
	Ok(Setting {
		spec,
		chain_id: case.config.chain_id.and_then(Number::u64).unwrap_or(1),
		block: BlockEnv {
			number: env.current_number.0.ok_or("block number is too large")?,
			beneficiary: env.current_coinbase.0,
			timestamp: env.current_timestamp.0.ok_or("timestamp is too large")?,
			gas_limit: env.current_gas_limit.u64().unwrap_or(u64::MAX),
			basefee: match spec.is_enabled_in(SpecId::LONDON) {
				true => env
					.current_base_fee
					.and_then(Number::u64)
					.unwrap_or_default(),
				false => 0,
			},
			difficulty: number(env.current_difficulty).unwrap_or_default(),
			prevrandao: Some(
				env.current_random
					.or(env.current_difficulty)
					.map_or(B256::ZERO, Number::hash),
			),
			blob_excess_gas_and_price: Some(blob_price),
			slot_num: 0,
		},
		max_blobs,
		has_draft_curves: draft::is_meant(case.info.filled_by.as_deref(), spec),
	})
}

/// The transaction: as the pallet decodes it, where it can, and as the case says otherwise.
fn transaction(case: &Case, post: &Post) -> Result<TxEnv, Unfit> {
	let written = written_transaction(case, post);
	let Some(raw) = &post.txbytes else {
		return written;
	};
	let mut written = match (written, decode(&raw.0)) {
		(Ok(written), Ok(decoded)) => (written, decoded),
		// A chain does not take these from outside.
		(written, Err(Refusal::BlobsNotSupported)) => return written,
		(written, Err(refusal)) => {
			return match post.expect_exception {
				Some(_) => written.and(Err(Unfit::Refused(refusal))),
				None => Err(Unfit::Broken(format!("cannot be decoded: {refusal:?}"))),
			};
		}
		(Err(unfit), Ok(_)) => {
			return Err(Unfit::Broken(format!("decoded what cannot be: {unfit}")))
		}
	};
	if written.1.tx_type == TransactionType::Legacy as u8 {
		// Only the bytes tell.
		written.0.chain_id = written.1.chain_id;
	}
	match written.0 == written.1 {
		true => Ok(written.1),
		false => Err(Unfit::Broken(format!(
			"decoded as {:?} instead of {:?}",
			written.1, written.0
		))),
	}
}

fn written_transaction(case: &Case, post: &Post) -> Result<TxEnv, Unfit> {
	let tx = &case.transaction;
	let at = post.indexes;
	let access = tx
		.access_lists
		.as_ref()
		.and_then(|lists| lists.get(at.data))
		.and_then(Option::as_ref);
	let is_blob = tx.blob_versioned_hashes.is_some() || tx.max_fee_per_blob_gas.is_some();
	let kind = match () {
		() if tx.authorization_list.is_some() => TransactionType::Eip7702,
		() if is_blob => TransactionType::Eip4844,
		() if tx.max_fee_per_gas.is_some() => TransactionType::Eip1559,
		() if access.is_some() => TransactionType::Eip2930,
		() => TransactionType::Legacy,
	};
	let missing = || Unfit::Broken("the case has no such variant".into());
	let price = tx.max_fee_per_gas.or(tx.gas_price);
	let authorizations = tx.authorization_list.iter().flatten();
	Ok(TxEnv {
		tx_type: kind as u8,
		caller: tx.sender.0,
		gas_limit: tx
			.gas_limit
			.get(at.gas)
			.ok_or_else(missing)?
			.u64()
			.ok_or(Unfit::TooLarge("gas limit"))?,
		gas_price: price
			.map_or(Some(0), Number::u128)
			.ok_or(Unfit::TooLarge("price"))?,
		kind: tx.to.0.map_or(TxKind::Create, TxKind::Call),
		value: tx
			.value
			.get(at.value)
			.ok_or_else(missing)?
			.0
			.ok_or(Unfit::TooLarge("value"))?,
		data: tx.data.get(at.data).ok_or_else(missing)?.0.clone(),
		nonce: tx.nonce.u64().ok_or(Unfit::TooLarge("nonce"))?,
		chain_id: Some(case.config.chain_id.and_then(Number::u64).unwrap_or(1)),
		access_list: AccessList(
			access
				.into_iter()
				.flatten()
				.map(|entry| AccessListItem {
					address: entry.address.0,
					storage_keys: entry.storage_keys.iter().map(|key| key.hash()).collect(),
				})
				.collect(),
		),
		gas_priority_fee: tx
			.max_priority_fee_per_gas
			.map(|tip| tip.u128().ok_or(Unfit::TooLarge("tip")))
			.transpose()?,
		blob_hashes: tx
			.blob_versioned_hashes
			.iter()
			.flatten()
			.map(|hash| hash.hash())
			.collect(),
		max_fee_per_blob_gas: tx
			.max_fee_per_blob_gas
			.map_or(Some(0), Number::u128)
			.ok_or(Unfit::TooLarge("price of blobs"))?,
		authorization_list: authorizations
			.map(|entry| {
				let inner = Authorization {
					chain_id: entry.chain_id.0?,
					address: entry.address.0,
					nonce: entry.nonce.u64()?,
				};
				let y_parity = u8::try_from(entry.y_parity.or(entry.v)?.u64()?).ok()?;
				Some(Either::Left(SignedAuthorization::new_unchecked(
					inner, y_parity, entry.r.0?, entry.s.0?,
				)))
			})
			.collect::<Option<_>>()
			.ok_or(Unfit::TooLarge("authorization"))?,
	})
}

/// Whether a refusal is one of those that the case expects.
fn is_expected(refusal: &Unfit, expected: &str) -> bool {
	let refusal = match refusal {
		Unfit::Refused(refusal) => *refusal,
		// Which number it was cannot have another name.
		Unfit::TooLarge(_) => return true,
		Unfit::Broken(_) => return false,
	};
	expected.split('|').any(|name| {
		let name = name.trim();
		let name = name.rsplit_once('.').map_or(name, |(_, name)| name);
		let known: &[Refusal] = match name {
			"INSUFFICIENT_ACCOUNT_FUNDS" | "GASLIMIT_PRICE_PRODUCT_OVERFLOW" => {
				&[Refusal::InsufficientFunds, Refusal::CostOverflow]
			}
			"INTRINSIC_GAS_TOO_LOW" | "INTRINSIC_GAS_BELOW_FLOOR_GAS_COST" => {
				&[Refusal::GasLimitTooLow]
			}
			"INSUFFICIENT_MAX_FEE_PER_GAS" | "INSUFFICIENT_MAX_FEE_PER_BLOB_GAS" => {
				&[Refusal::FeeCapTooLow]
			}
			"PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS" | "PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS_2" => {
				&[Refusal::TipAboveFeeCap]
			}
			"INITCODE_SIZE_EXCEEDED" => &[Refusal::InitCodeTooLarge],
			"GAS_ALLOWANCE_EXCEEDED" | "GAS_LIMIT_EXCEEDS_MAXIMUM" => &[Refusal::GasLimitTooHigh],
			"SENDER_NOT_EOA" => &[Refusal::SenderNotEoa],
			"NONCE_IS_MAX" => &[Refusal::NonceOverflow],
			"NONCE_MISMATCH_TOO_LOW" => &[Refusal::NonceTooLow],
			"NONCE_MISMATCH_TOO_HIGH" => &[Refusal::NonceTooHigh],
			"TYPE_3_TX_ZERO_BLOBS"
			| "TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH"
			| "TYPE_3_TX_BLOB_COUNT_EXCEEDED"
			| "TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED"
			| "TYPE_3_TX_CONTRACT_CREATION" => &[Refusal::BadBlobs],
			"TYPE_3_TX_PRE_FORK"
			| "TYPE_4_TX_PRE_FORK"
			| "TYPE_1_TX_PRE_FORK"
			| "TYPE_2_TX_PRE_FORK"
			| "TR_TypeNotSupported"
			| "TR_TypeNotSupportedBlob" => &[Refusal::TypeNotSupported],
			"TYPE_4_EMPTY_AUTHORIZATION_LIST" => &[Refusal::NoAuthorizations],
			// A reason that we have no word for; that it was refused is what counts.
			_ => return true,
		};
		known.contains(&refusal)
	})
}

/// What of the state before the transaction the pallets' storage does not hold.
#[derive(Debug, Default)]
struct Written {
	/// Wei of accounts that have more than the ledger can hold.
	///
	/// Ethereum's tests have accounts with more than 128 bits of wei, mostly so that their funds never
	/// run out. Of such a balance the ledger gets a part that does not run out either, and the rest is
	/// added again when the state is read. A case that looks at the balance cannot pass.
	aside: BTreeMap<Address, U256>,
	/// Accounts that [EIP-161](https://eips.ethereum.org/EIPS/eip-161) calls empty. Old cases have such,
	/// and no chain of ours can: an account is there because it has something. For contracts it makes no
	/// difference, but to Ethereum's trie it does as long as nobody touches them.
	empty: Vec<Address>,
}

/// Empty accounts of a case whose absence is made up for.
const MAX_EMPTY: usize = 8;

/// Writes the state before the transaction into the pallets' storage.
fn write_state(case: &Case) -> Result<Written, String> {
	let mut written = Written::default();
	let mut balances = BTreeMap::new();
	let mut sum = Some(0u128);
	for (address, before) in &case.pre {
		let balance = before.balance.0.ok_or("a balance has more than 256 bits")?;
		sum = sum
			.zip(u128::try_from(balance).ok())
			.and_then(|(sum, balance)| sum.checked_add(balance));
		balances.insert(address.0, balance);
	}
	if sum.is_none() {
		const LARGE: u32 = 120;
		let most = U256::from(1u8) << LARGE;
		for (address, balance) in &mut balances {
			if let Some(rest) = balance.checked_sub(most).filter(|rest| !rest.is_zero()) {
				written.aside.insert(*address, rest);
				*balance = most;
			}
		}
	}
	for (address, before) in &case.pre {
		let account = state::Account {
			nonce: before.nonce.u64().ok_or("a nonce has more than 64 bits")?,
			balance: balances.get(&address.0).copied().unwrap_or_default(),
			storage: before
				.storage
				.iter()
				.map(|(key, value)| Some((key.0?, value.0?)))
				.collect::<Option<_>>()
				.ok_or("a slot has more than 256 bits")?,
			..Default::default()
		};
		if account == state::Account::default() && before.code.0.is_empty() {
			written.empty.push(address.0);
			continue;
		}
		state::write(address.0, &account, &before.code.0)?;
	}
	Ok(written)
}

impl Written {
	/// All that the pallets' storage has, with what was put aside.
	fn read(&self) -> State {
		let mut state = state::read();
		for (address, rest) in &self.aside {
			let account = state.entry(*address).or_default();
			account.balance = account.balance.saturating_add(*rest);
		}
		state
	}

	/// Whether this is the root of Ethereum's state trie over a state, with any of the empty accounts
	/// that nobody made more of: Ethereum has deleted those that were touched, which we cannot know.
	fn is_root_of(&self, state: &State, root: B256) -> bool {
		let untouched: Vec<_> = self
			.empty
			.iter()
			.filter(|address| !state.contains_key(*address))
			.take(MAX_EMPTY)
			.collect();
		(0u32..1 << untouched.len()).any(|kept| {
			let mut state = state.clone();
			for (at, address) in untouched.iter().enumerate() {
				if kept & (1 << at) != 0 {
					state.insert(**address, state::Account::default());
				}
			}
			state::root(&state) == root
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use pallet_evm::revm::primitives::Log;

	/// A case with an empty account, in which a transaction goes to `to`.
	fn case(to: &str, root: B256) -> Case {
		serde_json::from_value(serde_json::json!({
			"env": {
				"currentCoinbase": "0x0000000000000000000000000000000000000c0b",
				"currentGasLimit": "0x1000000",
				"currentNumber": "0x1",
				"currentTimestamp": "0x1",
				"currentRandom": "0x0",
				"currentBaseFee": "0x0",
			},
			"pre": {
				"0x00000000000000000000000000000000000000aa":
					{ "balance": "0x1000000", "nonce": "0x0", "code": "0x", "storage": {} },
				"0x00000000000000000000000000000000000000ee":
					{ "balance": "0x0", "nonce": "0x0", "code": "0x", "storage": {} },
			},
			"transaction": {
				"sender": "0x00000000000000000000000000000000000000aa",
				"to": to,
				"nonce": "0x0",
				"data": ["0x"],
				"gasLimit": ["0x10000"],
				"value": ["0x0"],
				"gasPrice": "0x0",
			},
			"post": { "Cancun": [{
				"hash": root.to_string(),
				"logs": keccak256(alloy_rlp::encode(Vec::<Log>::new())).to_string(),
				"indexes": { "data": 0, "gas": 0, "value": 0 },
			}]},
		}))
		.expect("is a case")
	}

	#[test]
	fn account_that_is_empty_before_may_stay_or_go_and_nothing_else_may() {
		let sender = state::Account {
			nonce: 1,
			balance: U256::from(0x1000000),
			..Default::default()
		};
		let at = |last: u8| Address::with_last_byte(last);
		let gone = State::from([(at(0xAA), sender.clone())]);
		let mut kept = gone.clone();
		kept.insert(at(0xEE), Default::default());
		let mut other = gone.clone();
		other.insert(at(0xEF), Default::default());
		for to in [0xEE, 0xEF] {
			for (state, is_right) in [(&gone, true), (&kept, true), (&other, false)] {
				let case = case(&at(to).to_string(), state::root(state));
				let post = &case.post["Cancun"][0];
				let result = run(&case, "Cancun", SpecId::CANCUN, post);
				assert_eq!(result.is_ok(), is_right, "{result:?}");
			}
		}
	}
}
