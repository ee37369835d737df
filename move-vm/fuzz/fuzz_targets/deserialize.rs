#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| move_vm_fuzz_targets::deserialize(data));
