CREATE TABLE {staging:Identifier} AS tallies
