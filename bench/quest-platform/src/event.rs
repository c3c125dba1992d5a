//! One event of a user, its properties as codes and exact numbers.

use domain::Time;

use crate::cell::{Cell, CellText};
use crate::dictionary::Dictionary;
use crate::event_kind::{EVENT_KINDS, EventKind};
use crate::identity::Sender;
use crate::wallet::wallet_address;

/// In a code: no value.
pub const NO_CODE: u16 = u16::MAX;
/// In a number: no value.
pub const NO_NUMBER: i64 = i64::MIN;
/// In `value_wei`: no value.
pub const NO_WEI: i128 = i128::MIN;

/// One event. What it does not have is [`NO_CODE`], [`NO_NUMBER`], [`NO_WEI`] or `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// The seed of the platform, which decides the addresses of wallets.
    pub(crate) seed: u64,
    /// Whose it is.
    pub user: u32,
    /// Which of the user's events it is, from 0, in the order of time.
    pub number: u32,
    /// When it happened.
    pub time: Time,
    /// What happened: a position in [`EVENT_KINDS`].
    pub name: u8,
    /// Code into [`Dictionary::Device`].
    pub device: u16,
    /// Code into [`Dictionary::Path`].
    pub path: u16,
    /// Code into [`Dictionary::Category`].
    pub category: u16,
    /// Code into [`Dictionary::Quest`].
    pub quest_id: u16,
    /// Code into [`Dictionary::Community`].
    pub community: u16,
    /// Code into [`Dictionary::Chain`].
    pub chain: u16,
    /// Code into [`Dictionary::Token`].
    pub token: u16,
    /// Code into [`Dictionary::Protocol`].
    pub protocol: u16,
    /// Points won or spent.
    pub points: i64,
    /// Reward in cents of a US dollar.
    pub reward_usd: i64,
    /// Amount in cents of a US dollar.
    pub amount_usd: i64,
    /// Units of gas.
    pub gas_used: i64,
    /// Wei per unit of gas.
    pub gas_price: i64,
    /// Amount in wei.
    pub value_wei: i128,
    /// Which of the user's wallets.
    pub wallet: Option<u8>,
    /// Whether it succeeded.
    pub success: Option<bool>,
    /// What it comes with. Files name the account all the same.
    pub sender: Sender,
}

/// The properties of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Property {
    /// `device`
    Device,
    /// `path`
    Path,
    /// `category`
    Category,
    /// `quest_id`
    QuestId,
    /// `community`
    Community,
    /// `chain`
    Chain,
    /// `token`
    Token,
    /// `protocol`
    Protocol,
    /// `points`, whole
    Points,
    /// `reward_usd`, two places
    RewardUsd,
    /// `amount_usd`, two places
    AmountUsd,
    /// `gas_used`, whole
    GasUsed,
    /// `gas_price`, whole
    GasPrice,
    /// `value_wei`, whole, beyond 64 bits
    ValueWei,
    /// `wallet`, an address
    Wallet,
    /// `success`, true or false
    Success,
}

impl Property {
    /// All of them, in the order of a file's columns.
    pub const ALL: [Self; 16] = [
        Self::Device,
        Self::Path,
        Self::Category,
        Self::QuestId,
        Self::Community,
        Self::Chain,
        Self::Token,
        Self::Protocol,
        Self::Points,
        Self::RewardUsd,
        Self::AmountUsd,
        Self::GasUsed,
        Self::GasPrice,
        Self::ValueWei,
        Self::Wallet,
        Self::Success,
    ];

    /// The property's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Path => "path",
            Self::Category => "category",
            Self::QuestId => "quest_id",
            Self::Community => "community",
            Self::Chain => "chain",
            Self::Token => "token",
            Self::Protocol => "protocol",
            Self::Points => "points",
            Self::RewardUsd => "reward_usd",
            Self::AmountUsd => "amount_usd",
            Self::GasUsed => "gas_used",
            Self::GasPrice => "gas_price",
            Self::ValueWei => "value_wei",
            Self::Wallet => "wallet",
            Self::Success => "success",
        }
    }
}

impl Event {
    /// An event without properties.
    pub(crate) fn bare(seed: u64, user: u32, number: u32, time: Time, name: u8) -> Self {
        Self {
            seed,
            user,
            number,
            time,
            name,
            device: NO_CODE,
            path: NO_CODE,
            category: NO_CODE,
            quest_id: NO_CODE,
            community: NO_CODE,
            chain: NO_CODE,
            token: NO_CODE,
            protocol: NO_CODE,
            points: NO_NUMBER,
            reward_usd: NO_NUMBER,
            amount_usd: NO_NUMBER,
            gas_used: NO_NUMBER,
            gas_price: NO_NUMBER,
            value_wei: NO_WEI,
            wallet: None,
            success: None,
            sender: Sender::Account,
        }
    }

    /// What happened.
    pub fn kind(&self) -> &'static EventKind {
        static KINDS: [EventKind; 50] = EVENT_KINDS;
        KINDS.get(usize::from(self.name)).unwrap_or(&KINDS[0])
    }

    /// The value of a property.
    pub fn cell(&self, property: Property) -> Cell {
        let text = |dictionary: Dictionary, code: u16| {
            dictionary.text(code).map_or(Cell::Missing, Cell::Text)
        };
        let number = |mantissa: i64, scale: u8| match mantissa {
            NO_NUMBER => Cell::Missing,
            mantissa => Cell::Number { mantissa, scale },
        };
        match property {
            Property::Device => text(Dictionary::Device, self.device),
            Property::Path => text(Dictionary::Path, self.path),
            Property::Category => text(Dictionary::Category, self.category),
            Property::QuestId => text(Dictionary::Quest, self.quest_id),
            Property::Community => text(Dictionary::Community, self.community),
            Property::Chain => text(Dictionary::Chain, self.chain),
            Property::Token => text(Dictionary::Token, self.token),
            Property::Protocol => text(Dictionary::Protocol, self.protocol),
            Property::Points => number(self.points, 0),
            Property::RewardUsd => number(self.reward_usd, 2),
            Property::AmountUsd => number(self.amount_usd, 2),
            Property::GasUsed => number(self.gas_used, 0),
            Property::GasPrice => number(self.gas_price, 0),
            Property::ValueWei if self.value_wei == NO_WEI => Cell::Missing,
            Property::ValueWei => Cell::Wide(self.value_wei),
            Property::Wallet => {
                let address = |wallet| Cell::Address(wallet_address(self.seed, self.user, wallet));
                self.wallet.map_or(Cell::Missing, address)
            }
            Property::Success => self.success.map_or(Cell::Missing, Cell::Truth),
        }
    }

    /// Fills `texts` with the properties that the event has, as they are stored.
    pub fn stored_properties(&self, texts: &mut Vec<(&'static str, CellText)>) {
        texts.clear();
        for property in Property::ALL {
            if let Some(text) = self.cell(property).stored() {
                texts.push((property.name(), text));
            }
        }
    }
}
