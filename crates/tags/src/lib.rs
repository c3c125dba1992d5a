//! Conditions over feature values become bitmaps and user rows; refresh; entered and left.
