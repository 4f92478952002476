//! The types of XDatenfelder 3.0.0. English names; the German element names stand in the comments.

/// The content of one message.
#[derive(Debug, Clone, PartialEq)]
pub enum Document {
    /// `xdatenfelder.stammdatenschema.0102`.
    Schema(Box<Schema>),
    /// `xdatenfelder.datenfeldgruppe.0103`.
    Group(Box<Group>),
    /// `xdatenfelder.datenfeld.0104`.
    Field(Box<Field>),
}

/// An id with its version (`identifikation`). The same id can stand at many positions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Identifier {
    /// Letter and digits, for example `F60000000243`.
    pub id: String,
    /// Version such as `1.2.0`; absent means "the newest".
    pub version: Option<String>,
}

/// A legal basis (`bezug`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reference {
    /// Citation.
    pub text: String,
    /// Address of the law (attribute `link`).
    pub link: Option<String>,
}

/// A keyword (`stichwort`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keyword {
    /// The word.
    pub text: String,
    /// Address of its definition (attribute `uri`).
    pub uri: Option<String>,
}

macro_rules! code_enum {
    ($(#[$meta:meta])* $name:ident, $what:literal { $($(#[$vmeta:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant,)+ }

        impl $name {
            pub(crate) const WHAT: &'static str = $what;

            /// The code of the standard's list.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The value for a code; nothing for codes outside the closed list.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

code_enum! {
    /// Release state (`freigabestatus`, list `urn:xoev-de:xprozess:codeliste:status`).
    Status, "release state" {
        /// Planned.
        Planned = "1",
        /// In work.
        InWork = "2",
        /// Draft.
        Draft = "3",
        /// Methodically approved.
        MethodicallyApproved = "4",
        /// Professionally approved, silver.
        ApprovedSilver = "5",
        /// Professionally approved, gold.
        ApprovedGold = "6",
        /// Inactive.
        Inactive = "7",
        /// To be deleted.
        ToBeDeleted = "8",
    }
}

code_enum! {
    /// Kind of a building block (`schemaelementart`).
    ElementKind, "element kind" {
        /// Abstract.
        Abstract = "ABS",
        /// Harmonised.
        Harmonised = "HAR",
        /// Bound to a law (`rechtsnormgebunden`).
        LawBound = "RNG",
    }
}

code_enum! {
    /// How a field appears (`feldart`, list version 2.0).
    FieldKind, "field kind" {
        /// The person fills it in.
        Input = "input",
        /// The person chooses from a list.
        Select = "select",
        /// Text only, no data.
        Label = "label",
        /// Part of the data, never shown.
        Hidden = "hidden",
        /// Shown, not editable; comes from prefill.
        Locked = "locked",
    }
}

code_enum! {
    /// Data type (`datentyp`, list version 2.0).
    DataType, "data type" {
        /// Text.
        Text = "text",
        /// Text of the character set DIN 91379.
        TextLatin = "text_latin",
        /// Civil date.
        Date = "date",
        /// Time of day.
        Time = "time",
        /// Date and time.
        DateTime = "datetime",
        /// Yes or no.
        Bool = "bool",
        /// Number with decimals.
        Number = "num",
        /// Whole number.
        Integer = "num_int",
        /// Amount of money, two decimals.
        Currency = "num_currency",
        /// File.
        File = "file",
        /// Any object.
        Object = "obj",
    }
}

code_enum! {
    /// Prefill (`vorbefuellung`).
    Prefill, "prefill" {
        /// None.
        None = "keine",
        /// From an account or register when there is one.
        Optional = "optional",
        /// Only from an account or register; not editable.
        Mandatory = "verpflichtend",
    }
}

code_enum! {
    /// What may be changed when deriving (`ableitungsmodifikationenStruktur`,
    /// `ableitungsmodifikationenRepraesentation`; the latter knows 0 and 1 only).
    Change, "modification code" {
        /// Structure: anything; presentation: changeable.
        Anything = "0",
        /// Structure: only extend; presentation: fixed.
        ExtendOrFixed = "1",
        /// Structure: only restrict.
        Restrict = "2",
        /// Structure: nothing.
        Nothing = "3",
    }
}

code_enum! {
    /// Kind of a rule (`typ`, list `xdatenfelder.regeltyp`).
    RuleKind, "rule kind" {
        /// Complex.
        Complex = "K",
        /// About multiplicities.
        Multiplicity = "M",
        /// About values.
        Value = "V",
        /// Computes a value.
        Computation = "B",
    }
}

/// What schemas, groups and fields have in common.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Base {
    /// Id and version.
    pub identifier: Identifier,
    /// Internal name.
    pub name: String,
    /// `beschreibung`.
    pub description: Option<String>,
    /// `definition`.
    pub definition: Option<String>,
    /// `bezug`.
    pub references: Vec<Reference>,
    /// `freigabestatus`.
    pub status: Option<Status>,
    /// `statusGesetztAm`, as written.
    pub status_set_at: Option<String>,
    /// `statusGesetztDurch`.
    pub status_set_by: Option<String>,
    /// `gueltigAb`, as written.
    pub valid_from: Option<String>,
    /// `gueltigBis`, as written.
    pub valid_until: Option<String>,
    /// `versionshinweis`.
    pub version_note: Option<String>,
    /// `veroeffentlichungsdatum`, as written.
    pub published_at: Option<String>,
    /// `letzteAenderung`, as written.
    pub last_change: Option<String>,
    /// `stichwort`.
    pub keywords: Vec<Keyword>,
    /// Number of `relation` elements; they are counted, not kept.
    pub relations: u32,
}

/// A data schema (`stammdatenschema`).
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// Common part.
    pub base: Base,
    /// Title for people (`bezeichnung`).
    pub title: String,
    /// `hilfetext`.
    pub help: Option<String>,
    /// `ableitungsmodifikationenStruktur`.
    pub structure_changes: Option<Change>,
    /// `ableitungsmodifikationenRepraesentation`.
    pub presentation_changes: Option<Change>,
    /// `dokumentsteckbrief`.
    pub document_profile: Option<Identifier>,
    /// Rules over the whole schema.
    pub rules: Vec<Rule>,
    /// First level.
    pub structure: Vec<Position>,
}

/// How often the element of a position occurs (`anzahl`, `min:max`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Multiplicity {
    /// At least.
    pub min: u32,
    /// At most; nothing for `*`.
    pub max: Option<u32>,
}

impl Multiplicity {
    /// True when the data hold a list.
    #[must_use]
    pub const fn is_list(self) -> bool {
        !matches!(self.max, Some(0 | 1))
    }

    /// True when at least one is needed.
    #[must_use]
    pub const fn is_required(self) -> bool {
        self.min > 0
    }
}

/// An element at its place (`struktur`). Multiplicity and legal basis belong to the place.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// `anzahl`.
    pub multiplicity: Multiplicity,
    /// `bezug`.
    pub references: Vec<Reference>,
    /// The element.
    pub element: Element,
}

