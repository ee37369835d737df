//! Values against models that are too simple to be wrong.

mod bcs;
mod integers;
mod memory;
mod model;
mod paths;
mod stack;
mod vectors;
