//! Questions to the index.
//!
//! Three attempts, each wider than the one before, and the first that finds something counts:
//! every word as it is (also as part of a compound), every word with a typing error or as a
//! beginning, then some of the words in title and synonyms. So precise words are never drowned
//! by guesses.

use einmal_model::Ars;
use tantivy::collector::TopDocs;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur,
    Query as Clause, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Value as _};
use tantivy::{TantivyDocument, Term};

use crate::analysis::Word;
use crate::index::EVERYWHERE;
use crate::{Index, SearchError, analysis};

/// A question.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<'a> {
    /// What the person typed.
    pub words: &'a str,
    /// Where: only documents that hold there or everywhere. Nothing means no filter.
    pub place: Option<Ars>,
    /// Only documents of this kind.
    pub kind: Option<&'a str>,
    /// How many answers; 0 means 20, at most 200.
    pub limit: usize,
    /// How many answers to skip.
    pub offset: usize,
}

/// How a document was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matched {
    /// By the words as they were typed.
    Words,
    /// By words that are spelled similarly, or that begin like it.
    Similar,
    /// By some of the words only.
    Some,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Id of the document.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Its teaser.
    pub teaser: String,
    /// How well it fits; comparable within one answer only.
    pub score: f32,
    /// How it was found.
    pub matched: Matched,
}

const MOST_WORDS: usize = 16;
const MOST_HITS: usize = 200;
/// Compounds of one word that are looked for.
const MOST_COMPOUNDS: usize = 500;
/// Shorter words are not looked for inside compounds, nor with typing errors.
const SHORTEST_PART: usize = 5;

impl Index {
    /// The documents that fit, best first. A question without words finds nothing.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be read.
    pub fn search(&self, query: &Query<'_>) -> Result<Vec<Hit>, SearchError> {
        let words = analysis::query_words(query.words, MOST_WORDS);
        if words.is_empty() {
            return Ok(Vec::new());
        }
        for matched in [Matched::Words, Matched::Similar, Matched::Some] {
            if matched == Matched::Some && words.iter().filter(|word| word.carries).count() < 2 {
                break;
            }
            let hits = self.attempt(query, &words, matched)?;
            if !hits.is_empty() || query.offset > 0 && matched == Matched::Words {
                return Ok(hits);
            }
        }
        Ok(Vec::new())
    }

    fn attempt(
        &self,
        query: &Query<'_>,
        words: &[Word],
        matched: Matched,
    ) -> Result<Vec<Hit>, SearchError> {
        let mut clauses: Vec<(Occur, Box<dyn Clause>)> = Vec::new();
        let mut wanted: Vec<Box<dyn Clause>> = Vec::new();
        for word in words {
            let clause = self.word(&word.stem, matched);
            if word.carries {
                wanted.push(clause);
            } else {
                let weak = BoostQuery::new(clause, 0.2);
                clauses.push((Occur::Should, Box::new(weak)));
            }
        }
        let required = match (matched, wanted.len()) {
            (Matched::Some, _) => 1,
            (_, all @ 0..=2) => all,
            // Of a longer question one word may be missing.
            (_, all) => all - 1,
        };
        let wanted = BooleanQuery::union_with_minimum_required_clauses(wanted, required);
        clauses.push((Occur::Must, Box::new(wanted)));
        if let Some(place) = query.place {
            clauses.push((Occur::Must, self.holds_at(place)));
        }
        if let Some(kind) = query.kind {
            let term = TermQuery::new(
                Term::from_field_text(self.fields.kind, kind),
                IndexRecordOption::Basic,
            );
            clauses.push((
                Occur::Must,
                Box::new(ConstScoreQuery::new(Box::new(term), 0.0)),
            ));
        }
        let limit = match query.limit {
            0 => 20,
            limit => limit.min(MOST_HITS),
        };
        let searcher = self.reader.searcher();
        let top = TopDocs::with_limit(limit)
            .and_offset(query.offset.min(10_000))
            .order_by_score();
        let found = searcher.search(&BooleanQuery::new(clauses), &top)?;
        let mut hits = Vec::with_capacity(found.len());
        for (score, address) in found {
            let document: TantivyDocument = searcher.doc(address)?;
            let text = |field| {
                document
                    .get_first(field)
                    .and_then(|value| value.as_str().map(str::to_owned))
                    .unwrap_or_default()
            };
            let weight = document
                .get_first(self.fields.weight)
                .and_then(|value| value.as_u64())
                .unwrap_or_default();
            hits.push((
                weight,
                Hit {
                    id: text(self.fields.id),
                    kind: text(self.fields.kind),
                    title: text(self.fields.title),
                    teaser: text(self.fields.teaser),
                    score,
                    matched,
                },
            ));
        }
        // Equal fit: the weightier document, then the smaller id, so that answers are stable.
        hits.sort_by(|(left_weight, left), (right_weight, right)| {
            right
                .score
                .total_cmp(&left.score)
                .then(right_weight.cmp(left_weight))
                .then_with(|| left.id.cmp(&right.id))
        });
        Ok(hits.into_iter().map(|(_, hit)| hit).collect())
    }

