//! Places and offices for applications, from the service catalogue.

use std::fmt::Display;

use einmal_application::port::{
    Authority, AuthorityDirectory, BoxFuture, PlaceDirectory, PortError,
};
use einmal_application::view::Place;
use einmal_catalogue::Catalogue;
use einmal_model::{Ars, Language};

/// More candidates than this help nobody.
const MOST_PLACES: usize = 10;

/// The catalogue as a directory.
pub(crate) struct Directory(pub(crate) Catalogue);

impl AuthorityDirectory for Directory {
    fn find<'a>(
        &'a self,
        leika: &'a str,
        ars: Ars,
    ) -> BoxFuture<'a, Result<Option<Authority>, PortError>> {
        Box::pin(async move {
            let today = self.0.today();
            let office = self
                .0
                .destination_for(leika, ars, today)
                .await
                .map_err(silent)?;
            Ok(office.map(|office| Authority {
                name: office.name.in_language(Language::De).to_owned(),
                address: office
                    .addresses
                    .iter()
                    .find(|address| address.visit)
                    .or(office.addresses.first())
                    .map(einmal_catalogue::AddressView::line),
                destination: office.destination,
            }))
        })
    }
}

impl PlaceDirectory for Directory {
    fn find<'a>(&'a self, typed: &'a str) -> BoxFuture<'a, Result<Vec<Place>, PortError>> {
        Box::pin(async move {
            let places = self
                .0
                .find_places(typed, MOST_PLACES)
                .await
                .map_err(silent)?;
            Ok(places
                .into_iter()
                .map(|place| Place {
                    ars: place.ars,
                    name: place.short_name,
                    postcode: place.postcode,
                    within: Some(place.within).filter(|within| !within.is_empty()),
                })
                .collect())
        })
    }
}

fn silent(error: impl Display) -> PortError {
    PortError {
        port: "service catalogue",
        cause: error.to_string(),
    }
}
