//! Identities, in words.

use super::speaker::{Speaker, say};
use crate::checked::IdentitySort;
use crate::tree::{Expression, Node};
use domain::IdentityKind;

impl Speaker<'_> {
    /// A kind of identities or a social network: `a wallet`.
    pub(super) fn identity_sort(&self, name: &str) -> String {
        match IdentitySort::named(name) {
            IdentitySort::Kind(IdentityKind::Account) => say!(self, "账号", "an account"),
            IdentitySort::Kind(IdentityKind::Wallet) => say!(self, "钱包", "a wallet"),
            IdentitySort::Kind(IdentityKind::Social) => {
                say!(self, "社交账号", "a social account")
            }
            IdentitySort::Kind(IdentityKind::Device) => say!(self, "设备", "a device"),
            IdentitySort::Kind(IdentityKind::Anonymous) => {
                say!(self, "匿名访客", "an anonymous visitor")
            }
            IdentitySort::Network(network) => {
                let network = self.name(&network);
                say!(self, "{network} 账号", "an account at {network}")
            }
        }
    }

    /// `has_identity(twitter)`
    pub(super) fn has_identity(&self, arguments: &[Expression]) -> String {
        let sort = self.sort_argument(arguments);
        say!(self, "绑定了{sort}", "the user has {sort}")
    }

    /// `identity_count(wallet)`
    pub(super) fn identity_count(&self, arguments: &[Expression]) -> String {
        let sort = self.sort_argument(arguments);
        say!(
            self,
            "绑定的{sort}数",
            "the number of identities that are {sort}"
        )
    }

    fn sort_argument(&self, arguments: &[Expression]) -> String {
        let name = match arguments.first().map(|first| &first.node) {
            Some(Node::Name(parts)) => parts.join("."),
            Some(Node::Text(text)) => text.clone(),
            _ => String::new(),
        };
        self.identity_sort(&name)
    }
}
