//! The runtime API by which a node asks about Move.

use alloc::vec::Vec;
use polkadot_sdk::sp_api;
use trivium_primitives::AccountId;

use crate::types::{CallLimit, Estimate, ModuleAbi, ModuleRef, MoveCall, MoveFailure, Stored};

sp_api::decl_runtime_apis! {
	/// Asking Move without leaving anything in it.
	pub trait MoveApi {
		/// What a function returns, in BCS; any function, without a signer and without writing, within
		/// what a transaction may use.
		/// Type arguments are text, arguments are BCS.
		fn call_view(
			module: ModuleRef,
			function: Vec<u8>,
			type_args: Vec<Vec<u8>>,
			args: Vec<Vec<u8>>,
		) -> Result<Vec<Vec<u8>>, MoveFailure>;

		/// What a call of this account would do. `limit` of `None` is what a transaction may use, and
		/// any deposit; a larger one is taken for that.
		fn estimate(origin: AccountId, call: MoveCall, limit: Option<CallLimit>) -> Estimate;

		/// The interface of a module; `None` also for one whose types take more than 4 MiB as text.
		fn module_abi(account: AccountId, name: Vec<u8>) -> Option<ModuleAbi>;

		/// The bytecode of a module.
		fn module_bytecode(account: AccountId, name: Vec<u8>) -> Option<Stored>;

		/// The resource of a type under an account, in BCS. `tag` is text.
		fn resource(account: AccountId, tag: Vec<u8>) -> Option<Stored>;

		/// Names of the modules of an account, at most 1024.
		fn modules_of(account: AccountId) -> Vec<Vec<u8>>;
	}
}
