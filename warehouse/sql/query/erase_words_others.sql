-- Which of the words another complaint of the same issues says.
SELECT DISTINCT arrayJoin(arrayFilter(w -> position(said, w) > 0, {words:Array(String)}))
FROM
(
    SELECT replaceRegexpAll(lowerUTF8(concat(title, '\n', content)), '[\\s\\pP\\pS]', '') AS said
    FROM complaints FINAL
    WHERE NOT erased AND complaint_id NOT IN ({ids:Array(String)}) AND complaint_id IN
    (
        SELECT complaint_id FROM issue_members WHERE issue_id IN ({issues:Array(String)})
        UNION DISTINCT
        SELECT complaint_id FROM issue_moves WHERE issue_id IN ({issues:Array(String)})
    )
)
