//! Stands in for the XCM crate in ink!'s dependencies.
//!
//! ink!'s `xcm_execute` and `xcm_send` take these types. Here they have no values, so those two
//! functions type-check and cannot be called. A contract that sends XCM takes this patch out.

#![cfg_attr(not(feature = "std"), no_std)]

use core::{convert::Infallible, marker::PhantomData};
use scale::{Encode, Output};

/// An XCM program: here, one that cannot be written.
pub struct VersionedXcm<Call> {
	never: Infallible,
	call: PhantomData<Call>,
}

impl<Call> Encode for VersionedXcm<Call> {
	fn encode_to<T: Output + ?Sized>(&self, _: &mut T) {
		let _ = self.call;
		match self.never {}
	}
}

/// A place that XCM can name: here, none.
pub enum VersionedLocation {}

impl Encode for VersionedLocation {
	fn encode_to<T: Output + ?Sized>(&self, _: &mut T) {
		match *self {}
	}
}

/// Version 4 of XCM.
pub mod v4 {
	/// The hash of a message that was sent.
	pub type XcmHash = [u8; 32];
}
