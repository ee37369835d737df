//! What runs when a chain takes up a new version of this runtime.

/// Migrations of the version being prepared. An entry leaves once it has run on every live chain.
pub type Unreleased = ();

/// Migrations that run at every upgrade, for as long as the runtime exists.
pub type Permanent = ();

/// All of them, in the order in which they run.
pub type SingleBlockMigrations = (Unreleased, Permanent);
