//! From a pack to events: only what differs from the log is recorded.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;
use hearth_events::{
    Capacity, DiscountAwarded, DwellingListed, Event, EventId, FinancialYear, LiabilityStarted, PersonDetails,
    PersonId, Personal, StreamName, Uprn,
};

use super::{AccountRow, AwardGiven, Defect, DwellingRow, Pack, told};
use crate::decision::{Premises, Working};
use crate::keys::random_id;
use crate::processor::premises_of;
use crate::rules::{Council, NoRule};
use crate::service::{Service, ServiceError};
use crate::store::{Expected, StoreError};

/// How many dwellings are read and recorded together.
const TOGETHER: usize = 256;

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Imported {
    /// Events recorded about the council: policy, costs, amounts.
    pub council_events: usize,
    /// Dwellings that were new or listed otherwise than before.
    pub dwellings: usize,
    /// Accounts that were new.
    pub accounts: usize,
    /// Charges that were worked out.
    pub charges: usize,
    /// Steps of recovery and payments that were new.
    pub told: usize,
    /// All events recorded.
    pub events: usize,
    /// What is odd but was taken, or was left as it is.
    pub warnings: Vec<String>,
}

/// Why a pack was not imported; nothing of it was applied.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The pack holds defects.
    #[error("the pack holds {} defects", .0.len())]
    Defects(Vec<Defect>),
    /// The service cannot do it.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// A dwelling with what the pack says of it.
struct Lot<'a> {
    uprn: Uprn,
    dwelling: Option<&'a DwellingRow>,
    accounts: Vec<&'a AccountRow>,
}

/// Imports a pack that was read. Where somebody else writes to the same dwelling meanwhile, what then still differs is
/// worked out anew.
///
/// # Errors
/// Defects that show only beside the log or between files; then nothing is applied. Otherwise when the log cannot be used.
pub async fn import(service: &Service, pack: &Pack, progress: &dyn Fn(usize, usize)) -> Result<Imported, ImportError> {
    const MOST_ATTEMPTS: usize = 20;
    for _ in 1..MOST_ATTEMPTS {
        match import_once(service, pack, progress).await {
            Err(ImportError::Service(ServiceError::Store(StoreError::Conflict { .. }))) => {}
            done => return done,
        }
    }
    import_once(service, pack, progress).await
}

async fn import_once(service: &Service, pack: &Pack, progress: &dyn Fn(usize, usize)) -> Result<Imported, ImportError> {
    let now = service.council().await?;
    let after = council_after(&now.council, pack);
    let mut defects = between_files(pack, &after);
    let lots = lots(pack);
    if defects.is_empty() {
        defects.extend(check_beside_log(service, &lots, &after).await?);
    }
    if !pack.told.is_empty() {
        // An account may have been opened a moment ago.
        service.catch_up().await?;
        defects.extend(told::check(service, pack)?);
    }
    if let Some(held) = now.council.registered.as_ref().filter(|it| it.gss_code != pack.council.registered.gss_code) {
        let problem = format!("this log belongs to {}: use another --data directory for another council", held.name);
        defects.push(Defect { file: "council.toml".into(), line: None, column: Some("gss_code".into()), problem });
    }
    if !defects.is_empty() {
        return Err(ImportError::Defects(defects));
    }
    let mut imported = Imported { warnings: pack.warnings.clone(), ..Imported::default() };
    import_council(service, pack, &now.council, &mut imported).await?;
    let council = service.council().await?;
    for (number, chunk) in lots.chunks(TOGETHER).enumerate() {
        import_lots(service, chunk, &council.council, &mut imported).await?;
        progress((number + 1) * TOGETHER, lots.len());
    }
    told::import(service, pack, &mut imported).await?;
    service.catch_up().await?;
    Ok(imported)
}

