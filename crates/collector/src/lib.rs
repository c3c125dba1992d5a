//! Events in: decode, validate; one outcome per event.
