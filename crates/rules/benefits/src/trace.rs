//! Why a result is what it is: a tree of line → value → rule → norm → inputs.
//!
//! Calculations are generic over a [`Sink`]. With [`Silent`] every call compiles to nothing, so a
//! result without a trace costs no more than the arithmetic; with [`Recorder`] the same code leaves
//! the tree that notices and "Warum?" pages show.

mod render;
mod wording;

pub use wording::Line;

use einmal_model::Cents;
use jiff::civil::Date;

/// Language of labels and rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// German.
    German,
    /// English.
    English,
}

/// A value on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// An amount of money.
    Money(Cents),
    /// A rate in thousandths.
    Permille(i64),
    /// A number of things (months, children, days).
    Count(i64),
    /// A calendar day.
    Day(Date),
    /// A word of the input or of a decision, as it stands in the interface.
    Word(&'static str),
    /// Yes or no.
    Flag(bool),
}

/// One line of a trace with what it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Which line it is; gives label and rule.
    pub line: Line,
    /// The month of life it is about, if any.
    pub month: Option<u8>,
    /// The value.
    pub value: Value,
    /// Paragraph, or the source of a parameter; empty for what the applicant stated.
    pub norm: &'static str,
    /// The lines it was made from.
    pub parts: Vec<Node>,
}

/// Receives the lines of a calculation while it runs.
pub trait Sink {
    /// Starts a line whose parts follow.
    fn open(&mut self);
    /// Ends the line that was opened last, with an own norm and month.
    fn close_as(&mut self, line: Line, month: Option<u8>, value: Value, norm: &'static str);
    /// Ends the line that was opened last.
    fn close(&mut self, line: Line, value: Value) {
        self.close_as(line, None, value, line.norm());
    }
    /// A line without parts.
    fn leaf(&mut self, line: Line, value: Value) {
        self.open();
        self.close(line, value);
    }
    /// A line without parts, with the source of its figure.
    fn leaf_from(&mut self, line: Line, value: Value, norm: &'static str) {
        self.open();
        self.close_as(line, None, value, norm);
    }
}

/// Keeps nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Sink for Silent {
    #[inline]
    fn open(&mut self) {}
    #[inline]
    fn close_as(&mut self, _: Line, _: Option<u8>, _: Value, _: &'static str) {}
}

/// Keeps the tree.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    finished: Vec<Node>,
    open: Vec<Vec<Node>>,
}

impl Recorder {
    /// The recorded lines of the outermost level.
    #[must_use]
    pub fn into_nodes(self) -> Vec<Node> {
        self.finished
    }
}

impl Sink for Recorder {
    fn open(&mut self) {
        self.open.push(Vec::new());
    }

    fn close_as(&mut self, line: Line, month: Option<u8>, value: Value, norm: &'static str) {
        let parts = self.open.pop().unwrap_or_default();
        let node = Node {
            line,
            month,
            value,
            norm,
            parts,
        };
        match self.open.last_mut() {
            Some(level) => level.push(node),
            None => self.finished.push(node),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hang_below_the_line_that_closes_after_them() {
        let mut sink = Recorder::default();
        sink.open();
        sink.leaf(Line::Gross, Value::Money(Cents(100)));
        sink.close(Line::Net, Value::Money(Cents(80)));
        let nodes = sink.into_nodes();
        assert_eq!(nodes.len(), 1);
        assert_eq!(nodes[0].line, Line::Net);
        assert_eq!(nodes[0].parts[0].line, Line::Gross);
    }
}