/// Group or field.
#[derive(Debug, Clone, PartialEq)]
pub enum Element {
    /// `datenfeldgruppe`.
    Group(Box<Group>),
    /// `datenfeld`.
    Field(Box<Field>),
}

impl Element {
    /// The FIM id, for example `F60000000243`: the key in the data.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Group(group) => &group.base.identifier.id,
            Self::Field(field) => &field.base.identifier.id,
        }
    }
}

/// A group (`datenfeldgruppe`).
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Common part.
    pub base: Base,
    /// `bezeichnungEingabe`.
    pub label_input: String,
    /// `bezeichnungAusgabe`.
    pub label_output: String,
    /// `schemaelementart`.
    pub kind: Option<ElementKind>,
    /// `hilfetextEingabe`.
    pub help_input: Option<String>,
    /// `hilfetextAusgabe`.
    pub help_output: Option<String>,
    /// `art` X: at most one member (exactly one when the group itself is mandatory).
    pub is_choice: bool,
    /// Rules over the group.
    pub rules: Vec<Rule>,
    /// Members.
    pub structure: Vec<Position>,
}

/// A field (`datenfeld`).
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Common part.
    pub base: Base,
    /// `bezeichnungEingabe`.
    pub label_input: String,
    /// `bezeichnungAusgabe`.
    pub label_output: String,
    /// `schemaelementart`.
    pub kind: Option<ElementKind>,
    /// `hilfetextEingabe`.
    pub help_input: Option<String>,
    /// `hilfetextAusgabe`.
    pub help_output: Option<String>,
    /// `feldart`.
    pub field_kind: FieldKind,
    /// `datentyp`.
    pub data_type: DataType,
    /// `praezisierung`.
    pub constraints: Constraints,
    /// `inhalt`: text of a label, or suggested content.
    pub content: Option<String>,
    /// `vorbefuellung`.
    pub prefill: Option<Prefill>,
    /// `werte`: the options of a select.
    pub values: Vec<Value>,
    /// `codelisteReferenz`: an external list of options.
    pub code_list: Option<CodeListReference>,
    /// Columns of the external list (`codeKey`, `nameKey`, `helpKey`).
    pub code_list_columns: [Option<String>; 3],
    /// Rules over the field.
    pub rules: Vec<Rule>,
    /// `maxSize` of a file in bytes.
    pub max_size: Option<u64>,
    /// `mediaType` of a file.
    pub media_types: Vec<String>,
}

