TRUNCATE TABLE {staging:Identifier}
