//! The best plan of a family by a goal, found among all admissible plans.
//!
//! A month's amount depends only on who draws what in it, so the search walks month by month over
//! everything the later rules need to know: half months used by each parent, where the bonus stands
//! and whether the one parallel Basis month is used. Plans that agree in that can be continued in the
//! same ways, so only the better one is kept: the result is exact, not a sample.

use einmal_model::Cents;
use serde::{Deserialize, Serialize};

use super::family::Family;
use super::quota::{quota, window};
use crate::calendar::LIFE_MONTHS;
use crate::elterngeld::{Draw, Months};

/// What a family is after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// The most months of life with Elterngeld, then the most money.
    Longest,
    /// The most money in total.
    MostMoney,
    /// The most months in which both draw Plus or bonus, then the most money.
    BothHalfTime,
    /// The most money in the first twelve months of life, then in total.
    FirstYear,
}

impl Goal {
    /// All goals.
    pub const ALL: [Self; 4] = [
        Self::Longest,
        Self::MostMoney,
        Self::BothHalfTime,
        Self::FirstYear,
    ];
}

/// What a parent gets in a month of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub struct MonthlyAmounts {
    /// Basiselterngeld.
    pub basis_cents: Cents,
    /// ElterngeldPlus.
    pub plus_cents: Cents,
    /// Bonus, with the income of part-time work.
    pub bonus_cents: Cents,
}

/// What each parent gets in each month of life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amounts(pub [[MonthlyAmounts; LIFE_MONTHS]; 2]);

impl Amounts {
    /// The same amounts in every month.
    #[must_use]
    pub fn even(first: MonthlyAmounts, second: MonthlyAmounts) -> Self {
        Self([[first; LIFE_MONTHS], [second; LIFE_MONTHS]])
    }

    fn of(&self, parent: usize, month: usize, draw: Draw) -> i64 {
        let Some(amounts) = self.0.get(parent).and_then(|months| months.get(month)) else {
            return 0;
        };
        let amount = match draw {
            Draw::Basis => amounts.basis_cents.0,
            Draw::Plus => amounts.plus_cents.0,
            Draw::Bonus => amounts.bonus_cents.0,
            Draw::Nothing | Draw::Open => 0,
        };
        amount.clamp(0, HIGHEST_MONTH)
    }
}

/// A plan that no admissible plan beats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Best {
    /// What it is best at.
    pub goal: Goal,
    /// Choices of the first parent.
    pub p1: Months,
    /// Choices of the second parent, if there are two.
    pub p2: Option<Months>,
    /// Sum of both parents.
    pub total_cents: Cents,
    /// Months of life in which at least one parent draws.
    pub months: u8,
}

/// Bonus not begun; 1 to 4 are the length of the run; 5 is over.
const BONUS_OVER: u8 = 5;
/// Highest amount of a month that is told apart, in cents; far above what the statute pays.
const HIGHEST_MONTH: i64 = 1_000_000;
/// What the primary goal weighs against a cent: more than any total of 64 months.
const WEIGHT: i64 = 1 << 32;
const NOT_REACHED: i64 = i64::MIN;

/// What the later months need to know about the earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    used: [u8; 2],
    /// The parent's only month so far is a Basis month: two halves, but one month.
    single: [bool; 2],
    bonus: u8,
    parallel: bool,
}

impl State {
    const START: Self = Self {
        used: [0; 2],
        single: [false; 2],
        bonus: 0,
        parallel: false,
    };

    /// Position of one parent's use: halves, with an own place for the single Basis month.
    fn place(used: u8, single: bool, width: usize) -> usize {
        if single { width - 1 } else { usize::from(used) }
    }

    fn index(self, width: usize) -> usize {
        let [a, b] = self.used;
        let [sa, sb] = self.single;
        let both = Self::place(a, sa, width) * width + Self::place(b, sb, width);
        (both * 6 + usize::from(self.bonus)) * 2 + usize::from(self.parallel)
    }

