[
        ('reply', multiIf(
            indexOf(clock_stage, 'acknowledge') = 0, 'none',
            clock_anomaly[indexOf(clock_stage, 'acknowledge')] OR clock_cancelled[indexOf(clock_stage, 'acknowledge')] != 0, 'none',
            clock_finished[indexOf(clock_stage, 'acknowledge')] != 0
                AND clock_finished[indexOf(clock_stage, 'acknowledge')] <= clock_due[indexOf(clock_stage, 'acknowledge')], 'met',
            clock_due[indexOf(clock_stage, 'acknowledge')] < {t:Int64}, 'late',
            'none')),
        ('reopened', if(arrayExists(s -> s <= rating_at[-1], arrayPopFront(round_started)), 'yes', 'no')),
        ('transfers', toString(least(arrayCount(s -> s <= rating_at[-1], transfer_at), 2))),
        ('handling', arrayMap(took -> multiIf(
                took < 0, 'none',
                took <= 86400000, '1',
                took <= 3 * 86400000, '3',
                took <= 7 * 86400000, '7',
                took <= 15 * 86400000, '15',
                'more'),
            [arrayLast((e, how) -> how = 'resolved' AND e <= rating_at[-1], round_ended, round_ended_as) - registered_ms])[1])
    ]
