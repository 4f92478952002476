//! What the tests of the real binary stand on: starting it, visiting it, reading its pages.

mod caseworker;
mod page;
mod parent;
mod server;
mod visitor;

pub(crate) use caseworker::Caseworker;
pub(crate) use page::{Form, Page};
pub(crate) use parent::Parent;
pub(crate) use server::{DemoWorld, EINMAL, Server, free_port};
pub(crate) use visitor::Visitor;
