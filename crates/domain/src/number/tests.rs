//! Decimals against big-integer fractions.

use std::cmp::Ordering;
use std::hash::{BuildHasher, RandomState};

use num_bigint::BigInt;
use num_traits::{Signed, Zero};
use proptest::prelude::*;

use super::*;

/// A fraction `numerator / 10^scale`, read from plain digits by the simplest means.
struct Fraction {
    numerator: BigInt,
    scale: u32,
}

impl Fraction {
    fn new(numerator: BigInt, scale: u32) -> Self {
        Self { numerator, scale }
    }

    fn of(number: &Decimal) -> Self {
        let text = number.to_string();
        let (whole, places) = text.split_once('.').unwrap_or((&text, ""));
        let numerator = format!("{whole}{places}").parse().unwrap();
        Self {
            numerator,
            scale: u32::try_from(places.len()).unwrap(),
        }
    }

    fn power(exponent: u32) -> BigInt {
        BigInt::from(10).pow(exponent)
    }

    /// Both numerators over one denominator.
    fn pair(a: &Decimal, b: &Decimal) -> (BigInt, BigInt, u32) {
        let (a, b) = (Self::of(a), Self::of(b));
        (
            a.numerator * Self::power(b.scale),
            b.numerator * Self::power(a.scale),
            a.scale + b.scale,
        )
    }

    fn is(&self, number: &Decimal) -> bool {
        let other = Self::of(number);
        &self.numerator * Self::power(other.scale) == other.numerator * Self::power(self.scale)
    }
}

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap_or_else(|| panic!("{text} is a number"))
}

/// Numbers of all sizes, with many of equal scale and many at the bounds of the small form.
fn numbers() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        3 => (-1_000_i128..1_000, 0_u8..4).prop_map(|(m, s)| Decimal::from_mantissa(m, s)),
        2 => (any::<i64>(), 0_u8..=18).prop_map(|(m, s)| Decimal::from_mantissa(m.into(), s)),
        2 => (any::<i128>(), any::<u8>()).prop_map(|(m, s)| Decimal::from_mantissa(m, s)),
        1 => (-3_i128..=0, 0_u8..40).prop_map(|(m, s)| Decimal::from_mantissa(i128::MAX + m, s)),
        1 => (0_i128..=3, 0_u8..40).prop_map(|(m, s)| Decimal::from_mantissa(i128::MIN + m, s)),
        2 => "-?[0-9]{1,90}(\\.[0-9]{1,18})?".prop_map(|text| decimal(&text)),
        1 => (any::<i128>(), 40_u32..90)
            .prop_map(|(m, zeros)| Large { mantissa: BigInt::from(m) * Fraction::power(zeros), scale: 3 }.into()),
    ]
}

