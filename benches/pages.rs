//! Latency of pages, one visitor after the other, over loopback.

use std::time::Instant;

use crate::figure;

const VISITS: usize = 300;

pub(crate) async fn measure(url: &str) {
    for (name, path) in [
        ("start page", "/"),
        ("search: one word", "/suche?q=kindergeld"),
        ("search: everyday words", "/suche?q=baby+bekommen"),
        ("service page", "/leistungen/99041008017000"),
        ("plan of the life event", "/lebenslagen/geburt"),
    ] {
        let client = reqwest::Client::new();
        let mut times = Vec::with_capacity(VISITS);
        for _ in 0..VISITS {
            let start = Instant::now();
            let answer = client.get(format!("{url}{path}")).send().await.unwrap();
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
            answer.bytes().await.unwrap();
            times.push(start.elapsed().as_secs_f64() * 1_000.0);
        }
        times.sort_by(f64::total_cmp);
        figure(&format!("{name}, p50"), times[VISITS / 2], "ms");
        figure(&format!("{name}, p99"), times[VISITS * 99 / 100], "ms");
    }
}
