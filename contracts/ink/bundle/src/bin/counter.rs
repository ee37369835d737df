//! Writes `counter.contract`.

trivium_ink_bundle::bundle!(trivium_example_counter);
