//! Traces: what they say, and that they change nothing.

mod calls;
mod limits;
mod prestate;
mod steps;

use super::*;
use crate::{
	mock::{self, PricesByWeight, Test},
	trace::{budget, CallTracer, PrestateTracer, StructLogger, Trace, TraceError, Tracer},
	types::Failure,
};
use serde_json::{json, Value};

const CALLS: Tracer = Tracer::Call(CallTracer {
	only_top_call: false,
	with_log: false,
});
const CALLS_WITH_LOGS: Tracer = Tracer::Call(CallTracer {
	only_top_call: false,
	with_log: true,
});

/// As the other tests' `test`, at the prices that Geth knows.
fn test(f: impl FnOnce()) {
	super::test(|| {
		PricesByWeight::set(false);
		f();
	});
}

fn json(trace: &Trace) -> Value {
	serde_json::to_value(trace).expect("a trace is JSON")
}

/// The trace of Alice's call, as JSON.
#[track_caller]
fn trace(target: H160, input: Vec<u8>, tracer: Tracer) -> Value {
	trace_value(target, input, 0, tracer)
}

#[track_caller]
fn trace_value(target: H160, input: Vec<u8>, value: Balance, tracer: Tracer) -> Value {
	let before = root();
	let trace = Evm::trace_call(alice(), Some(target), input, value, Some(GAS), tracer)
		.expect("there is a trace");
	assert_eq!(root(), before, "a trace leaves nothing");
	json(&trace)
}

/// The trace of whatever is run, as JSON.
#[track_caller]
fn trace_of<R>(tracer: Tracer, run: impl FnOnce() -> R) -> Value {
	let (trace, _) = Evm::traced(tracer, &mut budget(), run);
	json(&trace.expect("something ran in the EVM"))
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
	let digits: String = bytes
		.as_ref()
		.iter()
		.map(|byte| format!("{byte:02x}"))
		.collect();
	format!("0x{digits}")
}

fn at(address: H160) -> String {
	hex(address)
}

fn me() -> String {
	at(account::alias(&alice()))
}

/// A word in full.
fn full(number: u64) -> String {
	hex(word(number))
}

fn quantity(number: u64) -> String {
	format!("{number:#x}")
}

/// A program that makes a call without data, and goes on whatever comes of it.
fn calls(target: H160, gas: u64, opcode: &str) -> String {
	let value = match opcode {
		"CALL" | "CALLCODE" => "0",
		_ => "",
	};
	format!("0 0 0 0 {value} {} {gas} {opcode} POP", token(target))
}