fn lots(pack: &Pack) -> Vec<Lot<'_>> {
    let mut lots: BTreeMap<&Uprn, Lot<'_>> = BTreeMap::new();
    let empty = |uprn: &Uprn| Lot { uprn: uprn.clone(), dwelling: None, accounts: Vec::new() };
    for row in &pack.dwellings {
        lots.entry(&row.uprn).or_insert_with(|| empty(&row.uprn)).dwelling = Some(row);
    }
    for row in &pack.accounts {
        lots.entry(&row.uprn).or_insert_with(|| empty(&row.uprn)).accounts.push(row);
    }
    lots.into_values().collect()
}

/// The council as it will be with the pack, to check against; nothing is recorded.
fn council_after(now: &Council, pack: &Pack) -> Council {
    let mut after = now.clone();
    for set in &pack.bands {
        after.set(set, hearth_events::Position::START);
    }
    after
}

fn between_files(pack: &Pack, council: &Council) -> Vec<Defect> {
    let unset = |row: &&DwellingRow| council.years_set(&row.category).is_empty();
    let defect = |row: &DwellingRow| Defect {
        file: "dwellings.csv".to_owned(),
        line: Some(row.line),
        column: Some("category".to_owned()),
        problem: format!("no amounts are set for {} in bands.csv", row.category),
    };
    pack.dwellings.iter().filter(unset).map(defect).collect()
}

fn account_defect(row: &AccountRow, column: &str, problem: impl Into<String>) -> Defect {
    Defect { file: "accounts.csv".into(), line: Some(row.line), column: Some(column.into()), problem: problem.into() }
}

