//! Values over all users together: `rank(x among C per a) in top 10%`, `user(x).a`,
//! `count(users by a where C)`.

use super::condition::Sense;
use super::constant::{ConstantKind, constant};
use super::cursor::Parser;
use super::token::TokenKind;
use super::words::begins_window;
use crate::diagnostic::Diagnostic;
use crate::located::{Located, TextRange};
use crate::mistake::{Populations, Wanted};
use crate::tree::{
    Expression, Node, OverUsers, RankAmount, RankBound, RankEnd, Ranking, UsersFunction,
};

impl Parser<'_> {
    /// A function over all users, if its name stands next.
    pub(super) fn population(&mut self) -> Option<Expression> {
        let token = self.peek();
        match self.text_of(token) {
            "rank" => Some(self.rank()),
            "quantile_of" => Some(self.quantile()),
            "user" => Some(self.of_user()),
            word => {
                let function = UsersFunction::from_word(word)?;
                self.is_over_users().then(|| self.over_users(function))
            }
        }
    }

    /// `rank(x among C per a)`
    fn rank(&mut self) -> Expression {
        let start = self.bump().range;
        self.bump();
        let ranking = self.ranking();
        if self.peek().kind == TokenKind::Comma && !self.is_recovering {
            self.error(Diagnostic::at(self.peek().range, Populations::RankOfTwo));
        }
        self.close_call(Wanted::AmongOrPer);
        Located::new(Node::Rank(ranking), self.since(start))
    }

    /// `quantile_of(x among C per a, 5)`
    fn quantile(&mut self) -> Expression {
        let start = self.bump().range;
        self.bump();
        let ranking = self.ranking();
        self.expect(TokenKind::Comma, Wanted::CommaAndParts);
        let parts = self.count(Wanted::NumberOfParts);
        self.close_call(Wanted::Close);
        match parts {
            Some(parts) => Located::new(Node::Quantile { ranking, parts }, self.since(start)),
            None => self.broken(start),
        }
    }

    /// `x among C per a`
    fn ranking(&mut self) -> Ranking {
        let by = Box::new(self.nested(Self::sum));
        let mut ranking = Ranking {
            by,
            among: None,
            per: None,
        };
        while !self.is_recovering {
            if self.at_word("among") && ranking.among.is_none() {
                self.bump();
                ranking.among = Some(Box::new(self.nested(Self::or)));
            } else if self.at_word("per") && ranking.per.is_none() {
                self.bump();
                ranking.per = Some(Box::new(self.nested(Self::sum)));
            } else {
                break;
            }
        }
        ranking
    }

    /// Whether a bound of ranks stands next.
    pub(super) fn at_rank_bound(&self, value: &Expression) -> bool {
        match self.word(self.peek()) {
            "top" | "bottom" | "exactly" => true,
            "first" => matches!(value.node, Node::Rank(_)),
            // Not the window `last 30d`, nor `last 2 calendar weeks`.
            "last" => {
                matches!(value.node, Node::Rank(_))
                    && self.ahead(1).kind == TokenKind::Number
                    && !self.is_ahead_word(2, "calendar")
            }
            _ => false,
        }
    }

    /// What follows `in`: `top 10%`, `exactly first 1000`.
    pub(super) fn in_rank(
        &mut self,
        value: Expression,
        start: TextRange,
        sense: Sense,
    ) -> Expression {
        let Node::Rank(ranking) = value.node else {
            let word = self.word(self.peek());
            self.error(Diagnostic::at(value.range, Populations::NoRank { word }));
            return self.broken(start);
        };
        let exactly = self.eat_word("exactly");
        let end = RankEnd::from_word(self.word(self.peek()));
        if end.is_some() {
            self.bump();
        }
        let end = end.unwrap_or(RankEnd::Top);
        match self.rank_amount() {
            Some(amount) => {
                let bound = RankBound {
                    exactly,
                    end,
                    amount,
                };
                let negated = sense == Sense::Negative;
                let node = Node::InRank {
                    ranking,
                    bound,
                    negated,
                };
                Located::new(node, self.since(start))
            }
            None => self.broken(start),
        }
    }

    /// `1000`, `0.5%`
    fn rank_amount(&mut self) -> Option<RankAmount> {
        let token = self.peek();
        if token.kind == TokenKind::Number && self.ahead(1).kind == TokenKind::Percent {
            self.bump();
            self.bump();
            let digits = constant(ConstantKind::Number, self.text_of(token));
            return Some(RankAmount::Percent(digits));
        }
        self.count(Wanted::RankAmount).map(RankAmount::Count)
    }

    /// `user(x).a`, `user(x).tag(k)`
    fn of_user(&mut self) -> Expression {
        let start = self.bump().range;
        self.bump();
        let user = Box::new(self.nested(Self::sum));
        self.close_call(Wanted::Close);
        if self.is_recovering {
            return self.broken(start);
        }
        if !self.eat(TokenKind::Dot) {
            let range = self.since(start);
            self.error(Diagnostic::at(range, Populations::NothingOfUser));
            return self.broken(start);
        }
        let place = self.peek().range;
        let of = if self.at_word("tag") && self.ahead(1).kind == TokenKind::LeftParen {
            self.bump();
            match self.key() {
                Some(key) => Node::Tag(key),
                None => return self.broken(start),
            }
        } else {
            match self.parts() {
                parts if parts.is_empty() => return self.broken(start),
                parts => Node::Name(parts),
            }
        };
        let of = Box::new(Located::new(of, self.since(place)));
        Located::new(Node::OfUser { user, of }, self.since(start))
    }

    /// Whether `(users by …)` or `(users.x by …)` follows, rather than events of the name `users`.
    fn is_over_users(&self) -> bool {
        if self.ahead(1).kind != TokenKind::LeftParen || !self.is_ahead_word(2, "users") {
            return false;
        }
        let mut at = 3;
        if self.ahead(at).kind == TokenKind::Dot {
            at = self.behind_value(at + 1);
        }
        self.is_ahead_word(at, "by")
    }

    /// The place behind a path or parentheses.
    fn behind_value(&self, mut at: usize) -> usize {
        let mut depth = 0_usize;
        loop {
            match self.ahead(at).kind {
                TokenKind::End => return at,
                TokenKind::LeftParen => depth += 1,
                TokenKind::RightParen if depth == 1 => return at + 1,
                TokenKind::RightParen => depth = depth.saturating_sub(1),
                TokenKind::Name | TokenKind::Quoted if depth == 0 => {
                    match self.ahead(at + 1).kind {
                        TokenKind::Dot => at += 1,
                        TokenKind::LeftParen => {}
                        _ => return at + 1,
                    }
                }
                _ if depth == 0 => return at,
                _ => {}
            }
            at += 1;
        }
    }

    /// `sum(users.points by referrer where verified)`
    fn over_users(&mut self, function: UsersFunction) -> Expression {
        let start = self.bump().range;
        self.bump();
        self.bump();
        let mut of = self.arguments();
        if let Some(second) = of.get(1) {
            let mistake = Populations::SeveralOfUsers {
                function: function.as_str(),
            };
            self.error(Diagnostic::at(second.range, mistake));
        }
        of.truncate(1);
        if !self.eat_word("by") {
            self.expected(Wanted::By);
            self.close_call(Wanted::Close);
            return self.broken(start);
        }
        let by = Box::new(self.nested(Self::sum));
        let filter = self
            .eat_word("where")
            .then(|| Box::new(self.nested(Self::or)));
        if self.peek().kind == TokenKind::Comma && begins_window(self.word(self.ahead(1))) {
            let range = self.ahead(1).range;
            self.error(Diagnostic::at(range, Populations::WindowOfUsers));
        }
        self.close_call(Wanted::WhereOrClose);
        let over = OverUsers {
            function,
            of: of.pop().map(Box::new),
            by,
            filter,
        };
        Located::new(Node::OverUsers(over), self.since(start))
    }

    /// The `)` that closes a call; after a mistake, what is before it is skipped.
    fn close_call(&mut self, wanted: Wanted<'_>) {
        if !self.is_recovering {
            self.expect(TokenKind::RightParen, wanted);
        }
        if self.is_recovering {
            self.skip_to_close();
        }
    }
}
