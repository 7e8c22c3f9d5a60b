ALTER TABLE {table:Identifier} FREEZE WITH NAME 'wenguo_backup'
