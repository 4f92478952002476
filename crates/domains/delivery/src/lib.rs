//! Deliver: end-to-end encrypted hand-over with receipts, in the FIT-Connect wire format
