//! When a notice is notified: presumptions by way of delivery and their dates of change.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::Serialize;

use crate::day::{Day, next_working_day};
use crate::error::ProcedureError;
use crate::place::Place;
use crate::trace::{InputName, Rule, Trace};

/// Acts posted, sent or provided since this day are presumed notified on the fourth instead of the
/// third day (Postrechtsmodernisierungsgesetz of 15 July 2024, `BGBl.` 2024 I no. 236, articles 2, 3,
/// 20, 33; that the day of posting decides is express for the AO only, by its introductory act, recalled).
pub const FOUR_DAYS_SINCE: Date = jiff::civil::date(2025, 1, 1);

/// Since this day § 122a AO counts from the provision instead of the message about it (recalled).
const TAX_COUNTS_FROM_PROVISION_SINCE: Date = jiff::civil::date(2026, 1, 1);

/// The law of notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceLaw {
    /// SGB X § 37.
    Social,
    /// SGB X § 37 with § 9 OZG for what is fetched from a portal: section 1 of the BEEG
    /// (§ 37(2b) SGB X).
    ParentalAllowance,
    /// VwVfG § 41.
    Administrative,
    /// AO §§ 122, 122a.
    Tax,
}

/// How a notice went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "way")]
pub enum Delivery {
    /// A letter within Germany.
    PostInGermany {
        /// Day of posting (not the date on the letter).
        posted: Date,
    },
    /// A letter to another country.
    PostAbroad {
        /// Day of posting.
        posted: Date,
    },
    /// Sent electronically, as by e-mail or De-Mail, at home or abroad.
    Electronic {
        /// Day of sending.
        sent: Date,
    },
    /// Laid ready on a portal, with consent where the law wants it.
    Portal {
        /// Day from which it could be fetched.
        provided: Date,
        /// Day on which the message about it was sent.
        notified: Date,
        /// Day of the first fetching, if any.
        retrieved: Option<Date>,
    },
    /// Handed over, or formally served with proof of the day.
    Served {
        /// That day.
        on: Date,
    },
}

/// What is known about arrival. On a portal it is about the message, not the notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "arrival", content = "day")]
pub enum Receipt {
    /// Nothing speaks against the presumption. An earlier arrival does not count either.
    AsPresumed,
    /// It arrived on this day; counts when later than presumed.
    On(Date),
    /// It did not arrive, or the authority cannot prove that it did.
    NotProven,
}

/// Whether a presumed day that is a Saturday, Sunday or holiday moves to the next working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FictionShift {
    /// It stays.
    Stays,
    /// It moves.
    NextWorkingDay,
}

impl ServiceLaw {
    /// The reading courts follow. The other one stays selectable.
    #[must_use]
    pub const fn prevailing_shift(self) -> FictionShift {
        match self {
            Self::Tax => FictionShift::NextWorkingDay,
            Self::Social | Self::ParentalAllowance | Self::Administrative => FictionShift::Stays,
        }
    }

    /// Who reads the law this way (headnotes read); nothing when the reading is not the prevailing
    /// one.
    #[must_use]
    pub const fn shift_source(self, shift: FictionShift) -> Option<&'static str> {
        match (self, shift) {
            (Self::Tax, FictionShift::NextWorkingDay) => {
                Some("§ 108 Abs. 3 AO; BFH, Urteil vom 14.10.2003, IX R 68/98")
            }
            (Self::Social | Self::ParentalAllowance, FictionShift::Stays) => {
                Some("BSG, Urteil vom 06.05.2010, B 14 AS 12/09 R")
            }
            (Self::Administrative, FictionShift::Stays) => {
                Some("OVG Niedersachsen, Beschluss vom 26.10.2006, 7 PA 184/06")
            }
            (Self::Tax, FictionShift::Stays)
            | (
                Self::Social | Self::ParentalAllowance | Self::Administrative,
                FictionShift::NextWorkingDay,
            ) => None,
        }
    }
}

/// Why a notice was not notified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NotNotified {
    /// It did not arrive.
    NotReceived,
    /// The law presumes nothing for this way of delivery and no arrival is known.
    NoPresumption,
    /// It was not fetched, or not in time.
    NotFetched,
}

/// The effect of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Notified on this day.
    On(Day),
    /// Not notified (yet).
    None(NotNotified),
}

/// When a notice was notified, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notification {
    /// The day, or why there is none.
    pub effect: Effect,
    /// True for delivery abroad: some remedies have longer periods then. Set for letters; for what
    /// was served or sent electronically to another country the caller sets it.
    pub abroad: bool,
    /// Why.
    pub trace: Trace,
}

/// One presumption: from which day, how long, by which norm.
struct Presumption {
    from: (InputName, Date),
    length: Span,
    norm: &'static str,
    /// What happens to the presumption when the day of arrival is disputed.
    disputed: Disputed,
}

