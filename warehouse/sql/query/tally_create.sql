CREATE TABLE staging_table AS tallies
