-- name: account_add
INSERT INTO accounts (login, name, role, departments, password, subject, made, password_set) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id;
-- name: account_by_login
SELECT id, login, name, role, departments, password, subject, disabled, made, password_set FROM accounts WHERE login = ?;
-- name: account_by_id
SELECT id, login, name, role, departments, password, subject, disabled, made, password_set FROM accounts WHERE id = ?;
-- name: account_by_subject
SELECT id, login, name, role, departments, password, subject, disabled, made, password_set FROM accounts WHERE subject = ?;
-- name: accounts
SELECT id, login, name, role, departments, password, subject, disabled, made, password_set FROM accounts ORDER BY login;
-- name: account_change
UPDATE accounts SET name = ?, role = ?, departments = ?, disabled = ? WHERE id = ?;
-- name: account_password
UPDATE accounts SET password = ?, password_set = ? WHERE id = ?;
-- name: administrators
SELECT count(*) FROM accounts WHERE role = ? AND disabled = 0;
-- name: session_add
INSERT INTO sessions (hash, account, made, seen, way) VALUES (?, ?, ?, ?, ?);
-- name: session_find
SELECT s.made, s.seen, a.id, a.login, a.name, a.role, a.departments FROM sessions s JOIN accounts a ON a.id = s.account
WHERE s.hash = ? AND a.disabled = 0;
-- name: session_seen
UPDATE sessions SET seen = ? WHERE hash = ?;
-- name: session_end
DELETE FROM sessions WHERE hash = ?;
-- name: sessions_end
DELETE FROM sessions WHERE account = ? AND hash != ?;
-- name: sessions_of
SELECT hash, made, seen, way FROM sessions WHERE account = ? ORDER BY seen DESC;
-- name: sessions_old
DELETE FROM sessions WHERE made <= ? OR seen <= ?;
-- name: attempt_find
SELECT failures, until, last FROM attempts WHERE login = ?;
-- name: attempt_set
INSERT INTO attempts (login, failures, until, last) VALUES (?, ?, ?, ?)
ON CONFLICT (login) DO UPDATE SET failures = excluded.failures, until = excluded.until, last = excluded.last;
-- name: attempt_clear
DELETE FROM attempts WHERE login = ?;
-- name: attempts_old
DELETE FROM attempts WHERE last <= ?;
-- name: link_add
INSERT INTO links (hash, account, ends) VALUES (?, ?, ?);
-- name: link_find
SELECT account, ends FROM links WHERE hash = ?;
-- name: link_use
DELETE FROM links WHERE hash = ?;
-- name: links_of
DELETE FROM links WHERE account IS ? OR ends <= ?;
-- name: token_add
INSERT INTO tokens (id, hash, account, name, scopes, made, ends) VALUES (?, ?, ?, ?, ?, ?, ?);
-- name: token_find
SELECT t.hash, t.scopes, t.ends, t.used, a.id, a.login, a.name, a.role, a.departments FROM tokens t JOIN accounts a ON a.id = t.account
WHERE t.id = ? AND a.disabled = 0;
-- name: token_used
UPDATE tokens SET used = ? WHERE id = ?;
-- name: token_end
DELETE FROM tokens WHERE id = ? AND (account = ? OR ? = 0);
-- name: tokens
SELECT t.id, t.name, t.scopes, t.made, t.ends, t.used, a.id, a.login FROM tokens t JOIN accounts a ON a.id = t.account
WHERE t.account = ? OR ? = 0 ORDER BY t.made DESC, t.id;
-- name: view_add
INSERT INTO views (account, name, address, shared, made) VALUES (?, ?, ?, ?, ?);
-- name: views
SELECT v.id, v.account, v.name, v.address, v.shared, coalesce(a.name, '') FROM views v LEFT JOIN accounts a ON a.id = v.account
WHERE v.account IS ? OR v.shared = 1 ORDER BY v.shared, v.name, v.id;
-- name: view_end
DELETE FROM views WHERE id = ? AND (account IS ? OR ? = 1);
-- name: views_count
SELECT count(*) FROM views WHERE account IS ?;
-- name: audit_head
SELECT seq, hash FROM audit_head;
-- name: audit_add
INSERT INTO audit (seq, at, who, role, action, object, detail, address, before, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
-- name: audit_head_set
UPDATE audit_head SET seq = ?, hash = ?;
-- name: audit_all
SELECT seq, at, who, role, action, object, detail, address, before, hash FROM audit ORDER BY seq;
-- name: audit_find
SELECT seq, at, who, role, action, object, detail, address, before, hash FROM audit
WHERE at >= ?1 AND at < ?2 AND (?3 = '' OR who = ?3) AND (?4 = '' OR action = ?4) AND (?5 = '' OR object = ?5) AND (?6 = 0 OR seq < ?6)
ORDER BY seq DESC LIMIT ?7;
-- name: copy
VACUUM INTO ?;
