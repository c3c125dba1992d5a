//! The process: configuration, wiring, the muster command line.
