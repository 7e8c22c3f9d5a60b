package dashboard

import (
	"maps"
	"slices"
)

// fileLinks lead to a table as files; templates/parts/files.html shows them.
type fileLinks struct {
	// Name is said where it is not clear which table is meant.
	Name      string
	CSV, XLSX string
}

// Files are the files of what /api/v1 calls by a path, for the period and the filters of the page.
func (v view) Files(path, name string) fileLinks {
	return fileLinks{name, v.API(path + ".csv"), v.API(path + ".xlsx")}
}

// ListFiles are the files of a list with the page's own parameters, other than those that say which page of it is shown.
func (v view) ListFiles(path, name string, own ...string) fileLinks {
	q := v.shared()
	q.Del("against") // what a page compares with is no question of a list
	for key, values := range v.Own {
		if slices.Contains(own, key) {
			q[key] = slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == "" })
		}
	}
	maps.DeleteFunc(q, func(key string, values []string) bool { return len(values) == 0 })
	return fileLinks{name, address(apiRoot+"/"+path+".csv", q), address(apiRoot+"/"+path+".xlsx", q)}
}

// ComplaintFiles are the files of the list of complaints that a page shows.
func (v view) ComplaintFiles() fileLinks {
	return v.ListFiles("complaints", "", "q", "scope", "state", "stage", "verdict", "score", "overdue", "kpi", "part", "look")
}

// ClockFiles are the files of the open clocks that a page shows.
func (v view) ClockFiles() fileLinks { return v.ListFiles("due", "在办时钟", "stage") }

// IssueFiles are the files of the issue stream that a page shows.
func (v view) IssueFiles() fileLinks { return v.ListFiles("issues", "", "state") }
