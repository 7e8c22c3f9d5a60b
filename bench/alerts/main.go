// Command alerts simulates breach-rate alerts: the CUSUM that wenguo uses, what else could be used in its place, Wilson
// windows and the textbook's multi-window burn rates, all on the same verdicts. Every figure follows from the seed.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"wenguo/transform/breach"
)

const (
	budget = 0.02
	// falseAlarms a month and series that the shipped policy bears.
	falseAlarms = 0.15
)

var rates = breach.Rates{Healthy: 0.01, Unhealthy: 0.06} //nolint:gochecknoglobals // the shipped policy's

func main() {
	months := flag.Int("months", 1000, "months of 28 days at each rate and volume")
	seed := flag.Uint64("seed", 20261122, "seed of everything")
	only := flag.String("only", "main,others,robust,family", "parts to run")
	flag.Parse()
	parts := strings.Split(*only, ",")
	if slices.Contains(parts, "main") {
		fmt.Println("CUSUM, Wilson windows and the textbook on the same verdicts")
		report(*months, *seed, plain, []float64{5, 20, 60, 500}, standard)
	}
	if slices.Contains(parts, "others") {
		fmt.Println("\nOther detectors, each tuned to the false pages of the CUSUM")
		report(*months, *seed, plain, []float64{5, 20, 60, 500}, alternatives)
	}
	if slices.Contains(parts, "robust") {
		fmt.Println("\nThe same when complaints come on weekdays from nine to six")
		report(*months, *seed, clustered, []float64{5, 20, 60, 500}, standard)
		fmt.Println("\nThe same when a day's breach rate varies around the true one (beta, correlation .02 within a day)")
		report(*months, *seed, dispersed, []float64{5, 20, 60, 500}, standard)
	}
	if slices.Contains(parts, "family") {
		family(*months, *seed)
	}
	if len(parts) == 0 {
		flag.Usage()
		os.Exit(2)
	}
}

// report prints a row for each volume and method.
func report(months int, seed uint64, k kind, volumes []float64, methods func(volume float64) []method) {
	fmt.Println("| verdicts a day | method | h | false pages a month at 1 % / 2 % | 6 % found within 1 / 3 / 7 days | delay in days, median / p90 | missed |")
	fmt.Println("|---|---|---|---|---|---|---|")
	for _, volume := range volumes {
		list := methods(volume)
		one := run(months, seed, k, volume, 0.01, list)
		two := run(months, seed+1, k, volume, 0.02, list)
		six := run(months, seed+2, k, volume, 0.06, list)
		for i, m := range list {
			delays := six[i].delays
			h := "–"
			if m.threshold > 0 {
				h = fmt.Sprintf("%.2f", m.threshold)
			}
			fmt.Printf("| %g | %s | %s | %.3f / %.2f | %.2f / %.2f / %.2f | %s / %s | %.3f |\n", volume, m.name, h,
				float64(one[i].pages)/float64(months), float64(two[i].pages)/float64(months),
				within(delays, 1, months), within(delays, 3, months), within(delays, 7, months),
				quantile(delays, 0.5, months), quantile(delays, 0.9, months), 1-within(delays, days, months))
		}
	}
}

func within(delays []float64, limit float64, months int) float64 {
	n := 0
	for _, d := range delays {
		if d <= limit {
			n++
		}
	}
	return float64(n) / float64(months)
}

// quantile is nearest rank over all months; those without detection lie beyond the last.
func quantile(delays []float64, q float64, months int) string {
	slices.Sort(delays)
	rank := int(q*float64(months)+0.999999) - 1
	if rank >= len(delays) {
		return "> 28"
	}
	return fmt.Sprintf("%.2f", delays[rank])
}

// family counts the false pages of an organisation whose departments each watch six stages.
func family(months int, seed uint64) {
	const departments, stages = 20, 6
	fmt.Printf("\n500 complaints a day of %d departments with %d stages each, all healthy at 1 %%, one department's stage at 6 %%\n", departments, stages)
	fmt.Println("| h for | h | false pages a month, all departments / one | found within 7 / 14 days | delay, median / p90 |")
	fmt.Println("|---|---|---|---|---|")
	volume := 500.0 / departments
	for _, c := range []struct {
		name  string
		share float64
	}{{"each series alone", 1}, {"a department's stages together", stages}, {"the organisation's series together", departments * stages}} {
		h := breach.Threshold(rates, volume, falseAlarms/c.share)
		list := []method{cusum(h)}
		one := run(months, seed, plain, volume, 0.01, list)[0]
		six := run(months, seed+2, plain, volume, 0.06, list)[0]
		each := float64(one.pages) / float64(months)
		fmt.Printf("| %s | %.2f | %.2f / %.2f | %.2f / %.2f | %s / %s |\n", c.name, h, each*departments*stages, each*stages,
			within(six.delays, 7, months), within(six.delays, 14, months), quantile(six.delays, 0.5, months), quantile(six.delays, 0.9, months))
	}
}
