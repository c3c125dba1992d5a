//! The words of the field: users, events, values, exact numbers, times, tags. No I/O.
