package issue

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

// estate makes a merger of letters that all name an estate and a street near it; each is given by what else it tells.
func estate(matters ...string) (*merger, []int32) {
	c := &corpus{without: Without{Lock: true}}
	number := map[string]int32{}
	id := func(word string) int32 {
		if _, ok := number[word]; !ok {
			number[word] = int32(len(c.words))
			c.words = append(c.words, word)
		}
		return number[word]
	}
	name, street := id("澜庭"), id("望岳路")
	g := &weighted{n: 1000}
	var members []int32
	for i, matter := range matters {
		words := []int32{name, street}
		for word := range strings.FieldsSeq(matter) {
			words = append(words, id(word))
		}
		x := vector{}
		for _, w := range distinct(append([]int32{}, words...)) {
			x.at, x.val = append(x.at, w), append(x.val, float32(1/math.Sqrt(float64(4*len(words)))))
		}
		c.texts = append(c.texts, reading{body: words})
		g.x, g.chance = append(g.x, x), append(g.chance, 0.3)
		members = append(members, int32(i))
	}
	g.words = int32(len(c.words))
	g.df = make([]int32, g.words)
	for _, x := range g.x {
		for _, at := range x.at {
			g.df[at]++
		}
	}
	return &merger{c: c, g: g, x: g.x, locks: newLocks(c, g)}, members
}

func TestWhoSharesNothingButThePlaceIsTakenOut(t *testing.T) {
	m, members := estate("电梯 停运 被困", "学费 昂贵", "停运 电梯 坠落", "斑马线 褪色")
	if got, want := m.part([][]int32{members}), [][]int32{{1}, {3}, {0, 2}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAPlaceOfManyMattersIsKnown(t *testing.T) {
	for sentence, c := range map[string]struct {
		matters []string
		want    bool
	}{
		"a lift":                          {[]string{"电梯 停运 被困", "停运 电梯 坠落", "电梯 停运", "电梯 停运 维修", "停运 电梯 照明"}, false},
		"a lift and two other matters":    {[]string{"电梯 停运 被困", "停运 电梯 坠落", "电梯 停运 维修", "学费 昂贵", "斑马线 褪色"}, false},
		"four letters are too few":        {[]string{"电梯 停运", "学费 昂贵", "斑马线 褪色", "麻将 赌博"}, false},
		"two letters each, three matters": {[]string{"电梯 停运 被困", "停运 电梯 坠落", "学费 昂贵", "昂贵 学费 难吃", "斑马线 褪色", "褪色 斑马线 模糊"}, true},
	} {
		t.Run(sentence, func(t *testing.T) {
			m, members := estate(c.matters...)
			if got := m.manifold(members); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
