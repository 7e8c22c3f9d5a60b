-- How many answer, up to a bound.
SELECT count() FROM (SELECT 1 complaints_of_search LIMIT {bound:UInt64})
