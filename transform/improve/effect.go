package improve

import "time"

// Exposure is what the complaints of an issue are counted against.
type Exposure string

// Exposures.
const (
	// ByComplaints counts against the registered complaints that are not of the issue and have a text to compare.
	ByComplaints Exposure = "complaints"
	// ByVolume counts against a volume of business that the organisation states, such as orders.
	ByVolume Exposure = "volume"
)

// Week is one week of an issue, from a Monday of the organisation's zone. Complaints are those of the issue whose incident
// lies in it, Exposure what they are counted against; Channels are both by channel, nil where nobody knows.
type Week struct {
	Start      time.Time
	Complaints int64
	Exposure   float64
	Channels   map[string]Part
	// Registered are all complaints of the week, Texts those of them with a text: what has none belongs to no issue.
	Registered, Texts int64
}

// Part is what of a week came by one channel.
type Part struct{ Complaints, Exposure float64 }

// Evidence is what an action is judged by: the weeks of its issue without a gap, oldest first, by today's membership.
type Evidence struct {
	Weeks    []Week
	Exposure Exposure
	// OpenedAt is when the issue was chosen, DoneAt when the measure took effect.
	OpenedAt, DoneAt time.Time
	AsOf             time.Time
	// Delay is how long after its incident a complaint is registered, the 95th percentile: younger weeks are incomplete.
	Delay time.Duration
	// Others are when other actions against the same issue took effect.
	Others []time.Time
	// Moved are when the issue took others over or was split.
	Moved []time.Time
}

// History is what the store knows of an issue for Evidence.
type History struct {
	// Issue is the issue that holds the complaints today, where the one asked about was merged away.
	Issue string
	Weeks []Week
	// Exposure says what the weeks' exposure is.
	Exposure Exposure
	Delay    time.Duration
	Moved    []time.Time
	// Shifted counts complaints of the issue whose week is not that of their registration.
	Shifted int64
}

// Reason says why a verdict is what it is.
type Reason string

// Reasons.
const (
	// Fell: every comparison excludes that nothing changed.
	Fell Reason = "fell"
	// Rose: there are more than before.
	Rose Reason = "rose"
	// NoWorthwhile: every comparison excludes a fall by a third or more.
	NoWorthwhile Reason = "no_worthwhile_change"
	// NotDone: nobody has said that the measure was carried out.
	NotDone Reason = "not_done"
	// NoIssue: the action is against no issue, so that there is nothing to count.
	NoIssue Reason = "no_issue"
	// TooFewBefore: the weeks before that did not lead to the choice are too few, or hold no complaint.
	TooFewBefore Reason = "too_little_before"
	// TooFewAfter: the weeks after are too few yet.
	TooFewAfter Reason = "too_few_weeks_after"
	// OtherAction: another measure took effect so close that the two cannot be told apart.
	OtherAction Reason = "other_action"
	// WideInterval: the interval holds both no change and a worthwhile one.
	WideInterval Reason = "interval_too_wide"
	// HorizonReached: the same, and no further week will be judged.
	HorizonReached Reason = "horizon_reached"
	// Faded: it was effective in an earlier week and is no longer.
	Faded Reason = "faded"
	// SeasonExplains, ExposureRose and ChannelsExplain: it fell, but not when counted against last year, per week, or
	// channel by channel.
	SeasonExplains  Reason = "season"
	ExposureRose    Reason = "exposure_rose"
	ChannelsExplain Reason = "channels"
)

// Flag is something that whoever reads a verdict should know.
type Flag string

// Flags.
const (
	// LevelChanged: the issue's level changed before the action, and only the weeks since then count as before.
	LevelChanged Flag = "level_changed_before"
	// Dispersed: complaints vary more than by chance alone, so the interval was widened.
	Dispersed Flag = "overdispersed"
	// SeasonUnknown: there is no last year to compare with.
	SeasonUnknown Flag = "season_unknown"
	// SeasonUsed: last year it fell in the same weeks, too.
	SeasonUsed Flag = "season_used"
	// Cut: another action limits the weeks that count.
	Cut Flag = "cut_by_other_action"
	// ChannelsChanged: the channels by which complaints come changed by more than a fifth.
	ChannelsChanged Flag = "channels_changed"
	// MembersChanged: the issue was merged or split in the weeks that count; all is counted by today's membership.
	MembersChanged Flag = "members_changed"
	// TextChanged: the share of complaints with a text changed by more than a tenth.
	TextChanged Flag = "text_coverage_changed"
	// Immature: the newest weeks are left out because complaints about them are still to come.
	Immature Flag = "newest_weeks_incomplete"
	// ExposureMoved: the exposure of a week is more than a fifth higher or lower than before.
	ExposureMoved Flag = "exposure_moved"
)

