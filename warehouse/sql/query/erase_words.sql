ALTER TABLE issues UPDATE
    name = if(has({words:Array(String)}, name), arrayStringConcat(arraySlice(arrayFilter(k -> NOT has({words:Array(String)}, k), keywords), 1, 3), ' '), name),
    weights = arrayFilter((v, k) -> NOT has({words:Array(String)}, k), weights, keywords),
    keywords = arrayFilter(k -> NOT has({words:Array(String)}, k), keywords)
WHERE issue_id IN ({issues:Array(String)}) AND (has({words:Array(String)}, name) OR hasAny(keywords, {words:Array(String)}))
