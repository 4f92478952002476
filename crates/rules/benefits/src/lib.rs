//! Family benefits as pure functions.
