//! How much of a delivery is held at once.

/// Upper bounds that hold before anything is allocated. A delivery beyond one of them is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Nesting of elements.
    pub depth: usize,
    /// Attributes of one element.
    pub attributes: usize,
    /// Bytes of one element's text, and of one tag.
    pub text: usize,
    /// Bytes of text and attribute values in one record.
    pub record: usize,
    /// Elements in one record.
    pub elements: usize,
    /// Records in one delivery.
    pub records: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 64,
            attributes: 64,
            text: 2 << 20,
            record: 16 << 20,
            elements: 400_000,
            records: 20_000_000,
        }
    }
}
