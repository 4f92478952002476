//! JSON over HTTP for machines, with its OpenAPI documents
