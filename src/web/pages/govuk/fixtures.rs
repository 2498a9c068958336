//! Each component beside what the makers of the Design System say that it has to be, from their npm package.

use std::fmt::Write as _;
use std::path::Path;

use maud::{Markup, PreEscaped, html};
use serde_json::Value;

use super::*;

/// The fixtures of a component that use only options which ours has too, and how many there are.
fn compare(component: &str, least: usize, options: &[&str], ours: impl Fn(&Value) -> Option<Markup>) {
    let file =
        Path::new(env!("HEARTH_NPM")).join(format!("govuk-frontend/dist/govuk/components/{component}/fixtures.json"));
    let read: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let mut compared = 0;
    for fixture in read["fixtures"].as_array().unwrap() {
        let given = fixture["options"].as_object().unwrap();
        if given.keys().any(|it| !options.contains(&it.as_str())) {
            continue;
        }
        let Some(markup) = ours(&fixture["options"]) else { continue };
        let (ours, theirs) = (normal(&markup.into_string()), normal(fixture["html"].as_str().unwrap()));
        assert_eq!(ours, theirs, "{component}: {}", fixture["name"]);
        compared += 1;
    }
    assert!(compared >= least, "{component}: only {compared} fixtures were compared");
}

/// Markup with a line a tag or text: attributes in order, blanks made single.
fn normal(html: &str) -> String {
    let mut lines = String::new();
    let mut rest = html;
    while !rest.is_empty() {
        let (part, after) = if rest.starts_with('<') {
            rest.split_at(rest.find('>').unwrap() + 1)
        } else {
            rest.split_at(rest.find('<').unwrap_or(rest.len()))
        };
        let words = part.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(tag) = words.strip_prefix('<').and_then(|it| it.strip_suffix('>')) {
            writeln!(lines, "<{}>", in_order(tag.trim_end_matches('/').trim())).unwrap();
        } else if !words.is_empty() {
            writeln!(lines, "{}", words.replace("&#39;", "'").replace("&quot;", "\"")).unwrap();
        }
        rest = after;
    }
    lines
}

fn in_order(tag: &str) -> String {
    let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
    let (mut found, mut rest) = (Vec::new(), attributes.trim());
    while !rest.is_empty() {
        let end = match (rest.find('='), rest.find(' ')) {
            (Some(equals), blank) if blank.is_none_or(|blank| blank > equals) => {
                equals + 2 + rest[equals + 2..].find('"').unwrap() + 1
            }
            (_, Some(blank)) => blank,
            (_, None) => rest.len(),
        };
        found.push(classes_in_order(rest[..end].trim()));
        rest = rest[end..].trim();
    }
    found.sort();
    found.insert(0, name.to_owned());
    found.join(" ")
}

fn classes_in_order(attribute: &str) -> String {
    let Some(classes) = attribute.strip_prefix("class=\"") else { return attribute.to_owned() };
    let mut classes: Vec<_> = classes.trim_end_matches('"').split_whitespace().collect();
    classes.sort_unstable();
    format!("class=\"{}\"", classes.join(" "))
}

fn text(of: &Value) -> Option<String> {
    of["text"].as_str().map(str::to_owned)
}

fn asked(of: &Value, label: &Value) -> Option<Asked> {
    let name = of["name"].as_str().or(of["id"].as_str())?.to_owned();
    let classes = label["classes"].as_str();
    let heading = label["isPageHeading"].as_bool().unwrap_or(false);
    let only =
        |it: &Value, keys: &[&str]| it.as_object().is_none_or(|it| it.keys().all(|key| keys.contains(&key.as_str())));
    let large = classes.is_some_and(|it| it.ends_with("--l"));
    let fits = only(label, &["text", "classes", "isPageHeading"]) && heading == large && (large || classes.is_none());
    let plain = only(&of["hint"], &["text"]) && only(&of["errorMessage"], &["text"]);
    (fits && plain).then_some(())?;
    let id = of["id"].as_str().or(of["idPrefix"].as_str()).unwrap_or(&name).to_owned();
    let (hint, error) = (text(&of["hint"]), text(&of["errorMessage"]));
    Some(Asked { id, name, label: text(label)?, heading, hint, error, error_prefix: "Error:".to_owned() })
}

#[test]
fn lines_texts_and_files_are_as_the_makers_say() {
    let options = ["id", "name", "label", "hint", "errorMessage", "value"];
    compare("input", 5, &options, |it| {
        Some(line(
            &asked(it, &it["label"])?,
            Line::default(),
            &it["value"].as_str().map_or_else(|| it["value"].to_string().replace("null", ""), str::to_owned),
        ))
    });
    compare("textarea", 4, &options, |it| {
        Some(textarea(&asked(it, &it["label"])?, 5, it["value"].as_str().unwrap_or_default()))
    });
    compare("file-upload", 4, &["id", "name", "label", "hint", "errorMessage"], |it| {
        Some(file_upload(&asked(it, &it["label"])?, ""))
    });
}

