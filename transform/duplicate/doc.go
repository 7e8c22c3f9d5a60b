// Package duplicate finds texts that are nearly the same, so that a complaint sent twice can be shown beside its first
// copy and proposed for merging.
//
// Two texts are near-duplicates when they are equal, or when the Jaccard similarity of their sets of character 4-grams
// (four code points in a row) is 0.8 or more. Before both comparisons a text is normalised, and no further than this: a
// byte that is no UTF-8 counts as U+FFFD, every run of white space as one space, and white space at both ends as none.
// Case, punctuation and width stay: a copy keeps them, and whoever compares plainly gets the same pairs.
// A text of fewer than four characters has no 4-gram and equals its equals alone; an empty one has no duplicates.
//
// The result is that of comparing all pairs, found without doing so: two sets as similar as that share one of the rarest
// members of each (prefix filter), and their sizes are near (size filter); Chaudhuri, Ganti, Kaushik, "A Primitive
// Operator for Similarity Joins in Data Cleaning", ICDE 2006; Xiao, Wang, Lin, Yu, "Efficient Similarity Joins for Near
// Duplicate Detection", WWW 2008. What passes is compared exactly; nothing depends on hashing luck.
package duplicate
