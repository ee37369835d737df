use move_vm_binary_format::SignatureToken as T;
use move_vm_types::{IndexKind, StatusCode};

use crate::*;

#[test]
fn entry_function_that_gives_back_a_reference_is_refused() {
	let mut m = module();
	let function = aborting("f")
		.parameters([reference(T::U8)])
		.returns([reference(T::U8)]);
	m.function(function.clone());
	accepts(&m.build());
	let mut m = module();
	m.function(function.entry());
	refuses_at(
		&m.build(),
		StatusCode::INVALID_MAIN_FUNCTION_SIGNATURE,
		IndexKind::FunctionDefinition,
		0,
	);
}

#[test]
fn entry_function_that_gives_back_values_is_accepted() {
	let mut m = module();
	m.function(aborting("f").entry().returns([T::U8]));
	accepts(&m.build());
}
