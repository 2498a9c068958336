//! The council's identity provider, as `serve` is told of it.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::Failure;
use crate::service::public_url::PublicUrl;
use crate::sign_in::provider::{Offered, Provider};

/// By whose word members of staff may sign in beside a passphrase.
#[derive(Args, Debug)]
pub(super) struct Council {
    /// The council's provider of OpenID Connect, by the issuer that it calls itself: its address without
    /// /.well-known/openid-configuration. Members of staff are offered to sign in there; needs --public-url.
    #[arg(long = "oidc-issuer", env = "HEARTH_OIDC_ISSUER", value_name = "URL", requires_all = ["client_id", "client_secret_file"])]
    issuer: Option<String>,
    /// What the provider calls this service.
    #[arg(long = "oidc-client-id", env = "HEARTH_OIDC_CLIENT_ID", value_name = "ID", requires = "issuer")]
    client_id: Option<String>,
    /// A file that holds the secret which the provider gave this service.
    #[arg(
        long = "oidc-client-secret-file",
        env = "HEARTH_OIDC_CLIENT_SECRET_FILE",
        value_name = "FILE",
        requires = "issuer"
    )]
    client_secret_file: Option<std::path::PathBuf>,
    /// The claim of the ID token that is the sign-in name; it must be one that people cannot change themselves.
    #[arg(long = "oidc-claim", env = "HEARTH_OIDC_CLAIM", value_name = "CLAIM", default_value = "preferred_username")]
    claim: String,
    /// How strictly one must have signed in there, for a second factor: the acr that the ID token has to say, or several
    /// with commas between them, of which one is enough.
    #[arg(
        long = "oidc-require-acr",
        env = "HEARTH_OIDC_REQUIRE_ACR",
        value_name = "VALUE",
        value_delimiter = ',',
        requires = "issuer"
    )]
    require_acr: Vec<String>,
    /// Refuses passphrases and links to set them up. Without it they work beside the provider, also while that is out of
    /// reach.
    #[arg(long = "oidc-only", env = "HEARTH_OIDC_ONLY", requires = "issuer")]
    only: bool,
}

impl Council {
    /// The provider that was named, checked but not asked; none where none was.
    pub(super) fn offered(self, public_url: Option<&PublicUrl>) -> Result<Option<Offered>, Failure> {
        let Some(issuer) = self.issuer.clone() else { return Ok(None) };
        // As strict as with our own address: a provider without TLS is on this machine.
        let is_address: Result<PublicUrl, _> = issuer.parse();
        is_address.map_err(|told| Failure::usage(format!("--oidc-issuer: {told}")))?;
        let Some(public_url) = public_url else {
            let told =
                "--oidc-issuer needs --public-url: say where browsers reach this service, so that they come back";
            return Err(Failure::usage(told));
        };
        let only = self.only;
        if !self.require_acr.is_empty() && !only {
            tracing::warn!(
                "--oidc-require-acr asks nobody for more who signs in with a passphrase: --oidc-only refuses those"
            );
        }
        let provider = provider(self, issuer, public_url.sign_in_return())?;
        Ok(Some(Offered { provider, only }))
    }
}

#[cfg(feature = "oidc")]
fn provider(council: Council, issuer: String, come_back_to: String) -> Result<Arc<dyn Provider>, Failure> {
    use crate::sign_in::oidc::{Agreed, Oidc};

    let file = council.client_secret_file.unwrap_or_default();
    let at =
        |told: &dyn std::fmt::Display| Failure::usage(format!("--oidc-client-secret-file {}: {told}", file.display()));
    let secret = std::fs::read_to_string(&file).map_err(|error| at(&format!("cannot be read: {error}")))?;
    if secret.trim().is_empty() {
        return Err(at(&"is empty: it has to hold the secret that the provider gave"));
    }
    let agreed = Agreed {
        issuer,
        client_id: council.client_id.unwrap_or_default(),
        client_secret: secret.trim().to_owned(),
        come_back_to,
        claim: council.claim,
        strict: council.require_acr,
    };
    let provider = Oidc::new(agreed).map_err(|told| Failure::usage(format!("--oidc-issuer: {told}")))?;
    Ok(Arc::new(provider))
}

#[cfg(not(feature = "oidc"))]
fn provider(_: Council, _: String, _: String) -> Result<Arc<dyn Provider>, Failure> {
    Err(Failure::usage("--oidc-issuer: this program was built without it; build with --features oidc, or leave it out"))
}

/// Asks the provider about itself, again and again until it answers.
pub(super) async fn reaching(provider: Arc<dyn Provider>) {
    const PAUSE: (Duration, Duration) = (Duration::from_secs(2), Duration::from_mins(2));
    let mut pause = PAUSE.0;
    while let Err(error) = provider.reach().await {
        tracing::warn!("{error}; it is tried again in {} s", pause.as_secs());
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE.1);
    }
    tracing::info!("the identity provider answers");
}
