//! A part of a `council.toml` by itself: policies and cost models to be tried, not adopted.

use hearth_events::{CostModelAdopted, PolicyAdopted};
use serde::Deserialize;

use super::council::{CostsWire, costs, key_at, line_of};
use super::{Defect, policy};
use crate::rules::cost_model::problems;

/// What a part of a `council.toml` says.
#[derive(Clone, Debug, Default)]
pub struct Fragment {
    /// Policies.
    pub policies: Vec<PolicyAdopted>,
    /// Cost models.
    pub costs: Vec<CostModelAdopted>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    policy: Vec<toml::Table>,
    #[serde(default)]
    costs: Vec<CostsWire>,
}

/// Reads `[[policy]]` and `[[costs]]` of a text; whatever else a `council.toml` holds is left aside. What would have no effect
/// is a defect here: whoever tries a policy wants to know what it does.
///
/// # Errors
/// Every defect, named by `file`, line and field.
pub fn fragment(file: &str, text: &str) -> Result<Fragment, Vec<Defect>> {
    let defect = |line, column, problem| Defect { file: file.to_owned(), line, column, problem };
    let wire: Wire = toml::from_str(text).map_err(|error| {
        let at = error.span().map(|it| it.start);
        let key = at.and_then(|it| key_at(text, it));
        vec![defect(at.map(|it| line_of(text, it)), key, error.message().to_owned())]
    })?;
    let (mut defects, mut unheeded) = (Vec::new(), Vec::new());
    let mut found = Fragment::default();
    for (number, table) in wire.policy.iter().enumerate() {
        for key in table.keys().filter(|it| !policy::KEYS.contains(&it.as_str())) {
            let line = policy::line_of(text, number, Some(key));
            defects.push(defect(line, Some(key.clone()), "policy: is not known and would have no effect".to_owned()));
        }
        found.policies.extend(policy::read(number, table, text, &mut defects, &mut unheeded));
    }
    for it in wire.costs.iter().map(costs) {
        let faults = problems(&it).into_iter().flatten();
        defects.extend(faults.map(|problem| defect(None, Some("costs".to_owned()), format!("{}: {problem}", it.name))));
        found.costs.push(it);
    }
    if found.policies.is_empty() && found.costs.is_empty() && defects.is_empty() {
        let told =
            "holds neither [[policy]] nor [[costs]]: write one as in council.toml, with from and what is to be tried";
        defects.push(defect(None, None, told.to_owned()));
    }
    for it in &mut defects {
        file.clone_into(&mut it.file);
    }
    if defects.is_empty() { Ok(found) } else { Err(defects) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        fragment("other.toml", text).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_policy_or_a_whole_council_can_be_tried() {
        let it = fragment("other.toml", "[[policy]]\nfrom = \"2015-04-01\"\nbackdate_limit_days = 30\n").unwrap();
        assert_eq!(it.policies[0].backdate_limit_days, Some(30));
        let whole = include_str!("../../packs/test-valley/council.toml");
        let it = fragment("council.toml", whole).unwrap();
        assert_eq!((it.policies.len(), it.costs.len()), (2, 1));
    }

    #[test]
    fn what_cannot_be_tried_is_named_by_file_line_and_field() {
        for (text, expected) in [
            ("", "other.toml: holds neither [[policy]] nor [[costs]]"),
            ("[[policy]\n", "other.toml, line 1"),
            (
                "[[policy]]\nfrom = \"2015-04-01\"\nbackdate_limit_days = \"soon\"\n",
                "other.toml, line 3, column backdate_limit_days: policy: ",
            ),
            (
                "[[policy]]\nfrom = \"2015-04-01\"\n\nbackdate_limit = 30\n",
                "other.toml, line 4, column backdate_limit: policy: is not known and would have no effect",
            ),
            ("[[policy]]\nbackdate_limit_days = 30\n", "other.toml, line 1, column from: policy: "),
            ("[[costs]]\nname = \"x\"\nfrom = \"soon\"\n", "other.toml, line 3, column from: "),
            (
                "[[costs]]\nname = \"x\"\nfrom = \"2015-04-01\"\nofficer_hourly_cost = { value = 20, source = \"a\" }\n\
                 manual_minutes = { value = \"-6\", source = \"a\" }\ncontact = {}\ncounterfactual = { post = 1 }\n",
                "other.toml, column costs: x: manual minutes must not be negative",
            ),
        ] {
            let told = told(text);
            assert!(told[0].starts_with(expected), "{text}: {told:?}");
        }
    }
}
