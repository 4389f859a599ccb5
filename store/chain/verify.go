package chain

import (
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"convivio/store/board"
)

// AddressKept is how long addresses stay readable: what is erased earlier was not
// erased by Convivio.
const AddressKept = board.AddressesKept

// PersonErased is the act that records that a person was erased, with their name and
// the values about them in earlier entries. No other act does away with what an entry
// says; addresses go by their age alone.
const PersonErased board.Act = "person.erased"

// Fault is the first thing that is wrong with a chain.
type Fault struct {
	Seq  int64 // the entry it is about
	What string
}

func (f *Fault) Error() string { return fmt.Sprintf("entry %d: %s", f.Seq, f.What) }

// Verifier checks entries one after the other, oldest first. The zero value
// begins at the first entry ever.
type Verifier struct {
	Partial bool      // a chosen part of the log: entries may be left out, the rest must be whole
	Now     time.Time // when the entries were read; zero: addresses may be missing at any age

	First, Last int64 // entries seen
	Count       int64
	Erased      int64 // values that were erased
	Gaps        int64 // places where entries were left out of a part
	Hash        string

	missing []missing // that no act recorded so far accounts for, oldest first
}

// missing is a value that is gone, and whose erasure would account for it.
type missing struct {
	seq    int64
	name   string
	people [2]int64
}

// Next checks an entry. Errors: *Fault.
func (v *Verifier) Next(e board.AuditEntry) error {
	if err := v.place(&e); err != nil {
		return err
	}
	if err := v.values(e); err != nil {
		return err
	}
	want, err := Hash(e)
	if err != nil {
		return &Fault{e.Seq, "was changed: " + err.Error()}
	}
	if want != e.Hash {
		return &Fault{e.Seq, "was changed, or another one was put in its place: its hash does not fit what it says and what stands before it"}
	}
	if e.Act == PersonErased && e.Outcome == board.ActDone && e.Person != 0 {
		v.missing = slices.DeleteFunc(v.missing, func(m missing) bool { return slices.Contains(m.people[:], e.Person) })
	}
	if v.Count == 0 {
		v.First = e.Seq
	}
	v.Last, v.Hash, v.Count = e.Seq, e.Hash, v.Count+1
	return nil
}

// place checks that the entry follows the one before.
func (v *Verifier) place(e *board.AuditEntry) error {
	next := v.Last + 1
	switch {
	case v.Count > 0 && e.Seq <= v.Last:
		return &Fault{e.Seq, fmt.Sprintf("stands after entry %d: the entries were put in another order, or one was put in twice", v.Last)}
	case e.Seq < 1:
		return &Fault{e.Seq, "there is no entry of this number"}
	case e.Seq > next && v.Partial:
		if v.Count > 0 {
			v.Gaps++
		}
		return nil
	case e.Seq > next:
		return &Fault{next, fmt.Sprintf("is missing: entry %d follows on entry %d", e.Seq, v.Last)}
	}
	before := v.Hash
	if v.Count == 0 {
		before = Start
	}
	if e.Prev == "" { // as rows of the database are: what stands before says it
		e.Prev = before
	}
	if e.Prev != before {
		return &Fault{e.Seq, "does not hang on the entry before it: one of the two was changed"}
	}
	return nil
}

// values checks what is sealed against its sums.
func (v *Verifier) values(e board.AuditEntry) error {
	for i, s := range e.Seals() {
		name := board.SealNames[i]
		switch {
		case s.Sum == "" && (s.Salt != "" || s.Value != ""):
			return &Fault{e.Seq, "was changed: it never had a value for " + name}
		case s.Sum == "":
			continue
		case s.Salt == "" && s.Value == "":
			if name == "address" && !v.Now.IsZero() && v.Now.Sub(e.At) < AddressKept {
				return &Fault{e.Seq, "was changed: its address was taken away before its time"}
			}
			v.Erased++
			v.misses(e, name)
			continue
		}
		salt, err := hex.DecodeString(s.Salt)
		if err != nil || len(salt) != saltSize || sum(salt, s.Value) != s.Sum {
			return &Fault{e.Seq, "was changed: what it says of " + name + " is not what was written"}
		}
	}
	return nil
}

// misses keeps that a value is gone until an act accounts for it. Where entries were
// left out nothing follows from there being none.
func (v *Verifier) misses(e board.AuditEntry, name string) {
	if name == "address" || v.Partial {
		return
	}
	m := missing{seq: e.Seq, name: name, people: [2]int64{e.Actor, e.Person}}
	switch name {
	case "name":
		m.people[1] = e.Actor
	case "target":
		m.people[0] = e.Person
	}
	v.missing = append(v.missing, m)
}

// Whole checks, after the last entry, that whatever is missing was erased by an act
// that the log keeps. Errors: *Fault.
func (v *Verifier) Whole() error {
	if len(v.missing) == 0 {
		return nil
	}
	return &Fault{v.missing[0].seq, "was changed: its " + v.missing[0].name + " was taken away, and no act in the log erased it"}
}

// Reaches checks that the chain goes as far as somebody saw it go. Hash is the
// hash of the entry of that number in the chain, empty when there is none.
// Errors: *Fault.
func Reaches(seen board.AuditHead, hash string) error {
	switch {
	case seen.Seq == 0 || hash == seen.Hash:
		return nil
	case hash == "":
		return &Fault{seen.Seq, "is missing: the log was seen to go this far, and its end was cut off"}
	}
	return &Fault{seen.Seq, "is another one than was seen there before: the log, or its end, was written anew"}
}
