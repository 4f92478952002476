//! Whoever changes the log is found out, whatever they do and on whichever database.

use einmal_model::Clock as _;
use einmal_storage::audit::{self, Anchor, Ed25519Signer, Fault, Report};
use einmal_storage::testing::TestDb;
use einmal_storage::{Kind, Query as _, StorageError, both_databases, transaction};

struct Log {
    test: TestDb,
    signer: Ed25519Signer,
}

impl Log {
    /// Two streams, `case:a` with five entries and `case:b` with two; a checkpoint after the first
    /// three and one at the end.
    async fn written(test: TestDb) -> (Self, Anchor) {
        test.db.migrate_platform().await.unwrap();
        let signer = Ed25519Signer::new(&zeroize::Zeroizing::new([9; 32])).unwrap();
        let log = Self { test, signer };
        for number in 1..=3 {
            log.append("case:a", number).await;
        }
        log.checkpoint().await;
        log.append("case:a", 4).await;
        log.append("case:a", 5).await;
        log.append("case:b", 1).await;
        log.append("case:b", 2).await;
        let anchor = log.checkpoint().await;
        (log, anchor)
    }

    async fn append(&self, stream: &str, number: i64) {
        let payload = format!("{{\"n\":{number}}}");
        let at = self.test.clock.now();
        let seq = transaction!(self.test.db, "test.append", |tx| {
            audit::append(tx, stream, "test.happened", &payload, at).await
        })
        .unwrap();
        assert_eq!(seq, number);
        self.test.clock.advance_seconds(1);
    }

    async fn checkpoint(&self) -> Anchor {
        audit::checkpoint(&self.test.db, &self.signer)
            .await
            .unwrap()
            .unwrap()
    }

    async fn verify(&self, anchor: Option<&Anchor>) -> Report {
        audit::verify(&self.test.db, &self.signer.verifier(), anchor)
            .await
            .unwrap()
    }

