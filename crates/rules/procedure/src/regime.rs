//! Which law counts a period, and what it says about its end.

use serde::Serialize;

/// The law that counts. All of them refer to §§ 187 to 193 BGB and differ in what they add.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    /// BGB §§ 186 to 193.
    Civil,
    /// SGB X § 26: procedures of the social authorities.
    Social,
    /// SGG § 64: remedies on the way to the social courts.
    SocialCourt,
    /// VwVfG § 31: general administrative procedures (the Länder have the same text).
    Administrative,
    /// `VwGO` § 57 with ZPO § 222: remedies on the way to the administrative courts.
    AdministrativeCourt,
    /// AO § 108: tax procedures, Kindergeld by the EStG among them.
    Tax,
}

/// What happens when the last day is a Saturday, Sunday or public holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EndRule {
    /// The period ends with the next working day.
    NextWorkingDay,
    /// The authority named a certain day as the end and pointed to this rule: no shift.
    AnnouncedDay,
    /// The period is the time for which an authority owes benefits: no shift.
    BenefitPeriod,
    /// The day is an appointment set by an authority: no shift.
    Appointment,
    /// Neither declaration nor performance is due on the day (waiting periods, ages): no shift.
    NothingDue,
}

impl Regime {
    /// The norm that makes §§ 187 to 193 BGB apply.
    #[must_use]
    pub const fn counting_norm(self) -> &'static str {
        match self {
            Self::Civil => "§ 186 BGB",
            Self::Social => "§ 26 Abs. 1 SGB X",
            // § 64 SGG speaks for itself, in the words of the BGB.
            Self::SocialCourt => "§ 64 SGG",
            Self::Administrative => "§ 31 Abs. 1 VwVfG",
            Self::AdministrativeCourt => "§ 57 Abs. 2 VwGO i. V. m. § 222 Abs. 1 ZPO",
            Self::Tax => "§ 108 Abs. 1 AO",
        }
    }

    /// The norm on the start of a period that an authority sets: the day after notification.
    #[must_use]
    pub const fn authority_start_norm(self) -> &'static str {
        match self {
            Self::Civil => "§ 187 Abs. 1 BGB",
            Self::Social | Self::SocialCourt => "§ 26 Abs. 2 SGB X",
            Self::Administrative | Self::AdministrativeCourt => "§ 31 Abs. 2 VwVfG",
            Self::Tax => "§ 108 Abs. 2 AO",
        }
    }

    /// The norm of a rule for the end; nothing when this law has no such rule.
    #[must_use]
    pub const fn end_norm(self, rule: EndRule) -> Option<&'static str> {
        Some(match (self, rule) {
            (Self::Civil, EndRule::NextWorkingDay | EndRule::NothingDue) => "§ 193 BGB",
            (_, EndRule::NothingDue) => "§§ 187, 188 BGB",
            (Self::Social, EndRule::NextWorkingDay) => "§ 26 Abs. 3 Satz 1 SGB X",
            (Self::Social, EndRule::AnnouncedDay) => "§ 26 Abs. 3 Satz 2 SGB X",
            (Self::Social, EndRule::BenefitPeriod) => "§ 26 Abs. 4 SGB X",
            (Self::Social, EndRule::Appointment) => "§ 26 Abs. 5 SGB X",
            (Self::SocialCourt, EndRule::NextWorkingDay) => "§ 64 Abs. 3 SGG",
            (Self::Administrative, EndRule::NextWorkingDay) => "§ 31 Abs. 3 Satz 1 VwVfG",
            (Self::Administrative, EndRule::AnnouncedDay) => "§ 31 Abs. 3 Satz 2 VwVfG",
            (Self::Administrative, EndRule::BenefitPeriod) => "§ 31 Abs. 4 VwVfG",
            (Self::Administrative, EndRule::Appointment) => "§ 31 Abs. 5 VwVfG",
            (Self::AdministrativeCourt, EndRule::NextWorkingDay) => {
                "§ 57 Abs. 2 VwGO i. V. m. § 222 Abs. 2 ZPO"
            }
            (Self::Tax, EndRule::NextWorkingDay) => "§ 108 Abs. 3 AO",
            (Self::Tax, EndRule::BenefitPeriod) => "§ 108 Abs. 4 AO",
            (Self::Tax, EndRule::Appointment) => "§ 108 Abs. 5 AO",
            (
                Self::Civil | Self::SocialCourt | Self::AdministrativeCourt | Self::Tax,
                EndRule::AnnouncedDay | EndRule::BenefitPeriod | EndRule::Appointment,
            ) => return None,
        })
    }
}
