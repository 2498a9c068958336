//! What the web edge asks of the service.

mod queue;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use hearth_events::{CostModelAdopted, NotificationKind, NotificationRef, Opener, RecordKind, StaffSignedIn, Uprn};
use hearth_projections::AccountState;
use jiff::Timestamp;

use crate::bulk;
use crate::clock::system_now;
use crate::drafts::{DraftError, forget_at};
use crate::intake::{Arrived, fault, receive, receive_with, schema};
use crate::mail::come_back;
use crate::pack::{Defect, Fragment, fragment};
use crate::processor::{
    act, act_on_money, act_on_savings, document_of_draft, dwellings_of, dwellings_told, evidence, follow_up, gates,
    looked, preview, queues, replay, reversal_shown, reverse, shown, signed_in,
};
use crate::service::assumptions::{SavingsAction, SavingsRefused};
use crate::service::bulk::{BulkPreview, BulkRefused, BulkTaken, Uploader};
use crate::service::come_back::LinkNotSent;
use crate::service::documents::{DocumentKept, DocumentNotTaken, DocumentSent};
use crate::service::gates::Gates;
use crate::service::looks::Look;
use crate::service::money::{MoneyAction, MoneyRefused};
use crate::service::preview::Preview;
use crate::service::public_url::PublicUrl;
use crate::service::reversal::{NotReversed, ReversalAsked, ReversalShown};
use crate::service::submitter::{EvidenceKept, FollowUp, NotTaken};
use crate::service::what_if::{DecidedAgain, InputFault, WhatIfAsked, WhatIfRefused};
use crate::service::work::{Action, ActionRefused, ItemShown};
use crate::service::{CouncilNow, Receipt, ReceivedAt, Refusal, Sender, Service, ServiceError};
use crate::store::EventStore;
use crate::texts::Lang;
use crate::views::Views;
use crate::web::Backend;

fn json_of(body: &[u8]) -> Result<serde_json::Value, Refusal> {
    serde_json::from_slice(body).map_err(|_| Refusal::Malformed(vec![fault("", "is not JSON that can be read")]))
}

/// A part of a `council.toml` that was given for a what-if.
fn given(file: &'static str, text: Option<&str>) -> Result<Fragment, WhatIfRefused> {
    let fault = |Defect { line, column, problem, .. }: Defect| InputFault { file, line, field: column, problem };
    let Some(text) = text else { return Ok(Fragment::default()) };
    let found = fragment(file, text).map_err(|all| WhatIfRefused::Unreadable(all.into_iter().map(fault).collect()))?;
    let (heading, is_empty) =
        if file == "rules" { ("policy", found.policies.is_empty()) } else { ("costs", found.costs.is_empty()) };
    if is_empty {
        let problem = format!("there is no [[{heading}]] in it: write one as in council.toml");
        return Err(WhatIfRefused::Unreadable(vec![InputFault { file, line: None, field: None, problem }]));
    }
    Ok(found)
}

#[async_trait]
impl Backend for Service {
    async fn submit(&self, body: &[u8], sender: Sender, received_at: ReceivedAt) -> Result<Receipt, Refusal> {
        let taken = receive(self, &json_of(body)?, &sender, received_at).await?;
        Ok(bulk::receipt(self, taken).await)
    }

    async fn submit_with(
        &self,
        body: &[u8],
        sender: Sender,
        draft: &str,
        documents: &[DocumentSent],
    ) -> Result<Receipt, Refusal> {
        let unavailable = |error: DraftError| Refusal::Unavailable(error.to_string());
        let mut arrived = Vec::new();
        for it in documents {
            let content = self.drafts.document(&self.keys, draft, &it.id).map_err(unavailable)?;
            let content = content.ok_or_else(|| Refusal::Unavailable("a document of the draft is gone".to_owned()))?;
            let (kind, file_name, scanned) = (it.kind.clone(), it.file_name.clone(), it.scanned);
            arrived.push(Arrived { kind, file_name, scanned, content });
        }
        let taken = receive_with(self, &json_of(body)?, &sender, ReceivedAt::Now, &arrived).await?;
        Ok(bulk::receipt(self, taken).await)
    }

    async fn preview(&self, body: &[u8]) -> Result<Preview, Refusal> {
        preview(self, &json_of(body)?).await
    }

    async fn bulk_preview(&self, file: &[u8], by: &Uploader) -> Result<BulkPreview, BulkRefused> {
        bulk::preview(self, file, by).await
    }

    async fn bulk_submit(&self, file: &[u8], by: &Uploader) -> Result<BulkTaken, BulkRefused> {
        bulk::submit(self, file, by).await
    }

    async fn work_item(&self, reference: &NotificationRef) -> Result<ItemShown, ActionRefused> {
        shown(self, reference).await
    }

    async fn act(
        &self,
        reference: &NotificationRef,
        action: Action,
        officer: &str,
    ) -> Result<ItemShown, ActionRefused> {
        act(self, reference, &action, officer).await
    }

    async fn reversal(&self, reference: &NotificationRef) -> Result<ReversalShown, NotReversed> {
        reversal_shown(self, reference).await
    }

