//! What was learned about lookalikes.

use domain::{Decimal, Lookalike, PartRange, Scorecard, ScoredFeature, ScoredPart};

use super::*;

fn lookalike(size: u32) -> Lookalike {
    Lookalike {
        seed: "tag(whale)".to_owned(),
        features: vec!["count(swap)".to_owned()],
        size: Some(size),
        top: None,
        include_seed: false,
        learned: None,
    }
}

fn card(points: &str) -> Scorecard {
    let part = |range| ScoredPart {
        range,
        points: Decimal::parse(points).unwrap(),
        seed: 3,
        others: 4,
    };
    let ranges = [
        PartRange::Missing,
        PartRange::Between(None, Some("0.5".to_owned())),
        PartRange::OneOf(vec!["是".to_owned()]),
        PartRange::Holds(false),
    ];
    Scorecard {
        seed: 30,
        others: 40,
        features: vec![ScoredFeature {
            information: Decimal::parse("0.25").unwrap(),
            parts: ranges.map(part).to_vec(),
        }],
    }
}

#[test]
fn what_was_learned_last_about_a_tag_is_kept_with_its_definition() {
    on_each(|catalog| async move {
        assert!(catalog.scorecards().await.unwrap().is_empty());
        for (size, points) in [(5, "1.386"), (6, "-0.7")] {
            let (lookalike, card) = (lookalike(size), card(points));
            let put = catalog.put_scorecard(&key("like"), &lookalike, &card).await;
            put.unwrap();
        }
        let learned = catalog.scorecards().await.unwrap();
        assert_eq!(learned.len(), 1);
        let one = &learned[&key("like")];
        assert_eq!((&one.lookalike, &one.card), (&lookalike(6), &card("-0.7")));
    });
}
