//! Scoped globals: a function names a mutable reference, and what it calls can borrow it.
//!
//! [`environmental!`] declares one. `name::using(&mut value, f)` makes `value` the innermost scope
//! while `f` runs, `name::with(g)` lends the innermost one to `g` (`None` if there is none), and
//! `name::using_once(&mut value, f)` does as `using` unless a scope is open already.
//!
//! It has the interface of the published crate of this name and one thing more: a `using_once`
//! that finds a permit of [`scope_permit::nested`] opens a scope of its own. See there for why.
//!
//! # Safety
//! A scope is a raw pointer on a stack. It is put there by a function that holds the reference
//! exclusively for as long as the pointer is on the stack, it is removed on the way out even while
//! unwinding, and it is lent to one borrower at a time. Scopes of one thread are not seen by
//! another; without `std` there is one thread.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

// Users import all of the published crate's names by `*` and rely on these.
#[doc(hidden)]
pub use alloc::{rc::Rc, vec::Vec};
#[doc(hidden)]
pub use core::{
	cell::RefCell,
	marker::PhantomData,
	mem::{replace, transmute},
};

/// The open scopes of one declaration, innermost last, each with whether it is lent.
#[doc(hidden)]
pub struct Scopes<T: ?Sized>(RefCell<Vec<(*mut T, bool)>>);

// SAFETY: Only a static of a build without `std` needs this, and that has one thread.
#[cfg(not(feature = "std"))]
unsafe impl<T: ?Sized> Sync for Scopes<T> {}

impl<T: ?Sized> Default for Scopes<T> {
	fn default() -> Self {
		Self::new()
	}
}

impl<T: ?Sized> Scopes<T> {
	/// No scope is open.
	pub const fn new() -> Self {
		Self(RefCell::new(Vec::new()))
	}

	/// Opens a scope for the time that `f` runs.
	pub fn using<R>(&self, protected: *mut T, f: impl FnOnce() -> R) -> R {
		struct Close<'a, T: ?Sized>(&'a Scopes<T>);
		impl<T: ?Sized> Drop for Close<'_, T> {
			fn drop(&mut self) {
				self.0 .0.borrow_mut().pop();
			}
		}
		self.0.borrow_mut().push((protected, false));
		let _close = Close(self);
		f()
	}

	/// Opens a scope if there is none, or a permit for one.
	pub fn using_once<R>(&self, protected: *mut T, f: impl FnOnce() -> R) -> R {
		let joins = !self.0.borrow().is_empty();
		if joins && !scope_permit::take() {
			f()
		} else {
			// The permit is for the first scope opened under it, needed or not.
			scope_permit::take();
			self.using(protected, f)
		}
	}

	/// Lends the innermost scope.
	///
	/// # Panics
	/// If it is lent already.
	pub fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> Option<R> {
		struct Return<'a, T: ?Sized>(&'a Scopes<T>, usize);
		impl<T: ?Sized> Drop for Return<'_, T> {
			fn drop(&mut self) {
				if let Some((_, lent)) = self.0 .0.borrow_mut().get_mut(self.1) {
					*lent = false;
				}
			}
		}
		let (pointer, index) = {
			let mut scopes = self.0.borrow_mut();
			let index = scopes.len().checked_sub(1)?;
			let (pointer, lent) = &mut scopes[index];
			assert!(!core::mem::replace(lent, true), "a scope is lent to one borrower at a time");
			(*pointer, index)
		};
		// Scopes opened by `f` are closed by it, so the index stays that of this scope.
		let _return = Return(self, index);
		// SAFETY: See the head of the crate.
		Some(f(unsafe { &mut *pointer }))
	}
}

#[cfg(feature = "std")]
#[doc(hidden)]
#[macro_export]
macro_rules! __scopes {
	($t:ty) => {
		::std::thread_local! {
			static SCOPES: $crate::Scopes<$t> = const { $crate::Scopes::new() };
		}
		fn scopes<R>(f: impl FnOnce(&$crate::Scopes<$t>) -> R) -> R {
			SCOPES.with(f)
		}
	};
}

#[cfg(not(feature = "std"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __scopes {
	($t:ty) => {
		static SCOPES: $crate::Scopes<$t> = $crate::Scopes::new();
		fn scopes<R>(f: impl FnOnce(&$crate::Scopes<$t>) -> R) -> R {
			f(&SCOPES)
		}
	};
}

