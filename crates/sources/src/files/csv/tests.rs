//! Records of CSV: quotes, ends of lines, what is refused.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;

/// The cells of each record with its line, or the reason why there is none.
fn records(text: &[u8], delimiter: Delimiter) -> Vec<(u64, Result<Vec<String>, String>)> {
    let lines = Lines::new(Box::new(Cursor::new(text.to_vec())));
    let mut records = Records::new(lines, delimiter);
    let mut all = Vec::new();
    while let Some(read) = records.next().unwrap() {
        let cells = read
            .record
            .map(|record| record.texts().map(str::to_owned).collect());
        all.push((read.line, cells));
    }
    all
}

fn cells(text: &str) -> Vec<Vec<String>> {
    records(text.as_bytes(), Delimiter::Comma)
        .into_iter()
        .map(|(_, cells)| cells.unwrap())
        .collect()
}

#[test]
fn quotes_hold_delimiters_quotes_and_ends_of_lines() {
    assert_eq!(cells("a,\"b,c\",d\n"), [["a", "b,c", "d"]]);
    assert_eq!(cells("\"he said \"\"hi\"\"\",x"), [["he said \"hi\"", "x"]]);
    assert_eq!(
        cells("\"two\r\nlines\",x\r\ny,z\r\n"),
        [["two\r\nlines", "x"], ["y", "z"]]
    );
    assert_eq!(cells("a,\"\",\n"), [["a", "", ""]]);
    assert_eq!(cells("5\" disk,x\n"), [["5\" disk", "x"]]);
}

#[test]
fn a_record_is_named_by_its_first_line_and_blank_lines_count() {
    let all = records(b"a\n\n\"b\n\nb\"\r\n\r\nc", Delimiter::Comma);
    let lines: Vec<u64> = all.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [1, 3, 7]);
}

#[test]
fn an_open_quote_is_refused_where_it_opens() {
    let all = records(b"a,b\n1,\"x\n2,y\n3,z\n", Delimiter::Comma);
    assert_eq!(all.len(), 2);
    let reason = all[1].1.as_ref().unwrap_err();
    assert_eq!(reason, "the quote opened on line 2 is never closed");
}

#[test]
fn a_record_that_is_no_utf8_is_refused_and_the_next_is_read() {
    let all = records(b"a,\xff\nb,c\n\"\xff\",d\n", Delimiter::Comma);
    assert_eq!(all[0].1, Err("not UTF-8 after 2 bytes".to_owned()));
    assert_eq!(all[1].1, Ok(vec!["b".to_owned(), "c".to_owned()]));
    assert!(all[2].1.is_err());
}

#[test]
fn spaces_of_any_number_stand_between_cells_and_quotes_mean_nothing() {
    let all = records(
        b" 00004 0001 19970101  2   29.33\r\n a\t\"b \n",
        Delimiter::Spaces,
    );
    assert_eq!(
        all[0].1.as_ref().unwrap(),
        &["00004", "0001", "19970101", "2", "29.33"]
    );
    assert_eq!(all[1].1.as_ref().unwrap(), &["a", "\"b"]);
}

#[test]
fn the_delimiter_is_the_one_that_the_header_has_most_of() {
    for (header, delimiter) in [
        ("a,b,c", Delimiter::Comma),
        ("a;b;c", Delimiter::Semicolon),
        ("a\tb", Delimiter::Tab),
        ("a|b|c", Delimiter::Pipe),
        ("\"a,b,c\";d", Delimiter::Semicolon),
        ("alone", Delimiter::Comma),
    ] {
        assert_eq!(detect_delimiter(header.as_bytes()), delimiter, "{header}");
    }
}

/// A cell as RFC 4180 writes it.
fn written(cell: &str, delimiter: char, is_quoted: bool) -> String {
    if is_quoted || cell.contains(['"', '\n', '\r', delimiter]) || cell.is_empty() {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        rows in prop::collection::vec(
            prop::collection::vec((r#"[a ,;"\r\n|奖é]{0,6}"#, any::<bool>()), 1..5),
            1..8,
        ),
        end in prop::sample::select(vec!["\n", "\r\n"]),
        delimiter in prop::sample::select(vec![Delimiter::Comma, Delimiter::Semicolon, Delimiter::Pipe]),
    ) {
        let between = char::from(delimiter.byte());
        let mut text = String::new();
        for row in &rows {
            let cells: Vec<String> =
                row.iter().map(|(cell, is_quoted)| written(cell, between, *is_quoted)).collect();
            text.push_str(&cells.join(&between.to_string()));
            text.push_str(end);
        }
        let read: Vec<Vec<String>> = records(text.as_bytes(), delimiter)
            .into_iter()
            .map(|(_, cells)| cells.unwrap())
            .collect();
        let expected: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|(cell, _)| cell.clone()).collect())
            .collect();
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn any_bytes_are_read_without_an_accident(
        text in prop::collection::vec(prop::sample::select(b"a,\"\n\r \xff".to_vec()), 0..60),
    ) {
        for delimiter in [Delimiter::Comma, Delimiter::Spaces] {
            let all = records(&text, delimiter);
            prop_assert!(all.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }
}
