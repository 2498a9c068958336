//! A client of one socket a request, which takes nothing for an answer that is not whole.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

use serde_json::Value;

use super::run::DEADLINE;

#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Answer {
    #[track_caller]
    pub(super) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        self.body
    }
}

/// Whom to ask, and as whom.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) address: SocketAddr,
    pub(super) token: String,
}

impl Client {
    pub(super) fn new(address: SocketAddr, token: &str) -> Self {
        Self { address, token: token.to_owned() }
    }

    #[track_caller]
    pub(super) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Sends a notification; an error where no whole answer came.
    pub(super) fn post(&self, notification: &Value) -> io::Result<Answer> {
        self.ask("POST", "/api/v1/notifications", Some(notification))
    }

    /// Sends this to a path.
    #[track_caller]
    pub(super) fn post_to(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, Some(body)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Sends a file to a path.
    #[track_caller]
    pub(super) fn send_file(&self, path: &str, content_type: &str, file: &[u8]) -> Answer {
        let answered = self.exchanged("POST", path, content_type, file);
        let bytes = answered.unwrap_or_else(|error| panic!("{path}: {error}"));
        whole(&bytes).unwrap_or_else(|| panic!("{path}: {:?}", String::from_utf8_lossy(&bytes)))
    }

    /// The head of an answer and what follows it, whatever that is.
    #[track_caller]
    pub(super) fn fetch(&self, path: &str) -> (String, Vec<u8>) {
        let bytes = self.exchanged("GET", path, "application/json", b"").unwrap();
        let end = bytes.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
        (String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase(), bytes[end + 4..].to_vec())
    }

    /// Sends a form to a path as a browser does; where its answer leads, or what it says.
    #[track_caller]
    pub(super) fn send_form(&self, path: &str, fields: &[(&str, &str)]) -> Result<String, String> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        led(self.exchanged("POST", path, "application/x-www-form-urlencoded", body.as_bytes()).unwrap())
    }

    /// The same with a file, of a name, in a field.
    #[track_caller]
    pub(super) fn send_form_with(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        file: Option<(&str, &str, &[u8])>,
    ) -> Result<String, String> {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        if let Some((field, name, content)) = file {
            let head = format!("--part\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(b"Content-Type: application/octet-stream\r\n\r\n");
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--part--\r\n");
        led(self.exchanged("POST", path, "multipart/form-data; boundary=part", &body).unwrap())
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> io::Result<Answer> {
        let body = body.map(ToString::to_string).unwrap_or_default();
        let bytes = self.exchanged(method, path, "application/json", body.as_bytes())?;
        whole(&bytes).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    fn exchanged(&self, method: &str, path: &str, content_type: &str, body: &[u8]) -> io::Result<Vec<u8>> {
        let mut socket = TcpStream::connect(self.address)?;
        socket.set_read_timeout(Some(DEADLINE))?;
        let (token, length) = (&self.token, body.len());
        let authorization = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{authorization}Content-Type: {content_type}\r\n\
             Content-Length: {length}\r\n\r\n"
        );
        socket.write_all(request.as_bytes())?;
        socket.write_all(body)?;
        let mut bytes = Vec::new();
        socket.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Where an answer leads, or what it says.
fn led(bytes: Vec<u8>) -> Result<String, String> {
    let answer = String::from_utf8(bytes).unwrap();
    let head = answer.split("\r\n\r\n").next().unwrap();
    let leads =
        head.lines().filter_map(|it| it.split_once(": ")).find(|(name, _)| name.eq_ignore_ascii_case("location"));
    leads.filter(|_| head.contains(" 303 ")).map(|(_, to)| to.to_owned()).ok_or(answer)
}

/// The answer, where as many bytes came as it said.
fn whole(bytes: &[u8]) -> Option<Answer> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    if status == 204 && body.is_empty() {
        return Some(Answer { status, body: Value::Null });
    }
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    })?;
    (body.len() == length).then_some(())?;
    Some(Answer { status, body: serde_json::from_str(body).ok()? })
}
