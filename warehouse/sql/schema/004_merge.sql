-- A month of facts that nothing has touched for two minutes becomes one part: FINAL has nothing to compare there, which
-- halves what a question costs.
ALTER TABLE complaints MODIFY SETTING min_age_to_force_merge_seconds = 120, min_age_to_force_merge_on_partition_only = 1;
