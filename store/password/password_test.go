package password

import (
	"errors"
	"strings"
	"testing"

	"convivio/store/board"
)

var cheap = Cost{Memory: 8, Time: 1, Threads: 1}

func TestAHashOpensOnlyToItsPassword(t *testing.T) {
	const right = "quattro gatti sul tetto"
	hash, err := hashWith(t.Context(), right, cheap)
	if err != nil {
		t.Fatal(err)
	}
	for password, want := range map[string]bool{
		right: true, right + " ": false, "": false, strings.ToUpper(right): false, strings.Repeat("x", 300): false,
	} {
		if got, err := Verify(t.Context(), hash, password); err != nil || got != want {
			t.Errorf("verify %q: got %v, %v; want %v", password, got, err, want)
		}
	}
	other, err := hashWith(t.Context(), right, cheap)
	if err != nil || other == hash {
		t.Errorf("two hashes of one password are equal, or %v", err)
	}
}

func TestTheSameLettersWrittenDifferentlyAreTheSamePassword(t *testing.T) {
	hash, err := hashWith(t.Context(), "perch\u00e9 no, dopo pranzo", cheap)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := Verify(t.Context(), hash, "perche\u0301 no, dopo pranzo"); !ok || err != nil {
		t.Errorf("decomposed accent: got %v, %v", ok, err)
	}
}

func TestNobodysHashIsVerifiedToo(t *testing.T) {
	defer func(d Cost) { Default = d }(Default)
	Default = cheap
	if ok, err := Verify(t.Context(), "", ""); ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
}

func TestADamagedHashIsAnError(t *testing.T) {
	for _, hash := range []string{
		"x", "$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA", "$argon2id$v=19$m=99999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=8,t=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=18$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
	} {
		if ok, err := Verify(t.Context(), hash, "quattro gatti sul tetto"); ok || err == nil {
			t.Errorf("%s: got %v, %v; want an error", hash, ok, err)
		}
	}
}

func TestWhichPasswordsAreTaken(t *testing.T) {
	about := []string{"Marta Riva", "marta.riva@example.com"}
	for password, ok := range map[string]bool{
		"quattro gatti sul tetto":            true,
		"sedia lampada fiume treno":          true,
		"ThisIsRatherLongAndDull":            true,
		"8301 7724 1956 0438":                true,
		"ひらがなでもだいじょうぶです、はい":                  true,
		strings.Repeat("abcdefghij klm", 18): true,
		"corto":                              false,
		"quattordici ch":                     false,
		strings.Repeat("lungo ", 50):         false,
		"aaaaaaaaaaaaaaaaaaaa":               false,
		"abababababababababab":               false,
		"111111111111111":                    false,
		"123456789012345":                    false,
		"convivioconvivio":                   false,
		"Convivio-Convivio-1!":               false,
		"martarivamartariva":                 false,
		"Marta.Riva@example.com":             false,
		"PasswordPassword2026!":              false,
		"correct horse battery staple":       false,
		"qwertyuiopasdfghjkl":                false,
		"\xff\xfe quattro gatti sul tetto":   false,
	} {
		err := Check("password", password, about...)
		if (err == nil) != ok {
			t.Errorf("%q: got %v, want taken %v", password, err, ok)
		}
		var fault *board.Error
		if err != nil && (!errors.As(err, &fault) || fault.Field != "password" || fault.Code != board.Invalid) {
			t.Errorf("%q: got %#v, want an error naming the field", password, err)
		}
	}
}

func TestHashingIsBounded(t *testing.T) {
	waiting.Store(maxWaiting)
	defer waiting.Store(0)
	_, err := hashWith(t.Context(), "quattro gatti sul tetto", cheap)
	var fault *board.Error
	if !errors.As(err, &fault) || fault.Code != board.TooMany {
		t.Errorf("got %v, want too_many", err)
	}
}
