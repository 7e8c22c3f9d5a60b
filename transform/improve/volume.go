package improve

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// Volumes are how much business the organisation did on each day, such as orders, by the day as 2006-01-02.
type Volumes map[string]float64

// ParseVolumes reads a table with the header day,volume: one row a day, the volume a number that is not negative.
func ParseVolumes(r io.Reader) (Volumes, error) {
	rows := csv.NewReader(r)
	rows.FieldsPerRecord = 2
	head, err := rows.Read()
	if err != nil {
		return nil, fmt.Errorf("read header: %w", err)
	}
	if strings.TrimPrefix(head[0], "\ufeff") != "day" || head[1] != "volume" {
		return nil, fmt.Errorf("the header is %q, want day,volume", strings.Join(head, ","))
	}
	out := Volumes{}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read row: %w", err)
		}
		line, _ := rows.FieldPos(0)
		if _, err := time.Parse(time.DateOnly, row[0]); err != nil {
			return nil, fmt.Errorf("line %d: day %q is no date like 2026-11-22", line, row[0])
		}
		volume, err := strconv.ParseFloat(row[1], 64)
		if err != nil || volume < 0 || math.IsInf(volume, 0) || math.IsNaN(volume) {
			return nil, fmt.Errorf("line %d: volume %q is no number from 0 on", line, row[1])
		}
		if _, twice := out[row[0]]; twice {
			return nil, fmt.Errorf("line %d: day %s stands there twice", line, row[0])
		}
		out[row[0]] = volume
	}
	if len(out) == 0 {
		return nil, errors.New("there is no row")
	}
	return out, nil
}

// Against counts a history against volumes: the newest weeks without a gap whose seven days are all stated. A history of
// which no whole week is stated stays as it is.
func (h History) Against(v Volumes) History {
	weeks := append([]Week(nil), h.Weeks...)
	first := len(weeks)
	for i := len(weeks) - 1; i >= 0; i-- {
		sum, whole := v.week(weeks[i].Start)
		if !whole && first == len(weeks) {
			weeks, first = weeks[:i], i // not stated yet
			continue
		}
		if !whole {
			break
		}
		weeks[i].Exposure, weeks[i].Channels = sum, nil
		first = i
	}
	if first == len(weeks) {
		return h
	}
	h.Weeks, h.Exposure = weeks[first:], ByVolume
	return h
}

// week is the volume of the seven days from a Monday on.
func (v Volumes) week(monday time.Time) (sum float64, whole bool) {
	for day := range 7 {
		volume, stated := v[monday.AddDate(0, 0, day).Format(time.DateOnly)]
		if !stated {
			return 0, false
		}
		sum += volume
	}
	return sum, true
}
