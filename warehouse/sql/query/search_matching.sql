-- The complaints whose texts answer a query; put where a statement names it. What the pairs of a term find is looked at
-- again where it has more than two characters.
FROM search_texts
WHERE true
    AND hasAllTokens(words, {want_words:Array(String)}) -- if want words
    AND hasAllTokens(body, {want_pairs:Array(String)}) -- if want pairs
    AND arrayAll(term -> position(body, term) > 0, {want_parts:Array(String)}) -- if want parts
    AND NOT hasAnyTokens(words, {not_words:Array(String)}) -- if not words
    AND NOT hasAnyTokens(body, {not_pairs:Array(String)}) -- if not pairs
    AND NOT arrayExists(term -> position(body, term) > 0, {not_parts:Array(String)}) -- if not parts
    AND before >= {search_from:Int64} AND before <= {search_to:Int64} -- if search bounded
    AND (before, complaint_id) > ({search_from:Int64}, {search_after:String}) -- if search after
    AND (before, complaint_id) <= ({search_to:Int64}, {search_last:String}) -- if search last
