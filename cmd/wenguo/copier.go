package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// copier copies files, each synced to its disk, and counts their bytes.
type copier struct{ bytes int64 }

// files copies what lies in the data folder beside the store and the bus: policies, keys, lists.
func (c *copier) files(data, to string) error {
	if err := os.MkdirAll(to, 0o750); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	entries, err := os.ReadDir(data)
	if err != nil {
		return fmt.Errorf("read data folder: %w", err)
	}
	for _, entry := range entries {
		if notBackedUp[entry.Name()] {
			continue
		}
		if err := c.tree(filepath.Join(data, entry.Name()), filepath.Join(to, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// tree copies a file or a folder. A file that goes while the folder is read was not needed any more.
func (c *copier) tree(from, to string) error {
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path != from {
			return nil
		}
		if err != nil {
			return err
		}
		below, err := filepath.Rel(from, path)
		if err != nil {
			return fmt.Errorf("find %s below %s: %w", path, from, err)
		}
		target := filepath.Join(to, below)
		switch {
		case entry.IsDir():
			return os.MkdirAll(target, 0o750)
		case !entry.Type().IsRegular():
			return nil
		}
		err = c.file(path, target)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("copy %s: %w", from, err)
	}
	return nil
}

func (c *copier) file(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	n, err := io.Copy(target, source)
	c.bytes += n
	if err = errors.Join(err, target.Sync(), target.Close()); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

func (c *copier) write(path string, content []byte) error {
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	c.bytes += int64(len(content))
	return nil
}
