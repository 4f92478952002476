//! The index and how documents get into it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use einmal_model::Ars;
use tantivy::directory::MmapDirectory;
use tantivy::schema::{
    Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use crate::{SearchError, analysis};

/// What is found: a service, a life event, an office.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Unique in the index; a document with the same id is replaced.
    pub id: String,
    /// What it is, for example `service`; queries may ask for one kind only.
    pub kind: String,
    /// The title people see. Weighs most.
    pub title: String,
    /// Other words for it: synonyms, the official name.
    pub synonyms: String,
    /// One or two sentences.
    pub teaser: String,
    /// Everything else, as plain text.
    pub body: String,
    /// Keys by which it is known exactly, for example LeiKa keys.
    pub keys: Vec<String>,
    /// Areas in which it holds; none means everywhere.
    pub regions: Vec<Ars>,
    /// Orders documents that fit equally well; higher comes first.
    pub weight: u64,
}

/// Stands for "holds everywhere" in the field of the regions.
pub(crate) const EVERYWHERE: &str = "*";

#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    pub(crate) id: Field,
    pub(crate) kind: Field,
    pub(crate) title: Field,
    pub(crate) synonyms: Field,
    pub(crate) teaser: Field,
    pub(crate) body: Field,
    pub(crate) key: Field,
    pub(crate) region: Field,
    pub(crate) weight: Field,
}

fn schema() -> (Schema, Fields) {
    let german = |stored: bool| {
        let options = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(analysis::GERMAN)
                .set_index_option(IndexRecordOption::WithFreqs),
        );
        if stored {
            options.set_stored()
        } else {
            options
        }
    };
    let mut builder = Schema::builder();
    let fields = Fields {
        id: builder.add_text_field("id", STRING | STORED),
        kind: builder.add_text_field("kind", STRING | STORED),
        title: builder.add_text_field("title", german(true)),
        synonyms: builder.add_text_field("synonyms", german(false)),
        teaser: builder.add_text_field("teaser", german(true)),
        body: builder.add_text_field("body", german(false)),
        key: builder.add_text_field("key", STRING),
        region: builder.add_text_field("region", STRING | STORED),
        weight: builder.add_u64_field("weight", INDEXED | STORED),
    };
    (builder.build(), fields)
}

/// The index. Cheap to clone; all clones see the same documents.
#[derive(Clone)]
pub struct Index {
    pub(crate) reader: IndexReader,
    pub(crate) fields: Fields,
    /// The words of titles and synonyms, to find parts of compounds without walking the dictionary
    /// of every segment with an automaton.
    words: Arc<RwLock<Arc<[String]>>>,
    index: tantivy::Index,
    writer: Arc<Mutex<Option<IndexWriter>>>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index")
            .field("documents", &self.len())
            .finish_non_exhaustive()
    }
}

impl Index {
    /// Bytes that one batch of documents may take before it is written out.
    const BUDGET: usize = 40_000_000;

    /// An index that goes with the process.
    ///
    /// # Errors
    /// [`SearchError`] when the library cannot set it up.
    pub fn in_memory() -> Result<Self, SearchError> {
        let (schema, fields) = schema();
        Self::with(tantivy::Index::create_in_ram(schema), fields)
    }

    /// An index in a folder. A folder that holds something else, or an index of an older shape, is
    /// emptied: the caller sees [`Index::is_empty`] and builds it again.
    ///
    /// # Errors
    /// [`SearchError`] when the folder cannot be written.
    pub fn in_folder(folder: &Path) -> Result<Self, SearchError> {
        std::fs::create_dir_all(folder)?;
        let open = |folder: &Path| {
            let (schema, fields) = schema();
            let directory = MmapDirectory::open(folder).map_err(tantivy::TantivyError::from)?;
            Self::with(tantivy::Index::open_or_create(directory, schema)?, fields)
        };
        open(folder).or_else(|_| {
            std::fs::remove_dir_all(folder)?;
            std::fs::create_dir_all(folder)?;
            open(folder)
        })
    }

    fn with(index: tantivy::Index, fields: Fields) -> Result<Self, SearchError> {
        index
            .tokenizers()
            .register(analysis::GERMAN, analysis::german());
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        let index = Self {
            reader,
            fields,
            words: Arc::new(RwLock::new(Arc::from([]))),
            index,
            writer: Arc::default(),
        };
        index.reload()?;
        Ok(index)
    }

