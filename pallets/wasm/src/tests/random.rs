//! Random modules: both pallets let the same ones in and do the same with them, and what they cost is a
//! function of what they do.

use std::cell::RefCell;

use proptest::{
	collection::vec,
	prelude::any,
	test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::testing::doors::{self, Reached};

/// Modules that are tried.
const CASES: u32 = 2_000;
/// Bytes that one module is made from, at most.
const BYTES: usize = 4_000;

/// Runs `test` with bytes that are the same each time.
fn with_bytes(test: impl Fn(&[u8])) {
	let config = Config {
		cases: CASES,
		failure_persistence: None,
		..Config::default()
	};
	let mut runner = TestRunner::new_with_rng(
		config,
		TestRng::from_seed(RngAlgorithm::ChaCha, &[0x11; 32]),
	);
	let bytes = vec(any::<u8>(), BYTES / 8..BYTES);
	runner
		.run(&bytes, |bytes| {
			test(&bytes);
			Ok(())
		})
		.unwrap();
}

/// How many got how far: refused, ran, and calls that ended well.
#[derive(Debug, Default)]
struct Counts {
	refused: u32,
	ran: u32,
	ended_well: u32,
}

impl Counts {
	fn add(&mut self, reached: Reached) {
		match reached {
			Reached::NoModule | Reached::OurLimit => (),
			Reached::Refused => self.refused += 1,
			Reached::Ran(ended_well) => {
				self.ran += 1;
				self.ended_well += ended_well;
			}
		}
	}
}

#[test]
fn random_modules_do_the_same() {
	let counts = RefCell::new(Counts::default());
	with_bytes(|bytes| {
		if let Some(code) = doors::module(bytes) {
			counts.borrow_mut().add(doors::does_the_same(&code));
		}
	});
	// Otherwise this says little.
	let counts = counts.into_inner();
	let is_much = counts.ran > 500 && counts.ended_well > 300 && counts.refused > 100;
	assert!(is_much, "{counts:?}");
}

#[test]
fn random_modules_cost_the_same_each_time_and_what_they_need_is_enough() {
	let compared = RefCell::new(0);
	with_bytes(|bytes| {
		if let Some(code) = doors::module(bytes) {
			*compared.borrow_mut() += u32::from(doors::costs_what_it_needs(&code));
		}
	});
	assert!(compared.into_inner() > 500);
}

#[test]
fn mutated_modules_are_taken_by_both_or_by_none() {
	let counts = RefCell::new(Counts::default());
	with_bytes(|bytes| {
		let Some(mut code) = doors::module(bytes) else {
			return;
		};
		// None to three bytes, chosen by the bytes themselves, become others.
		for change in bytes.chunks_exact(4).take(usize::from(bytes[0] % 4)) {
			let at = usize::from(u16::from_le_bytes([change[1], change[2]])) % code.len();
			code[at] ^= change[3];
		}
		counts.borrow_mut().add(doors::upload(&code));
	});
	let counts = counts.into_inner();
	assert!(counts.ran > 50 && counts.refused > 500, "{counts:?}");
}

/// What the fuzzers begin with, and what they found.
#[test]
fn seeds_of_the_fuzzers_hold() {
	for (target, test) in [
		("ink_upload", doors::upload as fn(&[u8]) -> Reached),
		("ink_execution", doors::execution),
	] {
		let folder = format!("{}/../../fuzz/seeds/{target}", env!("CARGO_MANIFEST_DIR"));
		let seeds = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder}: {error}"));
		let mut count = 0;
		for seed in seeds {
			let path = seed.unwrap().path();
			println!(
				"{} {:?}",
				path.display(),
				test(&std::fs::read(&path).unwrap())
			);
			count += 1;
		}
		assert!(count >= 8, "{target}: {count} seeds");
	}
}
