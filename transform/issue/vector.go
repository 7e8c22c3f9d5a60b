package issue

import (
	"math"
	"slices"
)

// vector is sparse: feature ids, ascending, and their values.
type vector struct {
	at  []int32
	val []float32
}

// dot is the inner product; the shorter one leads when the sizes differ much.
func dot(a, b vector) float64 {
	if len(a.at) > len(b.at) {
		a, b = b, a
	}
	if len(b.at) > 16*len(a.at) {
		return dotSearch(a, b)
	}
	sum := 0.0
	for i, j := 0, 0; i < len(a.at) && j < len(b.at); {
		switch x, y := a.at[i], b.at[j]; {
		case x < y:
			i++
		case x > y:
			j++
		default:
			sum += float64(a.val[i]) * float64(b.val[j])
			i++
			j++
		}
	}
	return sum
}

func dotSearch(short, long vector) float64 {
	sum := 0.0
	from := 0
	for i, x := range short.at {
		k, ok := slices.BinarySearch(long.at[from:], x)
		from += k
		if ok {
			sum += float64(short.val[i]) * float64(long.val[from])
		}
	}
	return sum
}

// add returns a + b.
func add(a, b vector) vector {
	out := vector{make([]int32, 0, len(a.at)+len(b.at)), make([]float32, 0, len(a.at)+len(b.at))}
	i, j := 0, 0
	for i < len(a.at) || j < len(b.at) {
		switch {
		case j == len(b.at) || i < len(a.at) && a.at[i] < b.at[j]:
			out.at, out.val = append(out.at, a.at[i]), append(out.val, a.val[i])
			i++
		case i == len(a.at) || a.at[i] > b.at[j]:
			out.at, out.val = append(out.at, b.at[j]), append(out.val, b.val[j])
			j++
		default:
			out.at, out.val = append(out.at, a.at[i]), append(out.val, a.val[i]+b.val[j])
			i++
			j++
		}
	}
	return out
}

// below returns the part of v whose features are smaller than end.
func (v vector) below(end int32) vector {
	k, _ := slices.BinarySearch(v.at, end)
	return vector{v.at[:k], v.val[:k]}
}

// scaled returns v ÷ √square; a square of 0 leaves it as it is.
func (v vector) scaled(square float64) vector {
	if square == 0 {
		return v
	}
	k := float32(1 / math.Sqrt(square))
	out := vector{v.at, make([]float32, len(v.val))}
	for i, x := range v.val {
		out.val[i] = x * k
	}
	return out
}

func norm(v vector) float64 {
	square := 0.0
	for _, x := range v.val {
		square += float64(x) * float64(x)
	}
	return math.Sqrt(square)
}
