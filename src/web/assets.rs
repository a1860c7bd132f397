//! The stylesheet and the icon, built in. Their address holds a hash of what they are, so a browser keeps them for ever.

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest, Sha256};

use super::error::PageError;

/// One file that never changes under its address.
pub struct Asset {
    address: String,
    kind: &'static str,
    body: &'static str,
}

/// In reading order: what comes later may refine what came before.
pub static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "stepdown",
        "css",
        "text/css; charset=utf-8",
        concat!(
            include_str!("../../assets/style/tokens.css"),
            include_str!("../../assets/style/base.css"),
            include_str!("../../assets/style/shell.css"),
            include_str!("../../assets/style/banner.css"),
            include_str!("../../assets/style/parts.css"),
            include_str!("../../assets/style/dose.css"),
            include_str!("../../assets/style/round.css"),
            include_str!("../../assets/style/forms.css"),
            include_str!("../../assets/style/tables.css"),
            include_str!("../../assets/style/scales.css"),
            include_str!("../../assets/style/charts.css"),
            include_str!("../../assets/style/door.css"),
            include_str!("../../assets/style/phone.css"),
            include_str!("../../assets/style/print.css"),
            include_str!("../../assets/style/mar.css"),
            include_str!("../../assets/style/labels.css"),
        ),
    )
});

pub static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("favicon", "svg", "image/svg+xml", include_str!("../../assets/favicon.svg")));

impl Asset {
    fn new(stem: &str, ending: &str, kind: &'static str, body: &'static str) -> Asset {
        let hash: String = Sha256::digest(body).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Asset { address: format!("/assets/{stem}-{hash}.{ending}"), kind, body }
    }

    /// Where it is served; another content has another address.
    pub fn address(&self) -> &str {
        &self.address
    }

    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let tag = format!("\"{}\"", self.address);
        let known = request.headers().get(IF_NONE_MATCH).is_some_and(|held| held.as_bytes() == tag.as_bytes());
        let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"));
        if known { answer.finish() } else { answer.insert_header((CONTENT_TYPE, self.kind)).body(self.body) }
    }
}

/// Serves an asset by its address; an address of another version of it is not found.
pub async fn asset(request: HttpRequest) -> Result<HttpResponse, PageError> {
    let asked = [&*STYLE, &*ICON].into_iter().find(|asset| asset.address() == request.path());
    asked.map(|asset| asset.answer(&request)).ok_or(PageError::Missing)
}
