package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// Every command in the README does what it says, one after the other in one folder, with the file that the README shows.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	ownHome(t)
	t.Chdir(t.TempDir())
	ran := 0
	for _, b := range blocks(t, string(text)) {
		switch b.language {
		case "csv":
			if err := os.WriteFile("targets.csv", []byte(b.text), 0o644); err != nil {
				t.Fatal(err)
			}
		case "":
			for line := range strings.Lines(b.text) {
				line = strings.TrimSpace(line)
				args, ours := strings.CutPrefix(line, "go run ./cmd/deconflict ")
				if !ours {
					if line != "go test ./..." { // that is what runs this test
						t.Errorf("not a command of this program: %s", line)
					}
					continue
				}
				var out, errs bytes.Buffer
				if code := run(t.Context(), strings.NewReader(""), &out, &errs, strings.Fields(args)); code != done {
					t.Errorf("%s: exit code %d\n%s", line, code, &errs)
				}
				if out.Len() == 0 && !strings.Contains(line, " -o ") {
					t.Errorf("%s: no result", line)
				}
				ran++
			}
		}
	}
	if ran < 10 {
		t.Errorf("only %d commands found", ran)
	}
}

type block struct{ language, text string }

// blocks are the fenced blocks of a Markdown text.
func blocks(t *testing.T, text string) (out []block) {
	t.Helper()
	parts := strings.Split(text, "```")
	if len(parts)%2 == 0 {
		t.Fatal("a block is not closed")
	}
	for i := 1; i < len(parts); i += 2 {
		language, body, _ := strings.Cut(parts[i], "\n")
		out = append(out, block{language, body})
	}
	return out
}
