INSERT INTO rows (word, text, bytes, number, small, flag, at)
