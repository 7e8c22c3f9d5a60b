-- Marks and spans as facts_at.sql has them, from the daily sums and the rows beside them: only for periods of whole days,
-- and by or within values of at most one dimension. of_row is that dimension of a row, which the program puts in.
WITH
    marks AS -- if marks
    ( -- if marks
        SELECT -- if marks
            if({by:String} = '', '', value) AS key, what, '' AS before, 0 AS decides, at, after, until, '' AS calendar, 0 AS left, n -- if marks
        FROM tallies -- if marks
        WHERE dimension = {dimension:String} AND what IN ({marks:Array(String)}) AND at < {edges:Array(Int64)}[-1] -- if marks
            AND at >= {edges:Array(Int64)}[1] -- if marks bounded
            AND (has({values:Array(String)}, value) -- if marks slice
                OR {dimension:String} = 'category' -- if marks slice
                    AND arrayExists(v -> v != '' AND startsWith(value, concat(v, '/')), {values:Array(String)})) -- if marks slice
        UNION ALL -- if marks
        SELECT if({by:String} = '', '', of_row) AS key, what, before, decides, at, after, until, calendar, left, n -- if marks
        FROM tallies -- if marks
        WHERE dimension = 'row' AND (what IN ({marks:Array(String)}) OR before IN ({marks:Array(String)})) -- if marks
            AND (calendar != '' OR at < {edges:Array(Int64)}[-1]) -- if marks
            AND (calendar != '' OR at >= {edges:Array(Int64)}[1]) -- if marks bounded
            AND (has({values:Array(String)}, of_row) -- if marks slice
                OR {dimension:String} = 'category' -- if marks slice
                    AND arrayExists(v -> v != '' AND startsWith(of_row, concat(v, '/')), {values:Array(String)})) -- if marks slice
    ) -- if marks
    spans AS -- if spans
    ( -- if spans
        SELECT if({by:String} = '', '', of_row) AS key, what, at, n, calendar, left -- if spans
        FROM tallies -- if spans
        WHERE unit IN ({units:Array(Date)}) AND part = 0 AND dimension = 'span' AND what IN ({spans:Array(String)}) -- if spans
            AND at >= {edges:Array(Int64)}[1] AND at < {edges:Array(Int64)}[-1] -- if spans
            AND has({buckets:Array(UInt32)}, arrayCount(edge -> edge <= at, {edges:Array(Int64)})) -- if spans gaps
            AND (has({values:Array(String)}, of_row) -- if spans slice
                OR {dimension:String} = 'category' -- if spans slice
                    AND arrayExists(v -> v != '' AND startsWith(of_row, concat(v, '/')), {values:Array(String)})) -- if spans slice
    ) -- if spans
