package transform_test

import (
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
)

func correct(f ingest.CorrectedFields) *ingest.Corrected { return &ingest.Corrected{Fields: f} }

func TestFlow(t *testing.T) {
	dispatched := func() story { return beginStory().to("技术部", time.Hour, ingest.KindDispatched) }
	for name, tt := range map[string]struct {
		story             story
		bounced, deviated bool
	}{
		"a transfer to a new department is neither":                       {dispatched().pass(2*time.Hour, "", "物流部", "other"), false, false},
		"a transfer marked bounce is one":                                 {dispatched().pass(2*time.Hour, "", "物流部", "bounce"), true, false},
		"a transfer back to who held it is one":                           {dispatched().pass(2*time.Hour, "", "物流部", "other").pass(3*time.Hour, "", "技术部", "other"), true, false},
		"a transfer to oneself is none":                                   {dispatched().pass(2*time.Hour, "技术部", "技术部", "other"), false, false},
		"a sender that was only named as from held it":                    {dispatched().pass(2*time.Hour, "法务部", "物流部", "other").pass(3*time.Hour, "", "法务部", "other"), true, false},
		"what was held in an earlier round does not count":                {dispatched().does(2*time.Hour, ingest.KindResolved, agent).does(3*time.Hour, ingest.KindReopened, agent).to("物流部", 4*time.Hour, ingest.KindDispatched).pass(5*time.Hour, "", "技术部", "other"), false, false},
		"routing to another department after the dispatch is a deviation": {dispatched().pass(2*time.Hour, "", "物流部", "routing"), false, true},
		"routing to the sender is none":                                   {dispatched().pass(2*time.Hour, "技术部", "技术部", "routing"), false, false},
		"routing before the dispatch is none":                             {beginStory().pass(30*time.Minute, "", "物流部", "routing").to("技术部", time.Hour, ingest.KindDispatched), false, false},
		"a corrected category after the dispatch is a deviation":          {dispatched().on(2*time.Hour, ingest.KindCorrected, agent, correct(ingest.CorrectedFields{Category: "资费"})), false, true},
		"the same category again is none":                                 {dispatched().on(2*time.Hour, ingest.KindCorrected, agent, correct(ingest.CorrectedFields{Category: "物流/延误"})), false, false},
		"a corrected product is none":                                     {dispatched().on(2*time.Hour, ingest.KindCorrected, agent, correct(ingest.CorrectedFields{Product: "门票"})), false, false},
		"a classification is none":                                        {dispatched().on(2*time.Hour, ingest.KindClassified, agent, &ingest.Classified{Category: "资费"}), false, false},
		"a correction before the dispatch is none":                        {beginStory().on(time.Minute, ingest.KindCorrected, agent, correct(ingest.CorrectedFields{Category: "资费"})).to("技术部", time.Hour, ingest.KindDispatched), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := tt.story.fold(t)
			equal(t, "bounced", c.Flow.Bounced, tt.bounced)
			equal(t, "deviated", c.Flow.Deviated, tt.deviated)
		})
	}
}

func TestOwnerIsTheLastSinceTheLastTransfer(t *testing.T) {
	base := beginStory().on(time.Hour, ingest.KindDispatched, agent, &ingest.Assigned{Department: "技术部", Owner: "甲"})
	for name, tt := range map[string]struct {
		story story
		want  string
	}{
		"a transfer that names nobody leaves nobody":    {base.pass(2*time.Hour, "", "物流部", ""), ""},
		"a transfer may name the receiver":              {base.on(2*time.Hour, ingest.KindTransferred, agent, &ingest.Transferred{To: "物流部", ToOwner: "乙"}), "乙"},
		"a confirmation that names nobody keeps them":   {base.to("技术部", 2*time.Hour, ingest.KindConfirmed), "甲"},
		"a confirmation after a transfer names another": {base.pass(2*time.Hour, "", "物流部", "").on(3*time.Hour, ingest.KindConfirmed, agent, &ingest.Assigned{Department: "物流部", Owner: "丙"}), "丙"},
	} {
		t.Run(name, func(t *testing.T) { equal(t, "owner", tt.story.fold(t).Owner, tt.want) })
	}
}

