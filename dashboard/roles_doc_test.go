package dashboard_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"wenguo/dashboard"
	"wenguo/dashboard/account"
)

// rolesPage is docs/roles.md, made from the tables that the server reads.
func rolesPage(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# 谁可以做什么 Roles\n")
	line("由 `dashboard/account/role.go` 与 `dashboard/access.go` 生成（`go test ./dashboard -run TestRolesPage -update`），服务端读的就是这两张表。账户见 [accounts.md](accounts.md)。\n")
	line("| 角色 | 名称 | 说明 |\n|---|---|---|")
	for _, r := range account.Roles {
		line("| %s | `%s` | %s |", r.Name, r.Role, r.Means)
	}
	head, rule := "\n| 动作 | 编号 | 说明 |", "|---|---|---|"
	for _, r := range account.Roles {
		head, rule = head+" "+r.Name+" |", rule+":-:|"
	}
	line("%s 令牌 |\n%s:-:|", head, rule)
	mark := func(yes bool) string {
		if yes {
			return " ✓ |"
		}
		return "  |"
	}
	for _, a := range account.Rules {
		row := fmt.Sprintf("| %s | `%s` | %s |", a.Name, a.Action, a.Means)
		for _, r := range account.Roles {
			row += mark(r.Role.May(a.Action))
		}
		line("%s%s", row, mark(a.Token))
	}
	line("\n“令牌”一列：API 令牌可以被授予的动作。令牌能做的是它的范围与账户角色的交集，角色变了立即跟着变。\n")
	line("## 每个地址是哪个动作\n")
	line("没有列出的地址不存在：开启账户时一律答 404，测试也会失败。`.csv` 与 `.xlsx` 地址另需“导出”。\n")
	line("| 地址 | 动作 |\n|---|---|")
	var rows []string
	for _, r := range settle(t, nil).server.Routes() {
		if strings.HasPrefix(r.Path, dashboard.APIRoot) && (strings.HasSuffix(r.Path, ".csv") || strings.HasSuffix(r.Path, ".xlsx")) {
			continue
		}
		action, _ := dashboard.ActionOf(r.Method, r.Path)
		name := map[account.Action]string{account.Public: "任何人", account.Own: "任何已登录的人", account.Keyed: "自带令牌的程序"}[action]
		if name == "" {
			name = action.Name()
		}
		rows = append(rows, fmt.Sprintf("| `%s %s` | %s |", r.Method, r.Path, name))
	}
	slices.SortFunc(rows, func(a, b string) int {
		_, x, _ := strings.Cut(a, " /")
		_, y, _ := strings.Cut(b, " /")
		return strings.Compare(x+a, y+b)
	})
	line("%s", strings.Join(rows, "\n"))
	return b.String()
}

func TestRolesPageIsTheTableTheServerReads(t *testing.T) {
	const path = "../docs/roles.md"
	made := rolesPage(t)
	if *update {
		if err := os.WriteFile(path, []byte(made), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil || string(kept) != made {
		t.Errorf("docs/roles.md is not what the tables say (%v): run go test ./dashboard -run TestRolesPage -update", err)
	}
}
