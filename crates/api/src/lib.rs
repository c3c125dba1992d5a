//! Every HTTP face of Muster.
