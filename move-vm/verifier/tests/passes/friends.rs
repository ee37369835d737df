use move_vm_types::{IndexKind, StatusCode};

use crate::*;

fn with_friend(address: u64, name: &str) -> CompiledModule {
	let mut m = module();
	m.friend(0x42, "other");
	m.friend(address, name);
	m.build()
}

#[test]
fn friend_of_the_same_address_is_accepted() {
	accepts(&with_friend(0x42, "another"));
}

#[test]
fn module_that_befriends_itself_is_refused() {
	refuses_at(
		&with_friend(0x42, "m"),
		StatusCode::INVALID_FRIEND_DECL_WITH_SELF,
		IndexKind::FriendDeclaration,
		1,
	);
}

#[test]
fn friend_of_another_address_is_refused() {
	refuses_at(
		&with_friend(0x43, "another"),
		StatusCode::INVALID_FRIEND_DECL_WITH_MODULES_OUTSIDE_ACCOUNT_ADDRESS,
		IndexKind::FriendDeclaration,
		1,
	);
}
