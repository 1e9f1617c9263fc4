package render

import (
	"bytes"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestBehaviour13_NothingActsAndLettersStay(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "",
		"plain ASCII, as it is": "plain ASCII, as it is",
		"Ελλάδα, България, Türkiye":   "Ελλάδα, България, Türkiye",
		"cafe\u0301 and naïve":        "cafe\u0301 and naïve", // an accent of its own stays
		"日本":                          "日本",
		"\x1b[31mred\x1b[0m":          "[31mred[0m",
		"\x1b]0;title\x07rest":        "]0;titlerest",
		"\u009b2Jgone":                "2Jgone",
		"one\ntwo\r\nthree\tfour":     "one two  three four",
		"para\u2029graph\u0085end":    "para graph end",
		"abc\u202egnp.exe":            "abcgnp.exe",
		"\u2066isolated\u2069":        "isolated",
		"PUB\u200bLIC\ufeff\u00ad":    "PUBLIC",
		"flag\U000e0067\U000e007f":    "flag",
		"\u3164\u115f\ufe0fhidden":    "hidden",
		"private \ue000 use":          "private  use",
		"bad \xff\xfe bytes":          "bad \ufffd bytes",
		"non-breaking\u00a0space":     "non-breaking space",
		"minus − and middle dot · ok": "minus − and middle dot · ok",
	} {
		if got := Plain(in); got != want {
			t.Errorf("Plain(%q) = %q, want %q", in, got, want)
		}
	}
}

// hostile are the texts of the repository that mean no good, as seeds.
func hostile(tb testing.TB) (out []string) {
	tb.Helper()
	text, err := os.ReadFile("../../testdata/hostile/texts")
	if err != nil {
		tb.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		s, err := strconv.Unquote(strings.TrimSpace(line))
		if err != nil {
			tb.Fatalf("%s: %v", line, err)
		}
		out = append(out, s)
	}
	return out
}

