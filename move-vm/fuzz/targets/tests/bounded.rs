//! The fuzz targets on their seeds and on mutations of those: the same ones each time.
//!
//! `FUZZ_ITERATIONS` says how many mutations; it is 10,000 by default. A mutation that fails is
//! printed in hexadecimal.

use std::{fs, panic, path::Path};

use move_vm_fuzz_targets::{deserialize, execute, verify};

/// Files of a folder, by name.
fn files(folder: &Path) -> Vec<Vec<u8>> {
	let Ok(entries) = fs::read_dir(folder) else {
		return Vec::new();
	};
	let mut paths: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
	paths.sort();
	paths
		.into_iter()
		.map(|path| fs::read(path).expect("a file"))
		.collect()
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
	let fuzz = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
	let mut seeds = files(&fuzz.join("seeds").join(target));
	assert!(!seeds.is_empty(), "the seeds of {target}");
	// Bytecode of the compiler: for two of the targets behind the mark of a binary.
	let mark: &[u8] = if target == "deserialize" { &[] } else { &[0] };
	for package in ["std", "examples", "scripts"] {
		let folder = fuzz.join("../../contracts/move").join(package);
		for bytes in files(&folder.join("bytecode")) {
			seeds.push([mark, &bytes].concat());
		}
	}
	seeds
}

/// Marsaglia's xorshift: the same numbers each time.
struct Random(u64);

impl Random {
	fn below(&mut self, count: usize) -> usize {
		self.0 ^= self.0 << 13;
		self.0 ^= self.0 >> 7;
		self.0 ^= self.0 << 17;
		(self.0 >> 16) as usize % count.max(1)
	}

	fn byte(&mut self) -> u8 {
		self.below(256) as u8
	}
}

/// A seed with a few changes.
fn mutation(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
	let mut bytes = seeds[random.below(seeds.len())].clone();
	for _ in 0..=random.below(6) {
		let place = random.below(bytes.len());
		match random.below(7) {
			0 => bytes.insert(place, random.byte()),
			1 if !bytes.is_empty() => drop(bytes.remove(place)),
			2 => bytes.truncate(place.max(1)),
			3 => {
				// The end of another seed.
				let other = &seeds[random.below(seeds.len())];
				bytes.truncate(place);
				bytes.extend(&other[random.below(other.len())..]);
			}
			4 if !bytes.is_empty() => bytes[place] ^= 1 << random.below(8),
			_ if !bytes.is_empty() => bytes[place] = random.byte(),
			_ => bytes.push(random.byte()),
		}
	}
	bytes
}

fn run(target: &str, function: fn(&[u8])) {
	let seeds = seeds(target);
	seeds.iter().for_each(|seed| function(seed));
	let iterations = std::env::var("FUZZ_ITERATIONS").map_or(10_000, |text| {
		text.parse().expect("FUZZ_ITERATIONS is a number")
	});
	let mut random = Random(0x2545_F491_4F6C_DD1D);
	for _ in 0..iterations {
		let bytes = mutation(&seeds, &mut random);
		if let Err(reason) = panic::catch_unwind(|| function(&bytes)) {
			let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
			eprintln!("{target} fails for {hex}");
			panic::resume_unwind(reason);
		}
	}
}

#[test]
fn deserialize_keeps_its_promise() {
	run("deserialize", deserialize);
}

#[test]
fn verify_keeps_its_promise() {
	run("verify", verify);
}

#[test]
fn execute_keeps_its_promise() {
	run("execute", execute);
}
