//! What was answered so far, as it was typed, so that nothing is lost on an error.

use std::collections::BTreeMap;

use hearth_events::{Channel, NotificationKind, NotificationRef};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::documents::Document;
use crate::web::pages::text::Lang;

/// What a resident has answered so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Answers {
    /// The language it is answered in.
    pub(super) lang: Lang,
    /// By field, as typed: `move-in:details.tenure`. Several values where a field is repeated.
    pub(super) given: BTreeMap<String, Vec<String>>,
    /// The page that was last not answered well, until it is.
    #[serde(default)]
    pub(super) amiss: Option<Amiss>,
    /// What was sent of it; nothing can be answered any more then.
    #[serde(default)]
    pub(super) sent: Vec<Sent>,
    /// What was sent of it before the sending was cut off.
    #[serde(default)]
    pub(super) sending: Vec<Sent>,
    /// Whether its writer asked for it to be kept longer.
    #[serde(default)]
    pub(super) saved: bool,
    /// How often the link to them was e-mailed, and to whom last.
    #[serde(default)]
    pub(super) mailed: u8,
    #[serde(default)]
    pub(super) mailed_to: Option<String>,
    /// The documents that were added, and the kinds of which documents were asked for already.
    #[serde(default)]
    pub(super) documents: Vec<Document>,
    #[serde(default)]
    pub(super) documents_asked: Vec<NotificationKind>,
    /// The day of the last answer: the day of what is told without one.
    #[serde(default)]
    pub(super) day: Option<Date>,
    /// Who of the staff enters it for whoever tells it, and how that came.
    #[serde(default)]
    pub(super) entered: Option<Entered>,
}

/// What somebody told on the telephone, at the counter or on paper, entered by an officer through the same questions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Entered {
    /// The officer, by the name they sign in by.
    pub(super) by: String,
    /// How it came.
    pub(super) channel: Channel,
}

/// What was typed into a page and could not be taken: shown there again, and no answer of anything.
///
/// It is kept so that the page with its errors has an address of its own: whoever comes back to it later is not asked by the browser
/// whether to send a form again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Amiss {
    /// The page, by its path below that of the draft.
    pub(super) page: String,
    /// By field, as typed.
    pub(super) given: BTreeMap<String, Vec<String>>,
    /// Whether nothing was wrong, but one more name is to be given.
    pub(super) one_more: bool,
}

/// One notification that came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Sent {
    /// What it tells.
    pub(super) kind: NotificationKind,
    /// What the council calls it.
    pub(super) reference: NotificationRef,
    /// The secret with which its sender can see it.
    pub(super) token: String,
}

impl Answers {
    /// Every value of a field.
    pub(super) fn all(&self, field: &str) -> &[String] {
        self.given.get(field).map(Vec::as_slice).unwrap_or_default()
    }

    /// The one value of a field, without blanks around it; empty where it was not answered.
    pub(super) fn one(&self, field: &str) -> &str {
        self.all(field).first().map(|it| it.trim()).unwrap_or_default()
    }

    /// The same with line ends as everywhere else.
    pub(super) fn lines(&self, field: &str) -> String {
        self.one(field).replace("\r\n", "\n")
    }

    /// Whether a field was answered so.
    pub(super) fn is(&self, field: &str, value: &str) -> bool {
        self.all(field).iter().any(|it| it == value)
    }

    /// What a field was answered with, where it is not nothing.
    pub(super) fn filled<'a>(&'a self, field: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.all(field).iter().map(|it| it.trim()).filter(|it| !it.is_empty())
    }

    /// Takes the answer to a field; no values take it away.
    pub(super) fn put(&mut self, field: &str, values: Vec<String>) {
        if values.is_empty() {
            self.given.remove(field);
        } else {
            self.given.insert(field.to_owned(), values);
        }
    }

    /// Takes the names of a list. What was answered of each item stays with its name, or with its place where only the name was
    /// put right.
    pub(super) fn put_list(&mut self, list: &str, names: Vec<String>) {
        let old: Vec<String> = self.filled(list).map(str::to_owned).collect();
        let new: Vec<&str> = names.iter().map(|it| it.trim()).filter(|it| !it.is_empty()).collect();
        let came_from = |(place, name): (usize, &&str)| {
            let same = old.iter().position(|it| it == name);
            same.or_else(|| old.get(place).filter(|it| !new.contains(&it.as_str())).map(|_| place))
        };
        let places: Vec<Option<usize>> = new.iter().enumerate().map(came_from).collect();
        let of_items = format!("{list}.");
        let mut items = BTreeMap::new();
        self.given.retain(|field, typed| {
            let is_of_item = field.starts_with(&of_items);
            if is_of_item {
                items.insert(field.clone(), std::mem::take(typed));
            }
            !is_of_item
        });
        for (place, from) in places.into_iter().enumerate() {
            let Some(from) = from.map(|it| format!("{list}.{it}.")) else { continue };
            let of_it = items.iter().filter_map(|(field, typed)| Some((field.strip_prefix(&from)?, typed)));
            self.given.extend(of_it.map(|(field, typed)| (format!("{list}.{place}.{field}"), typed.clone())));
        }
        self.put(list, names);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_of_somebody_follows_their_name() {
        let names = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let mut answers = Answers::default();
        answers.put_list("k:left", names(&["Ms A", "Mr B"]));
        answers.put("k:left.0.on", names(&["1"]));
        answers.put("k:left.1.on", names(&["2"]));
        answers.put("k:leftover", names(&["kept"]));
        // The first is taken away, so that the second comes first.
        answers.put_list("k:left", names(&["Mr B"]));
        assert_eq!((answers.one("k:left.0.on"), answers.one("k:left.1.on")), ("2", ""));
        // A name is put right, and one comes before it.
        answers.put_list("k:left", names(&["Mr Bee"]));
        assert_eq!(answers.one("k:left.0.on"), "2");
        answers.put_list("k:left", names(&["Ms New", "Mr Bee"]));
        assert_eq!((answers.one("k:left.0.on"), answers.one("k:left.1.on")), ("", "2"));
        assert_eq!(answers.one("k:leftover"), "kept");
    }
}
