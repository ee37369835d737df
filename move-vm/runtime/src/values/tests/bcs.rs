use move_vm_types::{StatusCode, VmError, VmResult};
use proptest::prelude::*;

use super::model::{Entropy, Plain, Type};
use crate::values::{Layout, Memory, Value, VectorKind};

fn free(_: u64) -> VmResult<()> {
	Ok(())
}

fn encode(value: &Value) -> VmResult<Vec<u8>> {
	value.to_bcs(&mut free)
}

fn decode(bytes: &[u8], layout: &Layout) -> VmResult<Value> {
	Value::from_bcs(bytes, layout, StatusCode::MALFORMED, &mut |_, _| Ok(()))
}

#[track_caller]
fn assert_malformed(bytes: &[u8], layout: &Layout) {
	assert_eq!(
		decode(bytes, layout).unwrap_err().status(),
		StatusCode::MALFORMED,
		"{bytes:?}"
	);
}

fn typed(entropy: &[u8]) -> (Type, Plain) {
	let mut entropy = Entropy(entropy);
	let ty = Type::any(&mut entropy, 3);
	let plain = ty.value(&mut entropy);
	(ty, plain)
}

proptest! {
	#[test]
	fn bytes_are_as_the_model_says_and_come_back(entropy: Vec<u8>) {
		let (ty, plain) = typed(&entropy);
		let value = plain.to_value();
		let bytes = encode(&value).unwrap();
		prop_assert_eq!(&bytes, &plain.to_bcs());
		let back = decode(&bytes, &ty.layout()).unwrap();
		prop_assert!(Memory::default().equal(&value, &back).unwrap());
		prop_assert!(back.depth().get() <= ty.layout().depth());
	}

	#[test]
	fn changed_bytes_are_refused_or_have_no_other_form(
		entropy: Vec<u8>,
		place: prop::sample::Index,
		byte: u8,
		cut: prop::sample::Index,
	) {
		let (ty, plain) = typed(&entropy);
		let mut bytes = plain.to_bcs();
		if !bytes.is_empty() {
			prop_assert!(decode(&bytes[..cut.index(bytes.len())], &ty.layout()).is_err());
			let place = place.index(bytes.len());
			bytes[place] = byte;
		}
		match decode(&bytes, &ty.layout()) {
			Ok(value) => prop_assert_eq!(encode(&value).unwrap(), bytes),
			Err(error) => prop_assert_eq!(error.status(), StatusCode::MALFORMED),
		}
	}

	#[test]
	fn any_bytes_are_refused_or_have_no_other_form(entropy: Vec<u8>, bytes: Vec<u8>) {
		let (ty, _) = typed(&entropy);
		match decode(&bytes, &ty.layout()) {
			Ok(value) => prop_assert_eq!(encode(&value).unwrap(), bytes),
			Err(error) => prop_assert_eq!(error.status(), StatusCode::MALFORMED),
		}
	}

	#[test]
	fn work_is_charged_for_by_size_both_ways_and_refused_beforehand(entropy: Vec<u8>, part: u8) {
		let (ty, plain) = typed(&entropy);
		let value = plain.to_value();
		let mut written = 0;
		let bytes = value.to_bcs(&mut |size| { written += size; Ok(()) }).unwrap();
		let (mut read, mut memory) = (0, 0);
		let mut count = |size, bytes| { read += size; memory += bytes; Ok(()) };
		let back = Value::from_bcs(&bytes, &ty.layout(), StatusCode::MALFORMED, &mut count).unwrap();
		prop_assert_eq!(written, value.size(u64::MAX));
		prop_assert_eq!(read, value.size(u64::MAX));
		prop_assert!(memory >= back.memory(u64::MAX));

		let budget = written * u64::from(part) / 256;
		let mut left = budget;
		let mut spend = |size| match u64::checked_sub(left, size) {
			Some(rest) => { left = rest; Ok(()) }
			None => Err(VmError::new(StatusCode::OUT_OF_GAS)),
		};
		let refused = value.to_bcs(&mut spend).unwrap_err();
		prop_assert_eq!(refused.status(), StatusCode::OUT_OF_GAS);
	}
}

#[test]
fn forms_that_are_not_the_only_one_are_refused() {
	assert_malformed(&[2], &Layout::BOOL);
	assert_malformed(&[1, 0], &Layout::BOOL);
	assert_malformed(&[], &Layout::BOOL);
	let bytes = Layout::vector(Layout::U8).unwrap();
	// A length in two bytes where one does.
	assert_malformed(&[0x81, 0x00, 7], &bytes);
	assert_malformed(&[2, 7], &bytes);
	assert_malformed(&[0, 7], &bytes);
	let bools = Layout::vector(Layout::BOOL).unwrap();
	assert_malformed(&[2, 1, 2], &bools);
	let one_variant = Layout::enumeration(vec![vec![]]).unwrap();
	assert!(decode(&[0], &one_variant).is_ok());
	assert_malformed(&[1], &one_variant);
	assert_malformed(&[0x80, 0], &one_variant);
}

#[test]
fn claimed_lengths_allocate_nothing() {
	for element in [
		Layout::U8,
		Layout::U256,
		Layout::structure(vec![Layout::BOOL]).unwrap(),
		Layout::vector(Layout::U64).unwrap(),
		// Not a type that a module can define: its values would take no bytes.
		Layout::structure(vec![]).unwrap(),
	] {
		let layout = Layout::vector(element).unwrap();
		assert_malformed(&[0xff, 0xff, 0xff, 0xff, 0x07], &layout);
		assert_malformed(&[0xff, 0xff, 0xff, 0xff, 0x0f], &layout);
		assert_malformed(
			&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
			&layout,
		);
	}
}

#[test]
fn signers_are_written_but_never_read() {
	let address = [7; 32];
	let bytes = encode(&Value::signer(address.into())).unwrap();
	assert_eq!(bytes, address);
	assert_malformed(&bytes, &Layout::SIGNER);
	let one = Value::pack_vector(
		VectorKind::Other,
		vec![Value::signer(address.into())].into_iter(),
	);
	assert_malformed(
		&encode(&one.unwrap()).unwrap(),
		&Layout::vector(Layout::SIGNER).unwrap(),
	);
}

#[test]
fn references_have_no_bytes() {
	for value in [Value::Invalid, Value::local_reference(0)] {
		assert_eq!(
			encode(&value).unwrap_err().status(),
			StatusCode::VALUE_SERIALIZATION_ERROR
		);
	}
}

#[test]
fn deepest_value_goes_both_ways() {
	let mut layout = Layout::U8;
	for _ in 1..128 {
		layout = Layout::vector(layout).unwrap();
	}
	let mut bytes = vec![1; 127];
	bytes.push(9);
	let value = decode(&bytes, &layout).unwrap();
	assert_eq!(value.depth().get(), 128);
	assert_eq!(encode(&value).unwrap(), bytes);
}

#[test]
fn large_variant_numbers_take_two_bytes() {
	let layout = Layout::enumeration(vec![vec![]; 300]).unwrap();
	let value = Value::pack_variant(299, Box::default()).unwrap();
	let bytes = encode(&value).unwrap();
	assert_eq!(bytes, [0xab, 0x02]);
	let back = decode(&bytes, &layout).unwrap();
	assert!(back.unpack_variant(299).is_ok());
}
