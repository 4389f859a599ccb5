package gate

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

// roundTo is what rounded values are multiples of.
const roundTo = 5

// Round gives a value as the multiple of five below or above it, the nearer the
// likelier, so that sums stay right on the whole. Which of the two depends on the
// secret, the release and the cell alone: asked again it is the same, so asking
// often averages nothing out; without the secret nobody can tell which values
// would have come out the same. A second layer: it does not replace hiding.
func Round(value int64, secret []byte, release, cell string) int64 {
	low := value - ((value%roundTo)+roundTo)%roundTo
	mac := hmac.New(sha256.New, secret)
	_, _ = mac.Write([]byte(release + "\x00" + cell))
	chance := binary.BigEndian.Uint64(mac.Sum(nil)) % roundTo
	if chance < uint64(value-low) { // #nosec G115 -- 0 to 4
		return low + roundTo
	}
	return low
}
