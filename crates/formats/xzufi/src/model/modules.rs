//! The modules of a service description.

use super::{Code, Identifier, Link, Text, Validity, record};

record! {
    /// A text of a known kind (modulText). Codes: 02 name, 03 name in citizens' words, 05 short text, 06
    /// full text, 07 legal bases, 08 documents, 09 requirements, 11 procedure, 14 forms, 15 further
    /// information, 16 hints, 18 author, 22 responsible office, 23 contact, 24 teaser, 25 remedies.
    TextModule {
        /// Place in the order of display (positionDarstellung).
        position: Option<i64>,
        /// The kind of text (leikaTextmodul).
        kind: Code,
        /// A title that differs from the usual one (leikaTextmodulAbweichendeBezeichnung).
        heading: Vec<Text>,
        /// The text (inhalt); may contain HTML.
        content: Vec<Text>,
        /// Links (weiterfuehrenderLink).
        links: Vec<Link>,
        /// When it holds.
        validity: Vec<Validity>,
    }
}

record! {
    /// A text with a title of the sender's own (modulTextIndividuell).
    CustomTextModule {
        /// Place in the order of display.
        position: Option<i64>,
        /// The title (bezeichnung).
        heading: Vec<Text>,
        /// The text (inhalt); may contain HTML.
        content: Vec<Text>,
        /// Links.
        links: Vec<Link>,
    }
}

record! {
    /// Deadlines (modulFrist).
    DeadlineModule {
        /// Place in the order of display.
        position: Option<i64>,
        /// The deadlines (frist).
        deadlines: Vec<Deadline>,
        /// What is to be said about all of them (beschreibung).
        description: Vec<Text>,
        /// Links.
        links: Vec<Link>,
    }
}

record! {
    /// One deadline (frist).
    Deadline {
        /// Kind of deadline (typ); 009 is the one for an objection.
        kind: Option<Code>,
        /// A length of time (fristDauer).
        duration: Option<Span>,
        /// First day (fristStichtag/von), as delivered.
        from: Option<String>,
        /// Last day (fristStichtag/bis), as delivered.
        to: Option<String>,
        /// Explanation (beschreibung).
        description: Vec<Text>,
        /// When it holds.
        validity: Vec<Validity>,
    }
}

record! {
    /// A length of time (fristDauer): `2 WOCHE`, or a range `2 to 4 WOCHE`.
    Span {
        /// How many (dauer), as delivered.
        amount: String,
        /// Of what (einheit): JAHR, MONAT, WOCHE, TAG, WERKTAG, ARBEITSTAG, STUNDE, MINUTE, SEKUNDE.
        unit: String,
        /// Upper end (dauerBis).
        amount_to: Option<String>,
        /// Unit of the upper end (einheitBis).
        unit_to: Option<String>,
    }
}

record! {
    /// Costs (modulKosten).
    CostModule {
        /// Place in the order of display.
        position: Option<i64>,
        /// The single costs (kosten).
        costs: Vec<Cost>,
        /// What is to be said about all of them (beschreibung).
        description: Vec<Text>,
        /// Links.
        links: Vec<Link>,
    }
}

record! {
    /// One cost (kosten): fixed, between two bounds, or free.
    Cost {
        /// Kind of cost (typ), 001–018.
        kind: Option<Code>,
        /// The amount of a fixed cost (kostenFix/betrag).
        fixed: Option<Amount>,
        /// Lower bound of a variable cost (kostenVariabel/betragUntergrenze).
        minimum: Option<Amount>,
        /// Upper bound of a variable cost (kostenVariabel/betragObergrenze).
        maximum: Option<Amount>,
        /// True when there is no cost (kostenFrei).
        free: bool,
        /// Explanation: of the cost, of its range or of why it is free.
        description: Vec<Text>,
        /// To be paid in advance (vorkasse), as delivered.
        in_advance: Option<String>,
        /// How the cost is computed (linkKostenbildung).
        link: Option<String>,
    }
}

record! {
    /// An amount of money as delivered; decimal text, because no amount may be rounded.
    Amount {
        /// Decimal number, for example `12.50`.
        value: String,
        /// Currency (`currencyCode`), normally `EUR`.
        currency: String,
    }
}

record! {
    /// Processing time (modulBearbeitungsdauer).
    DurationModule {
        /// Place in the order of display.
        position: Option<i64>,
        /// Lengths of time (bearbeitungsdauer).
        spans: Vec<Span>,
        /// Explanation (beschreibung).
        description: Vec<Text>,
        /// Links.
        links: Vec<Link>,
    }
}

record! {
    /// Words under which people look for the service (modulBegriffImKontext).
    TermModule {
        /// The words (begriffImKontext).
        terms: Vec<Term>,
    }
}

record! {
    /// One word or phrase (begriffImKontext).
    Term {
        /// The word (begriff).
        text: Text,
        /// Kind of term (typ): 001 synonym, 002, 003, 999.
        kind: Option<Code>,
    }
}

record! {
    /// Documents (modulDokument).
    DocumentModule {
        /// Place in the order of display.
        position: Option<i64>,
        /// What the applicant hands in (dokumentEingehend).
        incoming: Vec<Document>,
        /// What the authority hands out (dokumentAusgehend).
        outgoing: Vec<Document>,
        /// What is to be said about all of them (beschreibung).
        description: Vec<Text>,
        /// Links.
        links: Vec<Link>,
    }
}

record! {
    /// One document.
    Document {
        /// Kind of document (typ).
        kind: Option<Code>,
        /// Its name (bezeichnung).
        name: Vec<Text>,
        /// Explanation (beschreibung).
        description: Vec<Text>,
        /// Forms (referenzFormularID).
        forms: Vec<Identifier>,
    }
}

record! {
    /// The portal that a description comes from (modulUrsprungsportal).
    PortalModule {
        /// Its address (uri).
        uri: Option<String>,
        /// Its title.
        title: Option<String>,
    }
}
