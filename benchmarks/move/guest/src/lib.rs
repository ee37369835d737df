//! The Move VM as a wasm module: the host writes modules and names into a buffer and lets them be
//! published and called. Empty for other targets.

#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(target_arch = "wasm32")]
extern crate alloc;

#[cfg(target_arch = "wasm32")]
mod allocator;
#[cfg(target_arch = "wasm32")]
mod exports;
