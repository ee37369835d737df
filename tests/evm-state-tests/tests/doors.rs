//! Any bytes at the EVM's doors, for as long as a test may take. `PROPTEST_CASES` gives it longer;
//! the fuzz targets in `fuzz/` go on from here.

use proptest::{collection::vec, prelude::*};
use trivium_evm_state_tests::oracle;

/// A seed, with a few bytes changed.
fn mutated(folder: &str) -> impl Strategy<Value = Vec<u8>> {
	let folder = format!("{}/../../fuzz/seeds/{folder}", env!("CARGO_MANIFEST_DIR"));
	let mut seeds: Vec<_> = std::fs::read_dir(&folder)
		.expect("the seeds are in the repository")
		.map(|entry| std::fs::read(entry.expect("can be read").path()).expect("can be read"))
		.collect();
	seeds.sort();
	(
		any::<prop::sample::Index>(),
		vec(any::<(prop::sample::Index, u8)>(), 0..4),
	)
		.prop_map(move |(which, changes)| {
			let mut bytes = seeds[which.index(seeds.len())].clone();
			for (at, to) in changes {
				let at = at.index(bytes.len());
				bytes[at] = to;
			}
			bytes
		})
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(2_000)))]

	#[test]
	fn random_programs_run_as_in_revm(bytes in vec(any::<u8>(), 0..1_500)) {
		oracle::execution(&bytes);
	}

	#[test]
	fn changed_seeds_run_as_in_revm(bytes in mutated("execution")) {
		oracle::execution(&bytes);
	}

	#[test]
	fn any_transaction_is_read_or_refused(raw in prop_oneof![vec(any::<u8>(), 0..300), mutated("transaction")]) {
		oracle::transaction(&raw);
	}

	#[test]
	fn only_the_canonical_abi_is_decoded(
		bytes in prop_oneof![
			vec(prop_oneof![4 => Just(0u8), 1 => Just(0x20), 1 => 0u8..4, 1 => any::<u8>()], 0..400),
			mutated("solidity_abi"),
		],
	) {
		oracle::solidity_abi(&bytes);
	}
}

/// The seeds were made with ethers.js and the key of EIP-155's example.
#[test]
fn transactions_of_other_software_are_read_with_their_signer() {
	let folder = format!(
		"{}/../../fuzz/seeds/transaction",
		env!("CARGO_MANIFEST_DIR")
	);
	let signer = "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F";
	let mut count = 0;
	for entry in std::fs::read_dir(folder).expect("the seeds are in the repository") {
		let path = entry.expect("can be read").path();
		let raw = std::fs::read(&path).expect("can be read");
		let tx = pallet_evm::transaction::decode(&raw).expect("is right");
		assert_eq!(tx.caller.to_string(), signer, "{}", path.display());
		count += 1;
	}
	assert!(count >= 6);
}
