//! What programs compute with, and where it lies.
//!
//! Properties that hold by construction:
//!
//! 1. A [`Value`] is an owned tree; nothing is shared and nothing is counted. A reference is not a
//!    pointer but a path: a root (a local's slot or a global's) and the steps down from it. Every
//!    use walks the path with bounds checks, so a path that leads nowhere is an error of the
//!    broken-invariant class and never more than that.
//! 2. No value is nested deeper than [`MAX_VALUE_DEPTH`]. Every compound knows an upper bound of
//!    its own depth, which packing computes from the parts and which writing through a reference
//!    raises on the way down. So what recurses on values (copy, comparison, drop) is bounded.
//! 3. Small values stay in registers: [`Stack`] and [`Memory`] keep slots that exist before they are
//!    used, so that a scalar is written and read in parts and released by nothing at all.
//! 4. What costs more than a constant (copy, comparison, serialisation) can be priced before it is
//!    done: [`Memory::size`] looks at no more than it is allowed to.

mod bcs;
mod compare;
mod integer;
mod layout;
mod memory;
mod place;
mod reference;
mod stack;
#[cfg(test)]
mod tests;
mod value;
mod vector;

pub use bcs::{MAX_BCS_BYTES, MAX_SEQUENCE_LENGTH};
pub use integer::IntegerWidth;
pub use layout::{Layout, TypeId};
pub use memory::{GlobalSlot, Memory};
pub use place::{Place, PlaceMut};
pub use reference::{LongReference, Reference, Root};
pub use stack::{PopMany, Stack};
pub use value::{block, Depth, Large, Value, Wide, LARGE_BYTES, MAX_VALUE_DEPTH, VALUE_BYTES};
pub use vector::VectorKind;
