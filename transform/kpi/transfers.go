package kpi

// Move counts the transfers from one department to another, of the complaints first dispatched in a period.
type Move struct {
	// From is "" where the sender is not known, To where the transfer named none.
	From string `json:"from"`
	To   string `json:"to"`
	// Transfers are all of them, Bounces those that were marked as such or went back to an earlier department.
	Transfers int64 `json:"transfers"`
	Bounces   int64 `json:"bounces"`
	// Complaints had at least one such transfer, Bounced at least one that bounced.
	Complaints int64 `json:"complaints"`
	Bounced    int64 `json:"bounced"`
}

// Rejections are the complaints whose first plan was proposed in a period, and of those the ones that had a plan rejected
// by T: of all, by department and by category.
type Rejections struct {
	All          Ratio            `json:"all"`
	ByDepartment map[string]Ratio `json:"by_department"`
	ByCategory   map[string]Ratio `json:"by_category"`
}
