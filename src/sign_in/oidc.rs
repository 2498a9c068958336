//! OpenID Connect: authorization code with PKCE, confidential client, answers by the query. ADR 0035.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreJwsSigningAlgorithm,
    CoreProviderMetadata, CoreResponseMode,
};
use openidconnect::{
    AuthType, AuthenticationContextClass, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, DiscoveryError, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError, TokenResponse as _,
};

use super::errand::{Errand, SetOut};
use super::provider::{NotVouched, Provider, Vouched};

/// How long one answer of the provider is waited for.
const PATIENCE: Duration = Duration::from_secs(4);
/// How long all that is asked for one sign-in may take: within what a request of ours may.
const ALTOGETHER: Duration = Duration::from_secs(8);
/// For how long a provider that was not reached is not asked about itself again, where it was before.
const NOT_AGAIN: Duration = Duration::from_secs(30);
/// What the provider says of itself, its keys among it, is asked for again after this.
const KNOWN_FOR: Duration = Duration::from_mins(10);
/// Signatures that only the provider can make; none of a secret that is shared.
const SIGNED_BY: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// What is agreed with the provider.
pub struct Agreed {
    /// The provider, by the address that it calls itself.
    pub issuer: String,
    /// What it calls us.
    pub client_id: String,
    /// What we show that we are it by.
    pub client_secret: String,
    /// Where browsers come back to.
    pub come_back_to: String,
    /// The claim that is the sign-in name.
    pub claim: String,
    /// How strictly one must have signed in there: one of these; in any way where there is none.
    pub strict: Vec<String>,
}

/// A provider of OpenID Connect.
pub struct Oidc {
    issuer: IssuerUrl,
    come_back_to: RedirectUrl,
    agreed: Agreed,
    http: reqwest::Client,
    known: Mutex<Option<(Instant, Arc<CoreProviderMetadata>)>>,
}

