//! One authority or its destination being down does not stop the others; the page says so; delivery
//! follows when it is back.

use crate::harness::{Caseworker, DemoWorld, Parent, Server, Visitor, free_port};

/// The world in two processes: everything but the registry office, and the registry office alone.
fn split(world: &DemoWorld) -> (Server, impl Fn() -> Server + '_) {
    let whole: toml::Table = world.config().parse().unwrap();
    let tenants = whole["authority"]["tenants"].as_array().unwrap().clone();
    let (registry, others): (Vec<_>, Vec<_>) = tenants
        .into_iter()
        .partition(|tenant| tenant["id"].as_str() == Some("standesamt-bremerhaven"));

    let port = free_port();
    let address = format!("http://127.0.0.1:{port}");
    let mut main = whole.clone();
    main["authority"]["tenants"] = toml::Value::Array(others);
    let client: toml::Table = toml::toml! { id = "registry" staff = true redirect_url = "" };
    let mut client = client;
    client["redirect_url"] = format!("{address}/amt/anmelden/zurueck").into();
    main["identity_provider"]["clients"]
        .as_array_mut()
        .unwrap()
        .push(client.into());
    std::fs::write(world.path("main.toml"), main.to_string()).unwrap();

    let mut alone = whole;
    for role in ["portal", "delivery", "identity_provider"] {
        alone.remove(role);
    }
    alone["listen"] = format!("127.0.0.1:{port}").into();
    alone["public_url"] = address.into();
    alone.insert("node".to_owned(), "registry".into());
    alone["authority"]["login"]["client_id"] = "registry".into();
    alone["authority"]["tenants"] = toml::Value::Array(registry);
    alone["authority"]["database"] = "registry.db".into();
    std::fs::write(world.path("registry.toml"), alone.to_string()).unwrap();

    (world.serve_config(&world.path("main.toml")), || {
        world.serve_config(&world.path("registry.toml"))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_that_is_down_holds_up_nobody_and_gets_its_application_later() {
    let world = DemoWorld::prepare();
    let (server, start_registry) = split(&world);
    let mut parent = Parent::new(Visitor::new(&server.url));
    parent.sign_in("mara-feldkamp").await;
    let id = parent.fill_in().await;
    let sent = parent.send(&id).await;

    // The other two answer although the registry office is down.
    for person in ["m-kowalski", "a-yilmaz"] {
        let mut caseworker = Caseworker::sign_in(&server.url, person).await;
        let case = caseworker.wait_for(&sent.reference).await;
        caseworker.accept(&case).await;
    }
    let others = [("kindergeld", "accepted"), ("elterngeld", "accepted")];
    parent.wait_for(&id, &others).await;
    parent.wait_for(&id, &[("name", "delivered")]).await;
    let page = parent.visitor.get(&format!("/konto/vorgaenge/{id}")).await;
    assert!(
        page.text()
            .contains("Die Behörde hat noch nicht geantwortet"),
        "{}",
        page.text()
    );

    // It is back: the case is there, and its answer reaches the parents.
    let registry = start_registry();
    let mut caseworker = Caseworker::sign_in(&registry.url, "s-hansen").await;
    let case = caseworker.wait_for(&sent.reference).await;
    caseworker.accept(&case).await;
    parent.wait_for(&id, &[("name", "accepted")]).await;
    registry.stop();
    server.stop();
}

/// The world in two processes: the delivery service alone, and everything that uses it.
fn without_delivery(world: &DemoWorld) -> (Server, impl Fn() -> Server + '_) {
    let whole: toml::Table = world.config().parse().unwrap();
    let port = free_port();
    let address = format!("http://127.0.0.1:{port}");

    let mut main = whole.clone();
    main.remove("delivery");
    for role in ["portal", "authority"] {
        main[role]["delivery"]["token_url"] = format!("{address}/token").into();
        main[role]["delivery"]["submission_url"] = format!("{address}/submission-api").into();
    }
    std::fs::write(world.path("main.toml"), main.to_string()).unwrap();

    let mut alone = whole;
    for role in ["portal", "authority", "identity_provider"] {
        alone.remove(role);
    }
    alone["listen"] = format!("127.0.0.1:{port}").into();
    alone["public_url"] = address.into();
    std::fs::write(world.path("delivery.toml"), alone.to_string()).unwrap();

    (world.serve_config(&world.path("main.toml")), || {
        world.serve_config(&world.path("delivery.toml"))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_service_that_is_down_loses_nothing_and_the_page_says_what_happens() {
    let world = DemoWorld::prepare();
    let (server, start_delivery) = without_delivery(&world);
    let mut parent = Parent::new(Visitor::new(&server.url));
    parent.sign_in("mara-feldkamp").await;
    let id = parent.fill_in().await;
    parent.send(&id).await;

    let all = |state| {
        [
            ("name", state),
            ("kindergeld", state),
            ("elterngeld", state),
        ]
    };
    parent.wait_for(&id, &all("retrying")).await;
    let page = parent.visitor.get(&format!("/konto/vorgaenge/{id}")).await;
    let words = page.text();
    assert!(words.contains("Sie müssen nichts tun"), "{words}");

    let delivery = start_delivery();
    parent.wait_for(&id, &all("delivered")).await;
    delivery.stop();
    server.stop();
}
