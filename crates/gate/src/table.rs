//! Tables on a terminal.

use unicode_width::UnicodeWidthStr as _;

use crate::log_text::log_line;

/// A table with columns that are as wide as their widest cell.
pub(crate) struct ListTable {
    rows: Vec<Vec<String>>,
}

impl ListTable {
    pub(crate) fn new<const N: usize>(header: [&str; N]) -> Self {
        Self { rows: vec![header.map(str::to_owned).to_vec()] }
    }

    /// Adds a row. Text from elsewhere in it cannot act.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.map(|cell| log_line(&cell)).to_vec());
    }

    pub(crate) fn to_text(&self) -> String {
        let columns = self.rows.first().map_or(0, Vec::len);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.width()).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut text = String::new();
        for row in &self.rows {
            let cells = row.iter().zip(&widths).map(|(cell, width)| {
                format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width())))
            });
            text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::ListTable;

    #[test]
    fn cells_are_aligned_and_on_one_line() {
        let mut table = ListTable::new(["id", "name", "x"]);
        table.row(["1".to_owned(), "B\u{fc}cher\n\u{1b}[2J\u{202e}".to_owned(), String::new()]);
        table.row(["200".to_owned(), "::a".to_owned(), "y".to_owned()]);
        assert_eq!(
            table.to_text(),
            "id   name        x\n1    B\u{fc}cher [2J\n200  : :a        y\n"
        );
    }
}