// Basis is what a comparison holds the issue's complaints against.
type Basis string

// Bases.
const (
	PerExposure   Basis = "per_exposure"
	PerWeek       Basis = "per_week"
	AgainstSeason Basis = "last_year"
	WithinChannel Basis = "within_channel"
)

// Comparison is the rate after divided by the rate before. High is nil where nothing bounds it.
type Comparison struct {
	Basis Basis    `json:"basis"`
	Ratio *float64 `json:"ratio"`
	Low   float64  `json:"low"`
	High  *float64 `json:"high"`
	// Dispersion is by how much the variance was widened.
	Dispersion float64 `json:"dispersion"`
}

// Window is the weeks of one side of the comparison. To is exclusive.
type Window struct {
	From       time.Time `json:"from,omitzero"`
	To         time.Time `json:"to,omitzero"`
	Weeks      int       `json:"weeks"`
	Complaints int64     `json:"complaints"`
	Exposure   float64   `json:"exposure"`
}

// Rate is complaints per exposure, nil without exposure.
func (w Window) Rate() *float64 {
	if w.Exposure <= 0 {
		return nil
	}
	return new(float64(w.Complaints) / w.Exposure)
}

// Role is what a week counts as.
type Role string

// Roles of weeks.
const (
	RoleBefore Role = "before"
	// RoleChosen are the weeks that led to the choice: a peak among them would make any action look good.
	RoleChosen   Role = "chosen"
	RoleSettling Role = "settling"
	RoleAfter    Role = "after"
	// RoleYoung is a week about which complaints are still to come.
	RoleYoung  Role = "young"
	RoleUnused Role = ""
)

// Effect is what the figures say of an action as of an instant. People decide; this proposes.
type Effect struct {
	Verdict  Verdict  `json:"verdict"`
	Reason   Reason   `json:"reason"`
	Exposure Exposure `json:"exposure"`
	Before   Window   `json:"before"`
	After    Window   `json:"after"`
	// Comparisons: the first is the main one; a verdict needs all.
	Comparisons []Comparison `json:"comparisons"`
	// Confidence is of each interval at this look, two-sided; the intervals of all looks together hold with 95 %.
	Confidence float64 `json:"confidence"`
	// Looks of Horizon have been made, one a week from Rules.First weeks on.
	Looks   int `json:"looks"`
	Horizon int `json:"horizon"`
	// Since is the end of the first week from which on the verdict stood as it does.
	Since time.Time `json:"since,omitzero"`
	// First is the end of the first week that called it effective, whatever came later; zero for none.
	First time.Time `json:"first_effective,omitzero"`
	// Earliest is the day on which a halving would be known with a probability of 80 %; zero where the weeks judged are too
	// few for it.
	Earliest time.Time `json:"earliest,omitzero"`
	Flags    []Flag    `json:"flags"`
	Roles    []Role    `json:"-"`
	// Dispersion is the variance between weeks by that of pure chance, Correlation that of neighbouring weeks.
	Dispersion  float64 `json:"dispersion"`
	Correlation float64 `json:"correlation"`
}

// Rules are how many weeks count as what. DefaultRules are those of the product; others are for measuring what each is for.
type Rules struct {
	// Selecting weeks up to the choice are left out.
	Selecting int
	// Before is at most how many weeks count as before, Fewest how many it takes.
	Before, Fewest int
	// Settling weeks on each side of the week in which the measure took effect are left out with it.
	Settling int
	// First is after how many weeks judging begins, Horizon after how many it ends.
	First, Horizon int
	// Alpha is the chance to call something effective that is not, over all looks.
	Alpha float64
	// Worthwhile is the rate ratio from which on a change is not worth an action.
	Worthwhile float64
	// Poisson believes that complaints vary by chance alone, OneLook that nobody looks twice.
	Poisson, OneLook bool
}

// DefaultRules are those of ADR 0030.
func DefaultRules() Rules {
	return Rules{
		Selecting: 8, Before: 26, Fewest: 4, Settling: 1, First: 4, Horizon: 26, Alpha: 0.025, Worthwhile: 2.0 / 3,
	}
}
