// SPDX-License-Identifier: Apache-2.0

/// Abort codes that say what kind of error they mean.
///
/// A code is `category << 16 | reason`: the category is one of this module's, the reason is the
/// aborting module's own, below 2^16. Clients tell the category from the code without knowing the
/// module.
module std::error {
    /// The caller gave an argument that is never right.
    const INVALID_ARGUMENT: u64 = 0x1;
    /// The argument is beyond the range that is right at this moment.
    const OUT_OF_RANGE: u64 = 0x2;
    /// The state does not admit the operation.
    const INVALID_STATE: u64 = 0x3;
    /// Nobody valid authenticated the request.
    const UNAUTHENTICATED: u64 = 0x4;
    /// The caller may not do this.
    const PERMISSION_DENIED: u64 = 0x5;
    /// Something asked for is not there.
    const NOT_FOUND: u64 = 0x6;
    /// A concurrency conflict.
    const ABORTED: u64 = 0x7;
    /// Something to be made is there already.
    const ALREADY_EXISTS: u64 = 0x8;
    /// Out of gas, space or another quota.
    const RESOURCE_EXHAUSTED: u64 = 0x9;
    /// The client withdrew the request.
    const CANCELLED: u64 = 0xA;
    /// A defect of the program.
    const INTERNAL: u64 = 0xB;
    /// The feature does not exist.
    const NOT_IMPLEMENTED: u64 = 0xC;
    /// The service is off for now.
    const UNAVAILABLE: u64 = 0xD;

    /// The code of a category and a reason.
    public fun canonical(category: u64, reason: u64): u64 {
        (category << 16) + reason
    }

    public fun invalid_argument(r: u64): u64 { canonical(INVALID_ARGUMENT, r) }

    public fun out_of_range(r: u64): u64 { canonical(OUT_OF_RANGE, r) }

    public fun invalid_state(r: u64): u64 { canonical(INVALID_STATE, r) }

    public fun unauthenticated(r: u64): u64 { canonical(UNAUTHENTICATED, r) }

    public fun permission_denied(r: u64): u64 { canonical(PERMISSION_DENIED, r) }

    public fun not_found(r: u64): u64 { canonical(NOT_FOUND, r) }

    public fun aborted(r: u64): u64 { canonical(ABORTED, r) }

    public fun already_exists(r: u64): u64 { canonical(ALREADY_EXISTS, r) }

    public fun resource_exhausted(r: u64): u64 { canonical(RESOURCE_EXHAUSTED, r) }

    public fun cancelled(r: u64): u64 { canonical(CANCELLED, r) }

    public fun internal(r: u64): u64 { canonical(INTERNAL, r) }

    public fun not_implemented(r: u64): u64 { canonical(NOT_IMPLEMENTED, r) }

    public fun unavailable(r: u64): u64 { canonical(UNAVAILABLE, r) }
}
