//! Ending a message with an error, whatever the message returns.

use ink::{
	env::{return_value, ReturnFlags},
	LangError,
};
use scale::{Decode, DecodeAll, Encode};

use crate::CallError;

/// Ends the message, takes back everything it did, and gives `error` to the caller.
///
/// A message that other virtual machines call returns its bare result, so that its canonical
/// signature says what it returns, and fails by this. The data is what ink! makes of
/// `Err(error)` in a message that returns a `Result`: a caller reads both alike, a Trivium contract with
/// [`reverted_as`].
pub fn revert<E: Encode>(error: E) -> ! {
	return_value(ReturnFlags::REVERT, &reverted(error))
}

/// The error that an ink! callee ended itself with; `None` if the call failed in any other way.
pub fn reverted_as<E: Decode>(error: &CallError) -> Option<E> {
	let CallError::Reverted(data) = error else {
		return None;
	};
	Result::<Result<(), E>, LangError>::decode_all(&mut data.as_slice())
		.ok()?
		.ok()?
		.err()
}

fn reverted<E>(error: E) -> Result<Result<(), E>, LangError> {
	Ok(Err(error))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn revert_data_is_that_of_a_message_which_returns_err() {
		assert_eq!(reverted(7u32).encode(), [0, 1, 7, 0, 0, 0]);
	}

	#[test]
	fn reverted_as_reads_the_error_and_nothing_else() {
		let error = CallError::Reverted(reverted(7u32).encode());
		assert_eq!(reverted_as::<u32>(&error), Some(7));
		assert_eq!(reverted_as::<u64>(&error), None);
		assert_eq!(reverted_as::<u8>(&error), None);
		assert_eq!(reverted_as::<u32>(&CallError::OutOfGas), None);
	}
}