func TestSelfService(t *testing.T) {
	bySelf := &ingest.Resolved{BySelfService: true}
	for name, tt := range map[string]struct {
		story story
		want  bool
	}{
		"a bot resolved it":                          {beginStory().does(time.Hour, ingest.KindResolved, bot), true},
		"the customer did":                           {beginStory().on(time.Hour, ingest.KindResolved, ingest.RoleCustomer, bySelf), true},
		"an agent took part before":                  {beginStory().on(time.Minute, ingest.KindContacted, agent, contact("in")).does(time.Hour, ingest.KindResolved, bot), false},
		"an agent came after":                        {beginStory().does(time.Hour, ingest.KindResolved, bot).does(2*time.Hour, ingest.KindClosed, agent), true},
		"an agent registered it":                     {story{}.on(0, ingest.KindRegistered, agent, &ingest.Registered{Channel: "phone", Title: "t"}).does(time.Hour, ingest.KindResolved, bot), false},
		"nobody said who resolved it":                {beginStory().does(time.Hour, ingest.KindResolved, ""), false},
		"it was reopened and stands open":            {beginStory().does(time.Hour, ingest.KindResolved, bot).does(2*time.Hour, ingest.KindReopened, ""), false},
		"a bot closed it, which acts as its resolve": {beginStory().does(time.Hour, ingest.KindClosed, bot), true},
	} {
		t.Run(name, func(t *testing.T) { equal(t, "self-service", tt.story.fold(t).Flow.SelfService, tt.want) })
	}
}

func TestStepsLookAtKinds(t *testing.T) {
	all := beginStory().to("技术部", time.Minute, ingest.KindDispatched).does(time.Hour, ingest.KindResolved, agent).
		does(2*time.Hour, ingest.KindSurveyed, bot).does(3*time.Hour, ingest.KindClosed, agent)
	equal(t, "all steps", all.fold(t).Flow.AllSteps, true)
	acted := beginStory().to("技术部", time.Minute, ingest.KindDispatched).does(time.Hour, ingest.KindClosed, agent).
		does(2*time.Hour, ingest.KindSurveyed, bot)
	equal(t, "a closed that acts as resolved is no resolved", acted.fold(t).Flow.AllSteps, false)
	equal(t, "closed", acted.fold(t).FirstClosedAt, at(time.Hour))
}

func TestCustomer(t *testing.T) {
	erased := beginStory().does(100*time.Hour, ingest.KindErased, agent)
	c, _ := transform.FoldAt(erased, rules(t), at(time.Hour))
	equal(t, "an erasure holds for earlier instants: key", c.CustomerKey, "")
	equal(t, "name", c.CustomerName, "")
	equal(t, "title", c.Title, "")
	equal(t, "events", c.Events, 1)

	c = beginStory().fold(t)
	equal(t, "the id is the key", c.CustomerKey, "key of id:u1")
	equal(t, "masked name", c.CustomerName, "李**")
	equal(t, "masked phone", c.CustomerPhone, "*********00")
	for _, phone := range []string{"+86 138-0000-0000", "13800000000", "0086 13800000000", "8613800000000"} {
		s := story{}.on(0, ingest.KindRegistered, agent, &ingest.Registered{Channel: "web", Title: "t", Customer: ingest.Customer{Phone: phone}})
		equal(t, phone, s.fold(t).CustomerKey, "key of phone:13800000000")
	}
	nobody := story{}.on(0, ingest.KindRegistered, agent, &ingest.Registered{Channel: "web", Title: "t", Customer: ingest.Customer{Name: "李"}})
	equal(t, "a name alone is nobody", nobody.fold(t).CustomerKey, "")
}

func TestTwoContentsUnderOneID(t *testing.T) {
	s := beginStory().does(time.Hour, ingest.KindResolved, agent)
	other := s[1]
	other.OccurredAt = at(2 * time.Hour)
	other.Offset = 9
	c, _ := transform.Fold(append(story{other}, s...), rules(t))
	equal(t, "the lowest offset wins", c.EndedAt, at(time.Hour))
	equal(t, "conflicting", c.Conflicting, true)
	equal(t, "events", c.Events, 2)
	same := s[1]
	same.Offset, same.BusTime = 9, same.BusTime.Add(-time.Minute)
	c, _ = transform.Fold(append(story{same}, s...), rules(t))
	equal(t, "a copy is no conflict", c.Conflicting, false)
	equal(t, "the earliest arrival counts", c.SyncLags[1].BusAt, same.BusTime)
}
