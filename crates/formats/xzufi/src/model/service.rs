//! The service description.

use super::{
    Code, CostModule, CustomTextModule, DeadlineModule, DocumentModule, DurationModule, Identifier,
    PortalModule, TermModule, Text, TextModule, Validity, record,
};

record! {
    /// A service description (Leistung).
    Service {
        /// Its identifier.
        id: Identifier,
        /// Further identifiers (idSekundaer).
        secondary_ids: Vec<Identifier>,
        /// How the service is built (struktur).
        structure: Option<Structure>,
        /// LeiKa keys (referenzLeiKa; in 2.3 referenzLeistungsschluessel), 14 digits each.
        keys: Vec<Code>,
        /// Texts by module code (modulText).
        texts: Vec<TextModule>,
        /// Texts with a title of the sender's own (modulTextIndividuell).
        custom_texts: Vec<CustomTextModule>,
        /// Deadlines (modulFrist).
        deadlines: Vec<DeadlineModule>,
        /// Costs (modulKosten).
        costs: Vec<CostModule>,
        /// Processing times (modulBearbeitungsdauer).
        durations: Vec<DurationModule>,
        /// Synonyms and other words under which people look for it (modulBegriffImKontext).
        terms: Vec<TermModule>,
        /// Documents that go in and come out (modulDokument).
        documents: Vec<DocumentModule>,
        /// Portals from which the description comes (modulUrsprungsportal).
        portals: Vec<PortalModule>,
        /// Who makes the law and who carries it out (typisierung): 1, 2, 2a, …
        types: Vec<Code>,
        /// Level of trust (vertrauensniveau).
        trust_level: Option<Code>,
        /// For whom (leistungsadressat): 001 citizens, 002 business, 003 administration.
        audience: Vec<Code>,
        /// Written form required (kennzeichenSchriftformerfordernis), as delivered.
        written_form: Option<String>,
        /// Point of single contact (kennzeichenEA), as delivered.
        single_contact: Option<String>,
        /// Categories of the sender (kategorie).
        categories: Vec<Category>,
        /// Life situations of the portals (klassifizierung).
        classifications: Vec<Code>,
        /// Areas of the Single Digital Gateway (informationsbereichSDG).
        sdg_areas: Vec<Code>,
        /// Related services (idLeistungImKontext).
        related: Vec<Identifier>,
        /// Processes (idProzess).
        processes: Vec<Identifier>,
        /// Areas in which the description holds (gueltigkeitGebietID); none means everywhere.
        areas: Vec<Identifier>,
        /// When it was last changed (versionsinformation/geaendertDatumZeit), as delivered.
        changed: Option<String>,
        /// Languages in which it exists (sprachversion).
        languages: Vec<String>,
        /// When the description holds (gueltigkeit).
        validity: Vec<Validity>,
    }
}

impl Service {
    /// The title to show: the citizens' wording (module 03), else the name (module 02).
    #[must_use]
    pub fn title(&self) -> &[Text] {
        ["03", "02"]
            .into_iter()
            .filter_map(|code| self.text(code))
            .find(|texts| !texts.is_empty())
            .unwrap_or_default()
    }

    /// The contents of the first text module with this code, for example `24` for the teaser.
    #[must_use]
    pub fn text(&self, code: &str) -> Option<&[Text]> {
        self.texts
            .iter()
            .find(|module| module.kind.code == code)
            .map(|module| module.content.as_slice())
    }
}

record! {
    /// How a service is built (struktur).
    Structure {
        /// The type of the structure (`xsi:type`) without its prefix.
        kind: String,
        /// The object of the service (leistungsobjektID).
        object: Option<Identifier>,
        /// What is done with it (verrichtung).
        action: Option<Code>,
        /// Closer description of that (verrichtungsdetail).
        detail: Vec<Text>,
    }
}

record! {
    /// A category (kategorie) within a class of categories.
    Category {
        /// Its identifier.
        id: Identifier,
        /// Its name (bezeichnung).
        name: Vec<Text>,
        /// Name of the class of categories (klasse/bezeichnung).
        class: Vec<Text>,
    }
}
