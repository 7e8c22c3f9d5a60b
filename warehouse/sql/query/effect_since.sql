-- From when on it is known which issue a complaint belongs to: older texts are not compared.
SELECT count() > 0, min(registered_at) FROM current_issue_members
