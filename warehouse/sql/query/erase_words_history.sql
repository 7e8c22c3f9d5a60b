ALTER TABLE issue_history UPDATE name = '' WHERE has({words:Array(String)}, name)
