package alerts_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// promise is the only one of the policy: a human reply within four minutes, and a warning in the last of them.
const promise = `
zone: Asia/Shanghai
warn_after: 0.75
calendars:
  24x7: {kind: natural}
rules:
  - {stage: acknowledge, target: 4m, calendar: 24x7, pauses: false}
owners:
  物流部: {people: [张经理], robots: [物流群]}
alerts:
  on_call: {robots: [值班群]}
`

func TestABrokenPromiseIsToldToItsOwnerBeforeAndAfter(t *testing.T) {
	const target = 4 * time.Minute
	r := newRig(t, promise, time.Second, 10*time.Second)
	r.outlive = max(r.outlive, 5*r.up.Took) // a loaded machine takes long to start again
	r.look(t)
	fires(t, r, "Watchdog")
	// What has no owner is told to whoever is on call; how long that takes here says how early the other complaint must come.
	sent := time.Now()
	r.complain(t, "C-1", "无主部", sent.Add(-target-time.Second))
	probe := r.oncall.wait(t, "【告警】", "投诉 C-1 的「受理」已超时")
	left := min(5*time.Second+3*probe.at.Sub(sent), 55*time.Second)
	registered := time.Now().Add(left - target).Truncate(time.Millisecond)
	deadline := registered.Add(target)
	r.complain(t, "C-77", "物流部", registered)

	warned := r.owners.wait(t, "【预警】", "投诉 C-77 的「受理」将于 "+deadline.In(time.FixedZone("", 8*3600)).Format("2006-01-02 15:04:05"), "负责：张经理")
	if !warned.at.Before(deadline) {
		t.Errorf("the warning came %s after the deadline", warned.at.Sub(deadline))
	}
	broken := r.owners.wait(t, "【告警】", "投诉 C-77 的「受理」已超时")
	if broken.at.Before(deadline) {
		t.Errorf("the breach was told %s before the deadline", deadline.Sub(broken.at))
	}
	t.Logf("warned %.1f s before the deadline, told of the breach %.1f s after it", deadline.Sub(warned.at).Seconds(), broken.at.Sub(deadline).Seconds())

	r.up.KillAll(t)
	r.start(t)
	time.Sleep(3 * time.Second)
	if c, ok := r.owners.first("已恢复"); ok {
		t.Fatalf("a restart reads as resolved: %s", c.text)
	}
	fires(t, r, "ComplaintCaseSLABreached")

	answered := time.Now()
	r.tell(t, "C-77", "acknowledged", answered, map[string]any{"channel": "phone"})
	over := r.owners.wait(t, "【已恢复】", "C-77")
	t.Logf("told that it is over %.1f s after the reply", over.at.Sub(answered).Seconds())

	told := map[string]int{} // a card whose answer was lost in the kill is told twice
	for _, c := range r.owners.all() {
		for _, kind := range []string{"**预警**", "**告警**", "**已恢复**"} {
			if strings.HasPrefix(c.words(), kind) && told[c.words()] == 0 {
				told[kind]++
			}
		}
		told[c.words()]++
		for _, private := range []string{"李四", "13812345678", "验证码"} {
			if strings.Contains(c.text, private) {
				t.Errorf("a card tells %q", private)
			}
		}
	}
	if told["**预警**"] != 1 || told["**告警**"] != 1 || told["**已恢复**"] != 1 {
		t.Errorf("the owner is told %v, want one of each: the breach inhibits its warning, the case its group", r.owners.all())
	}
	if c, ok := r.oncall.first("C-77"); ok {
		t.Errorf("whoever is on call was woken: %v", c)
	}
	if c, ok := r.owners.first("C-1 "); ok {
		t.Errorf("an owner was told what is not his: %v", c)
	}
}

var (
	runs     = flag.Int("alerts.runs", 2, "how many breaches are timed")
	interval = flag.Duration("alerts.interval", time.Second, "how often Prometheus scrapes and evaluates")
)

func TestFromTheBreachToTheCard(t *testing.T) {
	const target = 4 * time.Minute
	var departments, owners []string
	for n := range *runs { // a group of its own each: what joins a group that was told waits for the next
		departments = append(departments, fmt.Sprintf("第%d部", n+1))
		owners = append(owners, fmt.Sprintf("  %s: {robots: [物流群]}\n", departments[n]))
	}
	policy := strings.Replace(promise, "  物流部: {people: [张经理], robots: [物流群]}\n", strings.Join(owners, ""), 1)
	r := newRig(t, policy, *interval, 5*time.Minute)
	r.look(t)
	fires(t, r, "Watchdog")
	// The first deadline leaves time to be scraped; the others lie so that they meet every phase of the intervals.
	first := time.Now().Add(max(8*time.Second, 2**interval, 4*r.up.Took))
	apart := 700*time.Millisecond + *interval*10/23
	deadline := func(n int) time.Time { return first.Add(time.Duration(n) * apart).Truncate(time.Millisecond) }
	for n, department := range departments {
		r.complain(t, fmt.Sprintf("C-%d-", n+1), department, deadline(n).Add(-target))
	}
	var delays []float64
	for n := range departments {
		c := r.owners.wait(t, "【告警】", fmt.Sprintf("投诉 C-%d- 的「受理」已超时", n+1))
		delays = append(delays, c.at.Sub(deadline(n)).Seconds())
	}
	slices.Sort(delays)
	t.Logf("breach to card with intervals of %s, %d runs: median %.2f s, greatest %.2f s", *interval, len(delays), delays[len(delays)/2], delays[len(delays)-1])
	if delays[0] < 0 {
		t.Errorf("a breach was told %.2f s before it was one", -delays[0])
	}
}

// fires waits until the alert fires.
func fires(t *testing.T, r *rig, alert string) {
	t.Helper()
	for started := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		found, _, err := r.watch.Firing(t.Context())
		got := false
		for _, a := range found {
			got = got || a.Name == alert && !a.Pending
		}
		if err == nil && got {
			return
		}
		if time.Since(started) > patience {
			t.Fatalf("%s does not fire (%v); there are %v", alert, err, found)
		}
	}
}
