package issue

import "runtime"

// The recipe's constants. One set serves letters and one-line titles alike; each sits on a plateau of measured quality.
const (
	// idfOffset is added to the bits of a feature: even a word in every text weighs something.
	idfOffset = 2.0
	// titleShare is the part of a text's squared norm given to its title; leadShare that of a pseudo-title.
	titleShare = 0.50
	leadShare  = 0.40
	// leadRunes is the length of a pseudo-title, taken from texts without a title that are longer than twice that.
	leadRunes = 30
	// charShare is the part of the similarity that character n-grams carry; words carry the rest.
	charShare = 0.40
	// freeUses is how often an author may repeat a feature before it counts as the author's boilerplate.
	freeUses = 4
	// linkAt is the least evidence of a link and of a merge in the first stage.
	linkAt = 0.12
	// weakAt is the least evidence of a link that counts among others.
	weakAt = 0.06

	// indexed is how many of a text's heaviest features are in the inverted index.
	indexed = 32
	// lookups is how many entries of the index one text may visit, its heaviest features first: it keeps the time linear.
	lookups = 16_384
	// rescored candidates are compared exactly, kept ones become links.
	rescored = 100
	kept     = 20

	// lockWindow and lockShare define when two words are parts of one name:
	// they stand at one fixed distance within the window in this share of the rarer word's texts.
	lockWindow = 3
	lockShare  = 0.5
	// secondBits is what a second shared word must carry, in bits, to hold a cluster together beside its name.
	secondBits = 1.0
	// nearlyEqual is the similarity beyond which two texts need no second evidence.
	nearlyEqual = 0.5

	// nearProfile is the least cosine of two profiles that are compared in the second stage.
	nearProfile = 0.08
	// chanceShare scales what two profiles share by chance; mergeAt and joinAt are the least evidence
	// of a merge of two clusters, and of a cluster and a single text.
	chanceShare = 0.2
	mergeAt     = 0.05
	joinAt      = 0.06
	// crowd is the number of authors from which two clusters may be joined by what they share altogether; alikeAt is the
	// least evidence of that between very large ones, and alikeFew, shared by the authors of the smaller, is added to it.
	crowd    = 5
	alikeAt  = 0.02
	alikeFew = 0.35
	// coverAt is the least share of the smaller cluster's authors, and coverLeast the least number on either side, that must
	// be linked to the other cluster. A link counts where what lies beyond a name is this share of what is chance.
	coverAt    = 0.5
	coverLeast = 2
	firmShare  = 0.3
	// matterShare is the part of chance that a text must share with another one of its issue beside names and places;
	// matterSame is what must be in excess of chance for the two to tell of one matter.
	matterShare = 0.3
	matterSame  = 0.5
	// Pairs whose thing is below leastThing, or whose evidence is below leastHope, are not looked at again when one of
	// them grows.
	leastThing = 0.0025
	leastHope  = -0.06
	// A cluster's own name is used by nameSpread of its authors, who are nameInside of all its users; two clusters of
	// vetoAuthors and more conflict when less than nameLack of each one's authors use the other's name.
	nameSpread  = 0.8
	nameInside  = 0.6
	nameLack    = 0.2
	vetoAuthors = 3
	// followShare is how much of a word's use must follow one other word for it to be a name in that place.
	followShare = 0.7
)

// Without leaves parts of the recipe out, to measure what each is good for; the zero value leaves out none.
type Without struct {
	// Characters are the n-grams beside the words, Chance what two texts share by chance, Boilerplate the discount for what
	// an author repeats.
	Characters, Chance, Boilerplate bool
	// Second is the question for a second evidence beside a name, Lock the knowledge of which words are one name.
	Second, Lock bool
	// Merge joins by thing and fault, Crowds joins crowds that speak alike, Cover joins by links, Veto keeps clusters of
	// different names apart, Matter takes out what shares nothing but the place.
	Merge, Crowds, Cover, Veto, Matter bool
}

// indexCap is the largest document frequency of an indexed feature among n texts.
func indexCap(n int) int { return max(200, n*3/100) }

// profileCap is the largest number of n profiles that a word may be in to suggest pairs.
func profileCap(n int) int { return max(1000, n*5/100) }

func (o Options) withDefaults() Options {
	if o.MinMessages <= 0 {
		o.MinMessages = 2
	}
	if o.MinCustomers <= 0 {
		o.MinCustomers = 1
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Progress == nil {
		o.Progress = func(string, float64) {}
	}
	return o
}