    /// Shows what was committed last.
    fn reload(&self) -> Result<(), SearchError> {
        self.reader.reload()?;
        let mut words = BTreeSet::new();
        for segment in self.reader.searcher().segment_readers() {
            for field in [self.fields.title, self.fields.synonyms] {
                let inverted = segment.inverted_index(field)?;
                let mut terms = inverted.terms().stream()?;
                while terms.advance() {
                    if let Ok(word) = std::str::from_utf8(terms.key()) {
                        words.insert(word.to_owned());
                    }
                }
            }
        }
        let mut slot = self.words.write().unwrap_or_else(PoisonError::into_inner);
        *slot = words.into_iter().collect();
        Ok(())
    }

    /// The words of titles and synonyms.
    pub(crate) fn words(&self) -> Arc<[String]> {
        Arc::clone(&self.words.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// How many documents can be found.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// True when nothing can be found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Begins a batch of changes. There is one batch at a time: a second one waits for the first.
    /// What is not committed is undone.
    ///
    /// # Errors
    /// [`SearchError`] when another process writes this index.
    pub fn writer(&self) -> Result<Writer<'_>, SearchError> {
        let mut slot = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.is_none() {
            *slot = Some(
                self.index
                    .writer_with_num_threads::<TantivyDocument>(1, Self::BUDGET)?,
            );
        }
        Ok(Writer { index: self, slot })
    }
}

/// A batch of changes; nobody sees it before [`Writer::commit`].
pub struct Writer<'i> {
    index: &'i Index,
    slot: std::sync::MutexGuard<'i, Option<IndexWriter>>,
}

impl Writer<'_> {
    fn inner(&mut self) -> Result<&mut IndexWriter, SearchError> {
        self.slot
            .as_mut()
            .ok_or_else(|| SearchError("the batch has ended".to_owned()))
    }

    /// Adds a document, in place of the one with its id.
    ///
    /// # Errors
    /// [`SearchError`] when the disk refuses.
    pub fn replace(&mut self, document: &Document) -> Result<(), SearchError> {
        self.delete(&document.id)?;
        self.add(document)
    }

    /// Adds a document whose id is not in the index, for example after [`Writer::clear`].
    ///
    /// # Errors
    /// [`SearchError`] when the disk refuses.
    pub fn add(&mut self, document: &Document) -> Result<(), SearchError> {
        let fields = self.index.fields;
        let mut entry = TantivyDocument::default();
        for (field, text) in [
            (fields.id, &document.id),
            (fields.kind, &document.kind),
            (fields.title, &document.title),
            (fields.synonyms, &document.synonyms),
            (fields.teaser, &document.teaser),
            (fields.body, &document.body),
        ] {
            entry.add_text(field, text);
        }
        for key in &document.keys {
            entry.add_text(fields.key, key);
        }
        for region in &document.regions {
            entry.add_text(fields.region, region.as_str());
        }
        if document.regions.is_empty() {
            entry.add_text(fields.region, EVERYWHERE);
        }
        entry.add_u64(fields.weight, document.weight);
        self.inner()?.add_document(entry)?;
        Ok(())
    }

    /// Deletes the document with this id; one that is not there is nothing special.
    ///
    /// # Errors
    /// [`SearchError`] when the batch has ended.
    pub fn delete(&mut self, id: &str) -> Result<(), SearchError> {
        let term = Term::from_field_text(self.index.fields.id, id);
        self.inner()?.delete_term(term);
        Ok(())
    }

    /// Deletes everything.
    ///
    /// # Errors
    /// [`SearchError`] when the batch has ended.
    pub fn clear(&mut self) -> Result<(), SearchError> {
        self.inner()?.delete_all_documents()?;
        Ok(())
    }

    /// Makes the batch visible.
    ///
    /// # Errors
    /// [`SearchError`] when the disk refuses; nothing of the batch is visible then.
    pub fn commit(mut self) -> Result<(), SearchError> {
        self.inner()?.commit()?;
        self.index.reload()
    }
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        // Ends the library's threads and undoes what was not committed.
        drop(self.slot.take());
    }
}
