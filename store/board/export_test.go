package board

import "strings"

// Traversals are names and addresses that try to leave the folder they are for.
func Traversals() []string {
	var out []string
	ups := []string{"../", `..\`, "..%2f", "..%5c", "%2e%2e/", "%2e%2e%2f", "..%252f", "..%c0%af", "..%ef%bc%8f", "....//", "..;/", "..\x00/", "．．／", "..／", "\u202e../", "./../"}
	for _, up := range ups {
		for _, end := range []string{"etc/passwd", "convivio.db", "head", "files/x", ""} {
			out = append(out, strings.Repeat(up, 4)+end)
		}
	}
	return append(out, "/etc/passwd", `C:\windows\win.ini`, `\\host\share\x`, "file:///etc/passwd", "~/x", ".", "..", "/", `\`, "con", "nul.txt", "x\x00.png", "-rf", strings.Repeat("../", 100)+"x")
}
