INSERT INTO issues (run, issue_id, name) SELECT 1, concat('i-', toString(number)), concat('问题 ', toString(number)) FROM numbers(60)