func FuzzPlain(f *testing.F) {
	for _, s := range hostile(f) {
		f.Add(s)
	}
	for _, s := range []string{"", "abc", "\x1b[31m", "\u202e", "Ω\xff", "e\u0301", "\U000e0001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Plain(s)
		if !utf8.ValidString(got) {
			t.Errorf("%q gives %q, which is no UTF-8", s, got)
		}
		if again := Plain(got); again != got {
			t.Errorf("%q gives %q and then %q", s, got, again)
		}
		for _, r := range got {
			if r != ' ' && unicode.IsSpace(r) || unicode.Is(unicode.C, r) && r != utf8.RuneError {
				t.Errorf("%q gives %q, with %U", s, got, r)
			}
		}
		for _, r := range s {
			if unicode.IsLetter(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) && !strings.ContainsRune(got, r) {
				t.Errorf("%q gives %q, without the letter %c", s, got, r)
			}
		}
	})
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text    string
		columns int
		want    []string
	}{
		{"", 10, []string{""}},
		{"one two three", 7, []string{"one two", "three"}},
		{"one  two", 20, []string{"one two"}},
		{"dual-target:POL:mob-rail", 14, []string{"dual-target:", "POL:mob-rail"}}, // after a sign that joins
		{"abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"日本語の能力", 5, []string{"日本", "語の", "能力"}}, // two columns each
	} {
		if got := wrap(test.text, test.columns); strings.Join(got, "|") != strings.Join(test.want, "|") {
			t.Errorf("wrap(%q, %d) = %q, want %q", test.text, test.columns, got, test.want)
		}
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("one two three", 5)
	f.Add("日本語 \u0301\u0301", 2)
	f.Fuzz(func(t *testing.T, s string, columns int) {
		columns = 2 + int(uint(columns)%120)
		s = Plain(s)
		lines := wrap(s, columns)
		for _, l := range lines {
			if width(l) > columns {
				t.Errorf("wrap(%q, %d) has %q, %d wide", s, columns, l, width(l))
			}
		}
		if got, want := strings.ReplaceAll(strings.Join(lines, ""), " ", ""), strings.ReplaceAll(s, " ", ""); got != want {
			t.Errorf("wrap(%q, %d) = %q: not the same text", s, columns, lines)
		}
	})
}

func TestInert(t *testing.T) {
	for in, want := range map[string]string{
		"text":                `text`,
		"=1+1":                `'=1+1`,
		"+1":                  `'+1`,
		"@SUM(A1)":            `'@SUM(A1)`,
		"-cmd|' /C calc'!A0":  `'-cmd|' /C calc'!A0`,
		"\t=1+1":              `' =1+1`,
		"\rtext":              `' text`,
		"  =1+1":              `'  =1+1`,
		"\"=1+1":              `'"=1+1`,
		"\u200b=1+1":          `'=1+1`, // what is left out hides nothing
		"＝1+1":                `'＝1+1`,
		"DEU;=1+1":            `DEU;'=1+1`, // a spreadsheet may split there
		"DEU;FRA":             `DEU;FRA`,
		"-3.5":                `-3.5`, // a number stays one
		"-3.5.1":              `'-3.5.1`,
		"a-b=c":               `a-b=c`,
		"":                    ``,
		"line one\n=line two": `line one =line two`,
	} {
		if got := inert(in); got != want {
			t.Errorf("inert(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzInert(f *testing.F) {
	for _, s := range hostile(f) {
		f.Add(s)
	}
	f.Add("=1")
	f.Add(";\"@")
	f.Fuzz(func(t *testing.T, s string) {
		for part := range strings.SplitSeq(inert(s), ";") {
			bare := strings.TrimLeft(part, ` "`)
			if bare != "" && strings.ContainsAny(bare[:1], "=+-@\t\r\n") && !number.MatchString(part) {
				t.Errorf("inert(%q) has %q", s, part)
			}
		}
	})
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"plans/":                    "plans/",
		"dual-target:POL:x:EU+NATO": "dual-target:POL:x:EU+NATO",
		"my plans":                  "'my plans'",
		"":                          "''",
		"it's; rm -rf":              `'it'\''s; rm -rf'`,
		"$(x)":                      "'$(x)'",
	} {
		if got := Quote(in); got != want {
			t.Errorf("Quote(%q) = %s, want %s", in, got, want)
		}
	}
}

// FuzzQuote holds that the shell reads an argument as it is: it is safe letters, or stands between single quotes, which are the only sign
// that is none there.
func FuzzQuote(f *testing.F) {
	for _, s := range hostile(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Quote(s)
		if !strings.HasPrefix(got, "'") {
			if got != s || strings.ContainsAny(s, " \t\n\"'\\$`&|;<>()*?[]{}~#!^") {
				t.Errorf("%q stands as %s", s, got)
			}
			return
		}
		if inside := strings.ReplaceAll(got[1:len(got)-1], `'\''`, ""); !strings.HasSuffix(got, "'") || strings.Contains(inside, "'") || strings.ReplaceAll(got[1:len(got)-1], `'\''`, "'") != s {
			t.Errorf("%q stands as %s", s, got)
		}
	})
}

// FuzzEncode holds that JSON keeps a text, and that nothing in it acts before it is read.
func FuzzEncode(f *testing.F) {
	for _, s := range hostile(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var b bytes.Buffer
		if err := encode(&b, map[string]string{"text": s}); err != nil {
			t.Fatal(err)
		}
		if shown := strings.ReplaceAll(b.String(), "\n", " "); strings.ContainsFunc(shown, acts) {
			t.Errorf("%q acts in %q", s, shown)
		}
		var got map[string]string
		if err := json.Unmarshal(b.Bytes(), &got); err != nil || got["text"] != strings.ToValidUTF8(s, "\ufffd") && utf8.ValidString(s) {
			t.Errorf("%q became %q: %v", s, got["text"], err)
		}
	})
}