/// Declares a scoped global: `environmental!(name: Type)`, `environmental!(name: trait Trait)` or
/// `environmental!(name: trait Trait<Arguments>)`.
#[macro_export]
macro_rules! environmental {
	($name:ident : trait $trait:ident $(< $($args:ty),* $(,)? >)?) => {
		#[allow(non_camel_case_types, dead_code)]
		struct $name {
			__private_field: (),
		}

		#[allow(dead_code)]
		const _: () = {
			type Object<'a> = dyn $trait $(< $($args),* >)? + 'a;
			$crate::__scopes!(Object<'static>);

			impl $name {
				pub fn using<R, F: FnOnce() -> R>(protected: &mut Object<'_>, f: F) -> R {
					let pointer = Self::pointer(protected);
					scopes(|scopes| scopes.using(pointer, f))
				}

				pub fn using_once<R, F: FnOnce() -> R>(protected: &mut Object<'_>, f: F) -> R {
					let pointer = Self::pointer(protected);
					scopes(|scopes| scopes.using_once(pointer, f))
				}

				pub fn with<R, F: for<'a> FnOnce(&'a mut Object<'a>) -> R>(f: F) -> Option<R> {
					scopes(|scopes| scopes.with(|object| f(object)))
				}

				// The scope ends before what the object borrows does, and `with` lends it for no
				// longer than that.
				fn pointer<'a>(protected: &'a mut Object<'_>) -> *mut Object<'static> {
					unsafe {
						::core::mem::transmute::<*mut Object<'_>, *mut Object<'static>>(protected)
					}
				}
			}
		};
	};
	($name:ident : $t:ty) => {
		#[allow(non_camel_case_types, dead_code)]
		struct $name {
			__private_field: (),
		}

		#[allow(dead_code)]
		const _: () = {
			$crate::__scopes!($t);

			impl $name {
				pub fn using<R, F: FnOnce() -> R>(protected: &mut $t, f: F) -> R {
					scopes(|scopes| scopes.using(protected, f))
				}

				pub fn using_once<R, F: FnOnce() -> R>(protected: &mut $t, f: F) -> R {
					scopes(|scopes| scopes.using_once(protected, f))
				}

				pub fn with<R, F: FnOnce(&mut $t) -> R>(f: F) -> Option<R> {
					scopes(|scopes| scopes.with(f))
				}
			}
		};
	};
}

#[cfg(test)]
mod tests {
	use scope_permit::nested;

	environmental!(flag: u32);

	trait Count<T> {
		fn count(&mut self) -> T;
	}
	environmental!(counter: trait Count<u32>);

	trait Plain {
		fn length(&self) -> usize;
	}
	environmental!(plain: trait Plain);

	struct Counter<'a>(&'a mut u32);
	impl Count<u32> for Counter<'_> {
		fn count(&mut self) -> u32 {
			*self.0 += 1;
			*self.0
		}
	}
	impl Plain for &str {
		fn length(&self) -> usize {
			self.len()
		}
	}

	fn seen() -> Option<u32> {
		flag::with(|flag| *flag)
	}
	fn enter(value: u32) -> Option<u32> {
		flag::using_once(&mut { value }, seen)
	}

	#[test]
	fn scope_is_seen_inside_and_gone_outside() {
		let mut value = 41;
		flag::using(&mut value, || flag::with(|flag| *flag += 1));
		assert_eq!(value, 42);
		assert_eq!(seen(), None);
	}

	#[test]
	fn scopes_stack() {
		let inner = flag::using(&mut 1, || (flag::using(&mut 2, seen), seen()));
		assert_eq!(inner, (Some(2), Some(1)));
	}

	#[test]
	fn scope_is_closed_while_unwinding() {
		let _ = std::panic::catch_unwind(|| flag::using(&mut 1, || panic!("on purpose")));
		assert_eq!(seen(), None);
	}

	#[test]
	fn scope_opened_under_a_loan_is_lent_separately() {
		let inner = flag::using(&mut 1, || flag::with(|_| flag::using(&mut 2, seen)));
		assert_eq!(inner, Some(Some(2)));
	}

	#[test]
	#[should_panic(expected = "one borrower")]
	fn scope_is_not_lent_twice() {
		flag::using(&mut 1, || flag::with(|_| seen()));
	}

	#[test]
	fn trait_objects_with_short_lives_are_lent() {
		let mut value = 0;
		let counted = counter::using(&mut Counter(&mut value), || {
			counter::with(|counter| counter.count());
			counter::with(|counter| counter.count())
		});
		assert_eq!((counted, value), (Some(2), 2));
		let text = String::from("four");
		assert_eq!(plain::using(&mut text.as_str(), || plain::with(|p| p.length())), Some(4));
	}

	#[test]
	fn inner_scope_joins_without_a_permit() {
		assert_eq!(flag::using_once(&mut 1, || enter(2)), Some(1));
	}

	#[test]
	fn permit_opens_one_scope_and_is_used_up() {
		let both = flag::using_once(&mut 1, || {
			nested(|| flag::using_once(&mut 2, || (seen(), enter(3))))
		});
		assert_eq!(both, (Some(2), Some(2)));
		let outermost = nested(|| flag::using_once(&mut 1, || enter(2)));
		assert_eq!(outermost, Some(1));
	}

	#[test]
	fn permit_ends_with_its_closure() {
		let joined = flag::using_once(&mut 1, || {
			nested(|| ());
			enter(2)
		});
		assert_eq!(joined, Some(1));
	}
}
