//! The lines a trace can have: code, norm, and in both languages label and rule.

use super::Language;

macro_rules! lines {
    ($($name:ident $code:literal $norm:literal $de:literal $en:literal $rule_de:literal $rule_en:literal;)*) => {
        /// A kind of line in a trace.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Line {
            $(#[doc = concat!($en, ": ", $rule_en)] $name,)*
        }

        impl Line {
            /// Stable name for machines.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The paragraph the rule stands in; empty for what the applicant stated.
            #[must_use]
            pub fn norm(self) -> &'static str {
                match self { $(Self::$name => $norm,)* }
            }

            /// What a person calls this line.
            #[must_use]
            pub fn label(self, language: Language) -> &'static str {
                match language {
                    Language::German => match self { $(Self::$name => $de,)* },
                    Language::English => match self { $(Self::$name => $en,)* },
                }
            }

            /// How the value is made.
            #[must_use]
            pub fn rule(self, language: Language) -> &'static str {
                match language {
                    Language::German => match self { $(Self::$name => $rule_de,)* },
                    Language::English => match self { $(Self::$name => $rule_en,)* },
                }
            }
        }
    };
}

lines! {
    Total "total" "§ 2 BEEG" "Elterngeld insgesamt" "Elterngeld in total"
        "Summe aller Lebensmonate" "sum of all months of life";
    Month "month" "§ 4 BEEG" "Zahlung im Lebensmonat" "payment in the month of life"
        "Grundbetrag + Geschwisterbonus + Mehrlingszuschlag − Anrechnung" "base amount + sibling bonus + supplement for multiples − offset";
    Base "base" "§§ 2, 4a BEEG" "Grundbetrag des Monats" "base amount of the month"
        "nach gewählter Leistung und Einkommen im Bezug" "by the chosen kind and income while drawing";
    SiblingBonus "sibling_bonus" "§ 2a(1) BEEG" "Geschwisterbonus" "sibling bonus"
        "10 % des Elterngeldes, mindestens 75 € (Plus: 37,50 €)" "10 % of the Elterngeld, at least 75 € (Plus: 37.50 €)";
    Multiples "multiples" "§ 2a(4) BEEG" "Mehrlingszuschlag" "supplement for multiples"
        "300 € (Plus: 150 €) für jedes weitere Kind" "300 € (Plus: 150 €) for each further child";
    MaternityOffset "maternity_offset" "§ 3(1) BEEG" "Anrechnung von Mutterschaftsleistungen" "offset of maternity benefits"
        "taggenau auf den entsprechenden Teil des Elterngeldes" "by calendar day against the same part of the Elterngeld";
    OtherOffset "other_offset" "§ 3(1), (2) BEEG" "Anrechnung anderer Leistungen" "offset of other benefits"
        "Leistung über dem Freibetrag von 300 € (Plus: 150 €)" "benefit above the exempt 300 € (Plus: 150 €)";
    BackPayment "back_payment" "§ 7(1) BEEG" "Nicht mehr rückwirkend gezahlt" "no longer paid back"
        "höchstens drei Lebensmonate vor dem Monat des Antrags" "at most three months of life before the month of application";
    IncomeLimit "income_limit" "§ 1(8), § 28(5) BEEG" "Einkommensgrenze" "income limit"
        "kein Anspruch, wenn das zu versteuernde Einkommen darüber liegt" "no claim if the taxable income is above it";
    TaxableIncome "taxable_income" "" "Zu versteuerndes Einkommen" "taxable income" "Ihre Angabe" "as stated";
    BasisAmount "basis_amount" "§ 2(1) BEEG" "Basiselterngeld" "Basiselterngeld"
        "Einkommen vor der Geburt × Ersatzrate, mindestens 300 €, höchstens 1.800 €" "income before birth × rate, at least 300 €, at most 1,800 €";
    PlusAmount "plus_amount" "§ 4a(2) BEEG" "ElterngeldPlus" "ElterngeldPlus"
        "die Hälfte des Basiselterngeldes" "half of the Basiselterngeld";
    BasisWithIncome "basis_with_income" "§ 2(3) BEEG" "Basiselterngeld mit Einkommen im Bezug" "Basiselterngeld with income while drawing"
        "(Einkommen vorher, höchstens 2.770 €, − Einkommen im Bezug) × Ersatzrate" "(income before, at most 2,770 €, − income while drawing) × rate";
    PlusWithIncome "plus_with_income" "§ 4a(2) BEEG" "ElterngeldPlus mit Einkommen im Bezug" "ElterngeldPlus with income while drawing"
        "wie mit Einkommen, höchstens die Hälfte des Basiselterngeldes ohne Einkommen" "as with income, at most half of the Basiselterngeld without income";
    Rate "rate" "§ 2(1), (2) BEEG" "Ersatzrate" "replacement rate"
        "67 %; unter 1.000 € je 2 € 0,1 Punkte mehr bis 100 %, über 1.200 € je 2 € 0,1 Punkte weniger bis 65 %" "67 %; below 1,000 € 0.1 point more per 2 € up to 100 %, above 1,200 € 0.1 point less per 2 € down to 65 %";
    ElterngeldNet "elterngeld_net" "§ 2(1) BEEG" "Einkommen vor der Geburt (Elterngeld-Netto)" "income before birth (Elterngeld net)"
        "Brutto − Pauschbetrag − Steuern − Sozialabgaben, nicht unter 0 €" "gross − allowance − taxes − social deductions, not below 0 €";
    Net "net" "§ 2c(1) BEEG" "Netto" "net" "Brutto − Steuern − Sozialabgaben" "gross − taxes − social deductions";
    Gross "gross" "§§ 2c, 2d BEEG" "Brutto im Monatsdurchschnitt" "average monthly gross"
        "Durchschnitt über den Bemessungszeitraum" "average over the assessment period";
    Allowance "allowance" "§ 2c(1) s. 4 BEEG" "Arbeitnehmer-Pauschbetrag" "employee allowance"
        "ein Zwölftel des Pauschbetrags nach § 9a EStG" "one twelfth of the allowance of § 9a EStG";
    Taxes "taxes" "§ 2e BEEG" "Steuern" "taxes"
        "Lohnsteuer + Solidaritätszuschlag + 8 % Kirchensteuer" "wage tax + solidarity surcharge + 8 % church tax";
    WageTax "wage_tax" "§ 2e(1) BEEG" "Lohnsteuer" "wage tax" "nach dem Programmablaufplan" "by the wage tax plan";
    Surcharge "surcharge" "§ 2e(4) BEEG" "Solidaritätszuschlag" "solidarity surcharge"
        "nach dem Programmablaufplan mit Kinderfreibeträgen" "by the wage tax plan with child allowances";
    ChurchTax "church_tax" "§ 2e(5) BEEG" "Kirchensteuer" "church tax"
        "8 % der Bemessungsgrundlage, in ganz Deutschland" "8 % of the base, everywhere in Germany";
    TaxClass "tax_class" "§ 2e(3) BEEG" "Steuerklasse" "tax class" "Ihre Angabe; Klasse IV ohne Klasse oder bei überwiegendem Gewinn" "as stated; class IV without a class or with predominant profit";
    Social "social" "§ 2f BEEG" "Sozialabgaben" "social deductions"
        "pauschal, ohne Beitragsbemessungsgrenze" "flat, without contribution ceiling";
    Health "health" "§ 2f(1) no. 1 BEEG" "Kranken- und Pflegeversicherung" "health and care insurance" "9 % bei Versicherungspflicht" "9 % if compulsorily insured";
    Pension "pension" "§ 2f(1) no. 2 BEEG" "Rentenversicherung" "pension insurance" "10 % bei Versicherungspflicht" "10 % if compulsorily insured";
    Unemployment "unemployment" "§ 2f(1) no. 3 BEEG" "Arbeitsförderung" "unemployment insurance" "2 % bei Versicherungspflicht" "2 % if compulsorily insured";
    SocialBase "social_base" "§ 2f(2), (3) BEEG, § 20(2a) SGB IV" "Bemessung der Sozialabgaben" "base of the social deductions"
        "Bruttoeinkommen; im Übergangsbereich gemindert, Minijobs bleiben außer Betracht" "gross; reduced in the midijob range, minijobs are left out";
    Status "status" "§§ 2c, 2d, 2e(3) BEEG" "Art des Einkommens" "kind of income"
        "überwiegende Einkunftsart" "predominant kind of income";
    SiblingBonusUntil "sibling_bonus_until" "§ 2a(1), (2) BEEG" "Voraussetzungen des Geschwisterbonus entfallen am" "conditions of the sibling bonus lapse on"
        "zwei Kinder unter 3, drei unter 6, oder ein Kind mit Behinderung unter 14" "two children under 3, three under 6, or a child with a disability under 14";
    OpenPoint "open_point" "" "Offene Rechtsfrage, gewählte Lesart" "open question of law, reading chosen"
        "siehe Liste der offenen Punkte" "see the list of open points";
    KindergeldTotal "kindergeld" "§ 66(1) EStG" "Kindergeld im Monat" "Kindergeld per month" "Summe je Kind nach Ordnungszahl" "sum by child and order";
    KindergeldChild "kindergeld_child" "§§ 32, 62–66 EStG" "Kindergeld für ein Kind" "Kindergeld for one child" "Betrag des Monats" "amount of the month";
    ChurchTaxBase "church_tax_base" "§ 51a EStG" "Bemessungsgrundlage der Kirchensteuer" "base of the church tax" "nach dem Programmablaufplan mit Kinderfreibeträgen" "by the wage tax plan with child allowances";
    ProtectionFrom "protection_from" "§ 3(1) MuSchG" "Mutterschutz ab" "maternity protection from" "sechs Wochen vor dem errechneten Termin" "six weeks before the due date";
    ProtectionTo "protection_to" "§ 3(2) MuSchG" "Mutterschutz bis" "maternity protection until" "acht oder zwölf Wochen nach der Geburt, verlorene Tage davor kommen hinzu" "eight or twelve weeks after the birth, lost days before it are added";
    LifeMonthFrom "life_month_from" "§§ 187(2), 188 BGB" "Lebensmonat ab" "month of life from" "Tag der Geburt im Kalendermonat" "number of the birth day in the calendar month";
    LifeMonthTo "life_month_to" "§§ 187(2), 188(2), (3) BGB" "Lebensmonat bis" "month of life until" "Tag vor dem nächsten Beginn, sonst Monatsende" "day before the next start, or the end of the month";
    PeriodFrom "period_from" "§ 2b BEEG" "Bemessungszeitraum ab" "assessment period from" "zwölf Kalendermonate vor der Geburt ohne ausgeklammerte, bei Gewinn das letzte Steuerjahr" "twelve calendar months before birth without those left out, with profits the last tax year";
    PeriodTo "period_to" "§ 2b BEEG" "Bemessungszeitraum bis" "assessment period until" "siehe Beginn" "see the start";
    Result "result" "" "Ergebnis" "result" "siehe Werte" "see values";
}
