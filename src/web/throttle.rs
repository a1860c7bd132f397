//! Throttle stub