async fn check_beside_log(service: &Service, lots: &[Lot<'_>], council: &Council) -> Result<Vec<Defect>, ImportError> {
    let mut defects = Vec::new();
    for chunk in lots.chunks(TOGETHER) {
        for (lot, premises) in chunk.iter().zip(read(service, chunk).await?) {
            defects.extend(check_lot(service, lot, &premises, council)?);
        }
    }
    Ok(defects)
}

fn check_lot(
    service: &Service,
    lot: &Lot<'_>,
    premises: &Premises,
    council: &Council,
) -> Result<Vec<Defect>, ServiceError> {
    let mut defects = Vec::new();
    let mut working = premises.working();
    if lot.dwelling.is_none() && premises.state.listing.is_none() {
        defects.extend(lot.accounts.iter().map(|it| account_defect(it, "uprn", "there is no dwelling of this UPRN")));
        return Ok(defects);
    }
    if let Some(row) = lot.dwelling {
        working.record(listed(service, row));
    }
    for row in &lot.accounts {
        if premises.state.account(&row.account).is_some() {
            continue;
        }
        // Its own dwelling means that somebody imported it since we read that: what differs is worked out anew.
        if let Some(elsewhere) = service.views.uprn_of_account(&row.account)?.filter(|it| *it != lot.uprn) {
            defects.push(account_defect(row, "account", format!("is an account of dwelling {elsewhere} already")));
        }
        if let Some(other) = working.now().accounts_within(row.period).first() {
            let problem = format!("account {} is liable for this dwelling on some of these days", other.account);
            defects.push(account_defect(row, "liable_from", problem));
        }
        open_account(service, &mut working, row);
    }
    if let Some(misfit) = working.misfit() {
        defects.extend(lot.accounts.first().map(|row| account_defect(row, "account", misfit.to_string())));
    }
    let without = working.charge_what_has_a_rule(council);
    defects.extend(without.iter().filter_map(|(_, error)| uncharged(lot, error)));
    Ok(defects)
}

/// Where it stands in the pack that a charge can never be worked out; that an award needs a figure no pack has is no defect.
fn uncharged(lot: &Lot<'_>, error: &NoRule) -> Option<Defect> {
    let (by_account, column) = match error {
        NoRule::Terms { .. } | NoRule::Amount(..) => return None,
        NoRule::UnknownAward(code) => {
            (lot.accounts.iter().find(|row| row.awards.iter().any(|it| it.code == *code)), "awards")
        }
        NoRule::Band(_) => (lot.accounts.iter().min_by_key(|row| row.period.from), "liable_from"),
    };
    let of_dwelling = |row: &DwellingRow| Defect {
        file: "dwellings.csv".into(),
        line: Some(row.line),
        column: Some("listed_from".into()),
        problem: error.to_string(),
    };
    by_account.map(|row| account_defect(row, column, error.to_string())).or_else(|| lot.dwelling.map(of_dwelling))
}

/// The dwellings as the log has them, read together.
async fn read(service: &Service, lots: &[Lot<'_>]) -> Result<Vec<Premises>, ServiceError> {
    try_join_all(lots.iter().map(|lot| premises_of(service, lot.uprn.clone()))).await
}

fn listed(service: &Service, row: &DwellingRow) -> DwellingListed {
    let owner = |name: &String| {
        let person = PersonId::derived(&["owner", &service.keys.digest("owner", name.to_lowercase().as_bytes())]);
        Personal::open_for(person, PersonDetails { name: name.clone(), ..PersonDetails::default() })
    };
    DwellingListed {
        uprn: row.uprn.clone(),
        property_reference: row.property_reference.clone(),
        address: row.address.clone(),
        postcode: row.postcode.clone(),
        category: row.category.clone(),
        band: row.band,
        listed_from: row.listed_from,
        tenure: row.tenure,
        owner: row.owner.as_ref().map(owner),
        furnished: row.furnished,
        hmo: row.hmo,
        imported_row: service.keys.digest("imported-row", row.whole.as_bytes()),
    }
}

fn open_account(service: &Service, working: &mut Working, row: &AccountRow) {
    let person = |(number, name): (usize, &String)| {
        let id = PersonId::derived(&["liable", row.account.as_str(), &number.to_string()]);
        // The file holds one e-mail address and one telephone number an account: they are the first person's.
        let is_first = number == 0;
        let details = PersonDetails {
            name: name.clone(),
            email: row.email.clone().filter(|_| is_first),
            phone: row.phone.clone().filter(|_| is_first),
            address: None,
        };
        Personal::open_for(id, details)
    };
    working.record(LiabilityStarted {
        account: row.account.clone(),
        liable_persons: row.liable_persons.iter().enumerate().map(person).collect(),
        period: row.period,
        capacity: if row.adults == 0 { Capacity::Owner } else { Capacity::Resident },
        adults: Some(row.adults),
        payment_method: row.payment_method,
        bank_details: None,
        imported_row: Some(row_digest(service, row)),
    });
    for AwardGiven { code, period, terms } in &row.awards {
        let (account, code, terms) = (row.account.clone(), code.clone(), terms.clone());
        working.record(DiscountAwarded { account, code, period: *period, terms });
    }
}

fn row_digest(service: &Service, row: &AccountRow) -> String {
    service.keys.digest("imported-row", row.whole.as_bytes())
}

async fn import_lots(
    service: &Service,
    lots: &[Lot<'_>],
    council: &Council,
    imported: &mut Imported,
) -> Result<(), ServiceError> {
    let mut appends = Vec::new();
    let mut sealing = Vec::new();
    for (lot, premises) in lots.iter().zip(read(service, lots).await?) {
        let (revision, events) = worked(service, lot, &premises, council, imported)?;
        if events.is_empty() {
            continue;
        }
        imported.events += events.len();
        let run = random_id()?;
        let id = |number: usize| EventId::derived(&["import", &run, &number.to_string()]);
        let start = sealing.len();
        sealing.extend(events.into_iter().enumerate().map(|(number, event)| (id(number), event)));
        appends.push((StreamName::dwelling(&lot.uprn), revision, start..sealing.len()));
    }
    // Sealed together, so that all the new keys of the lot are made durable at once.
    let sealed = service.keys.seal(&sealing)?;
    let append = |(stream, revision, range): (StreamName, Option<u64>, std::ops::Range<usize>)| {
        let events = sealed.get(range).unwrap_or_default().to_vec();
        async move {
            let expected = revision.map_or(Expected::NoStream, Expected::Exact);
            service.append(&stream, expected, &events, "import", "import").await
        }
    };
    try_join_all(appends.into_iter().map(append)).await?;
    Ok(())
}

/// What differs for one dwelling.
fn worked(
    service: &Service,
    lot: &Lot<'_>,
    premises: &Premises,
    council: &Council,
    imported: &mut Imported,
) -> Result<(Option<u64>, Vec<Event>), ServiceError> {
    let mut working = premises.working();
    if let Some(row) = lot.dwelling {
        let listing = listed(service, row);
        if premises.state.listing.as_ref().is_none_or(|it| it.imported_row != listing.imported_row) {
            working.record(listing);
            imported.dwellings += 1;
        }
    }
    for row in &lot.accounts {
        match premises.state.account(&row.account) {
            None => {
                open_account(service, &mut working, row);
                imported.accounts += 1;
            }
            Some(held) if held.imported_row.as_deref() != Some(row_digest(service, row).as_str()) => {
                imported.warnings.push(format!(
                    "accounts.csv, line {}: account {} is known and its line has changed; accounts change by notifications, so it was left as it is",
                    row.line, row.account
                ));
            }
            Some(_) => {}
        }
    }
    let without = working.charge_what_has_a_rule(council);
    working.take_over_bills(council, service.today());
    for (account, error) in without {
        imported.warnings.push(format!("account {account} is kept but not charged: {error}"));
    }
    if let Some(misfit) = working.misfit() {
        return Err(ServiceError::Log(format!("dwelling {}: {misfit}", lot.uprn)));
    }
    let (_, events) = working.into_events();
    imported.charges += events.iter().filter(|it| matches!(it, Event::ChargeCalculated(_))).count();
    Ok((premises.state.revision, events))
}

async fn import_council(
    service: &Service,
    pack: &Pack,
    held: &Council,
    imported: &mut Imported,
) -> Result<(), ServiceError> {
    let run = random_id()?;
    if held.registered.is_none() {
        let id = EventId::derived(&["council", &pack.council.registered.gss_code]);
        let sealed = service.keys.seal(&[(id, pack.council.registered.clone().into())])?;
        service.append(&StreamName::log(), Expected::Exact(0), &sealed, "import", "import").await?;
        imported.council_events += 1;
    }
    let events = council_events(pack, held);
    imported.council_events += events.len();
    imported.events += imported.council_events;
    if events.is_empty() {
        return Ok(());
    }
    let id = |number: usize| EventId::derived(&["council-import", &run, &number.to_string()]);
    let events: Vec<_> = events.into_iter().enumerate().map(|(number, event)| (id(number), event)).collect();
    let sealed = service.keys.seal(&events)?;
    let stream = StreamName::council(&pack.council.registered.gss_code);
    // A server takes so much at once; what a failure between two leaves out is appended by the next import.
    let mut revision = held.revision;
    for chunk in sealed.chunks(TOGETHER) {
        let expected = revision.map_or(Expected::NoStream, Expected::Exact);
        service.append(&stream, expected, chunk, "import", "import").await?;
        let appended = u64::try_from(chunk.len()).unwrap_or_default();
        revision = Some(revision.map_or(appended - 1, |it| it + appended));
    }
    Ok(())
}

fn council_events(pack: &Pack, held: &Council) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    let file = &pack.council;
    let policies = file.policies.iter().filter(|it| held.policy_adopted_from(it.from) != Some(*it));
    events.extend(policies.cloned().map(Event::from));
    let costs = file.costs.iter().filter(|it| !held.cost_models.contains(it));
    events.extend(costs.cloned().map(Event::from));
    let scenarios = file.scenarios.iter().filter(|it| held.scenarios.get(&it.name) != Some(*it));
    events.extend(scenarios.cloned().map(Event::from));
    if !held.modulus_tables.contains(&file.modulus) {
        events.push(file.modulus.clone().into());
    }
    let amounts = pack
        .bands
        .iter()
        .filter(|it| held.component(it.financial_year, &it.category, &it.component) != Some(&it.amounts));
    events.extend(amounts.cloned().map(Event::from));
    events
}

/// The first day of the first year whose amounts a pack sets: where a simulated clock begins without notifications.
pub fn first_day(pack: &Pack) -> Option<jiff::civil::Date> {
    pack.bands.iter().map(|it| it.financial_year).min().map(FinancialYear::first_day)
}
