package warehouse

import (
	"fmt"

	"wenguo/transform"
)

// behind says which lines of page_matched.sql select the complaints that a part of a key figure counted, and the
// parameters these lines read.
func behind(f transform.ComplaintFilter) (lines map[string]bool, terms values, err error) {
	return nil, nil, fmt.Errorf("list the complaints behind %s of %s: no list known", f.Part, f.KPI)
}
