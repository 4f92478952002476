//! A parent who applies: from the plan to the confirmation, page by page, without scripts.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{Form, Page, Visitor};

/// A parent with their browser.
pub(crate) struct Parent {
    pub(crate) visitor: Visitor,
    /// What they answer, by the name of the input.
    pub(crate) answers: BTreeMap<String, String>,
}

/// An application that was acknowledged.
pub(crate) struct Sent {
    pub(crate) id: String,
    pub(crate) reference: String,
}

impl Parent {
    /// Somebody who has not logged in yet.
    pub(crate) fn new(visitor: Visitor) -> Self {
        let answers = [
            ("child.count", "1"),
            ("child.birth_date", "20.11.2026"),
            ("child.birth_date.day", "20"),
            ("child.birth_date.month", "11"),
            ("child.birth_date.year", "2026"),
            ("child.birth_place", "27568 Bremerhaven"),
            ("child.1.first_names", "Zoë Ayşe"),
            ("parent.1.birth_name", "Feldkamp"),
            ("parent.1.place", "28203 Bremen"),
            ("parent.2.first_names", "Jonas"),
            ("parent.2.last_name", "Feldkamp"),
            ("parent.2.birth_name", "Öztürk-Brandt"),
            ("parent.2.birth_date.day", "3"),
            ("parent.2.birth_date.month", "11"),
            ("parent.2.birth_date.year", "1992"),
            ("parent.2.tax_id", "09876543220"),
            ("certificates.standard", "2"),
            ("certificates.multilingual", "0"),
            ("child_benefit.other_children", "0"),
            ("parental_allowance.first_month", "1"),
            ("parental_allowance.last_month", "12"),
            ("account.iban", "DE89 3704 0044 0532 0130 00"),
            ("account.holder", "Mara Feldkamp"),
            ("contact.email", "mara.feldkamp@example.org"),
        ];
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self {
            visitor,
            answers: answers.into_iter().map(own).collect(),
        }
    }

    /// Logs in with the simulated provider.
    pub(crate) async fn sign_in(&mut self, person: &str) {
        let page = self.visitor.get("/anmelden?weiter=/konto").await;
        let page = sign_in(&mut self.visitor, page, person).await;
        assert_eq!(page.status, 200, "{}", page.text());
    }

    /// Begins an application with all legs and answers everything. Gives its id.
    pub(crate) async fn fill_in(&mut self) -> String {
        let plan = self
            .visitor
            .get("/lebenslagen/geburt?birth=Bremerhaven&home=28203")
            .await;
        assert_eq!(plan.status, 200, "{}", plan.text());
        let tasks = self.visitor.submit(&plan, plan.main_form()).await;
        let id = tasks
            .url
            .strip_prefix("/antrag/")
            .and_then(|rest| rest.split('/').next())
            .unwrap_or_else(|| panic!("no application began: {} {}", tasks.url, tasks.text()))
            .to_owned();
        let mut page = tasks;
        let mut asked = BTreeSet::new();
        while !page.url.ends_with("/pruefen") {
            page = match self.question(&id, &page) {
                None => page,
                Some(link) => self.visitor.get(&link).await,
            };
            if page.url.ends_with("/pruefen") {
                break;
            }
            assert!(asked.insert(page.url.clone()), "asked twice: {}", page.url);
            page = self.answer(page).await;
        }
        id
    }

    /// On the task list: the first question of the first section that is not done.
    fn question(&self, id: &str, page: &Page) -> Option<String> {
        let home = format!("/antrag/{id}");
        if page.url != home {
            return None;
        }
        let check = format!("{home}/pruefen");
        let links = page.links();
        let open = links
            .iter()
            .find(|link| link.starts_with(&format!("{home}/")) && **link != check);
        Some(open.cloned().unwrap_or(check))
    }

    /// Answers a question page; gives the page that follows.
    pub(crate) async fn answer(&mut self, page: Page) -> Page {
        let mut page = page;
        for _ in 0..4 {
            let form = self.filled(page.main_form());
            let next = self.visitor.submit(&page, form).await;
            match next.status {
                200 => return next,
                // Ambiguous place: take the first. Saved already before the connection broke: again.
                422 | 409 => page = next,
                other => panic!("{other} on {}: {}", page.url, next.text()),
            }
        }
        panic!("{} refuses good answers:\n{}", page.url, page.text());
    }

    fn filled(&self, mut form: Form) -> Form {
        for (name, value) in &self.answers {
            let offered: Vec<&String> = form
                .choices
                .iter()
                .filter_map(|(known, offer)| (known == name).then_some(offer))
                .collect();
            if form.has(name) && (offered.is_empty() || offered.contains(&value)) {
                form = form.set(name, value);
            }
        }
        let chosen: BTreeSet<String> = form.fields.iter().map(|(name, _)| name.clone()).collect();
        for (name, value) in form.choices.clone() {
            if !chosen.contains(&name) && !form.fields.iter().any(|(known, _)| *known == name) {
                form = form.set(&name, &value);
            }
        }
        form
    }

    /// Sends a filled application and reads the confirmation.
    pub(crate) async fn send(&mut self, id: &str) -> Sent {
        let page = self.visitor.get(&format!("/antrag/{id}/absenden")).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let form = page.main_form().set("erklaerung", "ja");
        let page = self.visitor.submit(&page, form).await;
        assert!(
            page.url.ends_with("/bestaetigung"),
            "{} {}",
            page.url,
            page.text()
        );
        let reference = page
            .html
            .split("class=\"e-reference\">")
            .nth(1)
            .and_then(|rest| rest.split('<').next())
            .unwrap_or_else(|| panic!("no reference: {}", page.text()));
        Sent {
            id: id.to_owned(),
            reference: reference.trim().to_owned(),
        }
    }

    /// The state of each leg as the status page says it, by key of the leg.
    pub(crate) async fn states(&mut self, id: &str) -> BTreeMap<String, String> {
        let page = self.visitor.get(&format!("/konto/vorgaenge/{id}")).await;
        assert_eq!(page.status, 200, "{}", page.text());
        page.html
            .split("data-leg=\"")
            .skip(1)
            .map(|rest| {
                let leg = rest.split('"').next().unwrap();
                let state = rest.split("data-leg-state=\"").nth(1).unwrap();
                (leg.to_owned(), state.split('"').next().unwrap().to_owned())
            })
            .collect()
    }

    /// Loads the status page again until the legs are as wanted.
    pub(crate) async fn wait_for(&mut self, id: &str, wanted: &[(&str, &str)]) {
        let mut states = BTreeMap::new();
        for _ in 0..600 {
            states = self.states(id).await;
            if wanted
                .iter()
                .all(|(leg, state)| states.get(*leg).is_some_and(|is| is == state))
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("wanted {wanted:?}, there is {states:?}");
    }
}

/// From a sign-in page through the simulated provider and back.
pub(crate) async fn sign_in(visitor: &mut Visitor, page: Page, person: &str) -> Page {
    let start = page
        .links()
        .into_iter()
        .find(|link| link.contains("/anmelden/start"))
        .unwrap_or_else(|| panic!("no way to sign in on {}: {}", page.url, page.text()));
    let people = visitor.get(&start).await;
    assert_eq!(people.status, 200, "{}", people.text());
    let form = people.form("/simulation/anmeldung").set("person", person);
    visitor.submit(&people, form).await
}
