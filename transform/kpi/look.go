package kpi

// LookID names a question that is worth a second glance: a pattern that has honest explanations and others.
type LookID string

// Questions, in the order of the page.
const (
	// LookReopen: ended shortly before its deadline, and reopened soon after.
	LookReopen LookID = "end_before_due"
	// LookPause: paused shortly before its deadline.
	LookPause LookID = "pause_before_due"
	// LookBot: acknowledged by a bot alone, and by no person in time.
	LookBot LookID = "bot_only"
	// LookSurvey: likely unhappy, and never asked.
	LookSurvey LookID = "never_asked"
	// LookMass: many ended within minutes in the last days of a month.
	LookMass LookID = "month_end"
)

// LookIDs lists them.
var LookIDs = []LookID{LookReopen, LookPause, LookBot, LookSurvey, LookMass} //nolint:gochecknoglobals // a constant list

// Look is what was counted for a question. Looked are the occasions it is about and Found those of them where the pattern
// shows; Other and OtherFound are the same on all other occasions of the period, the base. Cases are the complaints behind
// Found.
type Look struct {
	ID         LookID `json:"id"`
	Looked     int64  `json:"looked"`
	Found      int64  `json:"found"`
	Other      int64  `json:"other"`
	OtherFound int64  `json:"other_found"`
	Cases      int64  `json:"cases"`
}

// pauseWindows is how many windows of the length looked at lie in the base of LookPause.
const pauseWindows = 6

// Expected is how many would be found if the occasions were like the others; nil where there is nothing to compare with.
func (l Look) Expected() *float64 {
	switch {
	case l.ID == LookPause:
		// Pauses in the day before the last hours, spread evenly.
		return new(float64(l.OtherFound) / pauseWindows)
	case l.Other == 0:
		return nil
	}
	return new(float64(l.Looked) * float64(l.OtherFound) / float64(l.Other))
}

// Rate is the share of the occasions with the pattern, with its interval.
func (l Look) Rate() Value { return Rate(l.Found, l.Looked, 0, minimumLooked, false) }

// Base is the share on the other occasions.
func (l Look) Base() Value { return Rate(l.OtherFound, l.Other, 0, minimumLooked, false) }

// minimumLooked is the minimum n of a share.
const minimumLooked = 30
