#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
	pallet_wasm::doors::upload(bytes);
});
