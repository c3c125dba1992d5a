//! An explanation as a person at a terminal reads it, in 中文 or English.

use api::ports::explanation::{
    Change, Evidence, Explanation, Joint, Measured, Reason, Subject, Window,
};
use domain::{Language, LocalizedText};

/// Of more conditions that may give points, those that do not hold are only counted.
const FEW_POINTS: usize = 5;

/// So many characters of an expression are shown.
const LONGEST_EXPRESSION: usize = 120;

/// The whole explanation, a line for each part.
pub fn text(explanation: &Explanation, language: Language) -> String {
    let mut page = Page {
        language,
        text: String::new(),
    };
    page.verdict(explanation);
    for reason in &explanation.rule {
        page.reason(reason, 1);
    }
    if let Some(change) = &explanation.change {
        page.change(change, &explanation.of);
    }
    page.text
}

struct Page {
    language: Language,
    text: String,
}

impl Page {
    fn line(&mut self, depth: usize, line: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn say(&self, chinese: impl Into<String>, english: impl Into<String>) -> String {
        match self.language {
            Language::Chinese => chinese.into(),
            Language::English => english.into(),
        }
    }

    fn of<'t>(&self, text: &'t LocalizedText) -> &'t str {
        text.of(self.language)
    }

    fn verdict(&mut self, explanation: &Explanation) {
        let Explanation { user, as_of, .. } = explanation;
        let said = verdict(explanation);
        let verdict = self.say(
            format!("{user} {}（截至 {as_of}）", said.zh),
            format!("{user} {}, as of {as_of}", said.en),
        );
        self.line(0, &verdict);
        if explanation.data_as_of != *as_of {
            let read = explanation.data_as_of;
            let line = self.say(
                format!("数据读取于 {read}"),
                format!("with the data as they were at {read}"),
            );
            self.line(1, &line);
        }
    }

    fn reason(&mut self, reason: &Reason, depth: usize) {
        if let (Some(value), Some(earlier)) = (&reason.value, &reason.comes_after) {
            let said = self.of(&reason.sentence);
            let line = self.say(
                format!("· “{value}”：{said}（不再看：“{earlier}” 在前）"),
                format!("· “{value}”: {said} (not looked at: “{earlier}” comes first)"),
            );
            return self.line(depth, &line);
        }
        let said = self.part(reason);
        let said = match &reason.value {
            None => said,
            Some(value) => self.say(format!("“{value}”：{said}"), format!("“{value}”: {said}")),
        };
        self.told(reason, &said, depth);
    }

    /// A part and what is below it.
    fn told(&mut self, reason: &Reason, said: &str, depth: usize) {
        self.line(depth, &format!("{} {said}", mark(reason.holds)));
        // The sum of points stands in the line itself.
        let is_sum = reason.joint == Some(Joint::Points);
        for measured in reason.measured.iter().skip(usize::from(is_sum)) {
            self.measured(measured, depth + 2);
        }
        if reason.are_above {
            let line = self.say("（同上文）", "(as above)");
            return self.line(depth + 1, &line);
        }
        if is_sum {
            return self.points(&reason.parts, depth + 1);
        }
        for part in &reason.parts {
            self.reason(part, depth + 1);
        }
    }

    /// What gives points: first what holds; of many that do not hold only their number.
    fn points(&mut self, parts: &[Reason], depth: usize) {
        let (given, others): (Vec<&Reason>, Vec<&Reason>) =
            parts.iter().partition(|part| part.holds);
        let (are_few, count) = (parts.len() <= FEW_POINTS, others.len());
        let shown = given
            .into_iter()
            .chain(others.into_iter().filter(|_| are_few));
        for part in shown {
            let (points, said) = (part.value.as_deref().unwrap_or_default(), self.part(part));
            let plural = if points == "1" { "" } else { "s" };
            let said = self.say(
                format!("{points} 分：{said}"),
                format!("{points} point{plural}: {said}"),
            );
            self.told(part, &said, depth);
        }
        if !are_few && count > 0 {
            let line = self.say(
                format!("另有 {count} 项不成立"),
                format!("{count} more do not hold"),
            );
            self.line(depth, &line);
        }
    }

    fn part(&self, reason: &Reason) -> String {
        let said = self.of(&reason.sentence);
        match (reason.joint, reason.measured.first()) {
            (None, _) => said.to_owned(),
            (Some(Joint::Points), Some(sum)) => match &sum.value {
                Some(sum) => self.say(
                    format!("{said}（为 {sum}）"),
                    format!("{said} (it is {sum})"),
                ),
                None => self.say(format!("{said}（没有值）"), format!("{said} (no value)")),
            },
            (Some(joint), _) => self.joint(joint),
        }
    }

    fn joint(&self, joint: Joint) -> String {
        match joint {
            Joint::All => self.say("以下全部满足：", "all of these:"),
            Joint::Any => self.say("以下至少满足一项：", "at least one of these:"),
            Joint::AtLeast(count) => self.say(
                format!("以下至少满足 {count} 项："),
                format!("at least {count} of these:"),
            ),
            Joint::Not => self.say("以下不满足：", "not:"),
            Joint::Points => self.say("以下各项得分之和：", "the points of these, added up:"),
        }
    }

    fn measured(&mut self, measured: &Measured, depth: usize) {
        let none = self.say("没有值", "no value");
        let mut line = format!(
            "{} = {}",
            shortened(&measured.text),
            measured.value.as_deref().unwrap_or(&none)
        );
        if let Some(compared) = &measured.compared {
            line += &self.say(
                format!("（与之比较：{compared}）"),
                format!("   (compared: {compared})"),
            );
        }
        if measured.is_above {
            line += &self.say("（详见上文）", "   (as above)");
            return self.line(depth, &line);
        }
        self.line(depth, &line);
        if let Some(window) = measured.window {
            let window = self.window(window);
            self.line(depth + 1, &window);
        }
        if let Some(at) = measured.set_at {
            let line = self.say(format!("最后设置于 {at}"), format!("last set at {at}"));
            self.line(depth + 1, &line);
        }
        self.events(measured, depth + 1);
    }

    fn window(&self, window: Window) -> String {
        match window {
            Window::Empty => self.say("窗口为空", "the window is empty"),
            Window::Between { from: None, to } => {
                self.say(format!("窗口：截至 {to}"), format!("window: until {to}"))
            }
            Window::Between {
                from: Some(from),
                to,
            } => self.say(
                format!("窗口：{from} … {to}"),
                format!("window: {from} … {to}"),
            ),
        }
    }

    fn events(&mut self, measured: &Measured, depth: usize) {
        let Some(counted) = measured.counted.filter(|counted| *counted > 0) else {
            return;
        };
        let shown = measured.events.len();
        let heading = match (counted, shown) {
            (_, 0) => self.say(
                format!("计入 {counted} 个事件"),
                format!("{counted} events counted"),
            ),
            (1, _) => self.say("计入 1 个事件：", "1 event counted:"),
            (_, 1) => self.say(
                format!("计入 {counted} 个事件，取值来自："),
                format!("{counted} events counted; the value is that of"),
            ),
            _ if shown < counted => self.say(
                format!("计入 {counted} 个事件，最新的 {shown} 个："),
                format!("{counted} events counted, the newest {shown}:"),
            ),
            _ => self.say(
                format!("计入 {counted} 个事件："),
                format!("{counted} events counted:"),
            ),
        };
        self.line(depth, &heading);
        for event in &measured.events {
            self.line(depth + 1, &shown_event(event));
        }
    }

    fn change(&mut self, change: &Change, of: &Subject) {
        let before = change.before;
        let line = match (of, change.had) {
            (Subject::Audience(_), true) => self.say(
                format!("{before} 时还在该人群中。此后的变化："),
                format!("the user was in it at {before}. What has changed since:"),
            ),
            (Subject::Audience(_), false) => self.say(
                format!("{before} 时不在该人群中。此后的变化："),
                format!("the user was not in it at {before}. What has changed since:"),
            ),
            (Subject::Tag(_) | Subject::Rule(_), true) => self.say(
                format!("{before} 时还有该标签。此后的变化："),
                format!("the user had it at {before}. What has changed since:"),
            ),
            (Subject::Tag(_) | Subject::Rule(_), false) => self.say(
                format!("{before} 时没有该标签。此后的变化："),
                format!("the user did not have it at {before}. What has changed since:"),
            ),
        };
        self.line(0, &line);
        for part in &change.parts {
            let marks = format!("{} → {}", mark(part.held), mark(part.holds));
            let said = self.of(&part.sentence).to_owned();
            self.line(1, &format!("{marks} {said}"));
            for (before, after) in part.before.iter().zip(&part.after) {
                if before.value != after.value {
                    let none = self.say("没有值", "no value");
                    let line = format!(
                        "{}: {} → {}",
                        shortened(&after.text),
                        before.value.as_deref().unwrap_or(&none),
                        after.value.as_deref().unwrap_or(&none)
                    );
                    self.line(3, &line);
                }
            }
        }
        if !change.is_reproduced {
            let line = self.say(
                "按现在的定义和数据，当时的结果会不同：定义已修改，或有迟到的数据",
                "by today's definition and data it would have been otherwise then: the definition was changed since, or late data have arrived",
            );
            self.line(1, &line);
        }
    }
}

