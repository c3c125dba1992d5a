//! The engine's syntax tree of a query, read from the text in which `EXPLAIN AST` shows it.
//!
//! Each node is a line: its depth in spaces, its kind, its name, and how many children follow. Names are not escaped,
//! so that a name may hold a line feed and pretend to be further nodes. Such lines can only add to the tree: a real
//! node keeps its place or the tree is refused, because every node must have just as many children as it says.

/// A node of the tree.
#[derive(Debug)]
pub(super) struct Node<'text> {
    /// `Function`, `TableIdentifier`, `SelectQuery`.
    pub kind: &'text str,
    /// What follows the kind, without alias: the function's name, the table's.
    pub name: &'text str,
    pub children: Vec<Self>,
}

/// More levels than any query that may run has.
const DEEPEST: usize = 2_000;

impl<'text> Node<'text> {
    /// Reads a whole tree; `None` where a line is not as it says.
    pub fn read(text: &'text str) -> Option<Self> {
        let mut lines = text.lines().filter(|line| !line.is_empty()).peekable();
        let root = Self::read_at(&mut lines, 0)?;
        lines.next().is_none().then_some(root)
    }

    fn read_at(lines: &mut impl Iterator<Item = &'text str>, depth: usize) -> Option<Self> {
        let line = lines.next()?;
        let content = line.trim_start_matches(' ');
        if line.len() - content.len() != depth || depth > DEEPEST {
            return None;
        }
        let (content, children) = count_of(content);
        let (kind, rest) = content.split_once(' ').unwrap_or((content, ""));
        let name = rest.split_once(" (alias ").map_or(rest, |(name, _)| name);
        let name = if name.starts_with("(alias ") {
            ""
        } else {
            name
        };
        let children = (0..children).map(|_| Self::read_at(lines, depth + 1));
        Some(Self {
            kind,
            name,
            children: children.collect::<Option<_>>()?,
        })
    }

    /// The node and all below it.
    pub fn all(&self) -> Vec<&Self> {
        let (mut all, mut open) = (Vec::new(), vec![self]);
        while let Some(node) = open.pop() {
            all.push(node);
            open.extend(node.children.iter().rev());
        }
        all
    }
}

/// Parts ` (children 3)` from the end of a line.
fn count_of(line: &str) -> (&str, usize) {
    let counted = line
        .strip_suffix(')')
        .and_then(|line| line.rsplit_once(" (children "))
        .and_then(|(line, count)| Some((line, count.parse().ok()?)));
    counted.unwrap_or((line, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_with_names_and_without_aliases() {
        let text = "SelectQuery (children 2)\n Function sum (alias `s (x)`) (children 1)\n  Identifier a\n Set\n";
        let root = Node::read(text).unwrap();
        let all: Vec<_> = root
            .all()
            .iter()
            .map(|node| (node.kind, node.name))
            .collect();
        assert_eq!(
            all,
            [
                ("SelectQuery", ""),
                ("Function", "sum"),
                ("Identifier", "a"),
                ("Set", "")
            ]
        );
    }

    #[test]
    fn a_name_that_pretends_to_be_nodes_hides_none() {
        // `in`(`a\n  Identifier b`, users): the pretended child is one too many.
        let text =
            "Function in (children 2)\n Identifier a\n Identifier b\n TableIdentifier users\n";
        assert!(Node::read(text).is_none());
        let text = "Function in (children 2)\n Identifier a (children 1)\n  Identifier b\n Identifier users\n";
        let root = Node::read(text).unwrap();
        assert_eq!(root.children.last().map(|node| node.name), Some("users"));
    }
}
