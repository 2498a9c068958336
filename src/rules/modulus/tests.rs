//! The test vectors of the published rules, and the edges of the two parsers.

use jiff::civil::date;

use super::*;

const WEIGHTS: &str = include_str!("../../../packs/vocalink/weights.txt");
const SUBSTITUTIONS: &str = include_str!("../../../packs/vocalink/substitutions.txt");

fn parse(weights: &str, substitutions: &str) -> Result<ModulusTable, TableError> {
    ModulusTable::parse("valacdos v8.50", date(2025, 6, 23), weights, substitutions)
}

fn published() -> ModulusTable {
    parse(WEIGHTS, SUBSTITUTIONS).unwrap()
}

fn check(table: &ModulusTable, sort_code: &str, account_number: &str) -> ModulusOutcome {
    table.check(sort_code.parse().unwrap(), account_number.parse().unwrap())
}

/// A vector: what it shows, sort code, account number.
type Vector = (&'static str, &'static str, &'static str);

const VALID: &[Vector] = &[
    ("modulus 10", "089999", "66374958"),
    ("modulus 11", "107999", "88837491"),
    ("modulus 11 and double alternate", "202959", "63748472"),
    ("exceptions 10, 11: first passes, second fails", "871427", "46238510"),
    ("exceptions 10, 11: first fails, second passes", "872427", "46238510"),
    ("exception 10: ab = 09 and g = 9", "871427", "09123496"),
    ("exception 10: ab = 99 and g = 9", "871427", "99123496"),
    ("exception 3: c = 6, second check left out", "820000", "73688637"),
    ("exception 3: c = 9, second check left out", "827999", "73988638"),
    ("exception 3: c neither, both checks pass", "827101", "28748352"),
    ("exception 4: remainder is the check digits", "134020", "63849203"),
    ("exception 1: adds 27", "118765", "64371389"),
    ("exception 6: foreign currency account", "200915", "41011166"),
    ("exception 5: both pass", "938611", "07806039"),
    ("exception 5: with substitution", "938600", "42368003"),
    ("exception 5: both remainders are 0", "938063", "55065200"),
    ("exception 7", "772798", "99345694"),
    ("exception 8", "086090", "06774744"),
    ("exceptions 2, 9: first passes", "309070", "02355688"),
    ("exceptions 2, 9: first fails, second passes", "309070", "12345668"),
    ("exception 2: a is not 0 and g is not 9", "309070", "12345677"),
    ("exception 2: a is not 0 and g is 9", "309070", "99345694"),
    ("exceptions 12, 13: first passes, second fails", "074456", "12345112"),
    ("exceptions 12, 13: both pass", "070116", "34012583"),
    ("exceptions 12, 13: first fails, second passes", "074456", "11104102"),
    ("exception 14: passes when shifted", "180002", "00000190"),
];

const INVALID: &[Vector] = &[
    ("exception 5: first right, second wrong", "938063", "15764273"),
    ("exception 5: first wrong, second right", "938063", "15764264"),
    ("exception 5: first remainder is 1", "938063", "15763217"),
    ("exception 1: fails", "118765", "64371388"),
    ("passes modulus 11, fails double alternate", "203099", "66831036"),
    ("fails modulus 11, passes double alternate", "203099", "58716970"),
    ("modulus 10: fails", "089999", "66374959"),
    ("modulus 11: fails", "107999", "88837493"),
];

#[test]
fn published_vectors_that_pass() {
    let table = published();
    for (what, sort_code, account_number) in VALID {
        let outcome = check(&table, sort_code, account_number);
        assert_eq!(outcome, ModulusOutcome::Valid, "{what}");
    }
}

#[test]
fn published_vectors_that_fail() {
    let table = published();
    for (what, sort_code, account_number) in INVALID {
        let outcome = check(&table, sort_code, account_number);
        assert_eq!(outcome, ModulusOutcome::Invalid, "{what}");
    }
}

/// Each check of a pair by itself, where the published vectors say which of the two passes.
#[test]
fn published_vectors_pass_and_fail_in_the_check_they_say() {
    let table = published();
    for (sort_code, account_number, first, second) in [
        ("202959", "63748472", true, true),
        ("871427", "46238510", true, false),
        ("872427", "46238510", false, true),
        ("938063", "15764273", true, false),
        ("938063", "15764264", false, true),
        ("938063", "55065200", true, true),
        ("203099", "66831036", true, false),
        ("203099", "58716970", false, true),
        ("309070", "02355688", true, false),
        ("309070", "12345668", false, true),
        ("074456", "12345112", true, false),
        ("070116", "34012583", true, true),
        ("074456", "11104102", false, true),
    ] {
        let sort_code: SortCode = sort_code.parse().unwrap();
        let account: AccountNumber = account_number.parse().unwrap();
        let checks = table.checks_for(sort_code).unwrap();
        let second_check = checks.second.as_ref().unwrap();
        let passes = |it| table.passes(it, sort_code, account);
        assert_eq!(passes(&checks.first), first, "{sort_code} {account}, first");
        assert_eq!(passes(second_check), second, "{sort_code} {account}, second");
    }
}

/// Account numbers that were worked out for what the published vectors leave open.
#[test]
fn an_exception_is_made_where_all_it_asks_for_is_so() {
    let table = published();
    for (what, sort_code, account_number, outcome) in [
        ("exception 4: a remainder of ten", "134020", "63001610", ModulusOutcome::Valid),
        ("exception 3: c neither, the second check fails", "827101", "28748379", ModulusOutcome::Invalid),
        ("exception 7: g is not 9, so no weight is zero", "772798", "99345617", ModulusOutcome::Valid),
        ("exception 10: a and g, but not b", "871427", "05684997", ModulusOutcome::Valid),
        ("exception 10: a and b, but not g", "871427", "09216871", ModulusOutcome::Valid),
        ("exception 10: b and g, but not a", "871427", "19939197", ModulusOutcome::Valid),
        ("exception 10: g alone", "871427", "50862892", ModulusOutcome::Valid),
    ] {
        assert_eq!(check(&table, sort_code, account_number), outcome, "{what}");
    }
}

#[test]
fn double_alternate_adds_the_digits_of_a_product() {
    for (product, sum) in [(0, 0), (9, 9), (10, 1), (18, 9), (99, 18), (100, 1), (128, 11)] {
        assert_eq!(Algorithm::DoubleAlternate.term(product), sum, "{product}");
        assert_eq!(Algorithm::Modulus11.term(product), product);
    }
}

#[test]
fn exception_14_retries_only_after_0_1_or_9() {
    let table = published();
    assert_eq!(check(&table, "180002", "00000190"), ModulusOutcome::Valid);
    for last in ["2", "3", "4", "5", "6", "7", "8"] {
        let account_number = format!("0000019{last}");
        assert_eq!(check(&table, "180002", &account_number), ModulusOutcome::Invalid, "{last}");
    }
}

#[test]
fn a_changed_digit_is_noticed() {
    let table = published();
    for wrong in ["0", "1", "2", "3", "4", "5", "6", "7", "9"] {
        let account_number = format!("6637495{wrong}");
        assert_eq!(check(&table, "089999", &account_number), ModulusOutcome::Invalid);
    }
}

#[test]
fn a_sort_code_outside_the_table_is_accepted_unchecked() {
    let table = published();
    for sort_code in ["000000", "010003", "989999", "999999"] {
        let covered = table.checks_for(sort_code.parse().unwrap()).is_some();
        let outcome = check(&table, sort_code, "12345678");
        assert_eq!(outcome == ModulusOutcome::NotCovered, !covered, "{sort_code}");
    }
    assert_eq!(check(&table, "999999", "12345678"), ModulusOutcome::NotCovered);
    assert!(ModulusOutcome::NotCovered.is_accepted());
    assert!(ModulusOutcome::Valid.is_accepted());
    assert!(!ModulusOutcome::Invalid.is_accepted());
}

#[test]
fn the_published_files_are_read_whole() {
    let table = published();
    assert_eq!(WEIGHTS.lines().count(), 1_151);
    assert_eq!(table.range_count(), 723);
    assert_eq!(SUBSTITUTIONS.lines().count(), 21);
    assert_eq!(table.valid_from, date(2025, 6, 23));
    assert!(parse(&WEIGHTS.replace('\n', "\r\n"), SUBSTITUTIONS).is_ok());
}

const GOOD: &str = "010004 016715 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1";

/// Defective lines, and what is said of them.
const BAD: &str = "
    01000x 016715 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1: a sort code is not six digits
    016717: too few fields
    016717 016716 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1: the range ends before it begins
    016716 016717 MOD12 0 0 0 0 0 0 8 7 6 5 4 3 2 1: the algorithm is not MOD10, MOD11 or DBLAL
    016716 016717 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2: too few weights
    016716 016717 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 x: a weight is not a whole number from -999 to 999
    016716 016717 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1000: a weight is not a whole number from -999 to 999
    016716 016717 DBLAL 0 0 0 0 0 0 8 7 6 5 4 3 2 -1: a double alternate check cannot have a negative weight
    016716 016717 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1 15: the exception is not 1 to 14
    016716 016717 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1 1 1: too many fields
    016715 016717 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1: the range overlaps the one above it, or comes before it
    010003 010003 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1: the range overlaps the one above it, or comes before it
    010004 016716 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1: the range overlaps the one above it, or comes before it
    010005 016715 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1: the range overlaps the one above it, or comes before it
";

#[test]
fn a_defective_weight_table_names_its_line() {
    for case in BAD.trim().lines() {
        let (line, problem) = case.trim().split_once(": ").unwrap();
        let error = parse(&format!("{GOOD}\n\n{line}\n"), "").unwrap_err();
        let expected = format!("modulus weight table, line 3: {problem}");
        assert_eq!(error.to_string(), expected, "{line}");
    }
    let error = parse(&format!("{GOOD}\n{GOOD}\n{GOOD}\n"), "").unwrap_err();
    let problem = "the range has more than two rows";
    assert_eq!(error, TableError::Weights { line: 3, problem });
    assert_eq!(parse("\n", "").unwrap_err(), TableError::Empty);
}

#[test]
fn a_defective_substitution_names_its_line() {
    let error = parse(GOOD, "938173 938017\n938289\n").unwrap_err();
    let problem = "there must be exactly two sort codes";
    assert_eq!(error, TableError::Substitutions { line: 2, problem });
    let error = parse(GOOD, "938173 938017\n938173 938018\n").unwrap_err();
    let problem = "the sort code already has a substitute";
    assert_eq!(error, TableError::Substitutions { line: 2, problem });
}

#[test]
fn sort_codes_as_customers_write_them() {
    for text in ["089999", "08-99-99", "08 99 99", " 08-99-99 "] {
        assert_eq!(text.parse::<SortCode>().unwrap().to_string(), "08-99-99");
    }
    for text in ["", "08999", "0899999", "08-9999", "08-99 99", "08--99-9", "0a9999", "08/99/99", "٠٨٩٩"] {
        assert_eq!(text.parse::<SortCode>(), Err(BankDetailsError::SortCode), "{text}");
    }
}

#[test]
fn account_numbers_as_customers_write_them() {
    for (text, standard) in [
        ("66374958", "66374958"),
        ("6374958", "06374958"),
        ("374958", "00374958"),
        ("6637 4958", "66374958"),
        (" 66374958 ", "66374958"),
    ] {
        assert_eq!(text.parse::<AccountNumber>().unwrap().to_string(), standard);
    }
    let error = |text: &str| text.parse::<AccountNumber>().unwrap_err();
    for text in ["", "-66374958", "6637  4958", "66374958x", "+6637495", "６６３７４９５８"] {
        assert_eq!(error(text), BankDetailsError::NotDigits, "{text}");
    }
    assert_eq!(error("12345"), BankDetailsError::AccountNumberLength(5));
    assert_eq!(error("123456789"), BankDetailsError::AccountNumberLength(9));
    assert_eq!(error("12345").to_string(), "an account number has 6 to 8 digits, not 5");
}

#[test]
fn account_numbers_of_nine_and_ten_digits() {
    let parse = |sort_code, account| {
        let details = BankDetails::parse(sort_code, account)?;
        Ok((details.sort_code.to_string(), details.account_number.to_string()))
    };
    let standard = |sort_code: &str, account: &str| Ok((sort_code.to_owned(), account.to_owned()));
    assert_eq!(parse("72-00-00", "912345678"), standard("72-00-09", "12345678"));
    assert_eq!(parse("08-99-99", "6637495812"), standard("08-99-99", "66374958"));
    assert_eq!(parse("60-00-01", "02-123456-54"), standard("60-00-01", "12345654"));
    assert_eq!(parse("60-00-01", "123456"), standard("60-00-01", "00123456"));
    assert_eq!(parse("20-00-00", "912345678"), Err(BankDetailsError::NineDigits));
    assert_eq!(parse("20-00-00", "0212345654"), Err(BankDetailsError::TenDigits));
    assert_eq!(parse("20-00-00", "02123456541"), Err(BankDetailsError::AccountNumberLength(11)));
    assert_eq!(parse("20-00", "12345678"), Err(BankDetailsError::SortCode));
}

/// A number of nine digits is Santander's, whose last digit of the sort code is the first of the account.
#[test]
fn the_ranges_of_the_bank_with_nine_digits_end_where_they_end() {
    for (sort_code, is_theirs) in [
        ("09-00-00", true),
        ("09-19-99", true),
        ("09-20-00", false),
        ("71-00-00", false),
        ("72-00-00", true),
        ("72-99-99", true),
        ("73-00-00", false),
        ("89-00-00", true),
        ("89-29-99", true),
        ("89-30-00", false),
    ] {
        let given = BankDetails::parse(sort_code, "123456789");
        assert_eq!(given.is_ok(), is_theirs, "{sort_code}: {given:?}");
    }
}

#[test]
fn an_account_number_stays_out_of_logs() {
    let details = BankDetails::parse("089999", "66374958").unwrap();
    let debug = format!("{details:?}");
    assert!(debug.contains("******58") && !debug.contains("6637"), "{debug}");
}
