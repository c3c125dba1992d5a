//! The attributes of users: their paths, and their values on a profile.

use crate::cell::{Cell, CellText};
use crate::dictionary::Dictionary;
use crate::profile::Profile;
use crate::wallet::wallet_address;

/// The attributes of users.
#[derive(Debug, Clone, Copy)]
pub struct Attribute {
    /// Its dotted path.
    pub path: &'static str,
    /// Its value on a profile.
    read: fn(&Profile) -> Cell,
}

impl Attribute {
    /// The value on a profile.
    pub fn cell(&self, profile: &Profile) -> Cell {
        (self.read)(profile)
    }
}

const fn attribute(path: &'static str, read: fn(&Profile) -> Cell) -> Attribute {
    Attribute { path, read }
}

/// All attributes, in the order of a file's columns. Dotted paths of one object stand together.
pub static ATTRIBUTES: [Attribute; 35] = [
    attribute("signup_at", |p| Cell::Time(p.signup_at)),
    attribute("country", |p| text(Dictionary::Country, Some(p.country))),
    attribute("language", |p| text(Dictionary::Language, Some(p.language))),
    attribute("device", |p| text(Dictionary::Device, Some(p.device))),
    attribute("device_id", |p| Cell::Device(p.sharing.device)),
    attribute("channel", |p| text(Dictionary::Channel, Some(p.channel))),
    attribute("interests", |p| texts(Dictionary::Category, p.interests)),
    attribute("birthday", |p| p.birthday.map_or(Cell::Missing, Cell::Date)),
    attribute("newsletter", |p| {
        p.newsletter.map_or(Cell::Missing, Cell::Truth)
    }),
    attribute("level", |p| number(Some(p.level), 0)),
    attribute("points", |p| number(Some(p.points), 0)),
    attribute("email_verified", |p| Cell::Truth(p.email_verified)),
    attribute("social.twitter.followers", |p| {
        number(p.twitter.map(|twitter| twitter.followers), 0)
    }),
    attribute("social.twitter.verified", |p| {
        p.twitter
            .map_or(Cell::Missing, |twitter| Cell::Truth(twitter.is_verified))
    }),
    attribute("social.twitter.created_at", |p| {
        p.twitter
            .map_or(Cell::Missing, |twitter| Cell::Time(twitter.created_at))
    }),
    attribute("social.discord.roles", |p| number(p.discord_roles, 0)),
    attribute("social.telegram.bound", |p| Cell::Truth(p.telegram)),
    attribute("kyc_level", |p| number(Some(p.kyc_level), 0)),
    attribute("kyc_status", |p| text(Dictionary::KycStatus, p.kyc_status)),
    attribute("kyc.provider", |p| {
        text(Dictionary::KycProvider, p.kyc_provider)
    }),
    attribute("kyc.verified_at", |p| {
        p.kyc_verified_at.map_or(Cell::Missing, Cell::Time)
    }),
    attribute("poh.score", |p| number(p.poh_score, 2)),
    attribute("poh.worldcoin", |p| Cell::Truth(p.poh_worldcoin)),
    attribute("wallets", addresses),
    attribute("wallet_count", |p| number(Some(i64::from(p.wallets)), 0)),
    attribute("assets.usd", |p| {
        number(p.assets.map(|assets| assets.usd), 2)
    }),
    attribute("assets.wei", |p| {
        p.assets
            .map_or(Cell::Missing, |assets| Cell::Wide(assets.wei))
    }),
    attribute("assets.nfts", |p| {
        number(p.assets.map(|assets| assets.nfts), 0)
    }),
    attribute("assets.tokens", |p| {
        number(p.assets.map(|assets| assets.tokens), 0)
    }),
    attribute("assets.transactions", |p| {
        number(p.assets.map(|assets| assets.transactions), 0)
    }),
    attribute("assets.first_seen_at", |p| {
        p.assets
            .map_or(Cell::Missing, |assets| Cell::Time(assets.first_seen_at))
    }),
    attribute("assets.chains", |p| {
        texts(
            Dictionary::Chain,
            p.assets.map_or(0, |assets| assets.chains),
        )
    }),
    attribute("assets.funded_by", |p| {
        p.assets.map_or(Cell::Missing, |_| p.sharing.funder(p.seed))
    }),
    attribute("referral.invited_by", |p| {
        p.invited_by.map_or(Cell::Missing, Cell::User)
    }),
    attribute("referral.invites", |p| number(Some(p.invites), 0)),
];

impl Profile {
    /// Fills `texts` with the attributes that the profile has, as they are stored.
    pub fn stored_attributes(&self, texts: &mut Vec<(&'static str, CellText)>) {
        texts.clear();
        for attribute in &ATTRIBUTES {
            if let Some(text) = attribute.cell(self).stored() {
                texts.push((attribute.path, text));
            }
        }
    }
}

fn text(dictionary: Dictionary, code: Option<u16>) -> Cell {
    let text = code.and_then(|code| dictionary.text(code));
    text.map_or(Cell::Missing, Cell::Text)
}

fn number(mantissa: Option<i64>, scale: u8) -> Cell {
    mantissa.map_or(Cell::Missing, |mantissa| Cell::Number { mantissa, scale })
}

/// The texts of the bits that are set; no value where none is.
fn texts(dictionary: Dictionary, bits: u16) -> Cell {
    if bits == 0 {
        return Cell::Missing;
    }
    let is_set = |code: &u16| bits >> code & 1 == 1;
    Cell::List(
        (0..16)
            .filter(is_set)
            .map(|code| text(dictionary, Some(code)))
            .collect(),
    )
}

fn addresses(profile: &Profile) -> Cell {
    let address = |wallet| Cell::Address(wallet_address(profile.seed, profile.user, wallet));
    match profile.wallets {
        0 => Cell::Missing,
        wallets => Cell::List((0..wallets).map(address).collect()),
    }
}
