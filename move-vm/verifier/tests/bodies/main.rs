//! Tests of the passes over bodies of code: one for each status of each pass, and a neighbour that
//! is accepted.

mod acquires;
mod fixpoint;
mod locals;
mod metering;
mod random;
mod references;
mod setting;
mod shape;
mod stack;
mod types;
mod worst;
