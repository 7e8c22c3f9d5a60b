package transform

import (
	"time"

	"wenguo/ingest"
	"wenguo/transform/sla"
)

// State of a complaint.
type State string

// States. Ended is every state but Open.
const (
	Open      State = "open"
	Resolved  State = "resolved"
	Withdrawn State = "withdrawn"
	Rejected  State = "rejected"
	Merged    State = "merged"
)

// Complaint is the fact: everything known about one complaint, from all its events. All instants are UTC to the
// millisecond; a zero instant means that it has not happened. Texts, names and numbers are masked; the unmasked ones stay
// with the events.
type Complaint struct {
	ID string
	// Version is rules revision << 32 | distinct events, so that a fact made from more events always wins.
	Version uint64
	// Orphan says that no registered event has arrived yet: only ID, Version, Events, FirstEventAt and LastEventAt hold.
	Orphan bool
	Events int

	RegisteredAt time.Time
	FirstEventAt time.Time
	LastEventAt  time.Time

	// The last values given, raw: a value outside an enumeration stays as it came (ask Dimension for the counted one).
	Channel    string
	Category   string
	Priority   string
	Product    string
	Region     string
	Tier       string
	Department string
	Owner      string
	CauseGroup string
	Level      int

	// CustomerKey is an HMAC of the customer's id, else of the phone's digits; empty when neither is known.
	CustomerKey string
	// Keys are HMACs of the phone's digits and of the order's number, by which a search finds the complaint; see Keys.
	Keys          []string
	CustomerName  string
	CustomerPhone string
	Title         string
	Content       string
	Expectation   string

	AffectedCustomers int
	IncidentAt        time.Time
	// Valid is the last finding of an investigation; nil before one.
	Valid *bool

	State State
	// EndedAt is the instant at which the complaint ended, if it is ended.
	EndedAt    time.Time
	MergedInto string
	// FirstClosedAt is the first closed 归档 event, whatever the state was.
	FirstClosedAt time.Time

	Rounds        []Round
	Clocks        []sla.Clock
	Pauses        []Pause
	Holdings      []Holding
	Transfers     []Transfer
	Surveys       []Survey
	Ratings       []Rating
	Replies       []Reply
	Promises      []Promise
	Verifications []Verification
	Escalations   []time.Time
	Changes       []Change
	SyncLags      []SyncLag

	Response Response
	Silence  Silence
	Flow     Flow
	Handling Handling
	Trace    Trace

	// Milestones are those that were reached, in the order of the usual way, each once.
	Milestones []Reached
	// Spent says where the time of a complaint with a known Handling went; nil without.
	Spent []Spent

	// Anomalies name what cannot have happened in the order given, such as AnomalyReopenedOpen; sorted, distinct.
	Anomalies []string
	// Conflicting says that two contents arrived under one event id; the lowest offset counted.
	Conflicting bool
	// Erased says that the customer asked to be forgotten: customer, texts and references are gone at every instant.
	Erased bool

	Timeline []Step
}

// Names of anomalies. Clock anomalies are AnomalyClock followed by the stage.
const (
	AnomalyReopenedOpen       = "reopened_while_open"
	AnomalyBeforeRegistered   = "event_before_registered"
	AnomalySeveralRegistered  = "several_registered"
	AnomalyNegativeLag        = "negative_sync_lag"
	AnomalyClock              = "finished_before_start:"
	AnomalyBackwardsTimestamp = "offered_before_resolved"
)

// Round is one treatment, from registration or a reopening to its end.
type Round struct {
	Number    int
	StartedAt time.Time
	// Reason of the reopening that began it; empty for the first.
	Reason string
	// EndedAt is zero while the round is open; EndedAs says how it ended.
	EndedAt time.Time
	EndedAs State
	// EndedBy is the role that ended it; SelfService the producer's flag on its resolution.
	EndedBy      ingest.Role
	SelfService  bool
	FirstContact bool
	// ReopenedAt is the reopening that ended this end; zero while it stands.
	ReopenedAt time.Time
}

// Pause stops the clocks. EndedAt is zero while it is open.
type Pause struct {
	StartedAt time.Time
	EndedAt   time.Time
	Reason    string
}

// Holding is an interval in which a department, and within it an owner, held the complaint.
type Holding struct {
	Department string
	Owner      string
	Since      time.Time
	// Until is zero for the holder at the last event.
	Until time.Time
}

