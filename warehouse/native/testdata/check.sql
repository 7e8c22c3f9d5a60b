SELECT count() AS rows, uniqExact(word) AS words, countIf(word = concat('词', toString(number % 70000)) AND text = concat('"\t', toString(number), '\'') AND
    bytes = text AND small = number + 1 AND flag = (number % 2 = 1) AND at = fromUnixTimestamp64Milli(toInt64(number) * 1001, 'UTC')) AS sound
FROM rows
