-- The sums and undecided rows of whole months, by one dimension; of_row is that dimension of a row, which the program puts
-- in. The versions come with them, out of the same reading.
SELECT
    unit, part, dimension, if(dimension = 'row', of_row, value) AS value, what, at, after, until, n, before, decides, calendar, left
FROM tallies
WHERE dimension IN ({dimension:String}, 'row', 'made') AND unit IN ({units:Array(Date)})
