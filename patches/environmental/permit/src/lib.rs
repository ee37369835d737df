//! Leave to open one nested scope where a guard made with `environmental` would refuse.
//!
//! pallet-contracts refuses to be entered while it runs: it keeps a flag in an `environmental!`
//! that it opens by `using_once`, so that an inner `using_once` joins the outer scope, sees the
//! flag and gives up. That is right for a call that arrives by surprise, through a dispatchable.
//! A call that comes back through another virtual machine is meant to arrive, and whoever makes
//! it keeps the outer execution whole; it says so with [`nested`]. The `environmental` in the
//! folder above takes notice; the published one does not, and then such calls are refused.

#![cfg_attr(not(feature = "std"), no_std)]

use core::sync::atomic::{AtomicBool, Ordering};

/// One permit per thread, as the scopes are per thread.
#[cfg(feature = "std")]
fn with_permit<R>(f: impl FnOnce(&AtomicBool) -> R) -> R {
	std::thread_local! {
		static PERMIT: AtomicBool = const { AtomicBool::new(false) };
	}
	PERMIT.with(f)
}

/// A runtime has one thread.
#[cfg(not(feature = "std"))]
fn with_permit<R>(f: impl FnOnce(&AtomicBool) -> R) -> R {
	static PERMIT: AtomicBool = AtomicBool::new(false);
	f(&PERMIT)
}

/// Runs `f`, within which the first `using_once` opens a scope of its own, whatever scope is open
/// outside. A second one joins, as ever.
pub fn nested<R>(f: impl FnOnce() -> R) -> R {
	struct Withdraw;
	impl Drop for Withdraw {
		fn drop(&mut self) {
			take();
		}
	}
	with_permit(|permit| permit.store(true, Ordering::Relaxed));
	let _withdraw = Withdraw;
	f()
}

/// Whether there is a permit; there is none afterwards.
pub fn take() -> bool {
	with_permit(|permit| permit.swap(false, Ordering::Relaxed))
}