// Transfer 转派.
type Transfer struct {
	At      time.Time
	Round   int
	From    string
	To      string
	ToOwner string
	Reason  string
	// Bounce says that it counts as one: so marked, or back to a department that held it earlier in the round.
	Bounce bool
	// AfterDispatch says that it came after the first dispatch.
	AfterDispatch bool
}

// Survey 回访, identified by the instant at which it was offered.
type Survey struct {
	OfferedAt time.Time
	Round     int
	// AnsweredAt is the last answer; zero while silent. Score is its score if it is an integer from 1 to 5, else 0.
	AnsweredAt time.Time
	Score      int
}

// Rating is one valid answer, an integer from 1 to 5.
type Rating struct {
	At    time.Time
	Score int
	// ReopenedAfter says that a reopening follows it.
	ReopenedAfter bool
}

// Reply is something the customer got to hear.
type Reply struct {
	At   time.Time
	Kind ingest.Kind
	// Human says that it came from an agent or a department.
	Human bool
}

// Promise is the date promised to the customer in a round.
type Promise struct {
	Round  int
	MadeAt time.Time
	Due    time.Time
	// KeptAt is the round's resolution; zero without one.
	KeptAt time.Time
	// Cancelled says that a withdrawal, rejection or merge came at or before the date.
	Cancelled bool
}

// Verification 客户验证.
type Verification struct {
	At       time.Time
	Accepted bool
}

// Change is a new value of a field.
type Change struct {
	At    time.Time
	Field string
	From  string
	To    string
	// Corrected says that it came from a corrected event rather than a classification.
	Corrected bool
}

// SyncLag is how long one distinct event took to reach the bus; only events whose bus time is known have one.
type SyncLag struct {
	OccurredAt time.Time
	BusAt      time.Time
}

// Response is what first_response, missed and first_contact ask.
type Response struct {
	// FirstAt is the first human reply, whenever it came; zero before it.
	FirstAt time.Time
	// Until is the first human reply or the end of the first round, whichever is first; zero while the customer waits.
	Until time.Time
	// Replied says that Until is a human reply.
	Replied bool
	// Took is working time from registration to Until in the calendar of the acknowledge target.
	Took time.Duration
	// Calendar of the acknowledge target; Base is its counted milliseconds at the registration (Calendar.Counted).
	Calendar string
	Base     int64
	// MissedAfter is due(registered, 4 × target).
	MissedAfter time.Time
	// Abandoned says that the customer withdrew before any human reply.
	Abandoned bool
	// Anomaly is that of the acknowledge clock.
	Anomaly bool
	// TouchesToResolution counts the human replies, acknowledged or contacted out, up to the first resolution;
	// ResolvedByHuman is the role of that resolution.
	TouchesToResolution int
	ResolvedByHuman     bool
}

// Silence is what longest_silence asks.
type Silence struct {
	// Longest is the longest time without an outward sign up to LastSignAt, or up to the end of an ended complaint.
	Longest time.Duration
	// LastSignAt is the last outward sign, or the registration.
	LastSignAt time.Time
}

// Flow is what the flow KPIs ask.
type Flow struct {
	FirstDispatchedAt time.Time
	Deviated          bool
	Bounced           bool
	// SelfService says that the standing resolution needed no human.
	SelfService bool
	// AllSteps says that dispatched, resolved and a survey offer have all occurred.
	AllSteps bool
}

// Handling is how long the standing resolution took, in natural time; Known is false for a complaint that is not
// resolved and for one resolved before it was registered.
type Handling struct {
	Known bool
	// Gross is from the registration to the last resolution.
	Gross time.Duration
	// Net is Gross without pauses and without the gaps between an end and the reopening after it.
	Net time.Duration
}

// Trace says where earlier versions of the fact may stand.
type Trace struct {
	// RegisteredElsewhere are the instants at which an event that does not count said that it was registered.
	RegisteredElsewhere []time.Time
	// WasOrphan says that an event reached the bus before the registration did.
	WasOrphan bool
}

// Step is one distinct event on the complaint's timeline.
type Step struct {
	EventID    string
	Kind       ingest.Kind
	At         time.Time
	Role       ingest.Role
	Department string
	// Ignored says that the event changed nothing: a second registered, or one that found the state already so.
	Ignored bool
}
