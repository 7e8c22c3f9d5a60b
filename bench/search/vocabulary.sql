-- Words by how many texts have them.
SELECT word, count() AS texts
FROM search_texts ARRAY JOIN words AS word
WHERE position(complaint_id, '~') = 0 AND lengthUTF8(word) >= 2 AND match(word, '^\\p{Han}+$')
GROUP BY word ORDER BY texts DESC, word
