//! `trivium-ink-shrink <in.wasm> <out.wasm>`, or `trivium-ink-shrink --check <in.wasm>`.

use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
	let arguments: Vec<String> = env::args().skip(1).collect();
	match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
		["--check", input] => Ok(trivium_ink_shrink::check(&fs::read(input)?)?),
		[input, output] => Ok(fs::write(
			output,
			trivium_ink_shrink::shrink(&fs::read(input)?)?,
		)?),
		_ => Err("usage: trivium-ink-shrink <in.wasm> <out.wasm> | --check <in.wasm>".into()),
	}
}
