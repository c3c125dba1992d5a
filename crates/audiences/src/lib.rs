//! Set algebra over tags: counts, overlap, members.
