package account

import (
	"crypto/rand"
	"testing"
)

func BenchmarkHash(b *testing.B) {
	k := &Book{cfg: DefaultConfiguration(), random: rand.Reader}
	for b.Loop() {
		if _, err := k.hash("correct horse battery"); err != nil {
			b.Fatal(err)
		}
	}
}
