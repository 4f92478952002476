//! One record as a small tree in two flat buffers, reused from record to record.
//!
//! All text lies in one string; nodes are indices. The mapping walks it once and copies out what
//! the model keeps.

use crate::{Limits, ReadErrorKind};

/// The namespace of an element, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    /// The namespace of the message.
    Xzufi,
    /// No namespace: `code` and `name` of code values.
    None,
    /// Any other.
    Foreign,
}

#[derive(Debug, Clone, Copy, Default)]
struct Range {
    start: usize,
    end: usize,
}

const NONE: u32 = u32::MAX;

#[derive(Debug)]
struct Entry {
    name: Range,
    space: Space,
    text: Range,
    first_attribute: usize,
    attributes: usize,
    first_child: u32,
    last_child: u32,
    next: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Tree {
    text: String,
    entries: Vec<Entry>,
    attributes: Vec<(Range, Range)>,
    open: Vec<u32>,
}

impl Tree {
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.entries.clear();
        self.attributes.clear();
        self.open.clear();
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Number of elements that are open.
    pub(crate) const fn depth(&self) -> usize {
        self.open.len()
    }

    pub(crate) fn open(
        &mut self,
        name: &str,
        space: Space,
        limits: &Limits,
    ) -> Result<(), ReadErrorKind> {
        if self.entries.len() >= limits.elements {
            return Err(limit("elements in one record", limits.elements));
        }
        let index = u32::try_from(self.entries.len()).unwrap_or(NONE);
        let name = self.push(name, limits)?;
        self.entries.push(Entry {
            name,
            space,
            text: Range::default(),
            first_attribute: self.attributes.len(),
            attributes: 0,
            first_child: NONE,
            last_child: NONE,
            next: NONE,
        });
        if let Some(parent) = self.open.last().copied() {
            let last = self.entry_mut(parent).map_or(NONE, |parent| {
                let last = parent.last_child;
                parent.last_child = index;
                if last == NONE {
                    parent.first_child = index;
                }
                last
            });
            if let Some(sibling) = self.entry_mut(last) {
                sibling.next = index;
            }
        }
        self.open.push(index);
        Ok(())
    }

    /// An attribute of the element opened last.
    pub(crate) fn attribute(
        &mut self,
        name: &str,
        value: &str,
        limits: &Limits,
    ) -> Result<(), ReadErrorKind> {
        let pair = (self.push(name, limits)?, self.push(value, limits)?);
        self.attributes.push(pair);
        if let Some(entry) = self.entries.last_mut() {
            entry.attributes += 1;
        }
        Ok(())
    }

    /// Text of the innermost open element.
    pub(crate) fn text(&mut self, text: &str, limits: &Limits) -> Result<(), ReadErrorKind> {
        let Some(index) = self.open.last().copied() else {
            return Ok(());
        };
        let held = self
            .entry_mut(index)
            .map(|entry| entry.text)
            .unwrap_or_default();
        let empty = held.start == held.end;
        let has_children = self
            .entry_mut(index)
            .is_some_and(|entry| entry.first_child != NONE);
        // Layout between children carries nothing.
        if has_children && text.chars().all(char::is_whitespace) {
            return Ok(());
        }
        if held.end - held.start + text.len() > limits.text {
            return Err(limit("bytes of text in one element", limits.text));
        }
        let range = if empty {
            self.push(text, limits)?
        } else if held.end == self.text.len() {
            let added = self.push(text, limits)?;
            Range {
                start: held.start,
                end: added.end,
            }
        } else {
            // Text resumes after a child: bring both parts together at the end.
            let before = self
                .text
                .get(held.start..held.end)
                .unwrap_or_default()
                .to_owned();
            let moved = self.push(&before, limits)?;
            let added = self.push(text, limits)?;
            Range {
                start: moved.start,
                end: added.end,
            }
        };
        if let Some(entry) = self.entry_mut(index) {
            entry.text = range;
        }
        Ok(())
    }

    pub(crate) fn close(&mut self) {
        self.open.pop();
    }

    /// The record's own element.
    pub(crate) fn root(&self) -> Option<Node<'_>> {
        self.node(0)
    }

    fn node(&self, index: u32) -> Option<Node<'_>> {
        let entry = self.entries.get(usize::try_from(index).ok()?)?;
        Some(Node { tree: self, entry })
    }

    fn entry_mut(&mut self, index: u32) -> Option<&mut Entry> {
        self.entries.get_mut(usize::try_from(index).ok()?)
    }

    fn push(&mut self, text: &str, limits: &Limits) -> Result<Range, ReadErrorKind> {
        if self.text.len() + text.len() > limits.record {
            return Err(limit("bytes in one record", limits.record));
        }
        let start = self.text.len();
        self.text.push_str(text);
        Ok(Range {
            start,
            end: self.text.len(),
        })
    }

    fn slice(&self, range: Range) -> &str {
        self.text.get(range.start..range.end).unwrap_or_default()
    }
}

pub(crate) const fn limit(what: &'static str, limit: usize) -> ReadErrorKind {
    ReadErrorKind::Limit {
        what,
        limit: limit as u64,
    }
}

/// One element of the record.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    tree: &'a Tree,
    entry: &'a Entry,
}

impl<'a> Node<'a> {
    /// Local name; empty for elements of foreign namespaces, so that none is mistaken for ours.
    pub(crate) fn name(self) -> &'a str {
        match self.entry.space {
            Space::Xzufi | Space::None => self.tree.slice(self.entry.name),
            Space::Foreign => "",
        }
    }

    /// Local name for messages, whatever the namespace.
    pub(crate) fn label(self) -> &'a str {
        self.tree.slice(self.entry.name)
    }

    /// The element's own text, unchanged.
    pub(crate) fn raw(self) -> &'a str {
        self.tree.slice(self.entry.text)
    }

    /// The element's own text without white space around it.
    pub(crate) fn text(self) -> &'a str {
        self.raw().trim()
    }

    pub(crate) fn attribute(self, name: &str) -> Option<&'a str> {
        self.tree
            .attributes
            .iter()
            .skip(self.entry.first_attribute)
            .take(self.entry.attributes)
            .find(|(key, _)| self.tree.slice(*key) == name)
            .map(|(_, value)| self.tree.slice(*value))
    }

    pub(crate) fn children(self) -> impl Iterator<Item = Node<'a>> {
        let mut next = self.entry.first_child;
        std::iter::from_fn(move || {
            let node = self.tree.node(next)?;
            next = node.entry.next;
            Some(node)
        })
    }
}
