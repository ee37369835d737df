//! Code that takes long to check and to translate.

use super::{Action, Program};
use crate::{
	code::{helper, Dense, DATA, NOTHING},
	state::LargeState,
};

/// Two codes that take turns, so that neither is there translated when it is called; their upload; and one
/// of them instantiated.
pub fn programs(state: &mut LargeState) -> Vec<Program> {
	let call = |number: u32| {
		format!(
			"(drop (call $call (i32.const 8) (i32.const {}) (i64.const 0) (i32.const {NOTHING})
				(i32.const {DATA}) (i32.const 0) (i32.const -1) (i32.const 0)))",
			helper(number)
		)
	};
	let both = [call(0), call(1)].concat();
	Dense::ALL
		.into_iter()
		.flat_map(|kind| {
			let [first, second] = [1, 2].map(|number| state.dense(kind, number));
			let name = kind.name();
			[
				Program::endless(format!("translate-{name}"), &both)
					.with([first.clone(), second])
					.share(2),
				Program::new(format!("upload-{name}"), Action::Upload(first.clone())),
				Program::new(
					format!("upload-and-make-{name}"),
					Action::Instantiate(first),
				),
			]
		})
		.collect()
}
