//! What a file is, by its first bytes; what its name or its sender says counts for nothing.

use hearth_events::MediaType;

/// Why a file cannot be evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is larger than a file may be.
    #[error("the file is too large")]
    TooLarge,
    /// It is none of the types that are taken.
    #[error("the file is not a PDF, JPEG, PNG or HEIC")]
    OfAnotherType,
    /// It is a PDF that only a password opens.
    #[error("the PDF is locked")]
    Locked,
}

/// The brands of the files that hold HEIC images (ISO/IEC 23008-12, annexes B and D).
const HEIC_BRANDS: [&[u8]; 6] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"];

/// What a file is.
///
/// # Errors
/// When it cannot be evidence.
pub fn media_type(content: &[u8]) -> Result<MediaType, Unusable> {
    if content.is_empty() {
        return Err(Unusable::Empty);
    }
    if content.len() > super::MOST_BYTES {
        return Err(Unusable::TooLarge);
    }
    if content.starts_with(b"%PDF-") {
        return if is_locked(content) { Err(Unusable::Locked) } else { Ok(MediaType::Pdf) };
    }
    if content.starts_with(b"\xFF\xD8\xFF") {
        return Ok(MediaType::Jpeg);
    }
    if content.starts_with(b"\x89PNG\r\n\x1A\n") {
        return Ok(MediaType::Png);
    }
    if is_heic(content) { Ok(MediaType::Heic) } else { Err(Unusable::OfAnotherType) }
}

/// Whether a PDF is encrypted: its trailer then refers to how (ISO 32000-1, 7.6.1), and the trailer itself never is.
fn is_locked(content: &[u8]) -> bool {
    const NAME: &[u8] = b"/Encrypt";
    let mut places = content.windows(NAME.len()).enumerate().filter(|(_, it)| *it == NAME);
    places.any(|(place, _)| {
        let mut after = content.iter().skip(place + NAME.len()).skip_while(|it| it.is_ascii_whitespace());
        // A reference to an object, or the dictionary itself; `/EncryptMetadata` is another name.
        after.next().is_some_and(|it| it.is_ascii_digit() || *it == b'<')
    })
}

/// Whether the first box of a file says that it holds HEIC images.
fn is_heic(content: &[u8]) -> bool {
    let Some((length, rest)) = content.split_first_chunk::<4>() else { return false };
    let Ok(length) = usize::try_from(u32::from_be_bytes(*length)) else { return false };
    let Some(brands) = rest.strip_prefix(b"ftyp") else { return false };
    let brands = brands.get(..length.saturating_sub(8)).unwrap_or_default();
    brands.chunks_exact(4).enumerate().any(|(place, it)| place != 1 && HEIC_BRANDS.contains(&it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heic(brands: &[u8]) -> Vec<u8> {
        let length = u32::try_from(8 + brands.len()).unwrap();
        [&length.to_be_bytes(), b"ftyp".as_slice(), brands, b"\0\0\0\x08meta"].concat()
    }

    #[test]
    fn a_file_is_what_its_content_says() {
        assert_eq!(media_type(b"%PDF-1.4\n1 0 obj <</Type /Catalog>>"), Ok(MediaType::Pdf));
        assert_eq!(media_type(b"\xFF\xD8\xFF\xE0\0\x10JFIF"), Ok(MediaType::Jpeg));
        assert_eq!(media_type(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), Ok(MediaType::Png));
        assert_eq!(media_type(&heic(b"heic\0\0\0\0mif1heic")), Ok(MediaType::Heic));
        assert_eq!(media_type(&heic(b"mif1\0\0\0\0mif1heic")), Ok(MediaType::Heic));
    }

    #[test]
    fn what_is_none_of_them_is_refused_whatever_it_hides() {
        for other in [
            b"GIF89a".as_slice(),
            b"PK\x03\x04[Content_Types].xml",
            b"MZ\x90\0",
            b"<html><script>alert(1)</script>",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            // What some readers would open all the same.
            b"GIF89a/*\n%PDF-1.4",
            b" %PDF-1.4",
            b"\xFF\xD8",
            b"%PDF",
        ] {
            assert_eq!(media_type(other), Err(Unusable::OfAnotherType), "{other:?}");
        }
        // Another image in the same container, a brand in the place of the version, a brand after the end of the box.
        for other in [b"avif\0\0\0\0mif1avif".as_slice(), b"mif1heicmif1", b"mif1\0\0\0\0"] {
            assert_eq!(
                media_type(&[heic(other), b"heic".to_vec()].concat()),
                Err(Unusable::OfAnotherType),
                "{other:?}"
            );
        }
    }

    #[test]
    fn a_pdf_that_only_a_password_opens_is_noticed_and_no_other() {
        for locked in ["/Encrypt 5 0 R", "/Encrypt\n5 0 R", "/Encrypt<</Filter/Standard>>", "/Encrypt <<"] {
            let file = format!("%PDF-1.4\ntrailer <</Root 1 0 R {locked} >>");
            assert_eq!(media_type(file.as_bytes()), Err(Unusable::Locked), "{locked}");
        }
        for open in ["/EncryptMetadata true", "/Title (How to /Encrypt a file)", "/Encrypt"] {
            let file = format!("%PDF-1.4\ntrailer <</Root 1 0 R {open}");
            assert_eq!(media_type(file.as_bytes()), Ok(MediaType::Pdf), "{open}");
        }
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert_eq!(media_type(b""), Err(Unusable::Empty));
        let mut large = vec![0; super::super::MOST_BYTES];
        large[..3].copy_from_slice(b"\xFF\xD8\xFF");
        assert_eq!(media_type(&large), Ok(MediaType::Jpeg));
        large.push(0);
        assert_eq!(media_type(&large), Err(Unusable::TooLarge));
    }
}
