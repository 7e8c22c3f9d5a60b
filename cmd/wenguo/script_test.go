package main

import (
	"errors"
	"flag"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"wenguo": main})
}

// TestScripts runs the command as a person at a terminal does: what it prints, where, and how it exits.
func TestScripts(t *testing.T) {
	update := flag.Lookup("update")
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true,
		UpdateScripts: update != nil && update.Value.String() == "true",
		Cmds:          map[string]func(*testscript.TestScript, bool, []string){"code": exitsWith},
	})
}

// exitsWith is the script command "code N ARGS…": wenguo with these arguments exits with N.
func exitsWith(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) == 0 {
		ts.Fatalf("usage: code N ARGS…")
	}
	err, code := ts.Exec("wenguo", args[1:]...), "0"
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = strconv.Itoa(exit.ExitCode())
	}
	if code != args[0] {
		ts.Fatalf("wenguo %v ended with %v, want exit code %s", args[1:], err, args[0])
	}
}
