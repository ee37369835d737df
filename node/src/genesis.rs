//! The genesis state of the chains this binary knows by name.
//!
//! A specification can build it too, with an executor of its own; but then the runtime is compiled
//! once for its genesis and once more for the node, and compiling is nearly all of the time that a
//! dev chain takes to start. Here the node's executor builds it.

use polkadot_sdk::*;

use codec::{Decode, Encode};
use sc_chain_spec::json_patch;
use serde_json::Value;
use sp_core::{
	storage::{well_known_keys, Storage},
	traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode},
};
use sp_runtime::BuildStorage;
use sp_state_machine::BasicExternalities;

use crate::client::Executor;

/// One preset of a runtime, and the means to make a state of it.
pub struct PresetGenesis<'a> {
	/// Runs the runtime.
	pub executor: &'a Executor,
	/// The runtime.
	pub code: &'a [u8],
	/// The preset's name.
	pub preset: &'a str,
}

impl PresetGenesis<'_> {
	/// Calls the runtime outside of any chain.
	fn call<T: Decode>(
		&self,
		state: &mut BasicExternalities,
		method: &str,
		argument: impl Encode,
	) -> Result<T, String> {
		let runtime = RuntimeCode {
			code_fetcher: &WrappedRuntimeCode(self.code.into()),
			heap_pages: None,
			// The hash that the client will find in its state, so that it finds the compiled
			// runtime as well.
			hash: sp_io::hashing::blake2_256(self.code).to_vec(),
		};
		let (result, _) = self.executor.call(
			state,
			&runtime,
			method,
			&argument.encode(),
			CallContext::Offchain,
		);
		let bytes = result.map_err(|error| format!("{method} failed: {error}"))?;
		T::decode(&mut &bytes[..]).map_err(|error| format!("{method} answers nonsense: {error}"))
	}

	/// A preset, or with no name the runtime's defaults.
	fn preset(&self, name: Option<&str>) -> Result<Value, String> {
		let bytes: Option<Vec<u8>> = self.call(
			&mut BasicExternalities::new_empty(),
			"GenesisBuilder_get_preset",
			name.map(str::as_bytes),
		)?;
		let bytes = bytes.ok_or_else(|| format!("the runtime has no preset {name:?}"))?;
		serde_json::from_slice(&bytes).map_err(|error| format!("preset {name:?}: {error}"))
	}
}

impl BuildStorage for PresetGenesis<'_> {
	fn assimilate_storage(&self, storage: &mut Storage) -> Result<(), String> {
		let mut config = self.preset(None)?;
		json_patch::merge(&mut config, self.preset(Some(self.preset))?);

		let mut state = BasicExternalities::new_empty();
		let json = config.to_string().into_bytes();
		let built: Result<(), String> =
			self.call(&mut state, "GenesisBuilder_build_state", json)?;
		built.map_err(|error| format!("the preset {} does not build: {error}", self.preset))?;

		let built = state.into_storages();
		storage.top.extend(built.top);
		storage.children_default.extend(built.children_default);
		storage
			.top
			.insert(well_known_keys::CODE.to_vec(), self.code.to_vec());
		Ok(())
	}
}