    /// Whether a plan may end here (§ 4(4) BEEG: two months or none, bonus for two months).
    fn may_end(self) -> bool {
        if self.bonus >= 2 {
            return true;
        }
        let [a, b] = self.used;
        self.bonus == 0 && a + b > 0 && !self.single.contains(&true) && a != 1 && b != 1
    }
}

/// The rules as the search needs them.
struct Limits {
    sum: u8,
    each: u8,
    basis_until: u8,
    parallel_until: u8,
    continuous_from: u8,
    parallel_limited: bool,
    bonus: bool,
    parents: u8,
    maternity: [u8; 2],
}

impl Limits {
    fn of(family: &Family) -> Self {
        let quota = quota(family);
        let window = window(family);
        Self {
            sum: quota.basis_halves,
            each: quota.per_parent_halves.unwrap_or(quota.basis_halves),
            basis_until: window.basis_until,
            parallel_until: window.parallel_until,
            continuous_from: window.continuous_from,
            parallel_limited: family.parallel_basis_is_limited(),
            bonus: family.may_have_bonus(),
            parents: family.parents,
            maternity: [family.maternity_until(1), family.maternity_until(2)],
        }
    }

    /// Whether a parent may choose this in this month at all.
    fn allows(&self, parent: usize, month: u8, draw: Draw) -> bool {
        let bound = self
            .maternity
            .get(parent)
            .is_some_and(|last| month <= *last);
        match draw {
            Draw::Basis => month <= self.basis_until,
            Draw::Bonus => self.bonus && !bound,
            _ => !bound,
        }
    }

    /// The state after a month, if the choice is admissible.
    fn step(&self, state: State, month: u8, draws: [Draw; 2]) -> Option<State> {
        let [first, second] = draws;
        let drawn = first.is_drawn() || second.is_drawn();
        if !drawn && month >= self.continuous_from {
            return None;
        }
        let mut next = state;
        let bonus = first == Draw::Bonus;
        if self.parents == 2 && bonus != (second == Draw::Bonus) {
            return None;
        }
        next.bonus = match (bonus, state.bonus) {
            (true, length @ 0..=3) => length + 1,
            (true, _) | (false, 1) => return None,
            (false, 2..=4) => BONUS_OVER,
            (false, other) => other,
        };
        for ((used, single), draw) in next.used.iter_mut().zip(&mut next.single).zip(draws) {
            match draw {
                Draw::Basis => {
                    *single = *used == 0 && state.bonus == 0;
                    *used += 2;
                }
                Draw::Plus => {
                    *single = false;
                    *used += 1;
                }
                Draw::Bonus => *single = false,
                Draw::Nothing | Draw::Open => {}
            }
            if *used > self.each {
                return None;
            }
        }
        if next.used.iter().sum::<u8>() > self.sum {
            return None;
        }
        if self.parallel_limited && first == Draw::Basis && second == Draw::Basis {
            if state.parallel || month > self.parallel_until {
                return None;
            }
            next.parallel = true;
        }
        Some(next)
    }
}

/// What a month contributes to the score.
fn score(goal: Goal, amounts: &Amounts, month: usize, draws: [Draw; 2]) -> i64 {
    let [first, second] = draws;
    let money = amounts.of(0, month, first) + amounts.of(1, month, second);
    let half = |draw: Draw| matches!(draw, Draw::Plus | Draw::Bonus);
    let primary = match goal {
        Goal::MostMoney => 0,
        Goal::Longest => i64::from(first.is_drawn() || second.is_drawn()),
        Goal::BothHalfTime => i64::from(half(first) && half(second)),
        // Money of the first year counts before any money later on.
        Goal::FirstYear if month < 12 => return money * WEIGHT + money,
        Goal::FirstYear => 0,
    };
    primary * WEIGHT + money
}

#[derive(Clone, Copy)]
struct Step {
    from: State,
    draws: [Draw; 2],
}

