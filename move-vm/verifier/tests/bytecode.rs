//! The compiled modules and scripts of `contracts/move` verify and link.

use std::{
	collections::BTreeMap,
	fs,
	path::{Path, PathBuf},
};

use move_vm_binary_format::{CompiledModule, CompiledScript};
use move_vm_types::{ModuleId, StatusCode, VerifierLimits, VmError, VmResult};
use move_vm_verifier::{
	check_upgrade, cyclic_dependencies, verify_dependencies, verify_module, verify_script,
	verify_script_dependencies, Meter,
};

const LIMITS: VerifierLimits = VerifierLimits::PRODUCTION;

/// All modules and scripts, with the files that they come from.
#[derive(Default)]
struct Contracts {
	modules: BTreeMap<ModuleId, (PathBuf, CompiledModule)>,
	scripts: Vec<(PathBuf, CompiledScript)>,
}

impl Contracts {
	/// What lies in the `bytecode…` folders of the packages; `None` if there are no packages.
	fn load() -> Option<Self> {
		let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/move");
		if !root.is_dir() {
			println!("skipped: {} is missing", root.display());
			return None;
		}
		let mut contracts = Self::default();
		for package in children(&root) {
			for folder in children(&package).filter(|path| name(path).starts_with("bytecode")) {
				for file in children(&folder).filter(|path| name(path).ends_with(".mv")) {
					contracts.add(file);
				}
			}
		}
		Some(contracts)
	}

	fn add(&mut self, path: PathBuf) {
		let bytes = fs::read(&path).unwrap();
		match CompiledModule::deserialize(&bytes) {
			Ok(module) => {
				let id = module.self_id().unwrap();
				let other = self.modules.insert(id.clone(), (path, module));
				assert!(other.is_none(), "{id} is there twice");
			}
			Err(error) => match CompiledScript::deserialize(&bytes) {
				Ok(script) => self.scripts.push((path, script)),
				Err(_) => panic!("{}: {error}", path.display()),
			},
		}
	}

	fn map(&self) -> BTreeMap<ModuleId, &CompiledModule> {
		let modules = self.modules.iter();
		modules
			.map(|(id, (_, module))| (id.clone(), module))
			.collect()
	}

	fn get(&self, id: &ModuleId) -> VmResult<&CompiledModule> {
		match self.modules.get(id) {
			Some((_, module)) => Ok(module),
			None => Err(VmError::new(StatusCode::LINKER_ERROR)),
		}
	}

	/// All checks of a module that is published and then published again.
	fn publish(&self, module: &CompiledModule) -> VmResult<u64> {
		let report = verify_module(module, &LIMITS)?;
		let mut meter = Meter::new(&LIMITS);
		verify_dependencies(module, &self.map(), &mut meter)?;
		cyclic_dependencies::verify(
			module,
			&LIMITS,
			&mut meter,
			|id| self.get(id)?.dependencies(),
			|id| {
				let module = self.get(id)?;
				let friends = module.friend_declarations.iter();
				friends
					.map(|friend| module.pools.module_id(friend))
					.collect()
			},
		)?;
		check_upgrade(module, module, &mut meter)?;
		Ok(report.units)
	}
}

fn children(path: &Path) -> impl Iterator<Item = PathBuf> {
	let children = fs::read_dir(path).into_iter().flatten();
	children.map(|entry| entry.unwrap().path())
}

fn name(path: &Path) -> &str {
	path.file_name().and_then(|name| name.to_str()).unwrap()
}

#[test]
fn modules_verify_and_link() {
	let Some(contracts) = Contracts::load() else {
		return;
	};
	let mut failures = Vec::new();
	for (path, module) in contracts.modules.values() {
		match contracts.publish(module) {
			Ok(units) => println!("{}: {units} units", path.display()),
			Err(error) => failures.push(format!("{}: {error}", path.display())),
		}
	}
	assert!(failures.is_empty(), "{failures:#?}");
	assert!(!contracts.modules.is_empty());
}

#[test]
fn scripts_verify_and_link() {
	let Some(contracts) = Contracts::load() else {
		return;
	};
	for (path, script) in &contracts.scripts {
		let linked = verify_script(script, &LIMITS).and_then(|_| {
			verify_script_dependencies(script, &contracts.map(), &mut Meter::new(&LIMITS))
		});
		if let Err(error) = linked {
			panic!("{}: {error}", path.display());
		}
	}
	assert!(!contracts.scripts.is_empty());
}
