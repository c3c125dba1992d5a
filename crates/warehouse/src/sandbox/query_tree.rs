//! A query as the engine has resolved it, read from the text in which `EXPLAIN QUERY TREE` shows it.
//!
//! Each node is a line: two spaces for each level, its kind, and its fields. Names may hold anything, also line feeds
//! that pretend to be further nodes: this tree says what a query reads, not whether it may run.

/// A node of the tree.
#[derive(Debug, Default)]
pub(super) struct QueryNode<'text> {
    /// `QUERY`, `TABLE`, `FUNCTION`, `WHERE`.
    pub kind: &'text str,
    fields: &'text str,
    pub children: Vec<Self>,
}

impl<'text> QueryNode<'text> {
    /// Reads a tree; what stands behind it is left out.
    pub fn read(text: &'text str) -> Self {
        let mut lines = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| {
                let content = line.trim_start_matches(' ');
                (line.len() - content.len(), content)
            })
            .peekable();
        match lines.next() {
            Some((depth, content)) => Self::with_children(content, depth, &mut lines),
            None => Self::default(),
        }
    }

    fn with_children(
        content: &'text str,
        depth: usize,
        lines: &mut std::iter::Peekable<impl Iterator<Item = (usize, &'text str)>>,
    ) -> Self {
        let mut children = Vec::new();
        while let Some((below, content)) = lines.next_if(|(below, _)| *below > depth) {
            children.push(Self::with_children(content, below, lines));
        }
        let (kind, fields) = content.split_once(" id: ").unwrap_or((content, ""));
        Self {
            kind,
            fields,
            children,
        }
    }

    /// The text between the name of a field and that of the next one.
    pub fn between(&self, field: &str, next: &str) -> Option<&'text str> {
        let (_, rest) = self.fields.split_once(field)?;
        Some(rest.rsplit_once(next)?.0)
    }

    /// The text behind the last of a field's names.
    pub fn last(&self, field: &str) -> Option<&'text str> {
        Some(self.fields.rsplit_once(field)?.1)
    }

    /// The number by which others name the node.
    pub fn id(&self) -> &'text str {
        self.fields.split(',').next().unwrap_or_default()
    }

    /// The child of a kind.
    pub fn child(&self, kind: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.kind == kind)
    }

    /// The arguments of a function of such a name.
    pub fn arguments_of(&self, names: &[&str]) -> Option<&[Self]> {
        let name = self.between("function_name: ", ", function_type: ")?;
        let is_meant = self.kind == "FUNCTION" && names.contains(&name);
        let list = self.child("ARGUMENTS")?.child("LIST")?;
        is_meant.then_some(list.children.as_slice())
    }

    /// The name of a column of the table with that number.
    pub fn column_of(&self, table: &str) -> Option<&'text str> {
        let is_of_table = self.kind == "COLUMN" && self.last(", source_id: ") == Some(table);
        self.between("column_name: ", ", result_type: ")
            .filter(|_| is_of_table)
    }

    /// The texts of a constant that is a text, or a list of texts.
    pub fn texts(&self) -> Option<Vec<String>> {
        let value = self.between("constant_value: ", ", constant_value_type: ")?;
        let of_type = self.last(", constant_value_type: ")?;
        let is_text = of_type
            .split(['(', ')', ',', ' '])
            .filter(|word| !word.is_empty())
            .all(|word| ["String", "Tuple", "Array", "LowCardinality"].contains(&word));
        is_text.then(|| quoted(value))
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

/// The texts in single quotes.
fn quoted(value: &str) -> Vec<String> {
    let (mut texts, mut open) = (Vec::new(), None::<String>);
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match (letter, open.as_mut()) {
            ('\'', None) => open = Some(String::new()),
            ('\'', Some(_)) => texts.extend(open.take()),
            ('\\', Some(text)) => text.extend(letters.next().map(|escaped| match escaped {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            })),
            (letter, Some(text)) => text.push(letter),
            (_, None) => {}
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_with_its_columns_and_constants() {
        let text = "QUERY id: 0\n  WHERE\n    FUNCTION id: 4, function_name: in, function_type: ordinary, result_type: UInt8\n      \
                    ARGUMENTS\n        LIST id: 5, nodes: 2\n          \
                    COLUMN id: 6, column_name: a, b, result_type: String, source_id: 3\n          \
                    CONSTANT id: 7, constant_value: Tuple_('it\\'s, so', 'x'), constant_value_type: Tuple(String, String)\n";
        let query = QueryNode::read(text);
        assert_eq!((query.kind, query.id()), ("QUERY", "0"));
        let condition = &query.child("WHERE").unwrap().children[0];
        assert!(condition.arguments_of(&["equals"]).is_none());
        let [column, constant] = condition.arguments_of(&["in"]).unwrap() else {
            panic!("{condition:?}");
        };
        assert_eq!(column.column_of("3"), Some("a, b"));
        assert_eq!(column.column_of("33"), None);
        assert_eq!(constant.texts().unwrap(), ["it's, so", "x"]);
        assert_eq!(column.texts(), None);
        assert_eq!(query.all().len(), 7);
    }
}
