package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ticks is Linux's unit of processor time in /proc, a second's part.
const ticks = 100

// used is what processes took so far.
type used struct {
	// processor is the time in user and kernel mode.
	processor time.Duration
	// engine is the share of processor that is not the first process's.
	engine time.Duration
	// peak is the sum of each process's highest resident memory, bytes.
	peak int64
}

// family gives a process and its children.
func family(pid int) []int {
	all := []int{pid}
	paths, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range paths {
		child, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if fields := stat(child); len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			all = append(all, child)
		}
	}
	return all
}

// stat gives the fields of a process from its state on.
func stat(pid int) []string {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	_, rest, _ := strings.Cut(string(content), ") ") // the name before it may hold blanks
	return strings.Fields(rest)
}

// usage of a process and its children.
func usage(pid int) (sum used) {
	for _, p := range family(pid) {
		if fields := stat(p); len(fields) > 12 {
			user, _ := strconv.Atoi(fields[11])
			kernel, _ := strconv.Atoi(fields[12])
			took := time.Duration(user+kernel) * time.Second / ticks
			sum.processor += took
			if p != pid {
				sum.engine += took
			}
		}
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(status)) {
			if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "VmHWM:" {
				kib, _ := strconv.ParseInt(fields[1], 10, 64)
				sum.peak += kib << 10
			}
		}
	}
	return sum
}

// load is the machine's load of the last minute.
func load() string {
	content, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Fields(string(content))[0]
}
