-- Parts in which replaced texts are only hidden.
SELECT count() FROM system.parts
WHERE database = currentDatabase() AND table = 'search_texts' AND active AND has_lightweight_delete
    AND notEmpty({ids:Array(String)})
