package alerts_test

import (
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
	r := newRig(t, promise, time.Second, 15*time.Second)
	r.outlive = max(r.outlive, 5*r.up.Took) // a loaded machine takes long to start again
	left := min(max(10*time.Second, 4*r.up.Took), 55*time.Second)
	r.look(t)
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
	fires(t, r, "ComplaintCaseSLABreached", true)

	answered := time.Now()
	r.tell(t, "C-77", "acknowledged", answered, map[string]any{"channel": "phone"})
	over := r.owners.wait(t, "【已恢复】", "C-77")
	t.Logf("told that it is over %.1f s after the reply", over.at.Sub(answered).Seconds())

	var warnings, breaches int
	for _, c := range r.owners.all() {
		warnings += strings.Count(c.text, "将于")
		if strings.Contains(c.text, "【告警】") {
			breaches++
		}
		for _, private := range []string{"李四", "13812345678", "验证码"} {
			if strings.Contains(c.text, private) {
				t.Errorf("a card tells %q", private)
			}
		}
	}
	if warnings != 1 || breaches != 1 {
		t.Errorf("%d warnings and %d cards of the breach, want one of each: the breach inhibits its warning, the case its group\n%v", warnings, breaches, r.owners.all())
	}
	if cards := r.oncall.all(); len(cards) > 0 {
		t.Errorf("whoever is on call was woken: %v", cards)
	}
}

// fires waits until the alert fires, or does not.
func fires(t *testing.T, r *rig, alert string, want bool) {
	t.Helper()
	for started := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		found, _, err := r.watch.Firing(t.Context())
		got := false
		for _, a := range found {
			got = got || a.Name == alert && !a.Pending
		}
		if err == nil && got == want {
			return
		}
		if time.Since(started) > patience {
			t.Fatalf("%s fires: %v, want %v (%v); there are %v", alert, got, want, err, found)
		}
	}
}
