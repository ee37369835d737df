//! Products of two numbers of 128 bits, which this language has no type for.

/// `a * b`: the upper 128 bits, then the lower ones.
pub fn product(a: u128, b: u128) -> (u128, u128) {
	const LOW: u128 = u64::MAX as u128;
	// Each product of two halves is at most (2^64 - 1)^2, and each sum below has room for its carries.
	let low = (a & LOW) * (b & LOW);
	let (left, right) = ((a >> 64) * (b & LOW), (a & LOW) * (b >> 64));
	let middle = (low >> 64) + (left & LOW) + (right & LOW);
	let high = (a >> 64) * (b >> 64) + (left >> 64) + (right >> 64) + (middle >> 64);
	(high, middle << 64 | low & LOW)
}

/// `a * b / by`, rounded down; the largest number if it is larger than that, or if `by` is 0.
pub fn share(a: u128, b: u128, by: u128) -> u128 {
	let (mut rest, low) = product(a, b);
	if rest >= by {
		return u128::MAX;
	}
	// Long division, bit by bit. What is left is below `by`, and twice that can have one bit more than fits.
	let mut result = 0;
	for bit in (0..u128::BITS).rev() {
		let carry = rest >> 127;
		rest = rest << 1 | low >> bit & 1;
		if carry == 1 || rest >= by {
			rest = rest.wrapping_sub(by);
			result |= 1 << bit;
		}
	}
	result
}

/// The root of `a * b`, rounded down.
pub fn root(a: u128, b: u128) -> u128 {
	let square = product(a, b);
	let mut root = 0;
	for bit in (0..u128::BITS).rev() {
		let next = root | 1 << bit;
		if product(next, next) <= square {
			root = next;
		}
	}
	root
}

#[cfg(test)]
mod tests {
	use super::*;

	const MAX: u128 = u128::MAX;

	#[test]
	fn products_have_all_their_bits() {
		assert_eq!(product(MAX, MAX), (MAX - 1, 1));
		assert_eq!(product(MAX, 1), (0, MAX));
		assert_eq!(product(1 << 64, 1 << 64), (1, 0));
		assert_eq!(product((1 << 64) - 1, (1 << 64) + 1), (0, MAX));
		assert_eq!(product(6, 7), (0, 42));
	}

	#[test]
	fn shares_are_rounded_down() {
		assert_eq!(share(7, 3, 2), 10);
		assert_eq!(share(MAX, MAX, MAX), MAX);
		assert_eq!(share(MAX, MAX - 1, MAX), MAX - 1);
		assert_eq!(share(MAX - 1, MAX - 1, MAX), MAX - 2);
		assert_eq!(share(0, MAX, 1), 0);
	}

	#[test]
	fn a_share_that_does_not_fit_is_the_largest_number() {
		assert_eq!(share(MAX, 2, 1), MAX);
		assert_eq!(share(1, 1, 0), MAX);
	}

	#[test]
	fn roots_are_rounded_down() {
		assert_eq!(root(0, MAX), 0);
		assert_eq!(root(3, 5), 3);
		assert_eq!(root(4, 4), 4);
		assert_eq!(root(MAX, MAX), MAX);
		assert_eq!(root(MAX, MAX - 1), MAX - 1);
	}
}
