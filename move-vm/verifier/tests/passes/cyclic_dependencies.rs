use move_vm_binary_format::CompiledModule;
use move_vm_fixtures::Tables;
use move_vm_types::{AccountAddress, Identifier, ModuleId, StatusCode, VmError, VmResult};
use move_vm_verifier::{cyclic_dependencies, Meter};

use crate::*;

fn id(name: &str) -> ModuleId {
	ModuleId {
		address: AccountAddress::from_low_byte(0x42),
		name: Identifier::new(name).unwrap(),
	}
}

/// A module with dependencies and friends at its own address.
fn module_with(dependencies: &[&str], friends: &[&str]) -> CompiledModule {
	let mut m = module();
	for name in dependencies {
		m.module_handle(0x42, name);
	}
	for name in friends {
		m.friend(0x42, name);
	}
	m.build()
}

/// Checks a module among others, each given with what it depends on or befriends.
fn check(
	module: &CompiledModule,
	dependencies: &[(&str, &[&str])],
	friends: &[(&str, &[&str])],
) -> Result<(), StatusCode> {
	let look_up = |table: &[(&str, &[&str])], asked: &ModuleId| -> VmResult<Vec<ModuleId>> {
		let found = table.iter().find(|(name, _)| id(name) == *asked);
		let (_, next) = found.ok_or_else(|| VmError::new(StatusCode::LINKER_ERROR))?;
		Ok(next.iter().map(|name| id(name)).collect())
	};
	cyclic_dependencies::verify(
		module,
		&LIMITS,
		&mut Meter::new(&LIMITS),
		|asked| look_up(dependencies, asked),
		|asked| look_up(friends, asked),
	)
	.map_err(|error| error.status())
}

#[test]
fn dependencies_without_a_cycle_are_accepted() {
	let table: &[(&str, &[&str])] = &[("a", &["c"]), ("b", &["c", "d"]), ("c", &["d"]), ("d", &[])];
	assert_eq!(check(&module_with(&["a", "b"], &[]), table, &[]), Ok(()));
}

#[test]
fn cycle_of_dependencies_is_refused() {
	let cyclic = Err(StatusCode::CYCLIC_MODULE_DEPENDENCY);
	assert_eq!(
		check(&module_with(&["a"], &[]), &[("a", &["m"])], &[]),
		cyclic
	);
	let table: &[(&str, &[&str])] = &[("a", &[]), ("b", &["c"]), ("c", &["a", "m"])];
	assert_eq!(check(&module_with(&["a", "b"], &[]), table, &[]), cyclic);
	let elsewhere: &[(&str, &[&str])] = &[("a", &["b"]), ("b", &["a"])];
	assert_eq!(check(&module_with(&["a"], &[]), elsewhere, &[]), cyclic);
}

#[test]
fn cycle_of_friends_is_refused() {
	let table: &[(&str, &[&str])] = &[("a", &["b"]), ("b", &[])];
	assert_eq!(check(&module_with(&[], &["a"]), &[], table), Ok(()));
	let table: &[(&str, &[&str])] = &[("a", &["b"]), ("b", &["m"])];
	let cyclic = Err(StatusCode::CYCLIC_MODULE_FRIENDSHIP);
	assert_eq!(check(&module_with(&[], &["a"]), &[], table), cyclic);
}

#[test]
fn friend_that_is_a_dependency_is_refused() {
	let refused = Err(StatusCode::INVALID_FRIEND_DECL_WITH_MODULES_IN_DEPENDENCIES);
	let m = module_with(&["a"], &["a"]);
	assert_eq!(check(&m, &[("a", &[])], &[("a", &[])]), refused);
	// The friend of a friend is the dependency of a dependency.
	let m = module_with(&["a"], &["b"]);
	let dependencies: &[(&str, &[&str])] = &[("a", &["c"]), ("c", &[])];
	let friends: &[(&str, &[&str])] = &[("b", &["c"]), ("c", &[])];
	assert_eq!(check(&m, dependencies, friends), refused);
	let friends: &[(&str, &[&str])] = &[("b", &["d"]), ("d", &[])];
	assert_eq!(check(&m, dependencies, friends), Ok(()));
}

#[test]
fn what_cannot_be_looked_up_is_an_error() {
	let error = Err(StatusCode::LINKER_ERROR);
	assert_eq!(check(&module_with(&["a"], &[]), &[], &[]), error);
	assert_eq!(check(&module_with(&[], &["a"]), &[], &[]), error);
}

/// `m` depends on `d1`, which depends on `d2`, and so on to `d{length}`; `shortcut` makes `m` depend
/// on all of them at once, the last first.
fn chain(length: usize, shortcut: bool) -> Result<(), StatusCode> {
	let names: Vec<String> = (1..=length).map(|i| format!("d{i}")).collect();
	let next: Vec<Vec<&str>> = (1..=length)
		.map(|i| names.get(i).map(String::as_str).into_iter().collect())
		.collect();
	let table: Vec<(&str, &[&str])> = names
		.iter()
		.zip(&next)
		.map(|(name, next)| (name.as_str(), next.as_slice()))
		.collect();
	let mut first: Vec<&str> = names.iter().map(String::as_str).collect();
	if shortcut {
		first.reverse();
	} else {
		first.truncate(1);
	}
	check(&module_with(&first, &[]), &table, &[])
}

#[test]
fn chain_of_dependencies_has_a_hundred_links() {
	for shortcut in [false, true] {
		assert_eq!(chain(100, shortcut), Ok(()));
		assert_eq!(
			chain(101, shortcut),
			Err(StatusCode::MAX_DEPENDENCY_DEPTH_REACHED)
		);
	}
}

#[test]
fn search_stops_at_the_hundredth_link() {
	let mut asked = 0;
	let endless = |_: &ModuleId| {
		asked += 1;
		Ok(vec![id(&format!("d{asked}"))])
	};
	let error = cyclic_dependencies::verify(
		&module_with(&["d0"], &[]),
		&LIMITS,
		&mut Meter::new(&LIMITS),
		endless,
		|_| Ok(vec![]),
	)
	.unwrap_err();
	assert_eq!(error.status(), StatusCode::MAX_DEPENDENCY_DEPTH_REACHED);
	assert_eq!(asked, 100);
}

#[test]
fn endless_friends_run_out_of_units() {
	let mut asked = 0;
	let endless = |_: &ModuleId| {
		asked += 1;
		Ok(vec![id(&format!("f{asked}"))])
	};
	let mut meter = Meter::new(&VerifierLimits {
		meter_units_per_module: 10_000,
		..LIMITS
	});
	let module = module_with(&[], &["f0"]);
	let none = |_: &ModuleId| Ok(vec![]);
	let error =
		cyclic_dependencies::verify(&module, &LIMITS, &mut meter, none, endless).unwrap_err();
	assert_eq!(error.status(), StatusCode::PROGRAM_TOO_COMPLEX);
}
