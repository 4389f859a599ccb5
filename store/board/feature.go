package board

// Feature is something of Convivio that administrators may switch off.
type Feature string

// The features that can be switched off. Each is read where it works: a switch
// that changes nothing has no place here. How they are called, and what happens
// without them, stands in templates/feature.templ.
const (
	FeatureReactions Feature = "reactions" // to comments and answers
	FeatureGuests    Feature = "guests"    // people from outside come in
	FeatureExperts   Feature = "experts"   // who offered to be asked is named
	FeatureTopics    Feature = "topics"    // what grows is shown
	FeatureUnfound   Feature = "unfound"   // what several look for in vain is counted
	FeatureHolds     Feature = "holds"     // first posts, and what a rule names, wait for a moderator
)

// Switch is a feature with how it is without anybody's choice.
type Switch struct {
	Feature   Feature
	Default   bool // on unless an administrator chose otherwise
	Dangerous bool // shuts people out: its name is asked for
}

// Switches lists the features in the order in which pages show them.
var Switches = []Switch{
	{FeatureReactions, true, false},
	{FeatureExperts, true, false},
	{FeatureTopics, true, false},
	{FeatureUnfound, true, false},
	{FeatureHolds, true, false},
	{FeatureGuests, true, true},
}
