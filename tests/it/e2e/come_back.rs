//! Answers that are kept for later: the link with which their writer comes back, shown on a page and e-mailed.

use super::follow_up::in_december;
use super::http::Client;
use super::mailed::{Server, endings, plain, served};
use super::run::until;

const ADDRESS: &str = "grace@mail.example.net";

/// A page, which has to be there.
#[track_caller]
fn page(visitor: &Client, path: &str) -> String {
    let (head, body) = visitor.fetch(path);
    assert!(head.starts_with("http/1.1 200"), "{path}: {head}");
    String::from_utf8(body).unwrap()
}

#[test]
fn the_link_is_emailed_built_from_the_public_url_and_leads_back_to_the_answers() {
    let council = in_december(351);
    let server = Server::new("");
    let outbox = council.hearth.data().join("outbox");
    let look = served(&council, &server);
    let before = council.hearth.events().len();
    let visitor = Client::new(look.served.address, "");
    let draft = visitor.send_form("/tell", &[]).unwrap().strip_suffix("/about/who").unwrap().to_owned();
    visitor.send_form(&format!("{draft}/about/who"), &[("about-who", "third-party")]).unwrap();
    let save = format!("{draft}/save");
    assert!(page(&visitor, &save).contains("Email me the link"));

    for (given, told) in [
        ("", "Enter an email address"),
        ("grace", "in the correct format"),
        ("a@b.example,c@d.example", "in the correct format"),
        ("a@b.example\r\nBcc: c@d.example", "Remove the characters|in the correct format"),
        ("<b>@mail.example", "in the correct format|cannot send to this address"),
    ] {
        let led = visitor.send_form(&format!("{save}/email"), &[("email", given)]).unwrap();
        let shown = page(&visitor, &led);
        assert!(
            shown.contains("govuk-error-summary") && told.split('|').any(|it| shown.contains(it)),
            "{given}: {shown}"
        );
        assert!(!shown.contains("<b>@mail"), "what was typed is text");
    }
    assert_eq!(endings(&outbox, ".txt") + endings(&outbox, ".sent"), 0);

    for _ in 0..2 {
        assert_eq!(visitor.send_form(&format!("{save}/email"), &[("email", ADDRESS)]).unwrap(), save);
    }
    let shown = page(&visitor, &save);
    assert!(shown.contains(&format!("emailing the link to {ADDRESS}")), "{shown}");
    assert!(shown.contains(&format!("https://tell.council.example{draft}")), "the link to print is the public one");
    until("it is sent", || endings(&outbox, ".sent") == 1);
    let [mail] = server.taken().try_into().unwrap();
    let mail = plain(&mail);
    assert!(mail.contains(&format!("To: {ADDRESS}")) && mail.contains("https://tell.council.example/tell/"), "{mail}");
    assert!(
        !mail.contains("//h/") && !mail.contains("third-party"),
        "neither what the browser says nor what was answered"
    );
    let link = mail.lines().find_map(|it| it.strip_prefix("https://tell.council.example")).unwrap();
    assert_eq!(Client::new(look.served.address, "").fetch(link).0.lines().next().unwrap(), "http/1.1 303 see other");
    assert_eq!(link, draft);

    // Enough is enough, for whoever would send letters to strangers.
    for number in 0..3 {
        visitor.send_form(&format!("{save}/email"), &[("email", &format!("other{number}@mail.example"))]).unwrap();
    }
    let led = visitor.send_form(&format!("{save}/email"), &[("email", "one-more@mail.example")]).unwrap();
    assert!(page(&visitor, &led).contains("emailed the link several times"));
    until("the others are sent", || endings(&outbox, ".sent") == 4);

    look.served.stopped();
    assert_eq!(council.hearth.events().len(), before, "the log knows nothing of drafts");
    let log = council.hearth.read("serve.err");
    let secret = draft.trim_start_matches("/tell/");
    for told in [ADDRESS, secret] {
        assert!(!log.contains(told), "the log says {told}");
        for file in std::fs::read_dir(&outbox).unwrap() {
            let path = file.unwrap().path();
            assert!(!path.to_string_lossy().contains(told) && !std::fs::read_to_string(&path).unwrap().contains(told));
        }
    }
}

#[test]
fn where_nobody_says_where_the_service_is_no_link_is_emailed() {
    let council = in_december(352);
    let look = council.look();
    let visitor = Client::new(look.served.address, "");
    let draft = visitor.send_form("/tell", &[]).unwrap().strip_suffix("/about/who").unwrap().to_owned();
    let save = format!("{draft}/save");
    let shown = page(&visitor, &save);
    assert!(shown.contains("Save my answers") && !shown.contains("name=\"email\""), "{shown}");
    assert_eq!(visitor.send_form(&format!("{save}/email"), &[("email", ADDRESS)]).unwrap(), save);
    assert_eq!(visitor.send_form(&save, &[]).unwrap(), save);
    assert!(page(&visitor, &save).contains(&format!("h{draft}")), "it is shown as the browser knows it");
    assert_eq!(endings(&council.hearth.data().join("outbox"), ".txt"), 0);
    look.served.stopped();
}