/// What is said of the user, in both languages.
fn verdict(explanation: &Explanation) -> LocalizedText {
    let values = explanation.values.join(", ");
    let (zh, en) = match (&explanation.of, explanation.has, values.as_str()) {
        (Subject::Tag(tag), false, _) => {
            (format!("没有标签 {tag}"), format!("does not have {tag}"))
        }
        (Subject::Tag(tag), true, "") => (format!("有标签 {tag}"), format!("has {tag}")),
        (Subject::Tag(tag), true, values) => (
            format!("的标签 {tag} = {values}"),
            format!("has {tag} = {values}"),
        ),
        (Subject::Audience(key), false, _) => (
            format!("不在人群 {key} 中"),
            format!("is not in the audience {key}"),
        ),
        (Subject::Audience(key), true, _) => (
            format!("在人群 {key} 中"),
            format!("is in the audience {key}"),
        ),
        (Subject::Rule(_), false, _) => (
            "不符合这条规则".to_owned(),
            "does not match the rule".to_owned(),
        ),
        (Subject::Rule(_), true, "") => ("符合这条规则".to_owned(), "matches the rule".to_owned()),
        (Subject::Rule(_), true, values) => (
            format!("的值为 {values}"),
            format!("has the value {values}"),
        ),
    };
    LocalizedText { zh, en }
}

fn mark(holds: bool) -> &'static str {
    if holds { "✓" } else { "✗" }
}

/// The beginning of a long expression.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_EXPRESSION) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn shown_event(event: &Evidence) -> String {
    let mut line = format!("{} {}", event.time, event.event);
    for (path, value) in &event.properties {
        line += &format!("  {path}={value}");
    }
    line
}
