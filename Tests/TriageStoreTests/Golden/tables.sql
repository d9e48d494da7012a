CREATE INDEX ledger_about ON ledger (about, seq) WHERE about IS NOT NULL;
CREATE UNIQUE INDEX ledger_id ON ledger (id);
CREATE INDEX ledger_ticket ON ledger (ticket, seq) WHERE ticket IS NOT NULL;
CREATE INDEX queue_age ON queue (enqueued_at) WHERE state IN ('waiting', 'leased');
CREATE INDEX queue_finished ON queue (state, updated_at) WHERE state IN ('done', 'dead');
CREATE UNIQUE INDEX queue_key ON queue (key_hash) WHERE key_hash IS NOT NULL;
CREATE INDEX queue_leased ON queue (due) WHERE state = 'leased';
CREATE INDEX queue_requester ON queue (requester) WHERE requester IS NOT NULL;
CREATE INDEX queue_state ON queue (state);
CREATE INDEX queue_texts_ticket ON queue_texts (ticket) WHERE ticket IS NOT NULL;
CREATE INDEX queue_waiting ON queue (due) WHERE state = 'waiting';
CREATE INDEX requesters_at ON requesters (at);
CREATE INDEX requesters_hash ON requesters (hash);
CREATE INDEX texts_at ON texts (at);
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    ticket TEXT,
    about INTEGER,
    record BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TABLE memory (
    seq INTEGER PRIMARY KEY,
    space TEXT NOT NULL,
    content INTEGER NOT NULL,
    vector BLOB NOT NULL
) STRICT;
CREATE TABLE memory_start (seq INTEGER NOT NULL) STRICT;
CREATE TABLE queue (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'leased', 'done', 'dead')),
    due INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    key_hash BLOB,
    request_hash BLOB NOT NULL,
    enqueued_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    decision TEXT,
    error TEXT
, requester BLOB) STRICT;
CREATE TABLE queue_counts (state TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE queue_texts (
    number INTEGER PRIMARY KEY,
    ticket TEXT,
    subject BLOB NOT NULL,
    body BLOB NOT NULL,
    was_cut INTEGER NOT NULL,
    floors BLOB NOT NULL,
    subject_hash BLOB NOT NULL,
    body_hash BLOB NOT NULL,
    options BLOB NOT NULL
) STRICT;
CREATE TABLE requesters (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TABLE requests (
    number INTEGER PRIMARY KEY,
    request BLOB NOT NULL,
    answer BLOB
) STRICT;
CREATE TABLE texts (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    subject BLOB NOT NULL,
    body BLOB NOT NULL,
    was_cut INTEGER NOT NULL,
    answer BLOB NOT NULL
, codec INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TRIGGER queue_deleted AFTER DELETE ON queue BEGIN
    UPDATE queue_counts SET count = count - 1 WHERE state = OLD.state;
END;
CREATE TRIGGER queue_inserted AFTER INSERT ON queue BEGIN
    UPDATE queue_counts SET count = count + 1 WHERE state = NEW.state;
END;
CREATE TRIGGER queue_moved AFTER UPDATE OF state ON queue WHEN NEW.state <> OLD.state BEGIN
    UPDATE queue_counts SET count = count - 1 WHERE state = OLD.state;
    UPDATE queue_counts SET count = count + 1 WHERE state = NEW.state;
END;
