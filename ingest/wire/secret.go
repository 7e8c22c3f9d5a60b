package wire

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// mask stands wherever a secret would be printed.
const mask = "xxxxx"

// Secret is a password or token. Printing, logging and marshalling it shows that there is one, never which.
type Secret string

// Reveal gives the text, for the one place that sends it.
func (s Secret) Reveal() string { return string(s) }

// String hides the text.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return mask
}

// Format hides the text from every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// MarshalText hides the text from YAML, JSON and logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// ReadSecret gives the secret that stands in the configuration, or that the file holds; a line end after it is no part of
// it. The name is that of the setting, for the error.
func ReadSecret(name string, inline Secret, file string) (string, error) {
	if file == "" {
		return inline.Reveal(), nil
	}
	if inline != "" {
		return "", twice(name)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("%s_file: %w", name, err)
	}
	text := strings.TrimRight(string(content), "\r\n")
	if text == "" {
		return "", fmt.Errorf("%s_file: %s is empty", name, file)
	}
	return text, nil
}

// CheckSecret refuses a secret that is given twice, without reading anything.
func CheckSecret(name string, inline Secret, file string) error {
	if inline != "" && file != "" {
		return twice(name)
	}
	return nil
}

func twice(name string) error {
	return errors.New(name + " and " + name + "_file are both set: keep one")
}
