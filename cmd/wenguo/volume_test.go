package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAStatedVolumeIsReadBack(t *testing.T) {
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "orders.csv")
	if v, err := statedVolumes(data)(); v != nil || err != nil {
		t.Errorf("nothing is stated: %v, %v", v, err)
	}
	state := func(content string) error {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := newVolume()
		cmd.SetArgs([]string{file, "--data", data})
		cmd.SetOut(t.Output())
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		return cmd.Execute()
	}
	if err := state("day,volume\n2026-11-22,18423\n"); err != nil {
		t.Fatal(err)
	}
	if err := state("day,volume\n2026-11-22,wrong\n"); err == nil {
		t.Error("a wrong file was taken")
	}
	if v, err := statedVolumes(data)(); err != nil || v["2026-11-22"] != 18423 {
		t.Errorf("%v, %v", v, err)
	}
}
