package warehouse

import (
	"context"
	"fmt"
	"slices"

	"wenguo/transform/issue"
)

// IssuesNamed lists the recurring issues whose name, or name and keywords together, hold every word of a query; most
// complaints first.
func (s *Store) IssuesNamed(ctx context.Context, text string, most int) ([]issue.Titled, error) {
	query := s.parse(text)
	var named, about []issue.Titled
	if query.Empty() {
		return nil, nil
	}
	name := "search_issues"
	err := s.read(ctx, name, s.query(name), nil, func(row scanner) error {
		var is issue.Titled
		var keywords []string
		var complaints uint64
		if err := row.Scan(&is.ID, &is.Name, &keywords, &complaints); err != nil {
			return fmt.Errorf("scan: %w", err)
		}
		is.Complaints = int64(complaints) //nolint:gosec // a count
		switch {
		case query.InName(is.Name):
			named = append(named, is)
		case query.InName(is.Name + "\n" + fmt.Sprint(keywords)):
			about = append(about, is)
		}
		return nil
	})
	all := slices.Concat(named, about)
	return all[:min(most, len(all))], err
}
