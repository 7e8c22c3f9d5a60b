package issue

// Titled is an issue as a search shows it.
type Titled struct {
	ID   string `json:"issue_id"`
	Name string `json:"name"`
	// Complaints are all of the issue, whatever the period.
	Complaints int64 `json:"complaints"`
}
