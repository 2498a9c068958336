//! The catalogue of what is written to people.

use std::sync::OnceLock;

use crate::texts::{Catalogue, Files, Lang};

const ENGLISH: Files = &[("mail", include_str!("text/en/mail.ftl"))];
const WELSH: Files = &[("mail", include_str!("text/cy/mail.ftl"))];

/// What is written in a language.
pub(super) fn words(lang: Lang) -> &'static Catalogue {
    static EN: OnceLock<Catalogue> = OnceLock::new();
    static CY: OnceLock<Catalogue> = OnceLock::new();
    let english = EN.get_or_init(|| Catalogue::english(ENGLISH));
    match lang {
        Lang::En => english,
        Lang::Cy => CY.get_or_init(|| Catalogue::of(lang, WELSH, english)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fluent_bundle::FluentResource;

    use super::*;

    #[test]
    fn the_catalogues_have_no_faults_and_welsh_says_nothing_that_english_does_not() {
        let names = |files: Files| -> BTreeSet<String> {
            let sources = files.iter().map(|(_, source)| *source);
            for source in sources.clone() {
                assert!(FluentResource::try_new(source.to_owned()).is_ok());
            }
            let said = sources.flat_map(str::lines).filter_map(|it| it.split_once(" =").map(|(name, _)| name));
            said.map(str::to_owned).collect()
        };
        let (english, welsh) = (names(ENGLISH), names(WELSH));
        assert!(welsh.is_subset(&english) && !welsh.is_empty(), "{:?}", welsh.difference(&english));
        for name in english.iter().filter(|it| it.starts_with("link") || *it == "council") {
            assert!(welsh.contains(name), "{name}: what is written in the language of the answers is all in Welsh");
        }
    }

    #[test]
    fn every_text_that_is_asked_for_by_name_is_there() {
        let mut asked = 0;
        let source = include_str!("message.rs");
        for call in [".say(\"", ".with(\""] {
            for (at, _) in source.match_indices(call) {
                let name = source[at + call.len()..].split('"').next().unwrap();
                assert!(words(Lang::En).maybe(name, &[]).is_some(), "there is no text {name}");
                asked += 1;
            }
        }
        assert!(asked > 5, "the search found only {asked} names");
    }
}
