//! Measured figures, as ratios within one run
