//! What the standards know is known here.
