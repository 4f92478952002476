//! A portal, an authority and the simulated provider in one test.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use einmal_identity::simulation::{
    AuthorizationRequest, Client, CodeGrant, People, SimulatedProvider, SimulationAllowed,
};
use einmal_identity::{
    Audience, BoxFuture, Callback, Identity, Level, LoginStart, ProviderFailure, ProviderHttp,
    ProviderSettings,
};
use einmal_jose::{KeyPurpose, KeySize, PrivateJwk};
use einmal_model::testing::SeededRandom;
use einmal_storage::Crypter;
use einmal_storage::testing::TestDb;

pub(crate) const ISSUER: &str = "http://127.0.0.1:1/simulation";

pub(crate) struct World {
    pub(crate) test: TestDb,
    pub(crate) provider: Arc<SimulatedProvider>,
    pub(crate) portal: Identity,
    pub(crate) authority: Identity,
    /// What the portal's token requests carried last.
    pub(crate) last_grant: Arc<Mutex<Option<CodeGrant>>>,
}

/// HTTP without a network.
struct InProcess(Arc<SimulatedProvider>, Arc<Mutex<Option<CodeGrant>>>);

impl ProviderHttp for InProcess {
    fn get<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Vec<u8>, ProviderFailure>> {
        Box::pin(async move {
            if url.ends_with("/jwks.json") {
                Ok(serde_json::to_vec(self.0.jwks()).unwrap())
            } else {
                Ok(serde_json::to_vec(&self.0.discovery()).unwrap())
            }
        })
    }

    fn post_form<'a>(
        &'a self,
        _url: &'a str,
        form: &'a [(&'a str, &'a str)],
    ) -> BoxFuture<'a, Result<Vec<u8>, ProviderFailure>> {
        Box::pin(async move {
            let get = |name: &str| {
                form.iter()
                    .find(|(known, _)| *known == name)
                    .map_or("", |(_, value)| value)
            };
            let grant = CodeGrant {
                grant_type: get("grant_type").to_owned(),
                code: get("code").to_owned(),
                client_id: get("client_id").to_owned(),
                redirect_uri: get("redirect_uri").to_owned(),
                code_verifier: get("code_verifier").to_owned(),
            };
            *self.1.lock().unwrap() = Some(grant.clone());
            let token = self.0.redeem(&grant).await;
            let token = token.map_err(|error| ProviderFailure(error.to_string()))?;
            Ok(serde_json::to_vec(&serde_json::json!({ "id_token": token })).unwrap())
        })
    }
}

fn signing_key() -> &'static PrivateJwk {
    static KEY: OnceLock<PrivateJwk> = OnceLock::new();
    KEY.get_or_init(|| {
        PrivateJwk::generate(KeySize::Bits2048, KeyPurpose::Signature, "simulation-1").unwrap()
    })
}

impl World {
    pub(crate) async fn new(test: TestDb) -> Self {
        let random = Arc::new(SeededRandom::new(7));
        let clients = vec![client("portal", false), client("authority", true)];
        let provider = SimulatedProvider::open(
            SimulationAllowed::from_setting(true).unwrap(),
            test.db.clone(),
            test.clock.clone(),
            random.clone(),
            ISSUER,
            clients,
            People::built_in().unwrap(),
            signing_key(),
        );
        let provider = Arc::new(provider.await.unwrap());
        let last_grant = Arc::new(Mutex::new(None));
        let open = async |audience, client: &str, least_level| {
            let http = InProcess(provider.clone(), last_grant.clone());
            let key = zeroize::Zeroizing::new([3; 32]);
            let settings = ProviderSettings {
                audience,
                issuer: ISSUER.to_owned(),
                client_id: client.to_owned(),
                redirect_url: format!("http://127.0.0.1:1/{client}/zurueck"),
                least_level,
            };
            let crypter = Crypter::new([key], random.clone()).unwrap();
            let (db, clock) = (test.db.clone(), test.clock.clone());
            Identity::open(db, crypter, clock, random.clone(), Arc::new(http), settings)
                .await
                .unwrap()
        };
        let portal = open(Audience::Citizen, "portal", Level::Low).await;
        let authority = open(Audience::Staff, "authority", Level::High).await;
        Self {
            test,
            provider,
            portal,
            authority,
            last_grant,
        }
    }

    /// What the person's browser does at the provider: chooses who to be, is sent back.
    pub(crate) async fn choose(&self, start: &LoginStart, person: &str) -> Callback {
        let back = self
            .provider
            .choose(&request(&start.url), person)
            .await
            .unwrap();
        let query = query(&back);
        Callback {
            state: query["state"].clone(),
            code: query.get("code").cloned(),
            error: query.get("error").cloned(),
        }
    }
}

fn client(id: &str, staff: bool) -> Client {
    Client {
        id: id.to_owned(),
        redirect_url: format!("http://127.0.0.1:1/{id}/zurueck"),
        staff,
    }
}

/// The authorization request in a URL.
pub(crate) fn request(url: &str) -> AuthorizationRequest {
    let query = query(url);
    let get = |name: &str| query.get(name).cloned().unwrap_or_default();
    AuthorizationRequest {
        client_id: get("client_id"),
        redirect_uri: get("redirect_uri"),
        response_type: get("response_type"),
        state: get("state"),
        nonce: get("nonce"),
        code_challenge: get("code_challenge"),
        code_challenge_method: get("code_challenge_method"),
    }
}

fn query(url: &str) -> BTreeMap<String, String> {
    let (_, query) = url.split_once('?').unwrap();
    let decode = |text: &str| text.replace("%3A", ":").replace("%2F", "/");
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), decode(value)))
        .collect()
}
