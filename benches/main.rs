//! Measured figures of the real binary, as ratios within one run: what a machine gives is measured
//! beside what we make of it. `cargo xtask bench` runs it in the release profile.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench measures time, prints figures and stops at the first surprise"
)]

mod machine;
mod pages;
mod stock;
mod submissions;
mod world;

fn main() {
    // `cargo test --benches` calls every bench once; measuring there would only cost time.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let world = world::World::prepare();
        stock::measure(&world);
        let server = world.serve();
        pages::measure(&server.url).await;
        let resident = server.resident_mib();
        println!("memory of all roles in one process: {resident} MiB resident");
        drop(server);
        let delivery = world.serve_delivery();
        submissions::measure(&world, &delivery).await;
        let resident = delivery.resident_mib();
        println!("memory of the delivery service after that: {resident} MiB resident");
    });
}

/// Prints one figure.
fn figure(name: &str, value: f64, unit: &str) {
    println!("{name:<58} {value:>12.1} {unit}");
}
