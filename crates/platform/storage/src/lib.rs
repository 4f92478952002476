//! One door to SQLite and PostgreSQL: transactions, migrations, jobs, audit chain, blobs, field encryption
