package dashboard_test

import (
	"context"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

func (s *sample) ChoicesWithin(ctx context.Context, q kpi.Query) (map[kpi.Dimension][]kpi.Choice, error) {
	return s.Choices(ctx, q)
}

// DepartmentsOf knows the complaint of every test, of the department of the platform.
func (s *sample) DepartmentsOf(_ context.Context, ids []string) (map[string]string, error) {
	found := map[string]string{}
	for _, id := range ids {
		if id == "C-2026-000123" {
			found[id] = "平台技术部"
		}
	}
	return found, s.fail("departments of")
}

func (s *sample) Original(_ context.Context, id string) (transform.Original, error) {
	if id != "C-2026-000123" {
		return transform.Original{}, transform.ErrNotFound
	}
	return transform.Original{
		Name: "李建国", Phone: "13800000000", Order: "DD20260001", Title: "李建国的验证码", Content: "打我电话 13800000000", Expectation: "道歉",
	}, s.fail("original")
}
