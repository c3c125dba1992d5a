//! How fast events are decoded on one core, beside what reading their JSON alone costs:
//! `cargo run --release -p collector --example decode_rate`.
#![allow(clippy::expect_used, clippy::print_stdout)]

use std::hint::black_box;

use collector::{Decoder, Limits, Reception};
use domain::Time;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// The allocator of the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const EVENTS: usize = 20_000;
const ROUNDS: usize = 20;

/// The least that a decoder has to find.
#[derive(Deserialize)]
struct Typed<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    event: &'a str,
    #[serde(rename = "userId")]
    user_id: &'a str,
    timestamp: &'a str,
    #[serde(borrow)]
    properties: &'a RawValue,
    #[serde(borrow)]
    context: &'a RawValue,
}

fn main() {
    let events: Vec<String> = (0..EVENTS).map(event).collect();
    let bytes = events.iter().map(String::len).sum::<usize>() / EVENTS;
    println!("events of {bytes} bytes, in millions a second of one core");
    measure("JSON checked, nothing kept", &events, |json| {
        let read: IgnoredAny = serde_json::from_str(json).expect("JSON");
        black_box(read);
    });
    measure("six members, two of them raw", &events, |json| {
        let read: Typed<'_> = serde_json::from_str(json).expect("an event");
        black_box((read.kind, read.event, read.user_id, read.timestamp));
        black_box((read.properties.get(), read.context.get()));
    });
    let reception = Reception::live(Time::from_millis(1_900_000_000_000));
    let mut decoder = Decoder::new(Limits::default());
    measure("decoded into fields", &events, |json| {
        let decoded = decoder
            .decode(json.as_bytes(), &reception)
            .expect("an event");
        black_box(decoded.fields().count());
    });
    measure("decoded into an event", &events, |json| {
        let decoded = decoder
            .decode(json.as_bytes(), &reception)
            .expect("an event");
        black_box(decoded.to_event());
    });
}

fn measure(label: &str, events: &[String], mut decode: impl FnMut(&str)) {
    let started = on_core();
    for _ in 0..ROUNDS {
        for event in events {
            decode(event);
        }
    }
    let seconds = on_core() - started;
    println!(
        "{label}: {:.2}",
        (events.len() * ROUNDS) as f64 / seconds / 1e6
    );
}

/// Seconds that this thread was on a core: other work on the machine does not count.
fn on_core() -> f64 {
    let schedule = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanoseconds = schedule
        .split(' ')
        .next()
        .and_then(|first| first.parse::<f64>().ok());
    nanoseconds.expect("a number") / 1e9
}

fn event(index: usize) -> String {
    let (user, quest) = (index * 7 % 1_000, index % 500);
    let time = Time::from_millis(1_790_000_000_000 + index as i64 * 137);
    format!(
        r#"{{"type":"track","messageId":"ajs-next-{index:032}","userId":"u{user}","anonymousId":"0b6e2f9c-{user:08}","event":"quest_complete","timestamp":"{time}","sentAt":"{time}","properties":{{"chain":"ethereum","reward_usd":{quest}.25,"quest":{quest},"done":true,"token":"USDC"}},"context":{{"ip":"10.1.2.3","locale":"zh-CN","timezone":"Asia/Shanghai","library":{{"name":"analytics.js","version":"next-1.70.0"}},"page":{{"path":"/quests/{quest}","title":"Quest","url":"https://example.org/quests/{quest}"}},"screen":{{"width":1440,"height":900}}}},"integrations":{{}}}}"#
    )
}
