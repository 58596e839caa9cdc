"""What the databases need beside the table: FTS5 with its triggers on SQLite, a tsvector with its index on PostgreSQL.

SQLite drops triggers without a word when a migration rebuilds the table: every migration that touches it ends with
`build`.
"""

FTS5 = (
    "DROP TRIGGER IF EXISTS search_document_added",
    "DROP TRIGGER IF EXISTS search_document_removed",
    "DROP TRIGGER IF EXISTS search_document_changed",
    "DROP TABLE IF EXISTS search_fts",
    # Words come ready and apart by blanks; "." ":" "=" belong to terms. Without places: a term is there or it is not.
    """CREATE VIRTUAL TABLE search_fts USING fts5(terms, content='search_searchdocument', content_rowid='id',
        tokenize="unicode61 remove_diacritics 0 tokenchars '.:='", detail=none, prefix='3 4 5')""",
    """CREATE TRIGGER search_document_added AFTER INSERT ON search_searchdocument BEGIN
        INSERT INTO search_fts(rowid, terms) VALUES (new.id, new.terms); END""",
    """CREATE TRIGGER search_document_removed AFTER DELETE ON search_searchdocument BEGIN
        INSERT INTO search_fts(search_fts, rowid, terms) VALUES ('delete', old.id, old.terms); END""",
    """CREATE TRIGGER search_document_changed AFTER UPDATE OF id, terms ON search_searchdocument BEGIN
        INSERT INTO search_fts(search_fts, rowid, terms) VALUES ('delete', old.id, old.terms);
        INSERT INTO search_fts(rowid, terms) VALUES (new.id, new.terms); END""",
    "INSERT INTO search_fts(search_fts) VALUES ('rebuild')",
)
TSVECTOR = (
    "ALTER TABLE search_searchdocument DROP COLUMN IF EXISTS found_by",
    # Made from the ready terms, not by a parser: it would cut "kh.ubnd" in its own way.
    """ALTER TABLE search_searchdocument ADD COLUMN found_by tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(terms, ' '))) STORED""",
    "CREATE INDEX search_found_by ON search_searchdocument USING gin (found_by)",
    # Long columns lie outside the rows, so that a question of many hits reads few pages.
    "ALTER TABLE search_searchdocument SET (toast_tuple_target = 128)",
)


def build(apps, schema_editor):
    statements = FTS5 if schema_editor.connection.vendor == "sqlite" else TSVECTOR
    for statement in statements:
        schema_editor.execute(statement)
