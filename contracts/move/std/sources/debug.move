// SPDX-License-Identifier: Apache-2.0

/// Looking at values while developing. Nothing happens on a chain.
module std::debug {
    /// Shows a value where somebody can see it.
    native public fun print<T>(x: &T);
}
