package dashboard

import (
	"slices"

	"wenguo/dashboard/openapi"
	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/improve"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// operation is the entry of one address under /api/v1. The OpenAPI document, docs/openapi.json, the check of a request's
// parameters and the CSV and XLSX forms all follow from it.
//
// To add an address:
//
//  1. register its handler in routes.go; a reading one calls answer;
//  2. add one entry to a list named in operations: read(tag, id, path, summary, a value of the answer's type, its parameters);
//  3. if its answer is a list or a table that a page shows, give it a table (see tables.go): CSV and XLSX come with that;
//  4. run go test ./dashboard -run TestOpenAPI -update, which writes docs/openapi.json anew.
//
// A route without entry, an entry without route, an answer that breaks its type's schema and a declared parameter that the
// handler does not know all fail tests.
type operation struct {
	openapi.Operation

	// Table makes the rows of CSV and XLSX; nil where the answer is none.
	Table *table
}

// operations are all entries, piece by piece.
func operations() []operation {
	return slices.Concat(figureOperations(), timelinessOperations(), issueOperations(), decisionOperations(), actionOperations(), knownOperations(), complaintOperations(), journeyOperations(), alertOperations(), reportOperations(), dataOperations())
}

// listOf is an envelope whose rows have a type, for the schema of an answer that v.envelope makes.
type listOf[T any] struct {
	question

	Items []T    `json:"items"`
	Total *int64 `json:"total,omitempty"`
	Next  string `json:"next,omitempty"`
	// AtLeast says that there are more than Total.
	AtLeast bool `json:"at_least,omitempty"`
}

// read is an entry that reads: id is the name for clients, path what follows /api/v1, result a value of the answer's type.
func read(tag, id, path, summary string, result any, parameters ...openapi.Parameter) operation {
	return operation{Operation: openapi.Operation{
		Tag: tag, ID: id, Path: apiRoot + path, Summary: summary, Answer: result, Parameters: parameters,
	}}
}

// with adds a table.
func (o operation) with(t *table) operation {
	o.Table = t
	return o
}

// failing adds answers that say why there is none.
func (o operation) failing(status ...int) operation {
	o.Errors = append(o.Errors, status...)
	return o
}

// described adds a longer description.
func (o operation) described(words string) operation {
	o.Description = words
	return o
}

// apiRoot is what all addresses of the API begin with.
const apiRoot = "/api/v1"

// about are the parameters of every question about a period: of, then those of its own.
func about(own ...openapi.Parameter) []openapi.Parameter {
	shared := []openapi.Parameter{
		{Name: "period", Values: periodKeys(), Description: "预设的时间范围，默认 30d；与 from、to 二选一", Example: period30d},
		{Name: "from", Kind: openapi.Instant, Description: "开始（含）：日期或 RFC 3339 时刻", Example: "2026-11-01"},
		{Name: "to", Kind: openapi.Instant, Description: "结束（不含），与 from 一起写", Example: "2026-12-01"},
		{Name: "until", Kind: openapi.Date, Description: "结束日（含），可代替 to", Example: "2026-11-30"},
		asOfParameter(),
	}
	for _, d := range dimensions {
		shared = append(shared, openapi.Parameter{
			Name: string(d), Many: true, Description: "按" + dimensionNames[d] + "筛选，可写多次；空值是“" + valueName(d, "") + "”",
		})
	}
	return append(own, shared...)
}

func asOfParameter() openapi.Parameter {
	return openapi.Parameter{Name: "as_of", Kind: openapi.Instant, Description: "截至时刻：按当时已知的数据回答，默认现在", Example: "2026-11-22T10:00:00+08:00"}
}

// Parameters that several addresses have.
func pathID(what string) openapi.Parameter {
	return openapi.Parameter{Name: "id", In: openapi.Path, Description: what}
}

func afterParameter(name string) openapi.Parameter {
	return openapi.Parameter{Name: name, Description: "翻页标记，取自上一页；导出时不用"}
}

func limitParameter(usual string) openapi.Parameter {
	return openapi.Parameter{Name: "limit", Kind: openapi.Whole, Min: 1, Max: maxPageRows, Description: "一页的行数，默认 " + usual + "；导出时不用"}
}

func stepParameter() openapi.Parameter {
	return openapi.Parameter{
		Name: "step", Values: []string{string(kpi.Day), string(kpi.Week), string(kpi.Month)}, Description: "每个点的宽度，默认随时间范围",
	}
}

func figureParameter(name, words string, many bool) openapi.Parameter {
	p := openapi.Parameter{Name: name, Description: words, Many: many}
	for _, e := range kpi.Catalogue {
		p.Values = append(p.Values, e.ID)
	}
	return p
}

func stageParameter(many bool) openapi.Parameter {
	p := openapi.Parameter{Name: "stage", Description: "环节", Many: many}
	for stage := range stageNames {
		p.Values = append(p.Values, string(stage))
	}
	slices.Sort(p.Values)
	return p
}

// enums are the texts that named types take, for the schemas of answers.
func enums() []openapi.Enum {
	return []openapi.Enum{
		openapi.EnumOf([]kpi.State{kpi.OK, kpi.NoData, kpi.Insufficient, kpi.Immature, kpi.NotReached}),
		openapi.EnumOf([]kpi.Step{kpi.Day, kpi.Week, kpi.Month}),
		openapi.EnumOf(dimensions),
		openapi.EnumOf(sortedKeys(issueStateNames)),
		openapi.EnumOf([]issue.ChangeKind{issue.Taken, issue.Parted, issue.Ended}),
		openapi.EnumOf(sortedKeys(complaintStateNames)),
		openapi.EnumOf([]transform.Standing{transform.StandingOverdue, transform.StandingAtRisk, transform.StandingOK, transform.StandingPaused}),
		openapi.EnumOf(sortedKeys(stageNames)),
		openapi.EnumOf(sortedKeys(milestoneNames)),
		openapi.EnumOf(sortedKeys(spendingNames)),
		openapi.EnumOf(sortedKeys(effectReasons)),
		openapi.EnumOf(sortedKeys(effectFlags)),
		openapi.EnumOf(sortedKeys(basisNames)),
		openapi.EnumOf(sortedKeys(exposureNames)),
		openapi.EnumOf(append(sortedKeys(weekRoleNames), improve.RoleUnused)),
		openapi.EnumOf(sortedKeys(clockStateNames)),
		openapi.EnumOf(sortedKeys(kindNames)),
		openapi.EnumOf(kpi.LookIDs),
		openapi.EnumOf(sortedKeys(restateNames)),
		openapi.EnumOf(improve.States),
		openapi.EnumOf([]Confidence{Same, Probable, Possible}),
		openapi.EnumOf([]improve.Verdict{improve.Effective, improve.NotEffective, improve.Unclear, ingest.Other, ""}),
		openapi.EnumOf([]kpi.Verdict{kpi.Better, kpi.Worse, kpi.Noise, kpi.TooFew, kpi.Unjudged}),
	}
}

func sortedKeys[K ~string, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
