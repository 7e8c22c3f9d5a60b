SELECT count() AS rows FROM ten
