//! SQLite and PostgreSQL get the same tables.

use einmal_casework::MIGRATIONS;

#[tokio::test]
async fn both_databases_have_the_same_tables() {
    einmal_storage::testing::assert_schemas_agree("casework", MIGRATIONS).await;
}
