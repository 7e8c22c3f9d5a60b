package alerts

import (
	"maps"
	"slices"
	"time"

	"wenguo/ingest"
	"wenguo/transform/sla"
)

const (
	// stale is how old the last evaluation of clocks may be.
	stale = 120 * time.Second
	// behind is how many messages may wait, for ten minutes.
	behind = "1000"
)

// sources are the alerts about what comes in, and about recurring issues.
func (m maker) sources() []rule {
	delay := 5 * time.Minute
	if t, ok := m.policy.Target(sla.Sync, sla.Values{}); ok {
		delay = t.Duration
	}
	list := []rule{
		m.alert("ComplaintSourceSyncDelayed", warning, "", one(`complaint_source_sync_lag_seconds{quantile="0.95"}`)+" > "+seconds(delay), annotation{
			Summary:     spoken("channel", channelNames) + "渠道的投诉到得太晚",
			Description: "最近一小时到达的事件，95% 的延迟不超过 {{ $value | humanizeDuration }}，承诺是 " + spell(delay) + "。受理时限从投诉发生时起算，晚到就少了办理的时间。",
			Page:        "/quality",
			Owner:       onCall(m.policy),
		}),
		waiting(m.alert("ComplaintIssueEscalating", warning, keepRates, one(`complaint_issue_open{state="escalating"}`)+" > 0", annotation{
			Summary:     "{{ $value }} 个复发问题正在激增",
			Description: "同一件事、同一种毛病，近来被多位客户反映，明显多于往常。",
			Page:        "/issues?state=escalating",
			Owner:       onCall(m.policy),
		})),
		waiting(m.alert("ComplaintIssueRegressed", warning, keepRates, one(`complaint_issue_open{state="regressed"}`)+" > 0", annotation{
			Summary:     "{{ $value }} 个复发问题死灰复燃",
			Description: "沉寂之后又出现：上一次的整改没有除根。",
			Page:        "/issues?state=regressed",
			Owner:       onCall(m.policy),
		})),
	}
	for _, source := range slices.Sorted(maps.Keys(m.policy.Heartbeats)) {
		if !slices.Contains(ingest.Channels, source) {
			continue
		}
		last := one(`complaint_source_last_sync_timestamp_seconds{channel="` + source + `"}`)
		list = append(list, m.alert("ComplaintSourceSilent", warning, "", last+" < time() - "+seconds(m.policy.Heartbeats[source]), annotation{
			Summary:     spoken("channel", channelNames) + "渠道自 " + instant("$value", m.policy.Zone) + "起没有新事件",
			Description: "策略声明这个渠道静默超过 " + spell(m.policy.Heartbeats[source]) + "就是故障。",
			Page:        "/quality",
			Owner:       onCall(m.policy),
		}))
	}
	return list
}

// health are the alerts about the machinery itself.
func (m maker) health() []rule {
	at := instant("$value", m.policy.Zone)
	evaluated := one("complaint_sla_last_evaluation_timestamp_seconds")
	lagging := m.alert("ComplaintIngestLagging", warning, "", "sum by (partition) (max by (partition, instance) (wenguo_ingest_lag_messages)) > "+behind, annotation{
		Summary:     "分区 {{ $labels.partition }} 有 {{ $value }} 条消息等着入库",
		Description: "消息进得比存得快；页面与告警里的时效落后于实际。",
		Page:        "/quality",
	})
	lagging.For = "10m"
	absent := m.alert("ComplaintSLAEngineAbsent", critical, "", "absent(complaint_sla_last_evaluation_timestamp_seconds)", annotation{
		Summary:     "时效引擎不在：没有任何时效数据",
		Description: "两分钟没有抓取到计算时刻。在它恢复之前不会有新的期限告警，已发出的保持五分钟。",
		Page:        "/readyz",
	})
	absent.For = "2m"
	list := []rule{
		lagging,
		m.alert("ComplaintDeadLetters", warning, "", "sum by (class) (increase(wenguo_ingest_rejects_total[1h])) > 0", annotation{
			Summary:     "一小时内有消息被拒收（{{ $labels.class }}）",
			Description: "被拒的消息在死信里，改正后可以重放；在那之前，这些事件不在任何数字里。",
			Page:        "/quality",
		}),
		m.alert("ComplaintSLAEngineStale", critical, "", evaluated+" < time() - "+seconds(stale), annotation{
			Summary:     "时效引擎自 " + at + "起没有再计算",
			Description: "超过 120 秒没有新的计算；在它恢复之前，页面与告警里的时效不可信，期限告警可能误报或漏报。",
			Page:        "/readyz",
		}),
		absent,
		waiting(m.alert("ComplaintCaseSeriesTruncated", warning, "", one("complaint_sla_case_series_truncated")+" > 0", annotation{
			Summary:     "临期与超期的高优先级投诉太多，有 {{ $value }} 项没有单独的期限告警",
			Description: "单独告警的只有离期限最近的 200 项，其余仍在按部门的告警里。",
			Page:        "/complaints?scope=open&overdue=1&priority=urgent&priority=high",
		})),
		waiting(m.alert("ComplaintCalendarExpired", warning, "", one("wenguo_calendar_valid_until_timestamp_seconds")+" <= time()", annotation{
			Summary:     "日历 {{ $labels.calendar }} 的节假日只到 " + at,
			Description: "此后的期限按普通工作周推算，是暂定的。更新程序，或在策略里加上新一年的节假日文件。",
			Page:        "/quality",
		})),
		m.alert("Watchdog", "none", "", "vector(1)", annotation{
			Summary:     "告警链路正常（此告警应当一直在）",
			Description: "它不在时，Prometheus 或 Alertmanager 没有工作。请由外部监控接收它。",
			Page:        "/",
		}),
	}
	for i := range list {
		list[i].Annotations.Owner = "系统值班"
	}
	return list
}