enum Disputed {
    /// A later arrival counts instead (§ 37(2) s. 3 SGB X and its likes).
    LaterDayCounts,
    /// The day of fetching counts instead (§ 37(2a) s. 6, 7 SGB X).
    DayOfFetching(Option<Date>),
    /// Arrival of the message is no part of the rule (§ 9 OZG).
    Irrelevant,
}

fn days(from: Date) -> i64 {
    if from < FOUR_DAYS_SINCE { 3 } else { 4 }
}

fn in_order(earlier: Date, later: Date) -> Result<(), ProcedureError> {
    if later < earlier {
        return Err(ProcedureError::OutOfOrder { earlier, later });
    }
    Ok(())
}

fn post_presumption(law: ServiceLaw, posted: Date) -> Presumption {
    Presumption {
        from: (InputName::Posted, posted),
        length: days(posted).days(),
        norm: match law {
            ServiceLaw::Social | ServiceLaw::ParentalAllowance => "§ 37 Abs. 2 Satz 1 SGB X",
            ServiceLaw::Administrative => "§ 41 Abs. 2 Satz 1 VwVfG",
            ServiceLaw::Tax => "§ 122 Abs. 2 Nr. 1 AO",
        },
        disputed: Disputed::LaterDayCounts,
    }
}

fn electronic_presumption(law: ServiceLaw, sent: Date) -> Presumption {
    Presumption {
        from: (InputName::Sent, sent),
        length: days(sent).days(),
        norm: match law {
            ServiceLaw::Social | ServiceLaw::ParentalAllowance => "§ 37 Abs. 2 Satz 2 SGB X",
            ServiceLaw::Administrative => "§ 41 Abs. 2 Satz 2 VwVfG",
            ServiceLaw::Tax => "§ 122 Abs. 2a AO",
        },
        disputed: Disputed::LaterDayCounts,
    }
}

/// The presumption for what lies on a portal; nothing where only fetching counts (§ 41(2a) VwVfG).
///
/// The third day of § 37(2a) SGB X and § 9(1) OZG was read in the text before 2025; that both
/// became the fourth on the same day is recalled, as is § 122a AO before 2026.
fn portal_presumption(
    law: ServiceLaw,
    provided: Date,
    notified: Date,
    retrieved: Option<Date>,
) -> Option<Presumption> {
    let (from, norm, disputed) = match law {
        ServiceLaw::Administrative => return None,
        ServiceLaw::Social => (
            (InputName::Notified, notified),
            "§ 37 Abs. 2a Satz 4 SGB X",
            Disputed::DayOfFetching(retrieved),
        ),
        ServiceLaw::ParentalAllowance => (
            (InputName::Provided, provided),
            "§ 37 Abs. 2b SGB X i. V. m. § 9 Abs. 1 OZG",
            Disputed::Irrelevant,
        ),
        ServiceLaw::Tax if provided < TAX_COUNTS_FROM_PROVISION_SINCE => (
            (InputName::Notified, notified),
            "§ 122a Abs. 4 AO in der Fassung bis 2025",
            Disputed::DayOfFetching(retrieved),
        ),
        ServiceLaw::Tax => (
            (InputName::Provided, provided),
            "§ 122a Abs. 4 AO",
            Disputed::Irrelevant,
        ),
    };
    Some(Presumption {
        length: days(from.1).days(),
        from,
        norm,
        disputed,
    })
}

