//! The pages of managers: figures, savings and what-if, signed in.

use hearth_events::Role;

use super::client::{Answer, Service};

struct Signed<'a> {
    service: &'a Service,
    cookie: String,
}

impl Signed<'_> {
    async fn get(&self, path: &str) -> Answer {
        self.service.ask("GET", path, None, &self.cookie, "").await
    }

    async fn post(&self, path: &str, form: &str) -> Answer {
        let lines = format!("{}Content-Type: application/x-www-form-urlencoded\r\nOrigin: http://h\r\n", self.cookie);
        self.service.ask("POST", path, None, &lines, form).await
    }
}

async fn signed_in(service: &Service, role: Role) -> Signed<'_> {
    Signed { service, cookie: service.session(role).await }
}

#[tokio::test]
async fn every_figure_is_a_sentence_a_picture_a_table_and_a_file() {
    let service = Service::start().await;
    let manager = signed_in(&service, Role::Manager).await;
    let page = manager.get("/staff/figures?from=2015-12-01&to=2016-01-01").await;
    assert_eq!(page.status, 200);
    let text = page.text;
    for said in [
        "0 of 3 went straight through",
        "What came from 1 December 2015",
        "<title>By kind</title>",
        "role=\"img\"",
        "Most often people told of a move in: 3 times.",
        "/staff/figures/tables/volumes-by-kind?from=2015-12-01&amp;to=2016-01-01",
        "3 items waited for officers",
    ] {
        assert!(text.contains(said), "{said:?} is not in {text}");
    }
    assert!(!text.contains("style="), "what the policy of content does not allow");
    let file = manager.get("/staff/figures/tables/volumes-by-kind?from=2015-12-01&to=2016-01-01").await;
    assert!(file.header("content-disposition").unwrap().contains("volumes-by-kind.csv"));
    assert!(file.text.contains("move-in,3,0,3,0,0.0,0.0\r\n"), "{}", file.text);
    assert_eq!(manager.get("/staff/figures/tables/unheard").await.status, 404);
    let wrong = manager.get("/staff/figures?from=yesterday").await.text;
    assert!(wrong.contains("The date must include a day, a month and a year") && wrong.contains("value=\"yesterday\""));
}

#[tokio::test]
async fn why_not_automatic_names_the_rule_and_what_it_would_gain() {
    let service = Service::start().await;
    let auditor = signed_in(&service, Role::Auditor).await;
    let text = auditor.get("/staff/why-not-automatic").await.text;
    for said in ["3 of 3 received were stopped", "successor-known R05", "100.0 points", "HN-0000-0000-0001"] {
        assert!(text.contains(said), "{said:?} is not in {text}");
    }
}

#[tokio::test]
async fn a_figure_is_changed_by_managers_alone_and_what_is_wrong_is_said_beside_it() {
    let service = Service::start().await;
    let (manager, auditor) = (signed_in(&service, Role::Manager).await, signed_in(&service, Role::Auditor).await);
    assert!(manager.get("/staff/savings").await.text.contains("Change a figure"));
    assert!(!auditor.get("/staff/savings").await.text.contains("Change a figure"));
    let path = "/staff/savings/assumptions";
    let changed = manager.post(path, "name=manual_minutes&value=5.1&source=time+sheets&since=2016-04-01").await;
    assert_eq!((changed.status, changed.header("location")), (303, Some("/staff/savings")));
    let wrong = manager.post(path, "name=manual_minutes&value=five&source=&since=soon").await;
    assert_eq!(wrong.status, 422);
    for said in ["Error: Savings", "Enter a number such as 5.1", "Say where it comes from", "value=\"five\""] {
        assert!(wrong.text.contains(said), "{said}");
    }
    let unheard = manager.post(path, "name=unheard&value=5&source=x&since=2016-04-01").await;
    assert!(unheard.status == 422 && unheard.text.contains("Not recorded: unheard is no figure"));
    let fell = "decision=minute+88&line=postage&yearly=1200&fell_from=2016-04-01&fell_to=";
    assert_eq!(manager.post("/staff/savings/budgets", fell).await.status, 303);
    let wrong = manager.post("/staff/savings/budgets", "decision=&line=gold&yearly=much&fell_from=&fell_to=x").await;
    assert_eq!((wrong.status, wrong.text.matches("govuk-error-message").count()), (422, 5));
}

#[tokio::test]
async fn what_if_is_answered_on_its_page_and_asks_for_something_to_try() {
    let service = Service::start().await;
    let manager = signed_in(&service, Role::Manager).await;
    assert!(manager.get("/staff/what-if").await.text.contains("90 now; leave it empty to keep that"));
    let nothing = manager.post("/staff/what-if", "from=&to=").await;
    assert!(nothing.status == 422 && nothing.text.contains("Enter another limit"));
    let tried = manager.post("/staff/what-if", "from=&to=&backdate_limit_days=30").await;
    assert_eq!(tried.status, 200);
    for said in
        ["1 of 1 decided again would be decided otherwise", "date-within-limits: it is told too late", "refer R06"]
    {
        assert!(tried.text.contains(said), "{said:?} is not in {}", tried.text);
    }
}
