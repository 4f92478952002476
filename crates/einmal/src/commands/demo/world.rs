//! What there is in the demonstration world, and how it is wired.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use crate::config::{
    Authority, Config, Delivery, DeliveryClient, IdentityClient, IdentityProvider, Login, Portal,
    Tenant,
};

/// One authority of the world.
pub(crate) struct DemoAuthority {
    /// Short name.
    pub(crate) id: &'static str,
    /// Name as people know it.
    pub(crate) name: &'static str,
    /// Destination at the delivery service; `content/catalogue` names the same.
    pub(crate) destination: &'static str,
    /// LeiKa key of the service it receives applications for.
    pub(crate) leika: &'static str,
    /// Region it is responsible for.
    pub(crate) region: &'static str,
}

/// The three authorities of the story.
pub(crate) const AUTHORITIES: [DemoAuthority; 3] = [
    DemoAuthority {
        id: "standesamt-bremerhaven",
        name: "Standesamt Bremerhaven",
        destination: "0d3e0000-0000-4000-8000-000000000001",
        leika: "99027002012000",
        region: "DE040120000000",
    },
    DemoAuthority {
        id: "familienkasse-bremen",
        name: "Familienkasse Bremen",
        destination: "0d3e0000-0000-4000-8000-000000000002",
        leika: "99041008017000",
        region: "DE040000000000",
    },
    DemoAuthority {
        id: "elterngeldstelle-bremen",
        name: "Elterngeldstelle Bremen",
        destination: "0d3e0000-0000-4000-8000-000000000003",
        leika: "99041006017000",
        region: "DE040110000000",
    },
];

/// OAuth client of the portal at the delivery service.
pub(crate) const SENDER: &str = "demo-portal";
/// OAuth client of the authorities at the delivery service.
pub(crate) const SUBSCRIBER: &str = "demo-authorities";

/// The configuration of the whole world in one process.
pub(crate) fn config(port: u16) -> Config {
    let url = format!("http://127.0.0.1:{port}");
    let delivery_client = |client_id: &str, secret: &str| DeliveryClient {
        token_url: format!("{url}/token"),
        submission_url: format!("{url}/submission-api"),
        client_id: client_id.to_owned(),
        client_secret: secret.into(),
    };
    let login = |client_id: &str| Login {
        issuer: format!("{url}/simulation"),
        client_id: client_id.to_owned(),
    };
    let tenant = |authority: &DemoAuthority| Tenant {
        id: authority.id.to_owned(),
        name: authority.name.to_owned(),
        destination: authority.destination.to_owned(),
        decryption_key: format!("keys/{}-decryption.jwk", authority.id).into(),
        signing_key: format!("keys/{}-signing.jwk", authority.id).into(),
    };
    Config::simulated(
        SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        Portal {
            database: "portal.db".to_owned(),
            life_events: None,
            poll_seconds: 2,
            delivery: delivery_client(SENDER, "keys/portal-client.secret"),
            login: login("portal"),
        },
        Delivery {
            database: "delivery.db".to_owned(),
            signing_key: "keys/delivery-signing.jwk".into(),
        },
        Authority {
            database: "authority.db".to_owned(),
            delivery: delivery_client(SUBSCRIBER, "keys/authority-client.secret"),
            login: login("authority"),
            tenants: AUTHORITIES.iter().map(tenant).collect(),
        },
        IdentityProvider {
            database: "simulation.db".to_owned(),
            signing_key: "keys/simulation-signing.jwk".into(),
            clients: vec![
                IdentityClient {
                    id: "portal".to_owned(),
                    redirect_url: format!("{url}/anmelden/zurueck"),
                    staff: false,
                },
                IdentityClient {
                    id: "authority".to_owned(),
                    redirect_url: format!("{url}/amt/anmelden/zurueck"),
                    staff: true,
                },
            ],
        },
    )
}

/// What the console says when the world is ready.
pub(crate) fn welcome(url: &str, data: &Path, kept: bool) -> String {
    let mut text = String::new();
    // Writing into a String cannot fail.
    let mut line = |line: &str| {
        let _ = writeln!(text, "{line}");
    };
    line("");
    line("Simulation – no real data, no official website.");
    line(&format!(
        "Data: {} ({})",
        data.display(),
        if kept {
            "kept from last time; --reset begins anew"
        } else {
            "new; kept until --reset"
        }
    ));
    line("");
    line("Pages");
    for (path, what) in [
        ("/", "portal: search, life events, applications"),
        ("/lebenslagen/geburt", "portal: a child is born"),
        ("/konto", "portal: account of a citizen"),
        ("/amt", "authority: workbench of the caseworkers"),
        ("/health", "operator: is everything usable?"),
    ] {
        line(&format!("  {url}{path:<24} {what}"));
    }
    line("");
    line("People (choose them on the simulated login page)");
    for person in crate::roles::demo_people() {
        line(&format!("  {person}"));
    }
    line("");
    text.push_str("Ctrl-C stops.");
    text
}
