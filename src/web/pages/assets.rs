//! What browsers are given beside the pages: styles, a script, an icon. Built by `src/web/assets/build.rs`, named after their content.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

use crate::web::problem::Problem;

/// One file, as it is and compressed.
struct Asset {
    key: &'static str,
    name: &'static str,
    media: &'static str,
    plain: &'static [u8],
    gzip: &'static [u8],
    brotli: &'static [u8],
}

const ASSETS: &[Asset] = include!(env!("HEARTH_ASSETS"));

/// The path of a file by what it is called in the sources; empty where there is none.
pub(in crate::web) fn path(key: &str) -> String {
    ASSETS.iter().find(|it| it.key == key).map(|it| format!("/assets/{}", it.name)).unwrap_or_default()
}

/// Gives a file; another content has another name, so that it may be kept for ever.
pub(in crate::web) async fn show(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    file(&name, &headers).ok_or_else(|| Problem::not_found("There is no such file: load the page again."))
}

/// A file by its name, as its asker can read it; none where there is no such.
pub(in crate::web) fn file(name: &str, headers: &HeaderMap) -> Option<Response> {
    let asset = ASSETS.iter().find(|it| it.name == name)?;
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let accepts =
        |coding: &str| accepted.split(',').any(|it| it.split(';').next().unwrap_or_default().trim() == coding);
    let (coding, bytes) = if accepts("br") {
        (Some("br"), asset.brotli)
    } else if accepts("gzip") {
        (Some("gzip"), asset.gzip)
    } else {
        (None, asset.plain)
    };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Some(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_layout_is_there() {
        for key in ["app.css", "app.js", "icon.svg"] {
            assert!(path(key).starts_with("/assets/"), "{key}");
        }
        assert_eq!(path("nothing.css"), "");
    }
}
