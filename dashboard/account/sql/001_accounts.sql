-- Instants are milliseconds since 1970 in UTC. What lets somebody in is kept as its SHA-256, in hexadecimal digits.
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    login TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    departments TEXT NOT NULL,           -- a JSON list
    password TEXT NOT NULL DEFAULT '',   -- argon2id in PHC form; empty while none is set
    subject TEXT NOT NULL DEFAULT '',    -- issuer and subject at an identity provider; empty for a local account
    disabled INTEGER NOT NULL DEFAULT 0,
    made INTEGER NOT NULL,
    password_set INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX accounts_subject ON accounts (subject) WHERE subject != '';

CREATE TABLE sessions (
    hash TEXT PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    made INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    way TEXT NOT NULL                    -- password, link or the identity provider
);
CREATE INDEX sessions_account ON sessions (account);

-- One row for each name that was tried, whether an account has it or not.
CREATE TABLE attempts (
    login TEXT PRIMARY KEY,              -- a hash of the name, so that a password typed there by mistake is not kept
    failures INTEGER NOT NULL,
    until INTEGER NOT NULL,
    last INTEGER NOT NULL
);

CREATE TABLE links (
    hash TEXT PRIMARY KEY,
    account INTEGER REFERENCES accounts (id) ON DELETE CASCADE,  -- null makes the first administrator
    ends INTEGER NOT NULL
);

CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,                -- a JSON list
    made INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    used INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE views (
    id INTEGER PRIMARY KEY,
    account INTEGER REFERENCES accounts (id) ON DELETE CASCADE,  -- null while nobody has to sign in
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    shared INTEGER NOT NULL,
    made INTEGER NOT NULL
);

-- Each entry holds the hash of the one before it, audit_head that of the last.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL,
    address TEXT NOT NULL,
    before TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE TABLE audit_head (only INTEGER PRIMARY KEY CHECK (only = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL);
INSERT INTO audit_head VALUES (1, 0, '');
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
