//! `lohnsteuer.jsonl`, exactly.

use einmal_benefits::wage_tax::{Edition, TaxClass, WageTaxInput, calculate};
use einmal_model::Cents;

use crate::vectors::lines;

#[test]
fn every_line_of_the_wage_tax_file_is_met_to_the_cent() {
    let Some(lines) = lines("lohnsteuer.jsonl") else {
        return;
    };
    let mut wrong = Vec::new();
    for line in &lines {
        let input = &line["input"];
        let plan = Edition::for_year(line["year"].as_i64().unwrap())
            .unwrap()
            .plan();
        let class = [
            TaxClass::I,
            TaxClass::II,
            TaxClass::III,
            TaxClass::IV,
            TaxClass::V,
            TaxClass::VI,
        ][usize::try_from(input["tax_class"].as_i64().unwrap() - 1).unwrap()];
        let pension_insured = input["pension_insured"].as_bool().unwrap();
        let result = calculate(
            plan,
            &WageTaxInput {
                gross: Cents(input["gross_monthly_cents"].as_i64().unwrap()),
                class,
                factor_permille: input["factor_permille"].as_i64(),
                child_allowances_tenths: input["child_allowances_tenths"].as_i64().unwrap(),
                church_member: input["church_member"].as_bool().unwrap(),
                pension_insured,
                unemployment_insured: pension_insured,
                health_addon_basis_points: input["health_addon_basis_points"].as_i64().unwrap(),
            },
        );
        let got = serde_json::json!({
            "wage_tax_cents": result.wage_tax,
            "solidarity_surcharge_cents": result.solidarity_surcharge,
            "church_tax_base_cents": result.church_tax_base,
        });
        if got != line["expected"] {
            wrong.push(format!("{line} got {got}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} lines differ:\n{}",
        wrong.len(),
        lines.len(),
        wrong.join("\n")
    );
}
