//! A caseworker at the workbench of one authority.

use std::time::Duration;

use super::parent::sign_in;
use super::{Page, Visitor};

/// A caseworker with their browser.
pub(crate) struct Caseworker {
    pub(crate) visitor: Visitor,
}

impl Caseworker {
    /// Logs in with the simulated provider.
    pub(crate) async fn sign_in(base: &str, person: &str) -> Self {
        let mut visitor = Visitor::patient(base, Duration::from_secs(30));
        let page = visitor.get("/amt/anmelden").await;
        let page = sign_in(&mut visitor, page, person).await;
        assert_eq!(page.url, "/amt", "{}", page.text());
        Self { visitor }
    }

    /// The links to all cases, all pages of the inbox.
    pub(crate) async fn cases(&mut self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for number in 1.. {
            let page = self
                .visitor
                .get(&format!("/amt?stand=alle&seite={number}"))
                .await;
            assert_eq!(page.status, 200, "{}", page.text());
            found.extend(rows(&page));
            let next = format!("seite={}", number + 1);
            if !page.links().iter().any(|link| link.ends_with(&next)) {
                break;
            }
        }
        found
    }

    /// Waits until a case with this reference is there; gives its link.
    pub(crate) async fn wait_for(&mut self, reference: &str) -> String {
        for _ in 0..600 {
            let cases = self.cases().await;
            if let Some((_, link)) = cases.iter().find(|(known, _)| known == reference) {
                return link.clone();
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no case {reference} arrived");
    }

    /// Accepts a case.
    pub(crate) async fn accept(&mut self, link: &str) -> Page {
        let page = self.visitor.get(link).await;
        self.visitor.submit(&page, page.form("/annehmen")).await
    }

    /// Rejects a case with a reason, which may be empty.
    pub(crate) async fn reject(&mut self, link: &str, reason: &str) -> Page {
        let page = self.visitor.get(link).await;
        let form = page.form("/zurueckweisen").set("begruendung", reason);
        self.visitor.submit(&page, form).await
    }
}

/// Reference and link of each row.
fn rows(page: &Page) -> Vec<(String, String)> {
    page.html
        .split("<tr")
        .filter(|row| row.contains("data-case-state"))
        .map(|row| {
            let row = Page {
                html: format!("<tr{row}"),
                ..page.clone()
            };
            let link = row.links().into_iter().next().unwrap();
            let text = row.html.split("href=").nth(1).unwrap_or_default();
            let text = text.split('>').nth(1).unwrap_or_default();
            (
                text.split('<').next().unwrap_or_default().trim().to_owned(),
                link,
            )
        })
        .collect()
}
