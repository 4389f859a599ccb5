package words

// italian holds what Convivio says in Italian, by the English sentence.
var italian = map[string]string{}