    async fn reverse(&self, reference: &NotificationRef, asked: ReversalAsked) -> Result<ReversalShown, NotReversed> {
        reverse(self, reference, &asked).await
    }

    async fn follow_up(&self, reference: &NotificationRef, told: FollowUp, by: Sender) -> Result<(), NotTaken> {
        follow_up(self, reference, &told, &by).await
    }

    async fn evidence(&self, reference: &NotificationRef, digest: &str) -> Result<(EvidenceKept, Vec<u8>), NotTaken> {
        evidence(self, reference, digest).await
    }

    async fn on_money(&self, action: &MoneyAction, officer: &str) -> Result<(Uprn, AccountState), MoneyRefused> {
        act_on_money(self, action, officer).await
    }

    async fn on_savings(&self, action: &SavingsAction, by: &str) -> Result<(), SavingsRefused> {
        act_on_savings(self, action, by).await
    }

    async fn what_if(&self, asked: &WhatIfAsked) -> Result<(Vec<DecidedAgain>, Vec<CostModelAdopted>), WhatIfRefused> {
        let Fragment { policies, .. } = given("rules", asked.rules.as_deref())?;
        let Fragment { costs, .. } = given("costs", asked.costs.as_deref())?;
        let received = self.views.notifications_received(asked.from, asked.to).map_err(ServiceError::from)?;
        if received.len() > asked.most {
            return Err(WhatIfRefused::TooMany { found: received.len(), most: asked.most });
        }
        let references: Vec<_> = received.into_iter().map(|it| it.reference).collect();
        let again =
            if asked.rules.is_none() { Vec::new() } else { replay(self, &references, &policies, &|_, _| {}).await? };
        Ok((again, costs))
    }

    fn tracking_token_fits(&self, reference: &NotificationRef, token: &str) -> bool {
        let own = self.tracking_token(reference);
        let difference = own.bytes().zip(token.bytes()).fold(0, |all, (own, given)| all | (own ^ given));
        own.len() == token.len() && difference == 0
    }

    async fn council(&self) -> Result<Arc<CouncilNow>, ServiceError> {
        self.council().await
    }

    fn store(&self) -> &dyn EventStore {
        self.store.as_ref()
    }

    fn views(&self) -> &Views {
        &self.views
    }

    fn projections(&self) -> &[&'static str] {
        &self.projections
    }

    fn opener(&self) -> &dyn Opener {
        &self.keys
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn simulated_clock(&self) -> bool {
        self.clock.kind() == hearth_events::LogClock::File
    }

    async fn dwellings_of(&self, kind: RecordKind, record: &str) -> Result<Vec<Uprn>, ServiceError> {
        dwellings_of(self, kind, record).await
    }

    async fn dwellings_told(&self, body: &[u8]) -> Result<Vec<Uprn>, ServiceError> {
        let told = serde_json::from_slice(body).ok();
        told.map_or_else(|| Ok(Vec::new()), |told| dwellings_told(self, &told))
    }

    async fn touching(
        &self,
        references: &[NotificationRef],
        dwellings: &BTreeSet<Uprn>,
    ) -> Result<BTreeSet<NotificationRef>, ServiceError> {
        self.touching(references, dwellings).await
    }

    async fn looked(&self, look: Look) -> Result<(), ServiceError> {
        looked(self, look).await
    }

    fn queues(&self) -> BTreeSet<&'static str> {
        queues()
    }

    async fn signed_in(&self, it: StaffSignedIn) -> Result<(), ServiceError> {
        signed_in(self, it).await
    }

    fn begin_draft(&self, content: &[u8], days: u16) -> Result<String, DraftError> {
        self.drafts.begin(&self.keys, content, forget_at(system_now(), days))
    }

    fn read_draft(&self, name: &str) -> Result<Option<Vec<u8>>, DraftError> {
        self.drafts.read(&self.keys, name, system_now())
    }

    fn keep_draft(&self, name: &str, content: &[u8], days: u16) -> Result<(), DraftError> {
        self.drafts.keep(&self.keys, name, content, forget_at(system_now(), days))
    }

    fn forget_draft(&self, name: &str) -> Result<(), DraftError> {
        self.drafts.forget(&self.keys, name)
    }

    async fn add_document(&self, draft: &str, content: &[u8]) -> Result<DocumentKept, DocumentNotTaken> {
        document_of_draft(self, draft, content).await
    }

    fn remove_document(&self, draft: &str, id: &str) -> Result<(), DraftError> {
        self.drafts.take_away(&self.keys, draft, id)
    }

    fn public_url(&self) -> Option<&PublicUrl> {
        self.public_url.as_ref()
    }

    async fn mail_draft_link(&self, name: &str, to: &str, lang: Lang, days: u16) -> Result<(), LinkNotSent> {
        come_back::write(self, name, to, lang, days).await
    }

    fn draft_digest(&self, name: &str) -> String {
        self.keys.digest("draft-source", name.as_bytes()).chars().take(24).collect()
    }

    fn notification_schema(&self, kind: NotificationKind) -> Option<serde_json::Value> {
        schema(kind)
    }

    fn gates(&self) -> Gates {
        gates()
    }
}
