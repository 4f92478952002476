//! Exact rounding of fractions of a cent.

/// Divides and rounds half up, away from zero for negative halves (guidelines 2.0.3.3.1).
#[must_use]
pub(crate) fn round_div(numerator: i64, denominator: i64) -> i64 {
    let doubled = numerator.saturating_mul(2);
    if numerator >= 0 {
        doubled.saturating_add(denominator) / (2 * denominator)
    } else {
        doubled.saturating_sub(denominator) / (2 * denominator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_up() {
        assert_eq!(round_div(5, 2), 3);
        assert_eq!(round_div(4, 3), 1);
        assert_eq!(round_div(-5, 2), -3);
    }
}