/// A decimal number as written in `minValue` and `maxValue`. Comparison is exact for numbers of
/// up to 18 digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// As written.
    pub text: String,
    /// The number times 10⁶.
    pub millionths: i128,
}

/// Limits of a field (`praezisierung`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Constraints {
    /// Least length in characters.
    pub min_length: Option<u32>,
    /// Greatest length in characters.
    pub max_length: Option<u32>,
    /// Least value of a number.
    pub min_value: Option<Number>,
    /// Greatest value of a number.
    pub max_value: Option<Number>,
    /// Least date, for dates (`minValue`).
    pub min_date: Option<String>,
    /// Greatest date, for dates (`maxValue`).
    pub max_date: Option<String>,
    /// Regular expression for the whole value.
    pub pattern: Option<String>,
    /// Free text of the element.
    pub note: Option<String>,
}

/// One option of a select (`wert`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// `code`: what stands in the data.
    pub code: String,
    /// `name`: what people read.
    pub name: String,
    /// `hilfe`.
    pub help: Option<String>,
}

/// An external list (`codelisteReferenz`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeListReference {
    /// `canonicalIdentification`.
    pub identification: String,
    /// `version`; absent means the newest.
    pub version: Option<String>,
    /// `canonicalVersionUri`.
    pub version_uri: Option<String>,
}

/// A rule (`regel`). Rules of real files are free German text.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Id and version.
    pub identifier: Identifier,
    /// Name.
    pub name: String,
    /// `beschreibung`.
    pub description: Option<String>,
    /// `freitextRegel`.
    pub text: Option<String>,
    /// `bezug`.
    pub references: Vec<Reference>,
    /// `fachlicherErsteller`.
    pub author: Option<String>,
    /// `letzteAenderung`, as written.
    pub last_change: Option<String>,
    /// `typ`.
    pub kind: Option<RuleKind>,
    /// `script`, as written; never executed.
    pub script: Option<String>,
}

/// Occurrences in a schema, counted at every position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Groups.
    pub groups: u32,
    /// Fields.
    pub fields: u32,
    /// Rules.
    pub rules: u32,
    /// Relations (skipped by the reader).
    pub relations: u32,
}

impl Schema {
    /// Counts groups, fields, rules and relations over the whole tree.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            rules: length(&self.rules),
            relations: self.base.relations,
            ..Counts::default()
        };
        count(&self.structure, &mut counts);
        counts
    }

    /// The position at a path of ids from the first level down, for example
    /// `["G99000000001", "F99000000002"]`.
    #[must_use]
    pub fn position<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> Option<&Position> {
        let mut level = &self.structure;
        let mut found = None;
        for id in path {
            let position = level.iter().find(|position| position.element.id() == id)?;
            level = match &position.element {
                Element::Group(group) => &group.structure,
                Element::Field(_) => EMPTY,
            };
            found = Some(position);
        }
        found
    }
}

const EMPTY: &Vec<Position> = &Vec::new();

fn length<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}

fn count(structure: &[Position], counts: &mut Counts) {
    for position in structure {
        match &position.element {
            Element::Group(group) => {
                counts.groups += 1;
                counts.rules += length(&group.rules);
                counts.relations += group.base.relations;
                count(&group.structure, counts);
            }
            Element::Field(field) => {
                counts.fields += 1;
                counts.rules += length(&field.rules);
                counts.relations += field.base.relations;
            }
        }
    }
}
