//! Unsigned LEB128, in which the binary format and BCS write lengths and indices: seven bits a
//! byte, the lowest first, the high bit set on all but the last (DWARF 3, section 7.6). Only the
//! shortest form is accepted.

use alloc::vec::Vec;

/// Appends `value`.
pub fn write(out: &mut Vec<u8>, mut value: u64) {
	loop {
		let low = (value & 0x7f) as u8;
		value >>= 7;
		if value == 0 {
			out.push(low);
			return;
		}
		out.push(low | 0x80);
	}
}

/// Reads a number from the front of `bytes`: the number and what is left.
///
/// `None` if the bytes end early, the form is not the shortest, or 64 bits are exceeded.
pub fn read(bytes: &[u8]) -> Option<(u64, &[u8])> {
	let mut value = 0u64;
	let mut rest = bytes;
	for shift in (0..64).step_by(7) {
		let (byte, tail) = rest.split_first()?;
		rest = tail;
		let low = u64::from(byte & 0x7f);
		let shifted = low << shift;
		if shifted >> shift != low {
			return None;
		}
		value |= shifted;
		if byte & 0x80 == 0 {
			return (low != 0 || shift == 0).then_some((value, rest));
		}
	}
	None
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn numbers_come_back() {
		for value in [
			0,
			1,
			127,
			128,
			16_383,
			16_384,
			u64::from(u32::MAX),
			u64::MAX,
		] {
			let mut bytes = Vec::new();
			write(&mut bytes, value);
			bytes.push(7);
			assert_eq!(read(&bytes), Some((value, &[7][..])));
		}
	}

	#[test]
	fn long_short_and_large_forms_are_refused() {
		let too_large = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02];
		for bytes in [
			&[][..],
			&[0x80],
			&[0x80, 0],
			&[0xff, 0x80, 0],
			&too_large,
			&[0x80; 11],
		] {
			assert_eq!(read(bytes), None, "{bytes:?}");
		}
	}
}
