ALTER TABLE tallies REPLACE PARTITION ({unit:Date}, {part:UInt8}) FROM staging_table