impl Oidc {
    /// A provider that is not asked anything yet.
    ///
    /// # Errors
    /// When an address is none, in a sentence.
    pub fn new(agreed: Agreed) -> Result<Self, String> {
        let issuer = IssuerUrl::new(agreed.issuer.clone()).map_err(|error| format!("the issuer: {error}"))?;
        let come_back_to =
            RedirectUrl::new(agreed.come_back_to.clone()).map_err(|error| format!("the way back: {error}"))?;
        let is_secure = issuer.url().scheme() == "https";
        // Redirects are not followed: nobody sends us with our secret anywhere else.
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE);
        // Without TLS it is on this machine, where there is no proxy between.
        let http = if is_secure { http.https_only(true) } else { http.no_proxy() };
        let http = http.build().map_err(|error| format!("no client of HTTP: {error}"))?;
        Ok(Self { issuer, come_back_to, agreed, http, known: Mutex::new(None) })
    }

    /// What the provider says of itself; what it said last, where it cannot be asked again.
    async fn known(&self, for_at_most: Duration) -> Result<Arc<CoreProviderMetadata>, NotVouched> {
        let held = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, known)) = &held
            && at.elapsed() < for_at_most
        {
            return Ok(Arc::clone(known));
        }
        match CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await {
            Ok(found) => {
                let found = Arc::new(found);
                let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
                *known = Some((Instant::now(), Arc::clone(&found)));
                Ok(found)
            }
            Err(error) => {
                let error = why_not_found(&error);
                let Some((_, known)) = held else { return Err(error) };
                tracing::warn!("{error}; what it said before still counts");
                let again = Instant::now().checked_sub(KNOWN_FOR.saturating_sub(NOT_AGAIN));
                let mut held = self.known.lock().unwrap_or_else(PoisonError::into_inner);
                *held = again.map(|at| (at, Arc::clone(&known))).or_else(|| held.take());
                Ok(known)
            }
        }
    }

    fn client(&self, known: &CoreProviderMetadata) -> Client {
        let secret = ClientSecret::new(self.agreed.client_secret.clone());
        let id = ClientId::new(self.agreed.client_id.clone());
        let client = CoreClient::from_provider_metadata(known.clone(), id, Some(secret));
        let ways = known.token_endpoint_auth_methods_supported();
        // Where nothing is said it is the header (OpenID Connect Discovery 1.0, section 3).
        let takes_header = ways.is_none_or(|it| it.contains(&CoreClientAuthMethod::ClientSecretBasic));
        client
            .set_auth_type(if takes_header { AuthType::BasicAuth } else { AuthType::RequestBody })
            .set_redirect_uri(self.come_back_to.clone())
    }

    /// Whether a token is of this provider, for us, for this errand, and still good.
    fn verified(
        &self,
        known: &CoreProviderMetadata,
        token: &CoreIdToken,
        nonce: &Nonce,
    ) -> Result<Vouched, Unverified> {
        let client = self.client(known);
        let verifier = client.id_token_verifier().set_allowed_algs(SIGNED_BY);
        let claims = token.claims(&verifier, nonce).map_err(|error| {
            let other_key = SignatureVerificationError::NoMatchingKey;
            if error == ClaimsVerificationError::SignatureVerification(other_key) {
                return Unverified::OtherKey;
            }
            Unverified::For(NotVouched::Refused(why_not_verified(&error).to_owned()))
        })?;
        let strict = &self.agreed.strict;
        let is_strict = claims.auth_context_ref().is_some_and(|it| strict.iter().any(|wanted| *wanted == **it));
        if !strict.is_empty() && !is_strict {
            return Err(Unverified::For(NotVouched::NotStrict));
        }
        let name = named(&token.to_string(), &self.agreed.claim);
        let name = name.ok_or(Unverified::For(NotVouched::NoName(self.agreed.claim.clone())))?;
        Ok(Vouched { name, subject: format!("{}\n{}", claims.issuer().as_str(), claims.subject().as_str()) })
    }

    /// What the provider says of a code.
    async fn redeemed(&self, code: &str, errand: Errand) -> Result<Vouched, NotVouched> {
        let known = self.known(KNOWN_FOR).await?;
        let client = self.client(&known);
        let exchange = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| NotVouched::OutOfReach("it names no place to redeem codes".to_owned()))?
            .set_pkce_verifier(PkceCodeVerifier::new(errand.verifier));
        let answer = exchange.request_async(&self.http).await.map_err(|error| match error {
            // Only what kind of error: its description may say whose.
            RequestTokenError::ServerResponse(it) => NotVouched::Refused(format!("the code: {}", it.error().as_ref())),
            RequestTokenError::Request(_) => NotVouched::OutOfReach("no answer when a code was redeemed".to_owned()),
            RequestTokenError::Parse(..) => NotVouched::Refused("no token can be read in it".to_owned()),
            RequestTokenError::Other(_) => NotVouched::Refused("no token is in it".to_owned()),
        })?;
        let token = answer.id_token().ok_or_else(|| NotVouched::Refused("no ID token is in it".to_owned()))?;
        let nonce = Nonce::new(errand.nonce);
        match self.verified(&known, token, &nonce) {
            // Keys are changed now and then: once more, with those of now.
            Err(Unverified::OtherKey) => {
                let known = self.known(Duration::ZERO).await?;
                self.verified(&known, token, &nonce).map_err(Unverified::into_reason)
            }
            verified => verified.map_err(Unverified::into_reason),
        }
    }
}

/// Why a token does not count, as far as it matters whether the keys are the newest.
enum Unverified {
    /// It is signed with a key that is not known.
    OtherKey,
    /// For another reason.
    For(NotVouched),
}

impl Unverified {
    fn into_reason(self) -> NotVouched {
        match self {
            Self::OtherKey => NotVouched::Refused("it is signed with a key that is not the provider's".to_owned()),
            Self::For(reason) => reason,
        }
    }
}

