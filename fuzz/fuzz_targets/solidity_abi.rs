#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| trivium_evm_state_tests::oracle::solidity_abi(bytes));
