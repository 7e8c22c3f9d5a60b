-- How well the newest of them answer, in thousandths: for each term how often it occurs, levelled off and weighed against the
-- length of the text as BM25 does (k1 = 1.2, b = 0.75, 100 characters are an average text), half as much again for a word of
-- the text, and once more where the title says it. Terms weigh the same: each text has them all.
SELECT
    before, complaint_id,
    toInt64(sum(1000 * (tf / (tf + 1.2 * (0.25 + 0.75 * lengthUTF8(body) / 100))
        * if(has(words, term), 1.5, 1) + (position(body, term) <= position(body, '\n'))))) AS score
FROM
(
    SELECT DISTINCT before, complaint_id, body, words
    complaints_of_search
    ORDER BY before, complaint_id
    LIMIT {limit:UInt64}
)
ARRAY JOIN {terms:Array(String)} AS term, arrayMap(t -> countSubstrings(body, t), {terms:Array(String)}) AS tf
GROUP BY before, complaint_id
ORDER BY score DESC, before, complaint_id
