package dashboard

// firingOpen is how many alerts of one kind stand open; the rest is one click away, so that a flood hides nothing else.
const firingOpen = 5

// firingGroup are alerts of one kind, in the order of the first; Rest are those behind a click.
type firingGroup struct{ Rows, Rest []firingRow }

func firingGroups(rows []firingRow) []firingGroup {
	var out []firingGroup
	at := map[string]int{}
	for _, r := range rows {
		i, known := at[r.Name]
		if !known {
			i = len(out)
			at[r.Name], out = i, append(out, firingGroup{})
		}
		g := &out[i]
		if len(g.Rows) < firingOpen {
			g.Rows = append(g.Rows, r)
			continue
		}
		g.Rest = append(g.Rest, r)
	}
	return out
}
