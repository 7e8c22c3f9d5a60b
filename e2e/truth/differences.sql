SELECT count(), groupArray(3)(complaint_id)
FROM
(
    SELECT * FROM {left:Identifier}.{table:Identifier} FINAL
    EXCEPT
    SELECT * FROM {right:Identifier}.{table:Identifier} FINAL
)
SETTINGS do_not_merge_across_partitions_select_final = 1
