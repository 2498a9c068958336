//! What is not about one item: the architecture, the words, the law, how to run it, and why it is as it is.
//!
//! Begin with [`architecture`]. The pages are files in `src/docs/`, so that they are read beside the code and their links are
//! checked with all others.

#[doc = include_str!("docs/architecture.md")]
pub mod architecture {}

#[doc = include_str!("docs/glossary.md")]
pub mod glossary {}

#[doc = include_str!("docs/law.md")]
pub mod law {}

#[doc = include_str!("docs/operating.md")]
pub mod operating {}

#[doc = include_str!("docs/mutants.md")]
pub mod mutants {}

#[doc = include_str!("docs/eventstoredb.md")]
pub mod eventstoredb {}

/// Why it is as it is: one record a decision. A new one is a file in `src/docs/adr/` and a line here.
pub mod adr {
    macro_rules! records {
        ($($name:ident: $file:literal,)*) => {
            $(
                #[doc = include_str!(concat!("docs/adr/", $file))]
                pub mod $name {}
            )*
        };
    }

    records! {
        adr_0001: "0001-record-decisions.md",
        adr_0002: "0002-three-crates-and-a-tested-boundary.md",
        adr_0003: "0003-one-stream-a-dwelling.md",
        adr_0004: "0004-round-each-line-once.md",
        adr_0005: "0005-the-stored-bytes-of-an-event.md",
        adr_0006: "0006-the-sqlite-log.md",
        adr_0007: "0007-one-fold-of-a-dwelling-for-deciding-and-reading.md",
        adr_0008: "0008-the-decision-with-its-plan-comes-first.md",
        adr_0009: "0009-personal-data-is-sealed-per-person.md",
        adr_0010: "0010-a-newcomer-does-not-end-a-households-liability.md",
        adr_0011: "0011-already-so-is-a-duplicate-not-there-is-referred.md",
        adr_0012: "0012-charge-every-year-that-is-set.md",
        adr_0013: "0013-references-follow-from-the-sender.md",
        adr_0014: "0014-park-one-stream-never-skip.md",
        adr_0015: "0015-several-processes-on-one-data-directory.md",
        adr_0016: "0016-csv-columns-are-paths.md",
        adr_0017: "0017-referred-work-saves-nothing-until-it-is-measured.md",
        adr_0018: "0018-the-log-in-eventstoredb.md",
        adr_0019: "0019-tcp-nodelay-from-outside.md",
        adr_0020: "0020-what-the-law-leaves-open-in-a-charge.md",
        adr_0021: "0021-officers-decide-with-the-same-deciders.md",
        adr_0022: "0022-a-notification-that-waits-holds-promises-and-is-taken-up.md",
        adr_0023: "0023-ask-wait-tell-before-a-third-partys-word.md",
        adr_0024: "0024-awards-carry-their-figures-and-their-ends.md",
        adr_0025: "0025-a-reversal-is-a-fold-without.md",
        adr_0026: "0026-rules-are-a-value-beside-policy.md",
        adr_0027: "0027-notices-follow-charges.md",
        adr_0028: "0028-pages-without-cookies.md",
        adr_0029: "0029-a-submitter-adds-answers-and-withdraws.md",
        adr_0030: "0030-what-may-be-told-before-anything-is-sent.md",
        adr_0031: "0031-pages-are-tried-in-a-real-browser.md",
        adr_0032: "0032-documents-come-with-a-notification.md",
        adr_0033: "0033-a-queue-is-a-table-and-a-claim-lapses.md",
        adr_0034: "0034-figures-are-counted-and-savings-measured.md",
        adr_0035: "0035-staff-sign-in-by-openid-connect.md",
        adr_0036: "0036-who-may-is-in-the-log-how-they-sign-in-is-not.md",
        adr_0037: "0037-a-form-comes-back-whole.md",
        adr_0038: "0038-what-stops-a-change-whoever-tells-it.md",
        adr_0039: "0039-what-takes-two-persons.md",
    }
}