    async fn tamper(&self, statements: &[&'static str]) {
        let disarm: &[&'static str] = match self.test.db.kind() {
            Kind::Sqlite => &[
                "drop trigger if exists audit_entry_keep",
                "drop trigger if exists audit_entry_stay",
            ],
            Kind::Postgres => &["alter table audit_entry disable trigger user"],
        };
        let all: Vec<_> = disarm.iter().chain(statements).copied().collect();
        transaction!(self.test.db, "test.tamper", |tx| {
            for statement in &all {
                tx.execute(statement, vec![]).await?;
            }
            Ok::<_, StorageError>(())
        })
        .unwrap();
    }

    async fn first(&self, anchor: Option<&Anchor>) -> (String, i64, Fault) {
        let report = self.verify(anchor).await;
        let first = report.first().expect("a finding").clone();
        (first.stream, first.seq, first.fault)
    }
}

fn a(seq: i64, fault: Fault) -> (String, i64, Fault) {
    ("case:a".to_owned(), seq, fault)
}

both_databases! {
    async fn an_untouched_log_is_intact(test: TestDb) {
        let (log, anchor) = Log::written(test).await;
        log.append("case:b", 3).await;
        let report = log.verify(Some(&anchor)).await;
        assert!(report.is_intact(), "{report:?}");
        assert_eq!((report.streams, report.entries, report.checkpoints, report.unsigned_entries), (2, 8, 2, 1));
        // Nothing new: the checkpoint after the next one is the same.
        let newest = log.checkpoint().await;
        assert_eq!(log.checkpoint().await, newest);
        assert_eq!(newest.number, 3);
    }

    async fn an_empty_log_is_intact(test: TestDb) {
        test.db.migrate_platform().await.unwrap();
        let signer = Ed25519Signer::new(&zeroize::Zeroizing::new([9; 32])).unwrap();
        assert_eq!(audit::checkpoint(&test.db, &signer).await.unwrap(), None);
        assert!(audit::verify(&test.db, &signer.verifier(), None).await.unwrap().is_intact());
    }

    async fn the_schema_refuses_changes(test: TestDb) {
        let (log, _) = Log::written(test).await;
        for statement in ["update audit_entry set kind = 'x'", "delete from audit_entry"] {
            let refused = transaction!(log.test.db, "test.change", |tx| tx.execute(statement, vec![]).await);
            assert!(refused.is_err());
        }
    }

    async fn finds_every_changed_field(test: TestDb) {
        let (log, anchor) = Log::written(test).await;
        for (change, back) in [
            ("update audit_entry set payload = '{\"n\":22}' where stream = 'case:a' and seq = 2",
             "update audit_entry set payload = '{\"n\":2}' where stream = 'case:a' and seq = 2"),
            ("update audit_entry set kind = 'x' where stream = 'case:a' and seq = 2",
             "update audit_entry set kind = 'test.happened' where stream = 'case:a' and seq = 2"),
            ("update audit_entry set at = at + 1 where stream = 'case:a' and seq = 2",
             "update audit_entry set at = at - 1 where stream = 'case:a' and seq = 2"),
        ] {
            log.tamper(&[change]).await;
            assert_eq!(log.first(Some(&anchor)).await, a(2, Fault::Changed));
            log.tamper(&[back]).await;
            assert!(log.verify(Some(&anchor)).await.is_intact());
        }
    }

    async fn finds_a_missing_entry_in_the_middle_and_at_the_start(test: TestDb) {
        let (log, anchor) = Log::written(test).await;
        log.tamper(&["delete from audit_entry where stream = 'case:a' and seq = 3"]).await;
        assert_eq!(log.first(Some(&anchor)).await, a(3, Fault::Missing));
        log.tamper(&["delete from audit_entry where stream = 'case:a' and seq = 1"]).await;
        assert_eq!(log.first(Some(&anchor)).await, a(1, Fault::Missing));
    }

    async fn finds_a_missing_end_even_when_the_head_is_set_back(test: TestDb) {
        let (log, anchor) = Log::written(test).await;
        log.tamper(&[
            "delete from audit_entry where stream = 'case:a' and seq = 5",
            "update audit_head set seq = 4, signed_seq = 4, hash = (select hash from audit_entry where stream = 'case:a' and seq = 4) where stream = 'case:a'",
        ]).await;
        assert_eq!(log.first(Some(&anchor)).await, a(5, Fault::Missing));
    }

    async fn finds_a_missing_stream(test: TestDb) {
        let (log, anchor) = Log::written(test).await;
        log.tamper(&["delete from audit_entry where stream = 'case:a'", "delete from audit_head where stream = 'case:a'"]).await;
        assert_eq!(log.first(Some(&anchor)).await, a(1, Fault::Missing));
    }

    async fn finds_swapped_entries(test: TestDb) {
        let (log, anchor) = Log::written(test).await;
        log.tamper(&[
            "update audit_entry set seq = 99 where stream = 'case:a' and seq = 2",
            "update audit_entry set seq = 2 where stream = 'case:a' and seq = 4",
            "update audit_entry set seq = 4 where stream = 'case:a' and seq = 99",
        ]).await;
        assert_eq!(log.first(Some(&anchor)).await, a(2, Fault::Reordered { belongs_at: 4 }));
    }

    async fn finds_an_entry_moved_to_another_stream(test: TestDb) {
        let (log, anchor) = Log::written(test).await;
        log.tamper(&["update audit_entry set stream = 'case:b', seq = 3 where stream = 'case:a' and seq = 5"]).await;
        let report = log.verify(Some(&anchor)).await;
        assert!(report.findings.iter().any(|finding| finding.stream == "case:a" && finding.seq == 5 && finding.fault == Fault::Missing));
        assert!(report.findings.iter().any(|finding| finding.stream == "case:b" && finding.seq == 3));
    }

    async fn finds_a_stream_written_anew(test: TestDb) {
        let (log, anchor) = Log::written(test).await;
        // Everything of the stream goes and comes back self-consistent with another content.
        log.tamper(&["delete from audit_entry where stream = 'case:b'", "delete from audit_head where stream = 'case:b'"]).await;
        for number in 1..=2 {
            log.append("case:b", number).await;
        }
        assert_eq!(log.first(Some(&anchor)).await, ("case:b".to_owned(), 2, Fault::Rewritten));
    }

    async fn finds_changed_and_missing_checkpoints(test: TestDb) {
        let (log, anchor) = Log::written(test).await;
        log.tamper(&["delete from audit_checkpoint where number = 1"]).await;
        assert_eq!(log.first(None).await, (String::new(), 1, Fault::CheckpointMissing));
        log.tamper(&["update audit_checkpoint set body = replace(body, 'case:b', 'case:c')"]).await;
        assert!(log.verify(None).await.findings.iter().any(|finding| finding.seq == 2 && finding.fault == Fault::CheckpointForged));
        // The newest entries with the newest checkpoint: only the anchor kept elsewhere tells.
        log.tamper(&["delete from audit_checkpoint"]).await;
        assert!(log.first(Some(&anchor)).await.2 == Fault::CheckpointMissing);
    }

    async fn a_foreign_signature_does_not_count(test: TestDb) {
        let (log, _) = Log::written(test).await;
        let other = Ed25519Signer::new(&zeroize::Zeroizing::new([8; 32])).unwrap();
        let report = audit::verify(&log.test.db, &other.verifier(), None).await.unwrap();
        assert_eq!(report.first().unwrap().fault, Fault::CheckpointForged);
    }

    async fn concurrent_writers_of_one_stream_keep_the_chain(test: TestDb) {
        test.db.migrate_platform().await.unwrap();
        let writers = (0..10).map(|number| {
            let db = test.db.clone();
            async move {
                let payload = format!("{number}");
                transaction!(db, "test.append", |tx| {
                    audit::append(tx, "case:a", "test", &payload, db.clock().now()).await
                }).unwrap()
            }
        });
        let mut numbers = futures_util::future::join_all(writers).await;
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=10).collect::<Vec<i64>>());
        let signer = Ed25519Signer::new(&zeroize::Zeroizing::new([9; 32])).unwrap();
        assert!(audit::verify(&test.db, &signer.verifier(), None).await.unwrap().is_intact());
        let listed = audit::entries(&mut test.db.read().await.unwrap(), "case:a", 4, 3).await.unwrap();
        assert_eq!(listed.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [5, 6, 7]);
        let rows = test.db.read().await.unwrap().fetch_all("select seq from audit_head", vec![]).await.unwrap();
        assert_eq!(rows[0].int("seq").unwrap(), 10);
    }
}