fn is_normal(number: &Decimal) -> bool {
    let last_is_zero = |mantissa: &BigInt| (mantissa % 10_i32).is_zero();
    match &number.0 {
        Repr::Small { mantissa, scale } => *scale == 0 || mantissa % 10 != 0,
        Repr::Large(large) => {
            let is_small = i128::try_from(&large.mantissa).is_ok() && large.scale <= 255;
            !is_small && (large.scale == 0 || !last_is_zero(&large.mantissa))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn sums_and_products_are_exact(a in numbers(), b in numbers()) {
        let (p, q, scale) = Fraction::pair(&a, &b);
        let (sum, difference, product) = (&a + &b, &a - &b, &a * &b);
        prop_assert!(Fraction::new(&p + &q, scale).is(&sum));
        prop_assert!(Fraction::new(&p - &q, scale).is(&difference));
        prop_assert!(Fraction::new(p * q, scale * 2).is(&product));
        prop_assert!(is_normal(&sum) && is_normal(&difference) && is_normal(&product));
        prop_assert_eq!(&(&sum - &b), &a);
        prop_assert_eq!(-&a, Decimal::ZERO.sub(&a));
    }

    #[test]
    fn quotients_have_eighteen_places_cut_toward_zero(a in numbers(), b in numbers()) {
        let (p, q, _) = Fraction::pair(&a, &b);
        match a.div(&b) {
            None => prop_assert!(b.is_zero()),
            Some(quotient) => {
                let numerator = p * Fraction::power(18) / q;
                let is_exact = Fraction { numerator, scale: 18 }.is(&quotient);
                prop_assert!(is_exact && is_normal(&quotient), "{} / {} = {}", a, b, quotient);
            }
        }
    }

    #[test]
    fn the_order_is_that_of_the_values(a in numbers(), b in numbers()) {
        let (p, q, _) = Fraction::pair(&a, &b);
        prop_assert_eq!(a.cmp(&b), p.cmp(&q));
        prop_assert_eq!(a == b, p == q);
        prop_assert_eq!(a.is_negative(), p.is_negative());
    }

    #[test]
    fn a_number_reads_back_from_its_text(a in numbers()) {
        let text = a.to_string();
        prop_assert!(!text.starts_with("-0") || text.starts_with("-0."));
        prop_assert!(!text.contains('.') || !text.ends_with('0'));
        if a.scale() <= 18 {
            prop_assert_eq!(&decimal(&text), &a);
            let json = serde_json::to_string(&a).unwrap();
            prop_assert_eq!(&json, &format!("\"{text}\""));
            prop_assert_eq!(serde_json::from_str::<Decimal>(&json).unwrap(), a);
        }
    }

    #[test]
    fn equal_values_are_equal_and_hash_equally_however_written(
        m in any::<i64>(), places in 0_u8..10, zeros in 0_usize..9, exponent in -20_i32..20,
    ) {
        let plain = Decimal::from_mantissa(m.into(), places);
        let padded = match plain.to_string() {
            text if text.contains('.') => format!("{text}{}", "0".repeat(zeros.min(8))),
            text => format!("{text}.0{}", "0".repeat(zeros)),
        };
        let hasher = RandomState::new();
        prop_assert_eq!(&decimal(&padded), &plain);
        prop_assert_eq!(hasher.hash_one(decimal(&padded)), hasher.hash_one(&plain));
        // m × 10^exponent, cut to 18 places
        let scientific = decimal(&format!("{m}e{exponent}"));
        let expected = if exponent >= 0 {
            Decimal::from(m).mul(&decimal(&format!("1{}", "0".repeat(exponent.unsigned_abs() as usize))))
        } else {
            Decimal::from_mantissa(m.into(), u8::try_from(-exponent).unwrap()).cut(18)
        };
        prop_assert_eq!(scientific, expected);
    }

    #[test]
    fn rounding_goes_half_away_from_zero_cutting_toward_it(a in numbers(), places in 0_u8..20) {
        let exact = Fraction::of(&a);
        let raised = &exact.numerator * Fraction::power(places.into());
        let one = Fraction::power(exact.scale);
        let cut = &raised / &one;
        let half_away = (&raised * 2 + raised.signum() * &one) / (&one * 2);
        prop_assert!(Fraction::new(cut, places.into()).is(&a.cut(places)));
        prop_assert!(Fraction::new(half_away, places.into()).is(&a.round(places)));
        let floor = a.floor();
        prop_assert!(floor.is_integer() && floor <= a && a < floor.add(&Decimal::ONE));
        prop_assert_eq!(a.trunc(), a.cut(0));
    }

    #[test]
    fn mantissas_are_exact_and_floors_are_below(a in numbers(), scale in 0_u8..=40) {
        let raised = a.mul(&decimal(&format!("1e{scale}")));
        match (a.mantissa_at(scale), a.floor_at(scale)) {
            (Some(exact), floor) => {
                prop_assert_eq!(&Decimal::from(exact), &raised);
                prop_assert_eq!(floor, Some(exact));
            }
            (None, Some(floor)) => {
                prop_assert!(!raised.is_integer());
                prop_assert_eq!(Decimal::from(floor), raised.floor());
            }
            (None, None) => prop_assert!(Fraction::of(&raised.floor()).numerator.bits() > 126),
        }
    }

    #[test]
    fn a_float_becomes_the_shortest_decimal_that_reads_back(float in any::<f64>()) {
        match Decimal::from_f64(float) {
            None => prop_assert!(!float.is_finite()),
            // Below 18 places nothing but a part can be kept.
            Some(number) if float.abs() > 1e10 => prop_assert_eq!(number.to_f64(), float),
            Some(number) => prop_assert!((number.to_f64() - float).abs() < 1e-17),
        }
    }

    #[test]
    fn money_floats_survive_exactly(cents in -10_000_000_i64..10_000_000) {
        let float = cents as f64 / 100.0;
        let number = Decimal::from_f64(float).unwrap();
        prop_assert_eq!(&number, &Decimal::from_mantissa(cents.into(), 2));
        prop_assert_eq!(number.to_f64(), float);
    }

    #[test]
    fn no_text_breaks_the_parser(text in "[-+0-9eE._ x]{0,30}") {
        let is_number = {
            let unsigned = text.strip_prefix(['+', '-']).unwrap_or(&text);
            let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
                Some((mantissa, exponent)) => (mantissa, exponent),
                None => (unsigned, "0"),
            };
            let (whole, places) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            are_digits(whole) && are_digits(places) && are_digits(exponent)
                && exponent.parse::<u64>().is_ok_and(|exponent| exponent <= 400)
        };
        prop_assert_eq!(Decimal::parse(&text).is_some(), is_number, "{}", text);
    }
}

#[test]
fn only_a_text_that_is_wholly_a_number_is_one() {
    for (text, canonical) in [
        ("0", "0"),
        ("-0", "0"),
        ("-0.000", "0"),
        ("+7", "7"),
        ("007.50", "7.5"),
        ("1e18", "1000000000000000000"),
        ("1E-3", "0.001"),
        ("12.5e1", "125"),
        ("0.1234567890123456789", "0.123456789012345678"),
        ("-0.1234567890123456789", "-0.123456789012345678"),
        ("1e-19", "0"),
        ("9223372036854775808", "9223372036854775808"),
        (
            "-170141183460469231731687303715884105728",
            "-170141183460469231731687303715884105728",
        ),
    ] {
        assert_eq!(decimal(text).to_string(), canonical, "{text}");
    }
    for text in [
        "",
        "-",
        "+",
        ".",
        ".5",
        "5.",
        "1e",
        "e5",
        "1e+",
        " 1",
        "1 ",
        "1_000",
        "1,5",
        "0x1",
        "١",
        "NaN",
        "inf",
        "--1",
        "1.2.3",
        "1e401",
        "1e-401",
        "1e99999999999999999999",
    ] {
        assert_eq!(Decimal::parse(text), None, "{text}");
    }
}

#[test]
fn cut_places_are_noted() {
    let noted = |text: &str| Decimal::parse_noting(text).unwrap().1;
    assert_eq!(noted("0.123456789012345678"), Places::All);
    assert_eq!(noted("0.1234567890123456780"), Places::All);
    assert_eq!(noted("0.1234567890123456781"), Places::Cut);
    assert_eq!(noted("1e-19"), Places::Cut);
    assert_eq!(noted("0e-30"), Places::All);
}

#[test]
fn hostile_lengths_are_refused_or_cheap() {
    assert_eq!(Decimal::parse(&"9".repeat(1_000_000)), None);
    assert_eq!(
        decimal(&format!("{}7", "0".repeat(1_000_000))),
        Decimal::from(7_i64)
    );
    assert_eq!(
        decimal(&format!("0.5{}", "3".repeat(1_000_000))).scale(),
        18
    );
    assert_eq!(
        decimal(&format!("1{}e-400", "0".repeat(1_000)))
            .to_string()
            .len(),
        601
    );
    assert!(Decimal::parse(&format!("1{}", "0".repeat(800))).is_none());
    assert!(Decimal::parse(&format!("1{}e400", "0".repeat(300))).is_some());
}

#[test]
fn judgement_falls_at_the_ends_of_the_range_only() {
    let power: BigInt = BigInt::from(2).pow(256);
    let judged = |text: String| decimal(&text).judged().map(|number| number.to_string());
    let greatest = (&power - 1_i32).to_string();
    for sign in ["", "-"] {
        let kept = format!("{sign}{greatest}");
        assert_eq!(judged(kept.clone()), Some(kept));
        assert_eq!(judged(format!("{sign}{power}")), None);
        let decimal_bound = format!("{sign}{}.999999999999999999", "9".repeat(58));
        assert_eq!(judged(decimal_bound.clone()), Some(decimal_bound));
        assert_eq!(judged(format!("{sign}1{}.5", "0".repeat(58))), None);
    }
    let cut = Decimal::from_mantissa(19, 19).judged();
    assert_eq!(cut, Some(Decimal::from_mantissa(1, 18)));
    assert_eq!(
        decimal("1e300").sub(&decimal("1e300")).judged(),
        Some(Decimal::ZERO)
    );
    // Cut first: what is left is an integer, and in its range.
    let tail = Decimal::from_mantissa(1, 30);
    let integer = decimal(&format!("1{}", "0".repeat(70)));
    assert_eq!(integer.add(&tail).judged(), Some(integer));
}

#[test]
fn division_by_zero_is_missing_and_thirds_are_cut() {
    assert_eq!(Decimal::ONE.div(&Decimal::ZERO), None);
    assert_eq!(
        Decimal::from(2_i64).div(&Decimal::from(3_i64)),
        Some(decimal("0.666666666666666666"))
    );
    assert_eq!(
        Decimal::from(-2_i64).div(&Decimal::from(3_i64)),
        Some(decimal("-0.666666666666666666"))
    );
}

#[test]
fn integers_come_back_and_others_do_not() {
    assert_eq!(Decimal::from(i64::MIN).to_i64(), Some(i64::MIN));
    assert_eq!(Decimal::from(u64::MAX).to_i64(), None);
    assert_eq!(decimal("1.5").to_i64(), None);
    assert_eq!(decimal("-1.50").floor_at(0), Some(-2));
    assert_eq!(decimal("-1.50").mantissa_at(1), Some(-15));
    assert_eq!(decimal("2.5").round(0), Decimal::from(3_i64));
    assert_eq!(decimal("-2.5").round(0), Decimal::from(-3_i64));
    assert_eq!(decimal("1.005").round(2), decimal("1.01"));
    assert_eq!(decimal("0.3").cmp(&decimal("0.29999")), Ordering::Greater);
    assert_eq!(
        format!("{:>6}|{:?}", decimal("-1.5"), decimal("1.50")),
        "  -1.5|Decimal(1.5)"
    );
    assert_eq!(
        [1_i64, 2, 3].map(Decimal::from).iter().sum::<Decimal>(),
        Decimal::from(6_i64)
    );
}

#[test]
fn the_root_of_a_quotient_is_cut_at_18_places() {
    let root = |a: &str, b: &str| {
        let (a, b) = (Decimal::parse(a).unwrap(), Decimal::parse(b).unwrap());
        a.quotient_root(&b).map(|root| root.to_string())
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(root("2", "1"), some("1.414213562373095048"));
    assert_eq!(root("9", "4"), some("1.5"));
    assert_eq!(root("0.0001", "3"), some("0.005773502691896257"));
    assert_eq!(root("0", "7"), some("0"));
    assert_eq!(
        root("1e300", "1e-18"),
        some(&format!("1{}", "0".repeat(159)))
    );
    assert_eq!(root("-1", "2"), None);
    assert_eq!(root("1", "0"), None);
}
