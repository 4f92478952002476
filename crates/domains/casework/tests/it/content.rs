//! What a case shows: labels and order from the form, an origin at every value.

use einmal_casework::InboxFilter;
use einmal_casework::view::{CaseView, ContentView, OriginKind};
use einmal_model::Language;
use einmal_storage::both_databases;
use serde_json::json;

use crate::world::{FAMILIENKASSE, World, origins_id, staff};

async fn only_case(world: &World, language: Language) -> CaseView {
    let id = world.rows(FAMILIENKASSE, InboxFilter::All).await[0].id;
    world
        .casework
        .case(&staff(FAMILIENKASSE), id, language)
        .await
        .unwrap()
}

both_databases! {
    async fn values_have_labels_order_groups_and_origins(test: TestDb) {
        let world = World::new(test).await;
        world.one_case(FAMILIENKASSE).await;
        let case = only_case(&world, Language::De).await;
        assert_eq!(case.reference.as_deref(), Some("K7QF-0001"));
        assert_eq!(case.application_date.unwrap().to_string(), "2026-11-23");
        let ContentView::Form { groups } = &case.content else { panic!("a form was expected") };
        let shown: Vec<String> = groups
            .iter()
            .flat_map(|group| group.rows.iter().map(move |row| {
                format!("{} | {} | {} | {}", group.label, row.label, row.value, row.origin)
            }))
            .collect();
        assert_eq!(shown, [
            "Kindergeld (Test) | Zusammenlebend | Ja | von der antragstellenden Person, 23.11.2026, 10:00 Uhr",
            "Kindergeld (Test) | Einkommen | 1.234,50\u{a0}€ | berechnet (Regel income), 23.11.2026, 10:00 Uhr",
            "Kind 1 | Vornamen | Mia Sophie | aus der Anmeldung mit Online-Ausweis (Simulation), 23.11.2026, 10:00 Uhr",
            "Kind 1 | Geschlecht | weiblich | Herkunft nicht angegeben",
            "Kind 1, Geburt | Geburtsdatum | 07.11.2026 | aus dem Register: Geburtenregister, 23.11.2026, 10:00 Uhr",
            "Kind 2 | Vornamen | Žofia | Herkunft nicht angegeben",
        ]);
        let birth = &groups[2].rows[0];
        assert_eq!(birth.path, "/G99000000992/0/G99000000998/F99000000994");
        assert_eq!(birth.origin_kind, OriginKind::Register);
        assert!(birth.dispute.as_deref().unwrap().contains("8. November"));
        assert_eq!(case.attachments.len(), 1);
        assert!(case.attachments[0].technical);
        let english = only_case(&world, Language::En).await;
        assert_eq!(english.state_label, "Received");
    }

    async fn an_unknown_form_opens_a_case_and_is_shown_as_it_came(test: TestDb) {
        let world = World::new(test).await;
        world.send(FAMILIENKASSE, 1, |parts| {
            parts.data = Some(br#"{"anything":["goes",1]}"#.to_vec());
            parts.metadata = Box::new(|metadata| {
                metadata["contentStructure"]["data"]["submissionSchema"]["schemaUri"] = json!("https://example.org/other");
            });
        });
        assert_eq!(world.receive(FAMILIENKASSE).await.opened, 1);
        let case = only_case(&world, Language::De).await;
        assert!(case.can_decide);
        assert_eq!(case.title, "Unbekanntes Formular");
        let ContentView::Raw { note, schema_uri, text, cut } = case.content else { panic!("raw data were expected") };
        assert!(note.contains("nicht hinterlegt"));
        assert_eq!(schema_uri.as_deref(), Some("https://example.org/other"));
        assert!(text.contains("\"goes\"") && !cut);
    }

    async fn xml_and_bytes_of_any_kind_are_kept_and_shown(test: TestDb) {
        let world = World::new(test).await;
        world.send(FAMILIENKASSE, 1, |parts| {
            parts.data = Some([&b"<a>\x07"[..], &[0xff], "ä".repeat(200_000).as_bytes()].concat());
            parts.metadata = Box::new(|metadata| {
                metadata["contentStructure"]["data"]["submissionSchema"]["mimeType"] = json!("application/xml");
            });
        });
        assert_eq!(world.receive(FAMILIENKASSE).await.opened, 1);
        let ContentView::Raw { text, cut, .. } = only_case(&world, Language::De).await.content else { panic!("raw data were expected") };
        assert!(text.starts_with("<a>\u{fffd}ä") && cut);
    }

    async fn damaged_origins_make_every_origin_unknown(test: TestDb) {
        let world = World::new(test).await;
        world.send(FAMILIENKASSE, 1, |parts| parts.attachments[0].1 = b"{".to_vec());
        assert_eq!(world.receive(FAMILIENKASSE).await.opened, 1);
        let ContentView::Form { groups } = only_case(&world, Language::De).await.content else { panic!("a form was expected") };
        assert!(groups.iter().flat_map(|group| &group.rows).all(|row| row.origin_kind == OriginKind::Unknown && !row.origin.is_empty()));
    }

    async fn attachments_come_back_byte_for_byte_with_a_harmless_name(test: TestDb) {
        let world = World::new(test).await;
        let content: Vec<u8> = (0..=255).cycle().take(70_000).collect();
        let sent = content.clone();
        world.send(FAMILIENKASSE, 1, |parts| {
            parts.attachments[0].1 = sent;
            parts.metadata = Box::new(|metadata| {
                let entry = &mut metadata["contentStructure"]["attachments"][0];
                entry["filename"] = json!("../../etc/C:\\x\\Geburts\u{7}urkunde.pdf");
                entry["purpose"] = json!("attachment");
            });
        });
        world.receive(FAMILIENKASSE).await;
        let case = only_case(&world, Language::De).await;
        assert_eq!(case.attachments[0].name, "Geburtsurkunde.pdf");
        assert_eq!(case.attachments[0].size, 70_000);
        assert!(!case.attachments[0].technical);
        let id = origins_id().parse().unwrap();
        let file = world.casework.attachment(&staff(FAMILIENKASSE), case.id, id).await.unwrap();
        assert_eq!((file.name.as_str(), file.content), ("Geburtsurkunde.pdf", content));
    }
}
