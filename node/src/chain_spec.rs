//! The chains this binary knows by name. Their genesis is a preset of the runtime; the
//! specification adds only what the world around the chain needs to know.

use polkadot_sdk::*;

use sc_chain_spec::{ChainSpecExtension, Properties};
use sc_service::ChainType;
use serde::{Deserialize, Serialize};
use trivium_runtime::constants::chain::PARACHAIN_ID;

/// A Trivium chain specification.
pub type ChainSpec = sc_service::GenericChainSpec<Extensions>;

/// The relay chain that the local network's specification names.
const LOCAL_RELAY_CHAIN: &str = "rococo-local";

/// What a Trivium specification says beyond the common fields.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize, ChainSpecExtension)]
pub struct Extensions {
	/// The id of the relay chain; empty for a chain that has none.
	#[serde(alias = "relayChain", default)]
	pub relay_chain: String,
	/// The parachain's number. Tools that launch networks read it here; the node itself asks the
	/// runtime.
	#[serde(alias = "paraId", default, skip_serializing_if = "Option::is_none")]
	pub para_id: Option<u32>,
}

impl Extensions {
	/// The extensions of a specification, if it carries ours.
	pub fn of(spec: &dyn sc_service::ChainSpec) -> Option<&Self> {
		sc_chain_spec::get_extension(spec.extensions())
	}
}

/// One developer's chain: no relay chain, blocks made by the node itself.
///
/// # Errors
/// If the binary was built without the runtime.
pub fn development() -> Result<ChainSpec, String> {
	Ok(ChainSpec::builder(runtime_code()?, Extensions::default())
		.with_name("Trivium Development")
		.with_id("trivium_dev")
		.with_chain_type(ChainType::Development)
		.with_properties(properties())
		.with_genesis_config_preset_name(sp_genesis_builder::DEV_RUNTIME_PRESET)
		.build())
}

/// A network on one machine: two collators below a local relay chain.
///
/// # Errors
/// If the binary was built without the runtime.
pub fn local_testnet() -> Result<ChainSpec, String> {
	let extensions = Extensions {
		relay_chain: LOCAL_RELAY_CHAIN.into(),
		para_id: Some(PARACHAIN_ID),
	};
	Ok(ChainSpec::builder(runtime_code()?, extensions)
		.with_name("Trivium Local Testnet")
		.with_id("trivium_local")
		.with_protocol_id("trivium-local")
		.with_chain_type(ChainType::Local)
		.with_properties(properties())
		.with_genesis_config_preset_name(sp_genesis_builder::LOCAL_TESTNET_RUNTIME_PRESET)
		.build())
}

/// The preset that a name stands for; none if it is no name but a file's.
pub fn preset(id: &str) -> Option<&'static str> {
	match id {
		"dev" => Some(sp_genesis_builder::DEV_RUNTIME_PRESET),
		"" | "local" => Some(sp_genesis_builder::LOCAL_TESTNET_RUNTIME_PRESET),
		_ => None,
	}
}

/// Finds a specification by its name, or reads it from a file.
///
/// # Errors
/// If the name is no known one and no readable specification lies at that path.
pub fn load(id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
	Ok(match id {
		"dev" => Box::new(development()?),
		"" | "local" => Box::new(local_testnet()?),
		path => Box::new(ChainSpec::from_json_file(path.into())?),
	})
}

/// The runtime that came with this binary.
///
/// # Errors
/// If there is none.
pub fn runtime_code() -> Result<&'static [u8], String> {
	trivium_runtime::WASM_BINARY.ok_or_else(|| {
		"this binary was built without the runtime (SKIP_WASM_BUILD); give a specification file \
		 with --chain"
			.into()
	})
}

/// How wallets show amounts and addresses.
fn properties() -> Properties {
	let mut properties = Properties::new();
	properties.insert("tokenSymbol".into(), "TRV".into());
	properties.insert("tokenDecimals".into(), 18.into());
	properties.insert("ss58Format".into(), 42.into());
	properties
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn extensions_are_read_in_either_spelling() {
		let expected = Extensions {
			relay_chain: "relay".into(),
			para_id: Some(7),
		};
		for text in [
			r#"{"relayChain":"relay","paraId":7}"#,
			r#"{"relay_chain":"relay","para_id":7}"#,
		] {
			assert_eq!(serde_json::from_str::<Extensions>(text).unwrap(), expected);
		}
	}

	#[test]
	fn extensions_may_be_absent() {
		assert_eq!(
			serde_json::from_str::<Extensions>("{}").unwrap(),
			Extensions::default()
		);
	}

	#[test]
	fn local_network_names_its_relay_chain_and_number() {
		// A binary without the runtime knows no specification.
		let Ok(spec) = local_testnet() else { return };
		let extensions = Extensions::of(&spec).unwrap();
		assert_eq!(extensions.relay_chain, LOCAL_RELAY_CHAIN);
		assert_eq!(extensions.para_id, Some(PARACHAIN_ID));
	}

	#[test]
	fn properties_name_the_token() {
		let properties = properties();
		assert_eq!(properties["tokenSymbol"], "TRV");
		assert_eq!(properties["tokenDecimals"], 18);
		assert_eq!(properties["ss58Format"], 42);
	}

	#[test]
	fn an_unknown_name_is_an_error() {
		assert!(load("/nowhere/at/all.json").is_err());
	}
}
