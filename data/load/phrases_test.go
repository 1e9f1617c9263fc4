package load_test

import (
	"fmt"
	"strings"
	"testing"

	"deconflict/data/load"
)

// phrases reads texts from standard input and tells each as place: capability | text.
func phrases(t *testing.T, text string, what load.Asked) string {
	t.Helper()
	found, ds, problems := load.Options{Stdin: strings.NewReader(text)}.Phrases(t.Context(), what, "-")
	if ds == nil {
		return lines(problems)
	}
	var b strings.Builder
	for _, p := range found {
		fmt.Fprintf(&b, "%s: %s | %s | %s\n", p.Position, p.ID, p.Capability, p.Text)
	}
	return b.String()
}

// Texts are read from the lines of a file, from a table with a column of them, and from the statements of a dataset.
func TestPhrases(t *testing.T) {
	for _, c := range []struct{ name, text, column, want string }{
		{"lines", "tank, transporters\n\n  he said \"sealift\"  \r\n\u00fcber Land\n", "", "stdin:1:  |  | tank, transporters\nstdin:3:  |  | he said \"sealift\"\nstdin:4:  |  | über Land\n"},
		{"Windows-1252", "\xfcber Land\n", "", "stdin:1:  |  | über Land\n"},
		{"a word that heads no table alone", "text\nsealift\n", "", "stdin:2:  |  | sealift\n"},
		{"a table", "id;Beschreibung;Menge\na;\"Kran; Kai\";2\nb;;3\n", "", "stdin:2: a |  | Kran; Kai\n"},
		{"the likeliest column", "name,description,unit\nA,sealift,1\n", "", "stdin:2:  |  | sealift\n"},
		{"the column that is named", "name,description,unit\nA,sealift,1\n", "Name", "stdin:2:  |  | A\n"},
		{"a column that is not there", "name,description\nA,sealift\n", "what", "stdin:1:1: the header has no column \"what\" (a header names the columns of one of "},
		{
			"statements", "id,process,nation,capability,statement\nt,NDPP,FRA,a hospital,with beds\nu,NDPP,FRA,,\n", "",
			"stdin:2: t | a hospital | with beds\n",
		},
		{"a document", `{"holdings": [{"id": "h", "nation": "FRA", "capability": "a hospital"}], "nations": []}`, "", "stdin:1: h | a hospital | \n"},
		{"nothing", "", "", "stdin: is empty, wanted texts\n"},
		{"a bare quote", "id,text\na,b\"c\n", "", "a quote inside a cell"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := phrases(t, c.text, load.Asked{Column: c.column})
			if got != c.want && (strings.HasSuffix(c.want, "\n") || !strings.Contains(got, c.want)) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// A questionnaire with a title above its header is a table of texts, though it is no table of a dataset.
func TestPhrasesOfWorkbook(t *testing.T) {
	w := newWorkbook(t, "Fragen")
	w.rows("Fragen", 1, []any{"Bedarf 2030"}, []any{}, []any{"Nr", "Anforderung", "Menge"}, []any{1, "Schwerlasttransporter", 14}, []any{2, "Blutkonserven", 5})
	got := phrases(t, string(w.bytes()), load.Asked{})
	if want := "stdin:Fragen:4:  |  | Schwerlasttransporter\nstdin:Fragen:5:  |  | Blutkonserven\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// FuzzPhrases reads any bytes as texts.
func FuzzPhrases(f *testing.F) {
	for _, text := range []string{"a line\nanother", "text,id\n\"a\nb\",1", "\ufeffid;statement\n", "#curie_map:\n#  x: y\nsubject_id\n", "\xff\xfea\x00", "{\"targets\":[{\"capability\":\"x\"}]}"} {
		f.Add(text, "")
		f.Add(text, "id")
	}
	f.Fuzz(func(t *testing.T, text, column string) {
		found, ds, problems := load.Options{Stdin: strings.NewReader(text)}.Phrases(t.Context(), load.Asked{Column: column}, "-")
		if (ds == nil) != (len(problems.Of("error")) > 0) {
			t.Errorf("a result is %v beside %v", ds != nil, problems)
		}
		for _, p := range found {
			if p.Text == "" && p.Capability == "" || p.Position.File != "stdin" || p.Position.Line < 1 {
				t.Errorf("%+v", p)
			}
		}
	})
}