/// The best admissible plan; `None` if the family has none.
#[must_use]
pub fn best(family: &Family, amounts: &Amounts, goal: Goal) -> Option<Best> {
    const CHOICES: [Draw; 4] = [Draw::Open, Draw::Basis, Draw::Plus, Draw::Bonus];
    let limits = Limits::of(family);
    let width = usize::from(limits.each) + 2;
    let size = width * width * 12;
    let mut scores = vec![NOT_REACHED; size];
    *scores.get_mut(State::START.index(width))? = 0;
    let mut states = vec![State::START];
    let mut steps: Vec<Vec<Option<Step>>> = Vec::with_capacity(LIFE_MONTHS);
    let mut winner: Option<(i64, usize, State)> = None;
    let seconds: &[Draw] = if family.parents == 2 {
        &CHOICES
    } else {
        &[Draw::Open]
    };

    for index in 0..LIFE_MONTHS {
        let month = u8::try_from(index + 1).ok()?;
        let mut next_scores = vec![NOT_REACHED; size];
        let mut next_states = Vec::new();
        let mut layer = vec![None; size];
        for draws in CHOICES
            .iter()
            .flat_map(|first| seconds.iter().map(move |second| [*first, *second]))
        {
            let [first, second] = draws;
            if !limits.allows(0, month, first)
                || (family.parents == 2 && !limits.allows(1, month, second))
            {
                continue;
            }
            let gain = score(goal, amounts, index, draws);
            for state in &states {
                let Some(next) = limits.step(*state, month, draws) else {
                    continue;
                };
                let reached = scores.get(state.index(width))? + gain;
                let place = next.index(width);
                let known = next_scores.get_mut(place)?;
                if reached > *known {
                    if *known == NOT_REACHED {
                        next_states.push(next);
                    }
                    *known = reached;
                    *layer.get_mut(place)? = Some(Step {
                        from: *state,
                        draws,
                    });
                }
            }
        }
        scores = next_scores;
        states = next_states;
        steps.push(layer);
        if month + 1 >= limits.continuous_from {
            for state in states.iter().filter(|state| state.may_end()) {
                let reached = *scores.get(state.index(width))?;
                if winner.is_none_or(|(known, _, _)| reached > known) {
                    winner = Some((reached, index, *state));
                }
            }
        }
    }
    let (_, last, state) = winner?;
    trace_back(family, amounts, goal, &steps, width, (last, state))
}

fn trace_back(
    family: &Family,
    amounts: &Amounts,
    goal: Goal,
    steps: &[Vec<Option<Step>>],
    width: usize,
    (last, mut state): (usize, State),
) -> Option<Best> {
    let (mut p1, mut p2) = (Months::default(), Months::default());
    for index in (0..=last).rev() {
        let step = (*steps.get(index)?.get(state.index(width))?)?;
        let [first, second] = step.draws;
        *p1.0.get_mut(index)? = first;
        *p2.0.get_mut(index)? = second;
        state = step.from;
    }
    let drawn = |(a, b): (&Draw, &Draw)| a.is_drawn() || b.is_drawn();
    let months = p1.0.iter().zip(&p2.0).filter(|pair| drawn(*pair)).count();
    let p2 = (family.parents == 2).then_some(p2);
    Some(Best {
        goal,
        p1,
        p2,
        total_cents: plan_total(&p1, p2.as_ref(), amounts),
        months: u8::try_from(months).ok()?,
    })
}

/// What a plan pays both parents together.
#[must_use]
pub fn plan_total(p1: &Months, p2: Option<&Months>, amounts: &Amounts) -> Cents {
    let sum = |parent: usize, months: &Months| -> i64 {
        months
            .0
            .iter()
            .enumerate()
            .map(|(month, draw)| amounts.of(parent, month, *draw))
            .sum()
    };
    Cents(sum(0, p1) + p2.map_or(0, |months| sum(1, months)))
}
