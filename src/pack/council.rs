//! `council.toml`: who the council is, its policy, its cost models, its reported savings, its modulus table.

use std::collections::BTreeMap;

use hearth_events::{
    CostModelAdopted, CouncilRegistered, ModulusTableAdopted, Money, PolicyAdopted, ScenarioRecorded, ServiceCosts,
    SourcedValue,
};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::{Defect, Source, policy};
use crate::rules::cost_model::problems;
use crate::rules::modulus::ModulusTable;

pub(super) const FILE: &str = "council.toml";

/// What the file says.
#[derive(Clone, Debug)]
pub struct CouncilFile {
    /// Who it is.
    pub registered: CouncilRegistered,
    /// Policy, as adopted from each day.
    pub policies: Vec<PolicyAdopted>,
    /// Cost models.
    pub costs: Vec<CostModelAdopted>,
    /// Reported savings.
    pub scenarios: Vec<ScenarioRecorded>,
    /// The table of the modulus check.
    pub modulus: ModulusTableAdopted,
}

#[derive(Deserialize)]
struct Wire {
    name: String,
    gss_code: String,
    ba_code: String,
    #[serde(default)]
    policy: Vec<toml::Table>,
    #[serde(default)]
    costs: Vec<CostsWire>,
    #[serde(default)]
    scenario: Vec<ScenarioWire>,
    #[serde(default)]
    modulus: Option<ModulusWire>,
}

#[derive(Deserialize)]
struct ModulusWire {
    from: Date,
    source: String,
}

/// Figures stand in quotation marks, so that they are decimals; whole numbers may stand bare.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Figure {
    Text(Decimal),
    Whole(i64),
}

impl Figure {
    fn value(&self) -> Decimal {
        match self {
            Self::Text(value) => *value,
            Self::Whole(value) => Decimal::from(*value),
        }
    }
}

#[derive(Deserialize)]
struct SourcedWire {
    value: Figure,
    source: String,
}

impl SourcedWire {
    fn sourced(&self) -> SourcedValue {
        SourcedValue { value: self.value.value(), source: self.source.clone() }
    }
}

#[derive(Deserialize)]
pub(super) struct CostsWire {
    name: String,
    from: Date,
    officer_hourly_cost: SourcedWire,
    manual_minutes: SourcedWire,
    #[serde(default)]
    exception_minutes: Option<SourcedWire>,
    contact: BTreeMap<String, SourcedWire>,
    counterfactual: BTreeMap<String, Figure>,
    #[serde(default)]
    avoidance: Option<SourcedWire>,
    #[serde(default)]
    failure_contacts: Option<SourcedWire>,
    #[serde(default)]
    straight_through: Option<SourcedWire>,
    #[serde(default)]
    sampling_share: Option<SourcedWire>,
    #[serde(default)]
    sampling_minutes: Option<SourcedWire>,
    #[serde(default)]
    most_minutes: Option<SourcedWire>,
    #[serde(default)]
    service: Option<ServiceWire>,
    #[serde(default)]
    contact_is_end_to_end: bool,
    #[serde(default)]
    counterfactual_sources: BTreeMap<String, String>,
}

/// What the service itself costs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceWire {
    #[serde(default)]
    one_off: Option<SourcedWire>,
    #[serde(default)]
    yearly: Option<SourcedWire>,
    #[serde(default)]
    per_notification: Option<SourcedWire>,
}

#[derive(Deserialize)]
struct ScenarioWire {
    name: String,
    kind: String,
    #[serde(default)]
    notifications: Option<u64>,
    #[serde(default)]
    contacts: Option<u64>,
    #[serde(default)]
    months: Option<Figure>,
    #[serde(default)]
    avoidance: Option<Figure>,
    reported_total: Money,
    #[serde(default)]
    decomposed: Option<bool>,
}

pub(super) fn read(source: Source<'_>, defects: &mut Vec<Defect>, warnings: &mut Vec<String>) -> Option<CouncilFile> {
    let text = source.text(FILE, defects)?;
    let wire: Wire = match toml::from_str(&text) {
        Ok(wire) => wire,
        Err(error) => {
            let line = error.span().map(|span| line_of(&text, span.start));
            let key = error.span().and_then(|span| key_at(&text, span.start));
            defects.push(Defect { file: FILE.to_owned(), line, column: key, problem: error.message().to_owned() });
            return None;
        }
    };
    let before = defects.len();
    let is_code = |it: &str| !it.is_empty() && it.len() <= 20 && it.bytes().all(|b| b.is_ascii_alphanumeric());
    if !is_code(&wire.gss_code) {
        defects.push(Defect {
            file: FILE.to_owned(),
            line: line_starting(&text, "gss_code"),
            column: Some("gss_code".to_owned()),
            problem: "must be letters and digits, such as E07000093".to_owned(),
        });
    }
    let policies = wire.policy.iter().enumerate();
    let policies = policies.filter_map(|(number, it)| policy::read(number, it, &text, defects, warnings)).collect();
    let costs: Vec<_> = wire.costs.iter().map(costs).collect();
    warnings.extend(costs.iter().flat_map(|it| {
        let problems = problems(it).into_iter().flatten();
        problems.map(|problem| format!("{FILE}: costs {}: {problem}; no saving is worked out by it", it.name))
    }));
    let modulus = modulus(source, wire.modulus.as_ref(), defects)?;
    (defects.len() == before).then(|| CouncilFile {
        registered: CouncilRegistered {
            name: wire.name.clone(),
            gss_code: wire.gss_code.clone(),
            ba_code: wire.ba_code.clone(),
        },
        policies,
        costs,
        scenarios: wire.scenario.iter().map(scenario).collect(),
        modulus,
    })
}

