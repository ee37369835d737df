//! Products of two numbers of 128 bits.

use primitive_types::U256;

/// They have at most 256 bits.
fn product(a: u128, b: u128) -> U256 {
	U256::from(a) * U256::from(b)
}

/// `a * b / by`, rounded down; the largest number if it is larger than that, or if `by` is 0.
pub fn share(a: u128, b: u128, by: u128) -> u128 {
	let share = product(a, b).checked_div(by.into());
	share
		.and_then(|share| share.try_into().ok())
		.unwrap_or(u128::MAX)
}

/// The root of `a * b`, rounded down.
pub fn root(a: u128, b: u128) -> u128 {
	product(a, b).integer_sqrt().low_u128()
}

#[cfg(test)]
mod tests {
	use super::*;

	const MAX: u128 = u128::MAX;

	#[test]
	fn shares_are_rounded_down() {
		assert_eq!(share(7, 3, 2), 10);
		assert_eq!(share(MAX, MAX, MAX), MAX);
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
		assert_eq!(root(3, 5), 3);
		assert_eq!(root(4, 4), 4);
		assert_eq!(root(MAX, MAX), MAX);
		assert_eq!(root(MAX, MAX - 1), MAX - 1);
	}
}
