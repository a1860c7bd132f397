//! One binary for the whole suite.

mod laws;
