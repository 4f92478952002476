//! One birth travels from a search word to three authorities and back, over HTTP and without
//! scripts; nobody sees what is not theirs.

use std::path::Path;

use crate::harness::{Caseworker, DemoWorld, Parent, Visitor};

#[tokio::test(flavor = "multi_thread")]
async fn parents_apply_once_and_three_authorities_answer() {
    let world = DemoWorld::prepare();
    walk(&world).await;
    nothing_personal_is_readable_at_rest(&world);
    the_log_is_intact(&world);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_on_postgresql() {
    let world = DemoWorld::prepare_on_postgres();
    walk(&world).await;
    the_log_is_intact(&world);
}

async fn walk(world: &DemoWorld) {
    let server = world.serve();
    let mut parent = Parent::new(Visitor::new(&server.url));

    // Find: an everyday word leads to the life event, the plan names the offices at their places.
    let results = parent.visitor.get("/suche?q=baby+bekommen").await;
    let link = results
        .links()
        .into_iter()
        .find(|link| link.starts_with("/lebenslagen/geburt"));
    assert!(link.is_some(), "{}", results.text());
    let plan = parent
        .visitor
        .get("/lebenslagen/geburt?birth=Bremerhaven&home=28203")
        .await;
    for office in [
        "Standesamt Bremerhaven",
        "Familienkasse Bremen",
        "Elterngeldstelle Bremen",
    ] {
        assert!(plan.text().contains(office), "{office} is not in the plan");
    }

    // Apply: what the login told is shown with its origin, everything is asked once.
    parent.sign_in("mara-feldkamp").await;
    let id = parent.fill_in().await;
    let check = parent.visitor.get(&format!("/antrag/{id}/pruefen")).await;
    assert!(
        check.text().contains("Online-Ausweis (Simulation)"),
        "{}",
        check.text()
    );
    assert!(check.text().contains("von Ihnen"), "{}", check.text());
    let sent = parent.send(&id).await;
    assert_eq!(sent.id, id);

    // Sending again changes nothing.
    let again = parent.visitor.get(&format!("/antrag/{id}/absenden")).await;
    assert!(again.url.ends_with("/bestaetigung") || again.text().contains(&sent.reference));

    // Deliver: nothing is called successful before the receiver says so.
    let delivered = [
        ("name", "delivered"),
        ("kindergeld", "delivered"),
        ("elterngeld", "delivered"),
    ];
    parent.wait_for(&id, &delivered).await;
    let status = parent.visitor.get(&format!("/konto/vorgaenge/{id}")).await;
    assert!(
        !status.text().to_lowercase().contains("erfolgreich"),
        "{}",
        status.text()
    );

    // Decide: each authority sees its own case, and only that.
    let mut registry = Caseworker::sign_in(&server.url, "s-hansen").await;
    let mut benefits = Caseworker::sign_in(&server.url, "m-kowalski").await;
    let mut allowance = Caseworker::sign_in(&server.url, "a-yilmaz").await;
    let registry_case = registry.wait_for(&sent.reference).await;
    let benefits_case = benefits.wait_for(&sent.reference).await;
    let allowance_case = allowance.wait_for(&sent.reference).await;
    let page = registry.visitor.get(&registry_case).await;
    assert!(page.text().contains("Zoë Ayşe"), "{}", page.text());
    assert!(
        !page.text().contains("DE89"),
        "the registry office got an account it does not need"
    );
    let page = benefits.visitor.get(&benefits_case).await;
    assert!(page.text().contains("DE89"), "{}", page.text());
    let foreign = benefits.visitor.get(&registry_case).await;
    assert_eq!(foreign.status, 404);
    assert!(!foreign.text().contains("Feldkamp"));

    registry.accept(&registry_case).await;
    benefits.accept(&benefits_case).await;
    let without_reason = allowance.reject(&allowance_case, "").await;
    assert_eq!(without_reason.status, 422);
    assert!(
        without_reason.title().starts_with("Fehler:"),
        "{}",
        without_reason.title()
    );
    let reason = "Die Angaben zum Einkommen fehlen. Bitte reichen Sie sie nach.";
    allowance.reject(&allowance_case, reason).await;

    // And back: the answer of each authority, with its reason.
    let answered = [
        ("name", "accepted"),
        ("kindergeld", "accepted"),
        ("elterngeld", "rejected"),
    ];
    parent.wait_for(&id, &answered).await;
    let status = parent.visitor.get(&format!("/konto/vorgaenge/{id}")).await;
    assert!(
        status.text().contains("Die Angaben zum Einkommen fehlen."),
        "{}",
        status.text()
    );

    // Somebody else's application does not exist for others.
    let mut stranger = Parent::new(Visitor::new(&server.url));
    stranger.sign_in("zoe-zivkovic").await;
    for path in [
        "/antrag/{id}",
        "/antrag/{id}/pruefen",
        "/konto/vorgaenge/{id}",
    ] {
        let page = stranger.visitor.get(&path.replace("{id}", &id)).await;
        assert_eq!(page.status, 404, "{path}");
    }
    server.stop();
}

/// The delivery service carried everything and can read nothing; nor can whoever finds the disk.
fn nothing_personal_is_readable_at_rest(world: &DemoWorld) {
    for database in ["portal.db", "delivery.db", "authority.db", "simulation.db"] {
        for suffix in ["", "-wal"] {
            let bytes =
                std::fs::read(world.path(&format!("{database}{suffix}"))).unwrap_or_default();
            for personal in ["Feldkamp", "Zoë Ayşe", "DE89370400440532013000", "Sielwall"] {
                let found = bytes
                    .windows(personal.len())
                    .any(|window| window == personal.as_bytes());
                assert!(!found, "{database}{suffix} holds `{personal}` in clear");
            }
        }
    }
    assert!(Path::new(&world.path("portal.db")).exists());
}

fn the_log_is_intact(world: &DemoWorld) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_einmal"))
        .args(["audit", "verify", "--config"])
        .arg(world.path("einmal.toml"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("portal: intact"), "{said}");
}
