//! One binary for the whole suite.
