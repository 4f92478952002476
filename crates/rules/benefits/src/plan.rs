//! Plans of months: which are allowed, what is left, and which are best (§§ 4, 4a, 4b, 4c BEEG).

mod change;
mod checks;
mod family;
mod quota;
mod search;
mod sentences;

pub use change::Effect;
pub use checks::{Code, Report, Violation, check};
pub use family::{Family, HoursInMonth, IncomeInMonth, MaternityMonths, PlanInput};
pub use quota::{Quota, Used, Window, quota, used, window};
pub use search::{Amounts, Best, Goal, MonthlyAmounts, best, plan_total};
