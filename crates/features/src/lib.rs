//! What rules measure: one program, one fold over each user's history. No I/O.
