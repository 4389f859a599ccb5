package board

import "time"

// Ledger is what moderators did, without names: for everybody to see that the
// house is fair. It counts whole months that are over, and small numbers only
// together, so that nobody can be found behind one.
type Ledger struct {
	Board   string        `json:"board,omitempty"`   // slug; empty: all that the reader may see
	Months  []LedgerMonth `json:"months"`            // the latest first; those without decisions are left out
	Appeals *AppealCount  `json:"appeals,omitempty"` // of all these months; null: fewer than LedgerFew
	Hours   int           `json:"hours"`             // half of what waited was decided within so many; 0: too few to say
	Since   time.Time     `json:"since"`             // the first month counted
	Until   time.Time     `json:"until"`             // end of the last: the present one is not over
}

// LedgerMonth is what was done in a month.
type LedgerMonth struct {
	Month   time.Time     `json:"month"`   // its first day
	Total   int           `json:"total"`   // 0: fewer than LedgerFew
	Actions []LedgerCount `json:"actions"` // most first; what happened less than LedgerFew times stands together under OtherCount
	Grounds []LedgerCount `json:"grounds"`
}

// LedgerCount is how often something was done, or for which reason.
type LedgerCount struct {
	What  string `json:"what"` // an Action or a Ground, or OtherCount
	Count int    `json:"count"`
}

// AppealCount is what came of appeals.
type AppealCount struct {
	Decided    int `json:"decided"`
	Overturned int `json:"overturned"`
}

const (
	// LedgerFew is the least number that the ledger shows of anything.
	LedgerFew = 3
	// LedgerMonths is how far back it goes.
	LedgerMonths = 12
	// OtherCount stands for what happened too seldom to be named.
	OtherCount = "other_few"
)

// FoldFew puts what was counted less than LedgerFew times together, so that
// neither what is named nor what is left over is one or two; most first.
func FoldFew(counts []LedgerCount) []LedgerCount {
	sortCounts(counts)
	rest := 0
	for len(counts) > 0 && (counts[len(counts)-1].Count < LedgerFew || rest > 0 && rest < LedgerFew) {
		rest += counts[len(counts)-1].Count
		counts = counts[:len(counts)-1]
	}
	if rest > 0 {
		counts = append(counts, LedgerCount{OtherCount, rest})
	}
	return counts
}

func sortCounts(counts []LedgerCount) {
	for i := 1; i < len(counts); i++ {
		for j := i; j > 0 && (counts[j].Count > counts[j-1].Count || counts[j].Count == counts[j-1].Count && counts[j].What < counts[j-1].What); j-- {
			counts[j], counts[j-1] = counts[j-1], counts[j]
		}
	}
}
