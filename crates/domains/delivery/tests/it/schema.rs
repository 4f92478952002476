#[tokio::test(flavor = "multi_thread")]
async fn the_tables_agree_on_both_databases() {
    einmal_storage::testing::assert_schemas_agree("delivery", einmal_delivery::MIGRATIONS).await;
}
