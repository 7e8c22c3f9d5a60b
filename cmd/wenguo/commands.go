package main

import "github.com/spf13/cobra"

// commands lists every subcommand; each lives in the file of its name.
func commands() []*cobra.Command {
	return []*cobra.Command{
		newUp(), newImport(), newCheck(), newAnalyze(), newVerify(), newRebuild(), newExport(), newConfig(), newVersion(), newVolume(), newEngine(),
		newKPI(), newDeadline(), newPolicy(), newDecide(), newErase(), newBackup(), newRestore(), newIngest(), newFacts(), newRules(), newNotify(), newReport(), newAccount(),
	}
}
