//! The cost of load, in virtual user hours (VUH).

use std::collections::BTreeMap;

use serde::Serialize;

/// Amounts are kept in units of 1/10000, so that they are the same as a string and as a number.
const SCALE: u64 = 10_000;

/// The cost of an hour of a browser VU, in hours of a protocol VU.
const BROWSER_WEIGHT: u64 = 10;

/// The form in which the VUH amounts of a cost are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CostForm {
    /// `"cost": null`, whatever the status.
    Absent,
    /// JSON numbers, as the service writes them.
    Number,
    /// Decimal strings, such as `"6.75"`.
    String,
    /// The total as a number, the breakdown as decimal strings.
    Mixed,
}

/// A cost before any reduction.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cost {
    protocol: u64,
    browser: u64,
}

#[derive(Serialize)]
pub(crate) struct TestCost {
    total_vuh: Amount,
    breakdown: CostBreakdown,
}

#[derive(Serialize)]
pub(crate) struct CostBreakdown {
    protocol_vuh: Amount,
    browser_vuh: Amount,
    base_total_vuh: Amount,
    reduction_rate: Amount,
    reduction_rate_breakdown: Option<BTreeMap<&'static str, Amount>>,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Amount {
    Whole(u64),
    Fraction(f64),
    Decimal(String),
}

/// Reductions of a cost, by name, in percent.
type Reductions<'r> = &'r [(&'static str, u32)];

impl Cost {
    /// Returns the cost of `vus`, of which `browser_vus` are browser VUs, over `seconds`.
    pub(crate) fn new(vus: u32, browser_vus: u32, seconds: u64) -> Self {
        let hours = |vus: u32| u64::from(vus).saturating_mul(seconds).saturating_mul(SCALE) / 3_600;
        Self {
            protocol: hours(vus.saturating_sub(browser_vus)),
            browser: hours(browser_vus).saturating_mul(BROWSER_WEIGHT),
        }
    }

    /// Returns the sum of both costs.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            protocol: self.protocol.saturating_add(other.protocol),
            browser: self.browser.saturating_add(other.browser),
        }
    }

    /// Returns the total after the reductions.
    pub(crate) fn total(self, reductions: Reductions<'_>, form: CostForm) -> Amount {
        let kept = kept(reductions);
        let total = reduced(self.protocol, kept).saturating_add(reduced(self.browser, kept));
        amount(total, form)
    }

    /// Returns the parts of the total.
    pub(crate) fn breakdown(self, reductions: Reductions<'_>, form: CostForm) -> CostBreakdown {
        let kept = kept(reductions);
        let rates = reductions.iter().map(|(name, percent)| {
            let rate = amount(u64::from(*percent) * SCALE, form);
            (*name, rate)
        });
        CostBreakdown {
            protocol_vuh: amount(reduced(self.protocol, kept), form),
            browser_vuh: amount(reduced(self.browser, kept), form),
            base_total_vuh: amount(self.protocol.saturating_add(self.browser), form),
            reduction_rate: amount((SCALE - kept) * 100, form),
            reduction_rate_breakdown: (!reductions.is_empty()).then(|| rates.collect()),
        }
    }

    /// Returns the cost as a test run shows it.
    pub(crate) fn test_cost(self, reductions: Reductions<'_>, form: CostForm) -> TestCost {
        let (total_form, form) = match form {
            CostForm::Mixed => (CostForm::Number, CostForm::String),
            form => (form, form),
        };
        TestCost {
            total_vuh: self.total(reductions, total_form),
            breakdown: self.breakdown(reductions, form),
        }
    }
}

/// Returns the part of `SCALE` that the reductions leave.
fn kept(reductions: Reductions<'_>) -> u64 {
    reductions
        .iter()
        .fold(SCALE, |kept, (_, percent)| kept * u64::from(100_u32.saturating_sub(*percent)) / 100)
}

fn reduced(amount: u64, kept: u64) -> u64 {
    amount.saturating_mul(kept) / SCALE
}

fn amount(units: u64, form: CostForm) -> Amount {
    let (whole, fraction) = (units / SCALE, units % SCALE);
    let text = format!("{whole}.{fraction:04}");
    if form == CostForm::String {
        // At least two decimals.
        let short = text.strip_suffix("00").or(text.strip_suffix('0'));
        return Amount::Decimal(short.unwrap_or(&text).to_owned());
    }
    match text.parse() {
        Ok(number) if fraction > 0 => Amount::Fraction(number),
        _ => Amount::Whole(whole),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn amount_is_the_same_as_a_number_and_as_a_string() {
        let cases = [
            (0, json!(0), json!("0.00")),
            (67_500, json!(6.75), json!("6.75")),
            (100_000, json!(10), json!("10.00")),
            (12_345, json!(1.2345), json!("1.2345")),
            (1_200, json!(0.12), json!("0.12")),
            (1_230, json!(0.123), json!("0.123")),
        ];
        for (units, number, text) in cases {
            assert_eq!(json!(amount(units, CostForm::Number)), number);
            assert_eq!(json!(amount(units, CostForm::String)), text);
        }
    }

    #[test]
    fn costs_add_up_and_are_reduced_one_after_the_other() {
        let cost = Cost::new(20, 0, 900).plus(Cost::new(2, 2, 1_800));
        assert_eq!(json!(cost.total(&[], CostForm::Number)), json!(15));
        let reductions = [("volume", 10), ("local_run", 50)];
        let shown = json!(cost.test_cost(&reductions, CostForm::Number));
        assert_eq!(shown["total_vuh"], json!(6.75));
        assert_eq!(shown["breakdown"]["protocol_vuh"], json!(2.25));
        assert_eq!(shown["breakdown"]["browser_vuh"], json!(4.5));
        assert_eq!(shown["breakdown"]["base_total_vuh"], json!(15));
        assert_eq!(shown["breakdown"]["reduction_rate"], json!(55));
    }
}
