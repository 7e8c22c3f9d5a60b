-- Copies of every fact of the simulator under ids and customers of their own, each a little earlier than the one before: the
-- distribution stays the simulator's. The facts that are copied are those without a copy's number.
INSERT INTO complaints
(
    complaint_id, version, is_deleted, registered_at, first_event_at, last_event_at, events, category, priority,
    channel, department, owner, region, tier, product, level, cause_group, customer_key, title, content,
    affected_customers, valid, state, ended_ms, merged_into, first_closed_ms, paused_ms, round_started, round_ended,
    round_ended_as, round_reopened, clock_stage, clock_round, clock_rule, clock_department, clock_calendar,
    clock_started, clock_target, clock_warn, clock_due, clock_frozen, clock_remaining, clock_finished,
    clock_cancelled, clock_anomaly, clock_provisional, handling_gross, handling_net, reply_ms, response_until,
    response_replied, response_took, response_calendar, response_base, missed_after, abandoned, response_anomaly,
    touches, resolved_by_human, silence_longest, last_sign_ms, first_dispatched_ms, deviated, bounced, self_service,
    all_steps, escalated_ms, transfer_at, transfer_from, transfer_to, transfer_named, transfer_bounce,
    survey_offered, survey_answered, survey_score, rating_at, rating_score, rating_reopened, promise_due,
    promise_kept, promise_cancelled, verified_at, verified_accepted, sync_occurred, sync_lag, anomalies, conflicting,
    erased, mark_what, mark_before, mark_decides, mark_at, mark_after, mark_until, mark_calendar, mark_left,
    mark_first, mark_last
)
SELECT
    concat(complaint_id, '#', toString(copy)) AS complaint_id, version, is_deleted,
    registered_at + toIntervalMillisecond(shift) AS registered_at,
    first_event_at + toIntervalMillisecond(shift) AS first_event_at,
    last_event_at + toIntervalMillisecond(shift) AS last_event_at, events, category, priority, channel, department,
    owner, region, tier, product, level, cause_group,
    if(customer_key = '', '', concat(customer_key, toString(copy))) AS customer_key, title, content,
    affected_customers, valid, state, ended_ms + shift * (ended_ms != 0) AS ended_ms, merged_into,
    first_closed_ms + shift * (first_closed_ms != 0) AS first_closed_ms,
    paused_ms + shift * (paused_ms != 0) AS paused_ms,
    arrayMap(x -> x + shift * (x != 0), round_started) AS round_started,
    arrayMap(x -> x + shift * (x != 0), round_ended) AS round_ended, round_ended_as,
    arrayMap(x -> x + shift * (x != 0), round_reopened) AS round_reopened, clock_stage, clock_round, clock_rule,
    clock_department, clock_calendar, arrayMap(x -> x + shift * (x != 0), clock_started) AS clock_started,
    clock_target, clock_warn, arrayMap(x -> x + shift * (x != 0), clock_due) AS clock_due, clock_frozen,
    clock_remaining, arrayMap(x -> x + shift * (x != 0), clock_finished) AS clock_finished,
    arrayMap(x -> x + shift * (x != 0), clock_cancelled) AS clock_cancelled, clock_anomaly, clock_provisional,
    handling_gross, handling_net, reply_ms + shift * (reply_ms != 0) AS reply_ms,
    response_until + shift * (response_until != 0) AS response_until, response_replied, response_took,
    response_calendar, response_base, missed_after + shift * (missed_after != 0) AS missed_after, abandoned,
    response_anomaly, touches, resolved_by_human, silence_longest,
    last_sign_ms + shift * (last_sign_ms != 0) AS last_sign_ms,
    first_dispatched_ms + shift * (first_dispatched_ms != 0) AS first_dispatched_ms, deviated, bounced,
    self_service, all_steps, escalated_ms + shift * (escalated_ms != 0) AS escalated_ms,
    arrayMap(x -> x + shift * (x != 0), transfer_at) AS transfer_at, transfer_from, transfer_to, transfer_named,
    transfer_bounce, arrayMap(x -> x + shift * (x != 0), survey_offered) AS survey_offered,
    arrayMap(x -> x + shift * (x != 0), survey_answered) AS survey_answered, survey_score,
    arrayMap(x -> x + shift * (x != 0), rating_at) AS rating_at, rating_score, rating_reopened,
    arrayMap(x -> x + shift * (x != 0), promise_due) AS promise_due,
    arrayMap(x -> x + shift * (x != 0), promise_kept) AS promise_kept, promise_cancelled,
    arrayMap(x -> x + shift * (x != 0), verified_at) AS verified_at, verified_accepted,
    arrayMap(x -> x + shift * (x != 0), sync_occurred) AS sync_occurred, sync_lag, anomalies, conflicting, erased,
    mark_what, mark_before, arrayMap(x -> x + shift * (x != 0), mark_decides) AS mark_decides,
    arrayMap(x -> x + shift * (x != 0), mark_at) AS mark_at,
    arrayMap(x -> x + shift * (x != 0), mark_after) AS mark_after,
    arrayMap(x -> x + shift * (x != 0), mark_until) AS mark_until, mark_calendar, mark_left,
    mark_first + shift AS mark_first, if(mark_last = 9223372036854775807, mark_last, mark_last + shift) AS mark_last
FROM
(
    SELECT originals.*, numbers.number AS copy, toInt64(number) * -997 AS shift
    FROM originals CROSS JOIN numbers({first:UInt64}, {copies:UInt64}) AS numbers
)
SETTINGS max_partitions_per_insert_block = 0, max_insert_threads = 2,
    prefer_column_name_to_alias = 1
