//! The embedded demonstration catalogue: enough services and offices for the story of a birth in
//! Bremerhaven, written by us as XZuFi 2.2.0. Everything in it is invented except names of places.

use crate::{Catalogue, ImportSummary, Progress, Result, import};

/// The deliveries, in the order in which they are imported.
const DELIVERIES: [(&str, &str); 1] = [(
    "demonstration.xml",
    include_str!("../../../../content/catalogue/demonstration.xml"),
)];

impl Catalogue {
    /// Imports the demonstration catalogue. Doing it again changes nothing.
    ///
    /// # Errors
    /// As [`crate::import_paths`].
    pub async fn import_demonstration(&self) -> Result<ImportSummary> {
        let mut summary = ImportSummary::default();
        for (name, xml) in DELIVERIES {
            let source = import::Source::Embedded { name, xml };
            import::import_edition(self, vec![source], &mut summary, &|_: &Progress<'_>| {})
                .await?;
        }
        Ok(summary)
    }
}
