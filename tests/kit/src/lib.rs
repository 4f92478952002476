//! Private throw-away servers for tests: PostgreSQL, browser, the real binary