    /// One word in any field.
    fn word(&self, word: &str, matched: Matched) -> Box<dyn Clause> {
        let fields = self.fields;
        let exact = |field: Field, boost: f32| -> Box<dyn Clause> {
            let term = Term::from_field_text(field, word);
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            Box::new(BoostQuery::new(Box::new(query), boost))
        };
        let mut ways = vec![
            exact(fields.title, 4.0),
            exact(fields.synonyms, 3.0),
            exact(fields.key, 10.0),
        ];
        if matched != Matched::Some {
            ways.push(exact(fields.teaser, 1.5));
            ways.push(exact(fields.body, 1.0));
        }
        let length = word.chars().count();
        if length >= SHORTEST_PART {
            // "Ausweis" finds "Personalausweis", and with less weight "Ausweisgebühr".
            let known = self.words();
            let longer = |fits: &dyn Fn(&str) -> bool| -> Vec<&String> {
                known
                    .iter()
                    .filter(|other| other.len() > word.len() && fits(other))
                    .take(MOST_COMPOUNDS)
                    .collect()
            };
            for (compounds, title, synonym) in [
                (longer(&|other| other.ends_with(word)), 8.0, 6.0),
                (longer(&|other| other.starts_with(word)), 4.0, 3.0),
            ] {
                if compounds.is_empty() {
                    continue;
                }
                for (field, score) in [(fields.title, title), (fields.synonyms, synonym)] {
                    let terms = compounds
                        .iter()
                        .map(|compound| Term::from_field_text(field, compound));
                    let part = TermSetQuery::new(terms);
                    ways.push(Box::new(ConstScoreQuery::new(Box::new(part), score)));
                }
            }
        }
        if matched == Matched::Similar && length >= 3 {
            let distance = match length {
                0..SHORTEST_PART => 0,
                SHORTEST_PART..=8 => 1,
                _ => 2,
            };
            for (field, score) in [
                (fields.title, 2.0),
                (fields.synonyms, 1.5),
                (fields.teaser, 0.5),
            ] {
                let term = Term::from_field_text(field, word);
                let beginning = FuzzyTermQuery::new_prefix(term.clone(), 0, true);
                ways.push(Box::new(ConstScoreQuery::new(Box::new(beginning), score)));
                if distance > 0 {
                    let similar = FuzzyTermQuery::new(term, distance, true);
                    ways.push(Box::new(ConstScoreQuery::new(Box::new(similar), score)));
                }
            }
        }
        Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, 0.2))
    }

    /// Documents that hold at a place: there, in an area around it, or everywhere.
    fn holds_at(&self, place: Ars) -> Box<dyn Clause> {
        let field = self.fields.region;
        let areas = place
            .chain()
            .map(|(_, area)| Term::from_field_text(field, area.as_str()))
            .chain([Term::from_field_text(field, EVERYWHERE)]);
        Box::new(ConstScoreQuery::new(
            Box::new(TermSetQuery::new(areas)),
            0.0,
        ))
    }
}
