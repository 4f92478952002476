//! SPDX licence expressions: is what a package allows also what we accept?

/// Whether an expression can be satisfied with accepted licences only.
///
/// `OR` needs one side, `AND` both; `X WITH Y` counts as one name; the old `X/Y` means `X OR Y`.
/// What cannot be read is not accepted.
pub(crate) fn accepted(expression: &str, accept: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader {
        words: &words,
        accept,
    };
    let result = reader.any();
    result == Some(true) && reader.words.is_empty()
}

struct Reader<'a> {
    words: &'a [&'a str],
    accept: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn take(&mut self, word: &str) -> bool {
        match self.words.split_first() {
            Some((first, rest)) if *first == word => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }

    fn any(&mut self) -> Option<bool> {
        let mut result = self.all()?;
        while self.take("OR") {
            result |= self.all()?;
        }
        Some(result)
    }

    fn all(&mut self) -> Option<bool> {
        let mut result = self.one()?;
        while self.take("AND") {
            result &= self.one()?;
        }
        Some(result)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let result = self.any()?;
            return self.take(")").then_some(result);
        }
        let (name, rest) = self.words.split_first()?;
        self.words = rest;
        if ["OR", "AND", "WITH", ")"].contains(name) {
            return None;
        }
        if self.take("WITH") {
            let (exception, rest) = self.words.split_first()?;
            self.words = rest;
            return Some((self.accept)(&format!("{name} WITH {exception}")));
        }
        Some((self.accept)(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(expression: &str) -> bool {
        accepted(expression, &|name| {
            ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&name)
        })
    }

    #[test]
    fn one_side_of_or_is_enough_and_both_sides_of_and_are_needed() {
        assert!(ours("MIT OR GPL-3.0"));
        assert!(ours("GPL-3.0/MIT"));
        assert!(!ours("MIT AND GPL-3.0"));
        assert!(ours("(GPL-3.0 OR MIT) AND ISC"));
        assert!(!ours("GPL-3.0 OR MIT AND Apache-2.0"));
    }

    #[test]
    fn an_exception_belongs_to_its_licence() {
        assert!(ours("Apache-2.0 WITH LLVM-exception"));
        assert!(!ours("Apache-2.0"));
    }

    #[test]
    fn what_cannot_be_read_is_not_accepted() {
        for broken in [
            "", "MIT OR", "(MIT", "MIT)", "MIT ISC", "AND MIT", "MIT WITH",
        ] {
            assert!(!ours(broken), "{broken:?}");
        }
    }
}
