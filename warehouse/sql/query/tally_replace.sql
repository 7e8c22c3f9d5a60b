ALTER TABLE tallies REPLACE PARTITION {unit:Date} FROM staging_table