#[test]
fn choices_are_as_the_makers_say() {
    let items = |of: &Value| -> Option<Vec<Choice>> {
        let item = |it: &Value| {
            let known = ["value", "text", "checked", "hint"];
            it.as_object()?.keys().all(|key| known.contains(&key.as_str())).then_some(())?;
            Some(Choice {
                value: it["value"].as_str()?.to_owned(),
                text: text(it)?,
                hint: text(&it["hint"]),
                chosen: it["checked"].as_bool().unwrap_or(false),
            })
        };
        of["items"].as_array()?.iter().map(item).collect()
    };
    let chosen = |of: &Value| -> Option<Vec<Choice>> {
        let item = |it: &Value| {
            it.as_object()?.keys().all(|key| ["value", "text", "selected"].contains(&key.as_str())).then_some(())?;
            let chosen = it["selected"].as_bool().unwrap_or(false);
            Some(Choice { value: it["value"].as_str()?.to_owned(), text: text(it)?, hint: None, chosen })
        };
        of["items"].as_array()?.iter().map(item).collect()
    };
    compare("select", 1, &["id", "name", "label", "hint", "errorMessage", "items"], |it| {
        Some(select(&asked(it, &it["label"])?, &chosen(it)?))
    });
    let options = ["idPrefix", "name", "fieldset", "hint", "errorMessage", "items", "classes"];
    for (component, way) in [("radios", radios as fn(&Asked, &Choices) -> Markup), ("checkboxes", checkboxes)] {
        compare(component, 4, &options, |it| {
            let inline = format!("govuk-{component}--inline");
            let classes = it["classes"].as_str();
            classes.is_none_or(|it| it == inline).then_some(())?;
            it["fieldset"].as_object()?.keys().all(|it| it == "legend").then_some(())?;
            let asked = asked(it, &it["fieldset"]["legend"])?;
            Some(way(&asked, &Choices { items: items(it)?, inline: classes.is_some(), divider: None }))
        });
    }
}

#[test]
fn days_are_as_the_makers_say() {
    compare("date-input", 1, &["id", "fieldset", "hint", "errorMessage"], |it| {
        it["fieldset"].as_object()?.keys().all(|it| it == "legend").then_some(())?;
        let wrong = [it["errorMessage"].is_object(); 3];
        let given = DateInput { labels: ["Day", "Month", "Year"], wrong, ..DateInput::default() };
        Some(date_input(&Asked { id: it["id"].as_str()?.to_owned(), ..asked(it, &it["fieldset"]["legend"])? }, given))
            .map(|it| {
                PreEscaped(it.into_string().replace("name=\"dob-", "name=\"").replace("name=\"errors-", "name=\""))
            })
    });
}

#[test]
fn what_is_shown_is_as_the_makers_say() {
    compare("error-summary", 1, &["titleText", "errorList"], |it| {
        let error = |it: &Value| {
            it["attributes"].is_null().then_some(())?;
            Some((it["href"].as_str()?.strip_prefix('#')?.to_owned(), text(it)?))
        };
        let errors: Option<Vec<_>> = it["errorList"].as_array()?.iter().map(error).collect();
        Some(error_summary(it["titleText"].as_str()?, &errors?))
    });
    compare("back-link", 1, &["href", "text"], |it| Some(back_link(it["href"].as_str()?, it["text"].as_str()?)));
    compare("notification-banner", 1, &["type", "text"], |it| {
        (it["type"] == "success").then_some(())?;
        let within = html! { p class="govuk-notification-banner__heading" { (it["text"].as_str()?) } };
        Some(done_banner("Success", &within))
    });
    compare("tag", 2, &["text", "classes"], |it| {
        let colour = it["classes"].as_str().map(|it| it.strip_prefix("govuk-tag--"));
        Some(tag(it["text"].as_str()?, colour.flatten()))
    });
    compare("panel", 1, &["titleText", "text"], |it| {
        Some(panel(it["titleText"].as_str()?, &html! { (it["text"].as_str()?) }))
    });
    compare("inset-text", 1, &["text"], |it| Some(inset(&html! { (it["text"].as_str()?) })));
    compare("details", 1, &["summaryText", "text"], |it| {
        Some(details(it["summaryText"].as_str()?, &html! { (it["text"].as_str()?) }))
    });
    compare("summary-list", 1, &["rows"], |it| {
        let row = |it: &Value| {
            it["key"].as_object()?.keys().all(|it| it == "text").then_some(())?;
            it["value"].as_object()?.keys().all(|it| it == "text").then_some(())?;
            it["classes"].is_null().then_some(())?;
            let key = text(&it["key"])?;
            let change = match it["actions"]["items"].as_array().map(Vec::as_slice) {
                None | Some([]) => None,
                Some([one]) => Some((one["href"].as_str()?.to_owned(), one["visuallyHiddenText"].as_str()?.to_owned())),
                Some(_) => return None,
            };
            Some(Row { key, values: vec![text(&it["value"])?], change, id: None })
        };
        let rows: Option<Vec<_>> = it["rows"].as_array()?.iter().map(row).collect();
        Some(summary_list(&rows?, "Change"))
    });
}
