//! Landlords' and agents' spreadsheets: looked at row by row, and the good rows taken in like any other notification.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use hearth_events::{Status, Uprn};
use serde_json::{Map, Value, json};

use crate::intake::spreadsheet::{self, Column, Sheet, Told, to_put_right};
use crate::intake::{DwellingGiven, Taken, receive};
use crate::processor::{dwelling_given, preview as preview_of, process};
use crate::service::bulk::{
    BulkPreview, BulkRefused, BulkTaken, CellFault, RowShown, RowStands, RowTaken, Uploader, WrongFile,
};
use crate::service::preview::Foreseen;
use crate::service::{FieldFault, Receipt, ReceivedAt, Refusal, Sender, Service, ServiceError};

/// How many rows are made durable at once.
const TOGETHER: usize = 64;
/// For how long rows are decided while somebody waits; what is left is taken up by the workers.
const DECIDING: Duration = Duration::from_secs(3);

/// Shows a file row by row, as it would be taken. Nothing is recorded.
///
/// # Errors
/// When nothing of it can be read, or it cannot be looked at now.
pub async fn preview(service: &Service, file: &[u8], by: &Uploader) -> Result<BulkPreview, BulkRefused> {
    // Whether they declare it is asked when they have seen this.
    let sheet = read(service, file, &Uploader { declaration: true, ..by.clone() }).await?;
    let mut rows = Vec::new();
    for row in &sheet.rows {
        let stands = match &row.told {
            Ok(told) => foreseen(service, told).await?,
            Err(faults) => RowStands::Bad(faults.clone()),
        };
        let note = row.told.as_ref().ok().and_then(|it| it.note);
        let (address, tenants) = (row.address.clone(), row.tenants.clone());
        rows.push(RowShown { number: row.number, address, tenants, note, stands });
    }
    Ok(BulkPreview { rows, to_put_right: to_put_right(&sheet) })
}

/// Takes the good rows of a file, each as a notification. The same file from the same person once more is the same rows.
///
/// # Errors
/// When nothing of it can be read, or whoever sends it does not declare that it is true.
pub async fn submit(service: &Service, file: &[u8], by: &Uploader) -> Result<BulkTaken, BulkRefused> {
    if !by.declaration {
        let detail = "declare that what the file says is true".to_owned();
        return Err(WrongFile::Uploader(vec![FieldFault { pointer: "/declaration".to_owned(), detail }]).into());
    }
    let sheet = read(service, file, by).await?;
    let good: Vec<_> = sheet.rows.iter().filter_map(|row| Some((row, row.told.as_ref().ok()?))).collect();
    let mut taken = Vec::new();
    for some in good.chunks(TOGETHER) {
        let received = some.iter().map(|(_, told)| receive(service, &told.body, &Sender::PublicFile, ReceivedAt::Now));
        taken.extend(join_all(received).await);
    }
    // All that will be is durable. Rows that meet at a dwelling are decided in the order of the file.
    let until = Instant::now() + DECIDING;
    let mut rows = Vec::new();
    for ((row, _), taken) in good.into_iter().zip(taken) {
        let receipt = match known_by_its_row(taken) {
            Ok(taken) if Instant::now() < until => Ok(receipt(service, taken).await),
            Ok(taken) => Ok(receipt_of(service, taken, Status::Received)),
            Err(refusal) => Err(refusal),
        };
        rows.push(RowTaken { number: row.number, address: row.address.clone(), receipt });
    }
    Ok(BulkTaken { rows, to_put_right: to_put_right(&sheet) })
}

/// The same row of the same file from the same person is the same notification, also where the list of dwellings has changed
/// in the meantime and it is matched with another.
fn known_by_its_row(taken: Result<Taken, Refusal>) -> Result<Taken, Refusal> {
    match taken {
        Err(Refusal::OtherBody { reference }) => Ok(Taken { reference, known: true }),
        other => other,
    }
}

/// Decides what was taken in and gives its receipt. It is safe: where it cannot be decided at once it is taken up again later.
pub(crate) async fn receipt(service: &Service, taken: Taken) -> Receipt {
    let status = process(service, &taken.reference).await.unwrap_or_else(|error| {
        tracing::warn!(notification = %taken.reference, %error, "notification {} is decided later", taken.reference);
        Status::Received
    });
    receipt_of(service, taken, status)
}

fn receipt_of(service: &Service, taken: Taken, status: Status) -> Receipt {
    let tracking_token = service.tracking_token(&taken.reference);
    Receipt { reference: taken.reference, status, tracking_token, known: taken.known }
}

/// Reads a file and finds the dwellings of its rows.
async fn read(service: &Service, file: &[u8], by: &Uploader) -> Result<Sheet, BulkRefused> {
    let (file, by, today) = (file.to_vec(), by.clone(), service.today());
    let reading = tokio::task::spawn_blocking(move || spreadsheet::read(&file, &by, today));
    let mut sheet =
        reading.await.map_err(|error| ServiceError::Log(format!("a spreadsheet cannot be read: {error}")))??;
    for row in &mut sheet.rows {
        let Ok(told) = &mut row.told else { continue };
        let Some(Value::Object(dwelling)) = told.body.get_mut("dwelling") else { continue };
        match dwelling_of(service, dwelling).await? {
            Found::One(uprn) => drop(dwelling.insert("uprn".to_owned(), json!(uprn))),
            Found::None => {}
            Found::Contradicting => {
                let detail = "is of another dwelling than the reference beside it: put one of them right".to_owned();
                row.told = Err(vec![CellFault { column: Column::PropertyAddress.title(), detail }]);
            }
        }
    }
    Ok(sheet)
}

enum Found {
    None,
    One(Uprn),
    Contradicting,
}

/// The dwelling that a row gives by any of its keys: landlords' references are often their own, so the address counts as well.
async fn dwelling_of(service: &Service, dwelling: &Map<String, Value>) -> Result<Found, ServiceError> {
    let text = |name: &str| dwelling.get(name).and_then(Value::as_str).map(str::to_owned);
    let by_uprn = text("uprn").and_then(|it| it.parse().ok()).map(DwellingGiven::Uprn);
    let by_reference = text("property_reference").map(DwellingGiven::PropertyReference);
    let by_address =
        text("address").zip(text("postcode")).map(|(address, postcode)| DwellingGiven::Address { address, postcode });
    let mut found: Option<Uprn> = None;
    for given in [by_uprn, by_reference, by_address].into_iter().flatten() {
        let Some(uprn) = dwelling_given(service, &given).await? else { continue };
        if found.as_ref().is_some_and(|it| *it != uprn) {
            return Ok(Found::Contradicting);
        }
        found = Some(uprn);
    }
    Ok(found.map_or(Found::None, Found::One))
}

/// How a row that can be sent stands.
async fn foreseen(service: &Service, told: &Told) -> Result<RowStands, BulkRefused> {
    let preview = match preview_of(service, &told.body).await {
        Ok(preview) => preview,
        Err(Refusal::Unavailable(why)) => return Err(ServiceError::Log(why).into()),
        Err(Refusal::Malformed(faults)) => {
            let faults =
                faults.into_iter().map(|it| CellFault { column: "", detail: format!("{} {}", it.pointer, it.detail) });
            return Ok(RowStands::Bad(faults.collect()));
        }
        Err(Refusal::OtherBody { .. }) => return Ok(RowStands::Good),
    };
    Ok(match preview.foreseen {
        Foreseen::AtOnceIfRecordsAgree => RowStands::Good,
        Foreseen::Officer { .. } => RowStands::Officer(preview.because),
        Foreseen::SentBack => RowStands::SentBack(preview.because),
    })
}
