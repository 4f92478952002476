//! The example message with every kind of record.

use einmal_xzufi::{Class, Delivery, Entry, Object, OwnerKind, Version};

use crate::{message, only_service, read, service};

#[test]
fn reads_every_kind_of_record() {
    let mut delivery = Delivery::new(include_bytes!("example.xml").as_slice());
    let entries: Vec<Entry> = delivery.by_ref().map(Result::unwrap).collect();
    assert_eq!(delivery.version(), Some(Version::V2_2));
    assert!(delivery.unread().is_empty(), "{:?}", delivery.unread());

    let [
        Entry::Header(header),
        Entry::Write(Object::Service(service)),
        Entry::Write(Object::Organisation(office)),
        Entry::Write(Object::Responsibility(responsibility)),
        Entry::Delete { class, id },
    ] = entries.as_slice()
    else {
        panic!("{entries:#?}");
    };
    assert_eq!(header.product.as_deref(), Some("Beispielredaktion"));
    assert_eq!(header.version.as_deref(), Some("2.2.0"));
    assert_eq!(header.message_id, "0b5f6a3e-6d0a-4a0e-9a52-3f3f9a1c0001");

    assert_eq!(service.id.value, "4711");
    assert_eq!(service.id.agency, "L999999");
    assert_eq!(service.keys[0].code, "99115005104000");
    assert_eq!(service.title()[0].text, "Wohnsitz Anmeldung");
    let structure = service.structure.as_ref().unwrap();
    assert_eq!(structure.kind, "LeistungsstrukturObjektMitVerrichtung");
    assert_eq!(structure.action.as_ref().unwrap().code, "104");
    assert_eq!(
        service.texts[1].content[0].text,
        "<ul><li>Personalausweis</li></ul>"
    );
    assert_eq!(
        service.texts[1].links[0].uri,
        "https://example.org/unterlagen"
    );
    let span = service.deadlines[0].deadlines[0].duration.as_ref().unwrap();
    assert_eq!((span.amount.as_str(), span.unit.as_str()), ("2", "WOCHE"));
    let cost = &service.costs[0].costs[0];
    assert!(cost.free);
    assert_eq!(cost.description[0].text, "gebührenfrei");
    assert_eq!(service.types[0].code, "2/3");
    assert_eq!(service.languages, ["de"]);

    assert_eq!(office.name[0].text, "Bürgerbüro Musterstadt");
    assert_eq!(office.addresses[0].place.as_deref(), Some("Flensburg"));

    assert_eq!(responsibility.owner.value, "8001");
    assert_eq!(responsibility.owner_kind, Some(OwnerKind::Organisation));
    assert_eq!(responsibility.service.value, "4711");
    assert_eq!(responsibility.areas[0].value, "010010000000");
    assert_eq!(responsibility.role.as_ref().unwrap().code, "01");

    assert_eq!((*class, id.value.as_str()), (Class::Responsibility, "8999"));
}

#[test]
fn survives_the_way_through_json() {
    for entry in read(include_bytes!("example.xml")).unwrap() {
        if let Entry::Write(Object::Service(service)) = entry {
            let json = serde_json::to_string(&service).unwrap();
            assert_eq!(
                serde_json::from_str::<einmal_xzufi::Service>(&json).unwrap(),
                *service
            );
        }
    }
}

#[test]
fn any_prefix_any_root_and_no_prefix_at_all() {
    let plain = "<anders xmlns=\"http://xoev.de/schemata/xzufi/2_2_0\"><schreibe><leistung>\
                 <id schemeAgencyID=\"A\">1</id><referenzLeiKa><code xmlns=\"\">99</code>\
                 </referenzLeiKa></leistung></schreibe></anders>";
    assert_eq!(only_service(plain).keys[0].code, "99");
    for version in ["2_1_0", "2_3_0", "2_3_1"] {
        let other = message(&service("1", "Text")).replace("2_2_0", version);
        assert_eq!(only_service(&other).title()[0].text, "Text");
    }
}

#[test]
fn an_answer_without_records_is_normal() {
    assert_eq!(read(message("")).unwrap(), []);
    assert_eq!(
        read("<a xmlns=\"http://xoev.de/schemata/xzufi/2_2_0\"/>").unwrap(),
        []
    );
}

#[test]
fn unknown_kinds_are_reported_and_the_records_around_them_count() {
    let body = service("1", "a")
        + "<x:schreibe><x:zukunftsobjekt><x:id>9</x:id></x:zukunftsobjekt></x:schreibe>"
        + "<x:loesche klasse=\"Zukunft\"><x:id>9</x:id></x:loesche>"
        + &service("2", "b");
    let entries = read(message(&body)).unwrap();
    let names: Vec<&str> = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Unknown { name, position } => {
                assert_eq!(position.line, 4);
                Some(name.as_str())
            }
            _ => None,
        })
        .collect();
    assert_eq!(names, ["zukunftsobjekt", "Zukunft"]);
    assert_eq!(entries.len(), 4);
}

#[test]
fn unknown_elements_are_counted_and_foreign_ones_never_mistaken_for_ours() {
    let body = service("1", "a").replace(
        "</x:leistung>",
        "<x:neu/><x:neu/><id xmlns=\"http://example.org\">2</id></x:leistung>",
    );
    let xml = message(&body);
    let mut delivery = Delivery::new(xml.as_bytes());
    let entry = delivery.next().unwrap().unwrap();
    assert!(matches!(entry, Entry::Write(object) if object.id().value == "1"));
    assert_eq!(delivery.unread()["leistung/neu"], 2);
    assert_eq!(delivery.unread()["leistung/id"], 1);
}

#[test]
fn comments_instructions_and_cdata_do_not_cut_a_text() {
    let text =
        "<![CDATA[<p>Kurzer ]]><!-- Zwischenruf --><?pi x?><![CDATA[Text.</p>]]> &amp;&#228;";
    let service = only_service(&message(&service("1", text)));
    assert_eq!(service.title()[0].text, "<p>Kurzer Text.</p> &ä");
}

#[test]
fn responsibilities_inside_an_online_service_belong_to_it() {
    let body = "<x:schreibe><x:onlinedienst><x:id schemeAgencyID=\"A\">5</x:id>\
        <x:link><x:link>https://example.org</x:link></x:link>\
        <x:zustaendigkeit><x:id schemeAgencyID=\"A\">6</x:id><x:leistungID schemeAgencyID=\"B\">7\
        </x:leistungID><x:gueltigkeit><x:beginn>2026-01-01</x:beginn></x:gueltigkeit>\
        </x:zustaendigkeit></x:onlinedienst></x:schreibe>";
    let entries = read(message(body)).unwrap();
    let [Entry::Write(Object::OnlineService(online))] = entries.as_slice() else {
        panic!("{entries:?}");
    };
    let inner = &online.responsibilities[0];
    assert_eq!(
        (inner.owner.value.as_str(), inner.owner_kind),
        ("5", Some(OwnerKind::OnlineService))
    );
    assert_eq!(inner.service.agency, "B");
    assert_eq!(inner.service.value, "7");
}
