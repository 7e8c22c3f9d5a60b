SELECT count() FROM {database:Identifier}.{table:Identifier} FINAL
SETTINGS do_not_merge_across_partitions_select_final = 1
