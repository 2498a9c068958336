//! What the pages say, in the language of the visitor. **A language is a folder in `text/` and a line in `LANGUAGES`.**

use std::sync::OnceLock;

use crate::texts::Files;
pub(in crate::web) use crate::texts::{Catalogue as Text, Lang, england};

/// The catalogues of each language. What Welsh has not yet is said in English.
const LANGUAGES: [(Lang, &str, Files); 2] =
    [(Lang::En, "en", ENGLISH), (Lang::Cy, "cy", &[("frame", include_str!("text/cy/frame.ftl"))])];

const ENGLISH: Files = &[
    ("frame", include_str!("text/en/frame.ftl")),
    ("estimate", include_str!("text/en/estimate.ftl")),
    ("many", include_str!("text/en/many.ftl")),
    ("standing", include_str!("text/en/standing.ftl")),
    ("outcome", include_str!("text/en/outcome.ftl")),
    ("tell", include_str!("text/en/tell.ftl")),
    ("moving", include_str!("text/en/moving.ftl")),
    ("households", include_str!("text/en/households.ftl")),
    ("discounts", include_str!("text/en/discounts.ftl")),
    ("properties", include_str!("text/en/properties.ftl")),
    ("money", include_str!("text/en/money.ftl")),
    ("others", include_str!("text/en/others.ftl")),
];

impl Lang {
    /// What the pages say in it.
    pub(in crate::web) fn text(self) -> &'static Text {
        static EN: OnceLock<Text> = OnceLock::new();
        static CY: OnceLock<Text> = OnceLock::new();
        let [(_, _, english), (_, _, welsh)] = LANGUAGES;
        let en = EN.get_or_init(|| Text::english(english));
        match self {
            Self::En => en,
            Self::Cy => CY.get_or_init(|| Text::of(self, welsh, en)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fluent_bundle::FluentResource;

    use super::*;

    #[test]
    fn catalogues_have_no_faults_and_welsh_says_nothing_that_english_does_not() {
        let mut english = BTreeSet::new();
        for (lang, code, files) in LANGUAGES {
            for (name, source) in files {
                let parsed = FluentResource::try_new((*source).to_owned());
                assert!(parsed.is_ok(), "{code}/{name}: {:?}", parsed.err().map(|it| it.1));
            }
            let names: Vec<_> = files.iter().flat_map(|(_, source)| names(source)).collect();
            let distinct: BTreeSet<_> = names.iter().cloned().collect();
            assert_eq!(names.len(), distinct.len(), "{code}: a name is used twice");
            match lang {
                Lang::En => english = distinct,
                Lang::Cy => assert!(distinct.is_subset(&english), "{:?}", distinct.difference(&english)),
            }
        }
        let frame: BTreeSet<_> = names(include_str!("text/en/frame.ftl")).collect();
        let welsh: BTreeSet<_> = names(include_str!("text/cy/frame.ftl")).collect();
        assert_eq!(frame, welsh, "the frame of the journey is complete in Welsh");
    }

    fn names(source: &str) -> impl Iterator<Item = String> {
        source
            .lines()
            .filter_map(|it| it.split_once(" ="))
            .map(|(name, _)| name.to_owned())
            .filter(|name| name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-'))
    }

    #[test]
    fn every_text_that_the_pages_ask_for_by_name_is_there() {
        let mut asked = 0;
        let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/pages"))];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("text.rs") {
                    let source = std::fs::read_to_string(&path).unwrap();
                    for call in [".say(\"", ".with(\"", ".count(\""] {
                        for (at, _) in source.match_indices(call) {
                            let name = source[at + call.len()..].split('"').next().unwrap();
                            assert!(has(name), "{}: there is no text {name}", path.display());
                            asked += 1;
                        }
                    }
                }
            }
        }
        assert!(asked > 20, "the search found only {asked} names");
    }

    fn has(name: &str) -> bool {
        Lang::En.text().maybe(name, &[]).is_some()
    }
}
