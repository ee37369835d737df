//! Benchmarks.

use super::*;

use polkadot_sdk::{frame_benchmarking::v2::*, *};
use trivium_primitives::{AccountId, Engine};

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn lookup() {
		let found;
		#[block]
		{
			found = Pallet::<T>::resolve(&AccountId::new([1; 32]));
		}
		assert!(!found);
	}
}
