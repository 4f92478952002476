//! The source of a delivery, measured: where the reader stands, and how much a single XML event
//! has cost so far. The XML reader buffers one event; the budget stops it before that buffer grows
//! past the limit.

use std::io::{self, BufRead, Read};

use crate::Position;

/// Marks an I/O error as ours: the event passed its budget.
#[derive(Debug, thiserror::Error)]
#[error("a text or tag is too long")]
pub(crate) struct OverBudget;

#[derive(Debug)]
pub(crate) struct Source<R> {
    inner: R,
    budget: usize,
    spent: usize,
    offset: u64,
    line: u64,
    line_start: u64,
}

impl<R: BufRead> Source<R> {
    pub(crate) const fn new(inner: R, budget: usize) -> Self {
        Self {
            inner,
            budget,
            spent: 0,
            offset: 0,
            line: 1,
            line_start: 0,
        }
    }

    /// A new event begins: the whole budget is there again.
    pub(crate) const fn refill(&mut self) {
        self.spent = 0;
    }

    pub(crate) const fn position(&self) -> Position {
        Position {
            line: self.line,
            column: self.offset - self.line_start + 1,
            offset: self.offset,
        }
    }
}

impl<R: BufRead> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        for (target, byte) in buffer.iter_mut().zip(available) {
            *target = *byte;
        }
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.spent > self.budget {
            return Err(io::Error::other(OverBudget));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // The buffer is still there: `fill_buf` without an intervening `consume` returns it again.
        if let Some(taken) = self.inner.fill_buf().ok().and_then(|b| b.get(..amount)) {
            let lines = taken.iter().filter(|byte| **byte == b'\n').count();
            if lines > 0 {
                self.line += lines as u64;
                let last = taken.iter().rposition(|byte| *byte == b'\n').unwrap_or(0);
                self.line_start = self.offset + last as u64 + 1;
            }
        }
        self.spent = self.spent.saturating_add(amount);
        self.offset += amount as u64;
        self.inner.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_across_small_buffers() {
        let text = "ab\ncd\n\nef";
        let mut source = Source::new(io::BufReader::with_capacity(2, text.as_bytes()), 1000);
        let mut all = String::new();
        source.read_to_string(&mut all).unwrap();
        assert_eq!(all, text);
        let position = source.position();
        assert_eq!((position.line, position.column, position.offset), (4, 3, 9));
    }

    #[test]
    fn stops_soon_after_the_budget_is_spent() {
        let endless = io::BufReader::with_capacity(64, io::repeat(b'x'));
        let mut source = Source::new(endless, 1000);
        let mut taken = Vec::new();
        let error = source.read_to_end(&mut taken).unwrap_err();
        assert!(
            error
                .get_ref()
                .is_some_and(<dyn std::error::Error + Send + Sync>::is::<OverBudget>)
        );
        assert!(taken.len() <= 1064, "{}", taken.len());
    }
}
