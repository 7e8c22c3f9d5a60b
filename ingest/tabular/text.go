package tabular

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// Encodings of a file.
const (
	encodingUTF8  = "utf-8"
	encodingGBK   = "gbk"
	encodingUTF16 = "utf-16"
)

// probeBytes is how much of a file is looked at to find out its encoding and format.
const probeBytes = 1 << 20

// detect finds out the encoding. Some broken bytes in a text that is UTF-8 otherwise leave it UTF-8: those rows are
// refused, not the whole file misread.
func detect(head []byte) string {
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) {
		return encodingUTF16
	}
	good, bad := 0, 0
	for len(head) > 0 {
		r, size := utf8.DecodeRune(head)
		switch {
		case r == utf8.RuneError && size == 1 && utf8.FullRune(head):
			bad++
		case size > 1:
			good++
		}
		head = head[size:]
	}
	if bad*4 > good {
		return encodingGBK
	}
	return encodingUTF8
}

// decoded gives the text as UTF-8 without a byte order mark. What cannot be read in GBK becomes U+FFFD.
func decoded(r io.Reader, encoding string) io.Reader {
	switch encoding {
	case encodingGBK:
		return simplifiedchinese.GB18030.NewDecoder().Reader(r)
	case encodingUTF16:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(r)
	}
	buffered := bufio.NewReader(r)
	if mark, err := buffered.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = buffered.Discard(len(mark)) // peeked, so it is there
	}
	return buffered
}

// maxLineBytes bounds a line; an event is smaller, and a file without line ends is no table.
const maxLineBytes = 4 << 20

// errLineTooLong says that a line was passed over because of its size.
var errLineTooLong = errors.New("the line is longer than 4 MiB")

// lines reads a text line by line and can take lines back.
type lines struct {
	in     *bufio.Reader
	back   [][]byte
	number int
}

func newLines(r io.Reader) *lines { return &lines{in: bufio.NewReaderSize(r, 1<<16)} }

// next gives the next line without its end, io.EOF after the last one. A line that is too long is passed over
// and gives errLineTooLong.
func (l *lines) next() ([]byte, error) {
	l.number++
	if n := len(l.back); n > 0 {
		line := l.back[n-1]
		l.back = l.back[:n-1]
		if line == nil {
			return nil, errLineTooLong
		}
		return line, nil
	}
	line := []byte{}
	long := false
	for {
		part, err := l.in.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxLineBytes; !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(line) == 0 && !long:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("read line %d: %w", l.number, err)
		case long:
			return nil, errLineTooLong
		}
		return bytes.TrimRight(line, "\r\n"), nil
	}
}

// unread takes lines back, so that next gives them again in this order; nil is a line that was too long.
func (l *lines) unread(taken [][]byte) {
	for _, line := range slices.Backward(taken) {
		l.back = append(l.back, line)
	}
	l.number -= len(taken)
}
