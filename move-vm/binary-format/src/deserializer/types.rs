//! Reading types and abilities.

use alloc::{boxed::Box, vec::Vec};

use move_vm_types::{AbilitySet, StatusCode, VmResult};

use super::cursor::Cursor;
use crate::{
	format::{
		token, INDEX_MAX, LATER_TOKENS, SIGNATURE_COUNT_MAX, TYPE_DEPTH_MAX,
		TYPE_PARAMETER_COUNT_MAX, VERSION_6,
	},
	index::StructHandleIndex,
	module::StructTypeParameter,
	signature::{Signature, SignatureToken},
};

/// A type whose parts are still to come.
enum Open {
	Vector,
	Reference,
	MutableReference,
	Struct {
		handle: StructHandleIndex,
		arity: usize,
		arguments: Vec<SignatureToken>,
	},
}

/// What one step of reading a type gives.
enum Step {
	Whole(SignatureToken),
	Open(Open),
}

impl Cursor<'_> {
	/// A set of abilities.
	pub fn abilities(&mut self) -> VmResult<AbilitySet> {
		let bits = self.small(u64::from(AbilitySet::ALL.bits()))?;
		u8::try_from(bits)
			.ok()
			.and_then(AbilitySet::from_bits)
			.ok_or_else(|| self.error(StatusCode::UNKNOWN_ABILITY, "no such ability"))
	}

	/// What the type arguments of a function must have.
	pub fn function_type_parameters(&mut self) -> VmResult<Vec<AbilitySet>> {
		self.list(TYPE_PARAMETER_COUNT_MAX, Self::abilities)
	}

	/// The type parameters of a struct.
	pub fn struct_type_parameters(&mut self) -> VmResult<Vec<StructTypeParameter>> {
		self.list(TYPE_PARAMETER_COUNT_MAX, |cursor| {
			Ok(StructTypeParameter {
				constraints: cursor.abilities()?,
				is_phantom: cursor.small(1)? == 1,
			})
		})
	}

	/// A list of types.
	pub fn signature(&mut self) -> VmResult<Signature> {
		self.list(SIGNATURE_COUNT_MAX, Self::token).map(Signature)
	}

	/// A type. Keeps what is open in a list instead of recursing.
	pub fn token(&mut self) -> VmResult<SignatureToken> {
		let mut pending: Vec<Open> = Vec::new();
		loop {
			let step = self.token_step()?;
			// With the type just read.
			if pending.len() >= TYPE_DEPTH_MAX {
				return Err(self.malformed("the type is nested too deeply"));
			}
			let mut whole = match step {
				Step::Open(open) => {
					pending.push(open);
					continue;
				}
				Step::Whole(token) => token,
			};
			// Closes whatever this was the last part of.
			loop {
				whole = match pending.pop() {
					None => return Ok(whole),
					Some(Open::Vector) => SignatureToken::Vector(Box::new(whole)),
					Some(Open::Reference) => SignatureToken::Reference(Box::new(whole)),
					Some(Open::MutableReference) => {
						SignatureToken::MutableReference(Box::new(whole))
					}
					Some(Open::Struct {
						handle,
						arity,
						mut arguments,
					}) => {
						arguments.push(whole);
						if arguments.len() < arity {
							pending.push(Open::Struct {
								handle,
								arity,
								arguments,
							});
							break;
						}
						SignatureToken::StructInstantiation(handle, arguments)
					}
				};
			}
		}
	}

	fn token_step(&mut self) -> VmResult<Step> {
		let start = self.clone();
		let whole = match self.byte()? {
			token::BOOL => SignatureToken::Bool,
			token::U8 => SignatureToken::U8,
			token::U64 => SignatureToken::U64,
			token::U128 => SignatureToken::U128,
			token::ADDRESS => SignatureToken::Address,
			token::SIGNER => SignatureToken::Signer,
			kind @ (token::U16 | token::U32 | token::U256) => {
				start.since(VERSION_6, "the integer is newer than the version")?;
				match kind {
					token::U16 => SignatureToken::U16,
					token::U32 => SignatureToken::U32,
					_ => SignatureToken::U256,
				}
			}
			token::STRUCT => SignatureToken::Struct(self.index()?),
			token::TYPE_PARAMETER => SignatureToken::TypeParameter(self.small(INDEX_MAX)?),
			token::VECTOR => return Ok(Step::Open(Open::Vector)),
			token::REFERENCE => return Ok(Step::Open(Open::Reference)),
			token::MUTABLE_REFERENCE => return Ok(Step::Open(Open::MutableReference)),
			token::STRUCT_INSTANTIATION => {
				let handle = self.index()?;
				let arity = usize::from(self.small(TYPE_PARAMETER_COUNT_MAX)?);
				if arity == 0 {
					return Err(self.malformed("type arguments, but none"));
				}
				return Ok(Step::Open(Open::Struct {
					handle,
					arity,
					// More than a few only once they are really there.
					arguments: Vec::with_capacity(arity.min(4)),
				}));
			}
			kind if LATER_TOKENS.contains(&kind) => {
				return Err(start.malformed("the type is newer than the version"));
			}
			_ => {
				return Err(start.error(StatusCode::UNKNOWN_SERIALIZED_TYPE, "no such type"));
			}
		};
		Ok(Step::Whole(whole))
	}
}
