package transform

import (
	"strings"
	"unicode"

	"wenguo/transform/text"
)

// Keys are what a complaint is found by when somebody knows its customer's phone or its order's number: neither is kept, only
// what key makes of them. key is Rules.CustomerKey.
func Keys(phone, order string, key func(string) string) []string {
	var out []string
	if digits := phoneDigits(phone); digits != "" {
		out = append(out, key("phone:"+digits))
	}
	if order = orderNumber(order); order != "" {
		out = append(out, key("order:"+order))
	}
	return out
}

// Bounds of the digits of a phone number, without China's country code.
const (
	fewestPhoneDigits = 7
	mostPhoneDigits   = 15
)

// PhoneKey is the key of a phone number as people write it: with blanks, dashes, brackets, +86, 0086 or full-width digits.
// ok is false for what is no phone number.
func PhoneKey(typed string, key func(string) string) (string, bool) {
	typed = strings.TrimSpace(text.Normalize(typed))
	for _, r := range typed {
		if !(r >= '0' && r <= '9') && !unicode.IsSpace(r) && !strings.ContainsRune("+-–—()./", r) {
			return "", false
		}
	}
	digits := phoneDigits(typed)
	if len(digits) < fewestPhoneDigits || len(digits) > mostPhoneDigits {
		return "", false
	}
	return key("phone:" + digits), true
}

// OrderKey is the key of an order's number as people write it; ok is false for what can be none: fewer than four characters,
// or none of them a digit.
func OrderKey(typed string, key func(string) string) (string, bool) {
	number := orderNumber(typed)
	if len(number) < 4 || !strings.ContainsAny(number, "0123456789") {
		return "", false
	}
	return key("order:" + number), true
}

// orderNumber is an order's number in capitals without blanks and dashes; empty for a text with other characters than letters
// and digits.
func orderNumber(typed string) string {
	number := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == '-', r == '_', r == '#':
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, text.Normalize(typed))
	if strings.IndexFunc(number, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) >= 0 {
		return ""
	}
	return number
}