pub(super) fn costs(wire: &CostsWire) -> CostModelAdopted {
    let optional = |it: &Option<SourcedWire>| it.as_ref().map(SourcedWire::sourced);
    CostModelAdopted {
        name: wire.name.clone(),
        from: wire.from,
        officer_hourly_cost: wire.officer_hourly_cost.sourced(),
        manual_minutes: wire.manual_minutes.sourced(),
        exception_minutes: optional(&wire.exception_minutes),
        contact: wire.contact.iter().map(|(channel, cost)| (channel.clone(), cost.sourced())).collect(),
        counterfactual: wire.counterfactual.iter().map(|(channel, share)| (channel.clone(), share.value())).collect(),
        avoidance: optional(&wire.avoidance),
        failure_contacts: optional(&wire.failure_contacts),
        straight_through: optional(&wire.straight_through),
        sampling_share: optional(&wire.sampling_share),
        sampling_minutes: optional(&wire.sampling_minutes),
        most_minutes: optional(&wire.most_minutes),
        service: wire.service.as_ref().map(|it| {
            Box::new(ServiceCosts {
                one_off: optional(&it.one_off),
                yearly: optional(&it.yearly),
                per_notification: optional(&it.per_notification),
            })
        }),
        contact_is_end_to_end: wire.contact_is_end_to_end,
        counterfactual_sources: wire.counterfactual_sources.clone(),
    }
}

fn scenario(wire: &ScenarioWire) -> ScenarioRecorded {
    ScenarioRecorded {
        name: wire.name.clone(),
        kind: wire.kind.clone(),
        notifications: wire.notifications,
        contacts: wire.contacts,
        months: wire.months.as_ref().map(Figure::value),
        avoidance: wire.avoidance.as_ref().map(Figure::value),
        reported_total: wire.reported_total,
        decomposed: wire.decomposed.unwrap_or(false),
    }
}

/// The table in the pack, or the one that comes with the program.
fn modulus(source: Source<'_>, wire: Option<&ModulusWire>, defects: &mut Vec<Defect>) -> Option<ModulusTableAdopted> {
    const WEIGHTS: &str = "modulus-weights.txt";
    const SUBSTITUTIONS: &str = "modulus-substitutions.txt";
    let Some(wire) = wire else {
        return Some(ModulusTableAdopted {
            from: jiff::civil::date(2025, 6, 23),
            source: "VocaLink valacdos v8.50, valid from 23 June 2025".to_owned(),
            weights: include_str!("../../packs/vocalink/weights.txt").to_owned(),
            substitutions: include_str!("../../packs/vocalink/substitutions.txt").to_owned(),
        });
    };
    let (weights, substitutions) = (source.text(WEIGHTS, defects), source.text(SUBSTITUTIONS, defects));
    let (weights, substitutions) = (weights?, substitutions?);
    if let Err(error) = ModulusTable::parse(&wire.source, wire.from, &weights, &substitutions) {
        defects.push(Defect { file: WEIGHTS.to_owned(), line: None, column: None, problem: error.to_string() });
        return None;
    }
    Some(ModulusTableAdopted { from: wire.from, source: wire.source.clone(), weights, substitutions })
}

pub(super) fn line_of(text: &str, offset: usize) -> u64 {
    let lines = text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
    u64::try_from(lines).unwrap_or(u64::MAX).saturating_add(1)
}

pub(super) fn key_at(text: &str, offset: usize) -> Option<String> {
    let line = text.get(..offset)?.rfind('\n').map_or(0, |it| it + 1);
    let (key, _) = text.get(line..)?.lines().next()?.split_once('=')?;
    Some(key.trim().to_owned())
}

fn line_starting(text: &str, with: &str) -> Option<u64> {
    let index = text.lines().position(|line| line.trim_start().starts_with(with))?;
    u64::try_from(index).ok()?.checked_add(1)
}
