//! Memory for the length of a transaction, outside of storage.
//!
//! A runtime runs on one thread and its memory is fresh at every call from the node, so what must
//! live longer than a function and shorter than a transaction need not be written to storage. In
//! native tests each thread has its own.

/// Declares a function `NAME(f)` that runs `f` on this thread's one value of a type.
///
/// The function gives `None`, and does not run `f`, if it is called from within such an `f`.
///
/// ```
/// trivium_primitives::transaction_local!(fn with_counter(u32));
/// with_counter(|count| *count += 1);
/// assert_eq!(with_counter(|count| *count), Some(1));
/// assert_eq!(with_counter(|_| with_counter(|count| *count)), Some(None));
/// ```
#[macro_export]
macro_rules! transaction_local {
	($(#[$doc:meta])* $vis:vis fn $name:ident($of:ty)) => {
		$(#[$doc])*
		$vis fn $name<R>(f: impl FnOnce(&mut $of) -> R) -> Option<R> {
			$crate::local::slot!(SLOT: $of);
			$crate::local::with_slot!(SLOT, f)
		}
	};
}

#[cfg(feature = "std")]
#[doc(hidden)]
#[macro_export]
macro_rules! __slot {
	($slot:ident: $of:ty) => {
		::std::thread_local! {
			static $slot: ::core::cell::RefCell<$of> = ::core::default::Default::default();
		}
	};
}
#[cfg(feature = "std")]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_slot {
	($slot:ident, $f:ident) => {
		$slot.with(|slot| slot.try_borrow_mut().ok().map(|mut value| $f(&mut value)))
	};
}

#[cfg(not(feature = "std"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __slot {
	($slot:ident: $of:ty) => {
		static $slot: $crate::local::Mutex<Option<$of>> = $crate::local::Mutex::new(None);
	};
}
#[cfg(not(feature = "std"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_slot {
	($slot:ident, $f:ident) => {
		$slot
			.try_lock()
			.map(|mut slot| $f(slot.get_or_insert_with(::core::default::Default::default)))
	};
}

pub use crate::{__slot as slot, __with_slot as with_slot};
#[cfg(not(feature = "std"))]
#[doc(hidden)]
pub use spin::Mutex;