#[async_trait]
impl Provider for Oidc {
    async fn reach(&self) -> Result<(), NotVouched> {
        self.known(KNOWN_FOR).await.map(|_| ())
    }

    async fn way(&self, SetOut { state, errand, .. }: &SetOut) -> Result<String, NotVouched> {
        let client = self.client(self.known(KNOWN_FOR).await?.as_ref());
        let (state, nonce) = (CsrfToken::new(state.clone()), Nonce::new(errand.nonce.clone()));
        let verifier = PkceCodeVerifier::new(errand.verifier.clone());
        let mut way = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || state, move || nonce)
            .add_scope(Scope::new("profile".to_owned()))
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            // What is posted from another site is refused here, and carries no cookie.
            .add_extra_param("response_mode", CoreResponseMode::Query.as_ref().to_owned());
        for strict in &self.agreed.strict {
            way = way.add_auth_context_value(AuthenticationContextClass::new(strict.clone()));
        }
        Ok(way.url().0.to_string())
    }

    async fn vouched(&self, code: &str, errand: Errand) -> Result<Vouched, NotVouched> {
        let redeemed = tokio::time::timeout(ALTOGETHER, self.redeemed(code, errand)).await;
        redeemed.unwrap_or_else(|_| Err(NotVouched::OutOfReach("it took too long".to_owned())))
    }
}

/// The name in a token that was verified.
fn named(token: &str, claim: &str) -> Option<String> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: serde_json::Value = serde_json::from_slice(&claims).ok()?;
    // Anybody may say that an address is theirs.
    if claim == "email" && claims.get("email_verified") != Some(&serde_json::Value::Bool(true)) {
        return None;
    }
    claims.get(claim)?.as_str().map(str::to_owned)
}

fn why_not_found<E: std::error::Error>(error: &DiscoveryError<E>) -> NotVouched {
    NotVouched::OutOfReach(match error {
        DiscoveryError::Request(_) => {
            "no answer: check --oidc-issuer, the name service and the certificates".to_owned()
        }
        DiscoveryError::Response(status, ..) => format!("it answers {status}: check --oidc-issuer"),
        DiscoveryError::Parse(_) => "what it says of itself cannot be read: check --oidc-issuer".to_owned(),
        DiscoveryError::UrlParse(_) | DiscoveryError::Validation(_) | DiscoveryError::Other(_) | _ => {
            format!("{error}: check --oidc-issuer")
        }
    })
}

/// What is wrong with a token, without anything of it.
const fn why_not_verified(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::Expired(_) => "it has expired; check the clocks",
        ClaimsVerificationError::InvalidAudience(_) => "it is not for us; check --oidc-client-id",
        ClaimsVerificationError::InvalidIssuer(_) => "it is of another issuer; check --oidc-issuer",
        ClaimsVerificationError::InvalidNonce(_) => "it is not for this sign-in",
        ClaimsVerificationError::SignatureVerification(_) => "its signature does not hold",
        ClaimsVerificationError::InvalidAuthContext(_)
        | ClaimsVerificationError::InvalidAuthTime(_)
        | ClaimsVerificationError::InvalidSubject(_)
        | ClaimsVerificationError::Unsupported(_)
        | ClaimsVerificationError::Other(_)
        | _ => "it cannot be used",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_a_text_and_an_address_is_confirmed() {
        let token = |claims: &str| format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims));
        assert_eq!(named(&token(r#"{"preferred_username":"a"}"#), "preferred_username").as_deref(), Some("a"));
        assert_eq!(named(&token(r#"{"preferred_username":1}"#), "preferred_username"), None);
        assert_eq!(named(&token(r#"{"email":"a@b"}"#), "email"), None);
        assert_eq!(named(&token(r#"{"email":"a@b","email_verified":"true"}"#), "email"), None);
        assert_eq!(named(&token(r#"{"email":"a@b","email_verified":true}"#), "email").as_deref(), Some("a@b"));
        assert_eq!(named("", "email"), None);
    }
}
