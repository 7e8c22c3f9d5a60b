// Package issue finds recurring issues: complaints about the same thing with the same fault, which one person could fix.
//
//	found, err := issue.Discover(ctx, messages, segmenter, issue.Options{})
//	issues := issue.Match(previous, messages, found.Issues)
//	at, evidence := found.Assign(message, segmenter)
//
// Discover is deterministic: the order of the messages changes nothing. An Issue has Members, Representatives (indexes into
// the messages), Name, Keywords, Customers, FirstSeen and LastSeen. Match gives it an id that survives the next discovery;
// previous tells the issue id of every message id, nil the first time. Assign finds the issue that a new text belongs to, -1 for none.
//
// # How
//
// Two feature spaces, words and characters, weigh title and body apart. What two texts share counts only beyond what they
// share by chance, in bits. Stage one joins texts by the mean of that evidence over all pairs. Then a cluster that nothing
// but a name holds together is taken apart, and clusters that agree on the thing and on the fault separately are joined,
// counting authors and not messages, so that one person's template about many subjects is no issue. Last, pieces of an issue
// that is told in many ways are joined where most authors of the smaller one are linked to the larger. Texts that name
// alternatives in one place (two models of one maker) stay apart. recipe.go holds the constants.
package issue
