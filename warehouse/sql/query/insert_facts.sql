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
    all_steps, escalated_ms, transfer_at, transfer_from, transfer_to, transfer_named, transfer_bounce, survey_offered,
    survey_answered, survey_score, rating_at, rating_score, rating_reopened, promise_due, promise_kept,
    promise_cancelled, verified_at, verified_accepted, sync_occurred, sync_lag, anomalies, conflicting, erased,
    mark_what, mark_before, mark_decides, mark_at, mark_after, mark_until, mark_calendar, mark_left, mark_first, mark_last,
    milestone_what, milestone_at, spent_on, spent_took, spent_worked, incident_ms
)
