package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"wenguo/transform/improve"
)

// volumeFile in the data folder is how much business the organisation did, day by day.
const volumeFile = "volume.csv"

func newVolume() *cobra.Command {
	cmd := &cobra.Command{
		Use: "volume FILE.csv", Short: "State the volume of business, such as orders a day, that effects of actions are counted against",
		Args: cobra.ExactArgs(1),
		Long: "The file has the header day,volume and one row a day (2026-11-22,18423). It replaces what was stated before.\nWithout one, effects are counted against the other complaints.",
	}
	data := cmd.Flags().String("data", "data", "data folder")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		content, err := os.ReadFile(args[0])
		if err != nil {
			return usageError{fmt.Errorf("read volume: %w", err)}
		}
		volumes, err := improve.ParseVolumes(bytes.NewReader(content))
		if err != nil {
			return fmt.Errorf("%s: %w", args[0], err)
		}
		if err := os.MkdirAll(*data, 0o700); err != nil {
			return fmt.Errorf("make data folder: %w", err)
		}
		path := filepath.Join(*data, volumeFile)
		if err := os.WriteFile(path+".new", content, 0o600); err != nil {
			return fmt.Errorf("keep volume: %w", err)
		}
		if err := os.Rename(path+".new", path); err != nil {
			return fmt.Errorf("keep volume: %w", err)
		}
		_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%d days are stated\n", len(volumes))
		return nil
	}
	return cmd
}

// statedVolumes reads what the folder states; nothing where it states nothing.
func statedVolumes(data string) func() (improve.Volumes, error) {
	return func() (improve.Volumes, error) {
		file, err := os.Open(filepath.Join(data, volumeFile))
		if errors.Is(err, os.ErrNotExist) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("open volume: %w", err)
		}
		defer file.Close()
		return improve.ParseVolumes(file)
	}
}
