package warehouse

import "wenguo/transform/issue"

// Likely are the issues that a text may be about, by the last discovery of this program; issue.ErrNotDiscovered before it.
// Nothing is read: the discovery is held in memory.
func (s *Store) Likely(text string, most int) ([]issue.Candidate, error) {
	by := s.matching.Load()
	if by == nil {
		return nil, issue.ErrNotDiscovered
	}
	found, evidence := by.found.Likely("", text, by.seg, most)
	out := make([]issue.Candidate, 0, len(found))
	for i, k := range found {
		out = append(out, issue.Candidate{Issue: s.standsFor(by.run, by.ids[k]), Evidence: evidence[i]})
	}
	return out, nil
}
