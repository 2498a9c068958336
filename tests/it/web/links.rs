//! No page of staff has a link that its reader may not follow.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use hearth_events::Role;

use super::client::Service;

/// So many pages of one kind are looked at: of a list of hundreds, one is like the other.
const OF_A_KIND: usize = 4;

/// Where the links of a page lead, within the pages of staff.
fn links(html: &str) -> impl Iterator<Item = String> {
    html.split("<a ").skip(1).filter_map(|it| {
        let (_, rest) = it.split_once('>')?.0.split_once("href=\"")?;
        let (path, _) = rest.split_once('"')?;
        let path = path.replace("&amp;", "&");
        (path == "/staff" || path.starts_with("/staff/")).then(|| path.split('#').next().unwrap().to_owned())
    })
}

/// What pages are alike: those of a path, whatever its numbers and whatever is asked for.
fn kind(path: &str) -> String {
    let bare = path.split('?').next().unwrap();
    let parts = bare.split('/').map(|it| if it.contains(|it: char| it.is_ascii_digit()) { "#" } else { it });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_link_of_every_page_leads_where_its_reader_may_go() {
    let service = Service::start().await;
    for role in [Role::Officer, Role::Supervisor, Role::Auditor, Role::Manager, Role::Admin] {
        let lines = format!("{}Sec-Fetch-Site: same-origin\r\n", service.session(role).await);
        let mut met: BTreeSet<String> = BTreeSet::new();
        let mut of_a_kind: BTreeMap<String, usize> = BTreeMap::new();
        let mut waiting = VecDeque::from([("/staff".to_owned(), "where they begin".to_owned())]);
        while let Some((path, from)) = waiting.pop_front() {
            let number = of_a_kind.entry(kind(&path)).or_default();
            *number += 1;
            if *number > OF_A_KIND || !met.insert(path.clone()) {
                continue;
            }
            let mut answer = service.ask("GET", &path, None, &lines, "").await;
            if answer.text.contains("Why do you need this record?") {
                let mark = if path.contains('?') { '&' } else { '?' };
                answer = service.ask("GET", &format!("{path}{mark}because=telephone"), None, &lines, "").await;
                assert_eq!(answer.status, 303, "{path} as {role:?}");
                answer = service.ask("GET", &path, None, &lines, "").await;
            }
            assert!(matches!(answer.status, 200 | 303), "{path} as {role:?} from {from}: {}", answer.status);
            let onward = answer.header("location").map(str::to_owned).into_iter().chain(links(&answer.text));
            waiting.extend(onward.map(|it| (it, path.clone())));
        }
        assert!(met.len() >= 4, "{role:?} came by {met:?} only");
        let samples = met.contains("/staff/work/samples");
        let may = matches!(role, Role::Supervisor | Role::Manager | Role::Auditor);
        assert_eq!(samples, may, "{role:?}: what may be opened is linked");
    }
}
