//! What the benchmarks and the tests in wasm stand on: a world in the runtime's storage, and the
//! runtime that runs in it, natively and as wasm under the limits of a relay chain's validators.

pub mod asm;
pub mod batch;
pub mod chain;
pub mod measure;