/// When a notice counts as notified.
///
/// `place` is where the presumed day is looked at when it may move; the law does not name it, so
/// the caller decides (the recipient's place is the cautious choice for an office).
///
/// # Errors
/// [`ProcedureError::OutOfOrder`] for arrival before dispatch, and the calendar's errors.
pub fn notification(
    law: ServiceLaw,
    delivery: Delivery,
    receipt: Receipt,
    shift: FictionShift,
    place: &Place,
) -> Result<Notification, ProcedureError> {
    let mut trace = Trace::default();
    let abroad = matches!(delivery, Delivery::PostAbroad { .. });
    let effect = match delivery {
        Delivery::PostInGermany { posted } => {
            let rule = post_presumption(law, posted);
            presumed(law, &rule, receipt, shift, place, &mut trace)?
        }
        Delivery::Electronic { sent } => {
            let rule = electronic_presumption(law, sent);
            presumed(law, &rule, receipt, shift, place, &mut trace)?
        }
        Delivery::PostAbroad { posted } if law == ServiceLaw::Tax => {
            let rule = Presumption {
                from: (InputName::Posted, posted),
                length: 1.month(),
                norm: "§ 122 Abs. 2 Nr. 2 AO",
                disputed: Disputed::LaterDayCounts,
            };
            presumed(law, &rule, receipt, shift, place, &mut trace)?
        }
        Delivery::PostAbroad { posted } => match receipt {
            Receipt::On(day) => {
                in_order(posted, day)?;
                let inputs = [(InputName::Received, day.into())];
                trace.add(Rule::DayOfReceipt, "§ 130 BGB (entsprechend)", inputs, day);
                Effect::On(Day::certain_on(day))
            }
            Receipt::AsPresumed => Effect::None(NotNotified::NoPresumption),
            Receipt::NotProven => Effect::None(NotNotified::NotReceived),
        },
        Delivery::Portal {
            provided,
            notified,
            retrieved,
        } => {
            if let Some(day) = retrieved {
                in_order(provided, day)?;
            }
            match portal_presumption(law, provided, notified, retrieved) {
                Some(rule) => presumed(law, &rule, receipt, shift, place, &mut trace)?,
                None => fetched(notified, retrieved, &mut trace)?,
            }
        }
        Delivery::Served { on } => {
            let norm = match law {
                ServiceLaw::Social | ServiceLaw::ParentalAllowance => "§ 37 Abs. 1, 5 SGB X",
                ServiceLaw::Administrative => "§ 41 Abs. 1, 5 VwVfG",
                ServiceLaw::Tax => "§ 122 Abs. 1, 5 AO",
            };
            trace.add(Rule::Served, norm, [(InputName::Received, on.into())], on);
            Effect::On(Day::certain_on(on))
        }
    };
    Ok(Notification {
        effect,
        abroad,
        trace,
    })
}

/// § 41(2a) VwVfG: the day after fetching; who does not fetch within ten days was not notified.
fn fetched(
    notified: Date,
    retrieved: Option<Date>,
    trace: &mut Trace,
) -> Result<Effect, ProcedureError> {
    let beyond = |_| ProcedureError::BeyondCalendar(notified);
    let last = notified.checked_add(10.days()).map_err(beyond)?;
    let Some(day) = retrieved.filter(|day| *day <= last) else {
        return Ok(Effect::None(NotNotified::NotFetched));
    };
    let effective = day.checked_add(1.day()).map_err(beyond)?;
    let inputs = [
        (InputName::Notified, notified.into()),
        (InputName::Retrieved, day.into()),
    ];
    trace.add(Rule::Fetched, "§ 41 Abs. 2a VwVfG", inputs, effective);
    Ok(Effect::On(Day::certain_on(effective)))
}

fn presumed(
    law: ServiceLaw,
    rule: &Presumption,
    receipt: Receipt,
    shift: FictionShift,
    place: &Place,
    trace: &mut Trace,
) -> Result<Effect, ProcedureError> {
    let (name, from) = rule.from;
    if let Receipt::On(day) = receipt {
        in_order(from, day)?;
    }
    let counted = from
        .checked_add(rule.length)
        .map_err(|_| ProcedureError::BeyondCalendar(from))?;
    trace.add(
        Rule::PresumedNotified,
        rule.norm,
        [(name, from.into())],
        counted,
    );
    let day = match shift {
        FictionShift::Stays => Day::certain_on(counted),
        FictionShift::NextWorkingDay => next_working_day(counted, place)?,
    };
    if day.certain() != Some(counted) {
        let norm = law
            .shift_source(shift)
            .unwrap_or("abweichende Auslegung (gewählt)");
        let inputs = [(InputName::Presumed, counted.into())];
        trace.add(Rule::PresumedDayMoved, norm, inputs, day.clone());
    }
    Ok(match (&rule.disputed, receipt) {
        (Disputed::LaterDayCounts, Receipt::NotProven) => {
            trace.0.clear();
            Effect::None(NotNotified::NotReceived)
        }
        // Where the presumed day is open, it is replaced only by a day after all it may be.
        (Disputed::LaterDayCounts, Receipt::On(received)) if received > day.earliest() => {
            let later = Day::certain_on(received);
            let result = if received >= day.latest() {
                later
            } else {
                Day::combine(&day, &later, &day)
            };
            let inputs = [
                (InputName::Presumed, day.into()),
                (InputName::Received, received.into()),
            ];
            trace.add(Rule::CameLater, rule.norm, inputs, result.clone());
            Effect::On(result)
        }
        (Disputed::DayOfFetching(retrieved), disputed)
            if matches!(disputed, Receipt::NotProven)
                || matches!(disputed, Receipt::On(message) if message > counted) =>
        {
            trace.0.clear();
            match retrieved {
                Some(fetched) => {
                    let inputs = [(InputName::Retrieved, (*fetched).into())];
                    trace.add(Rule::Fetched, rule.norm, inputs, *fetched);
                    Effect::On(Day::certain_on(*fetched))
                }
                None => Effect::None(NotNotified::NotFetched),
            }
        }
        _ => Effect::On(day),
    })
}
