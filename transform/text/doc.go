// Package text makes Chinese complaint text safe to read and ready to compare: it cleans, masks personal data, normalises and cuts into words.
//
//	text.Clean(s)      valid UTF-8 without NUL, bidirectional and zero-width marks
//	text.Mask(s)       s with personal data replaced by tokens such as 〔手机号〕; line and word order stay
//	text.Find(s)       the masked spans themselves, as byte offsets into Clean(s)
//	text.Normalize(s)  one spelling per meaning: NFKC, lower case, simplified characters, no HTML or URL, synonyms
//
//	seg, err := text.Open(dir, terms...)  unpacks the dictionaries below dir once and loads them (1 s, 100 MB)
//	seg.Words(s)       the words of Normalize(s), punctuation dropped
//	seg.Cut(s)         the same with punctuation and space kept, for whoever needs clauses
//	seg.Swap(terms...) replaces the user's terms while others go on cutting
//	seg.Close()        frees the native memory
//	text.ReadTerms(r)  terms from a user dictionary, errors name the line
//
// A Segmenter is safe for concurrent use; one per process is enough.
// The dictionaries are those of gojieba (MIT License), carried compressed in the binary: a binary runs without its source tree.
package text
