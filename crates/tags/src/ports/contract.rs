//! What every implementation of the ports must do, as tests.
