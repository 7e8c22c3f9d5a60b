-- When the sums of months were made, as which version, what they leave out, and the newest event in them.
SELECT unit, part, toString(dimension), value, at
FROM tallies
WHERE unit IN ({units:Array(Date)}) AND dimension IN ('made', 'until', 'ahead')
