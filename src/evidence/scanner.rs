//! Whether a file is harmful: a program of the council's reads it on its standard input, and its exit code says.

use std::process::Stdio;
use std::str::FromStr;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// How long a scanner may take for one file.
const LONGEST: Duration = Duration::from_mins(1);

/// A program that reads a file on its standard input: exit code 0 where nothing harmful is in it, 1 where something is,
/// anything else where it cannot tell now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanner {
    program: String,
    arguments: Vec<String>,
}

/// What a scanner says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scan {
    /// Nothing harmful was found.
    Clean,
    /// Something harmful was found.
    Infected,
    /// It could not be told.
    Unknown(String),
}

impl FromStr for Scanner {
    type Err = String;

    /// A program and its arguments, with blanks between; no shell sees them.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace().map(str::to_owned);
        let program = words.next().ok_or("must be a program, with its arguments: clamdscan --no-summary -")?;
        Ok(Self { program, arguments: words.collect() })
    }
}

impl Scanner {
    /// Looks at the content of a file.
    pub async fn scan(&self, content: &[u8]) -> Scan {
        match tokio::time::timeout(LONGEST, self.exit_code(content)).await {
            Ok(Ok(Some(0))) => Scan::Clean,
            Ok(Ok(Some(1))) => Scan::Infected,
            Ok(Ok(Some(code))) => Scan::Unknown(format!("the scanner ended with {code}")),
            Ok(Ok(None)) => Scan::Unknown("the scanner was killed".to_owned()),
            Ok(Err(error)) => Scan::Unknown(format!("the scanner could not be run: {error}")),
            Err(_) => Scan::Unknown(format!("the scanner took longer than {} s", LONGEST.as_secs())),
        }
    }

    async fn exit_code(&self, content: &[u8]) -> std::io::Result<Option<i32>> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.kill_on_drop(true).spawn()?;
        let input = child.stdin.take();
        let feeding = async {
            if let Some(mut input) = input {
                // A scanner that has seen enough need not read all.
                let _ = input.write_all(content).await;
            }
        };
        let ((), ended) = tokio::join!(feeding, child.wait());
        Ok(ended?.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn said_by(script: &str, content: &[u8]) -> Scan {
        let scanner = Scanner { program: "sh".into(), arguments: vec!["-c".into(), script.into()] };
        scanner.scan(content).await
    }

    #[tokio::test]
    async fn the_exit_code_says_what_was_found() {
        let looks_for = "if grep -q EVIL; then exit 1; fi";
        assert_eq!(said_by(looks_for, b"%PDF-1.4 good").await, Scan::Clean);
        assert_eq!(said_by(looks_for, b"%PDF-1.4 EVIL").await, Scan::Infected);
        assert!(matches!(said_by("cat >/dev/null; exit 2", b"x").await, Scan::Unknown(_)));
        assert!(matches!(said_by("kill -9 $$", b"x").await, Scan::Unknown(_)));
        let absent: Scanner = "/nowhere/scanner --fast".parse().unwrap();
        assert!(matches!(absent.scan(b"x").await, Scan::Unknown(_)));
        assert!("  ".parse::<Scanner>().is_err());
    }

    #[tokio::test]
    async fn a_scanner_need_not_read_all_of_a_large_file() {
        assert_eq!(said_by("exit 1", &vec![b'x'; 1 << 20]).await, Scan::Infected);
        assert_eq!(said_by("wc -c | grep -q 1048576", &vec![b'x'; 1 << 20]).await, Scan::Clean, "all of it is there");
    }
}
