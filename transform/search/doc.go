// Package search says what a reader's query means over complaint texts, and shows where a text answers it. It knows no
// store: an index finds candidates quickly, and must find exactly what Query.Matches says.
//
//	q := search.Parse("电梯 -广告 \"没人管\"", segmenter)   the terms of a query
//	d := search.NewDocument(title, content, segmenter)      what of a masked text is searched
//	q.Matches(d)                                           whether the text answers the query
//	search.Excerpt(content, q, 120)                        the part of it to show, and the spans to mark
//
// A query is words (all must occur, in any order), "phrases" in quotes, and -excluded words or phrases. Words are cut by the
// segmenter that cuts every text. A Chinese word is found wherever its characters stand together in the text, however the
// segmenter cut them there, so that no other cut hides a text; Latin words and numbers are found whole. Spellings and synonyms
// of text.Normalize are one. A query of single characters alone asks for them as words of their own: 水 finds 水 很 脏 and not
// 水果.
package search
