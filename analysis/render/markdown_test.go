package render_test

import (
	"regexp"
	"strings"
	"testing"

	"deconflict/analysis/render"
)

// The documents are kept as goldens, to be read by people.
func TestMarkdown(t *testing.T) {
	golden(t, "narrowed.md", written(t, "markdown", reports(t)["narrowed"], render.Options{}))
	golden(t, "nation.md", written(t, "markdown", reports(t)["nation"], render.Options{}))
	golden(t, "difference.md", writtenDifference(t, "markdown", differences(t)["narrowed"], render.Options{}))
}

// Every finding stands in the document with its severity and summary, and every row of a table has the cells of its head.
func TestMarkdownIsComplete(t *testing.T) {
	for name, r := range reports(t) {
		text := string(written(t, "markdown", r, render.Options{}))
		marked := "**" + string(r.Marking) + "**"
		if !strings.HasPrefix(text, marked) || strings.LastIndex(text, marked) == 0 {
			t.Errorf("%s: not marked at both ends", name)
		}
		for _, f := range r.Findings {
			named := len(r.Profiles) == 0
			for _, p := range r.Profiles {
				for _, n := range f.Nations {
					named = named || n == p.Nation
				}
			}
			if named && !strings.Contains(text, "| `"+f.ID+"` |") {
				t.Errorf("%s: no %s", name, f.ID)
			}
		}
		wellFormedTables(t, name, text)
	}
	for name, d := range differences(t) {
		text := string(writtenDifference(t, "markdown", d, render.Options{}))
		for _, c := range d.Changes {
			if !strings.Contains(text, "| `"+c.ID+"` |") {
				t.Errorf("%s: no %s", name, c.ID)
			}
		}
		wellFormedTables(t, name, text)
	}
}

func wellFormedTables(t testing.TB, name, text string) {
	t.Helper()
	escaped := regexp.MustCompile(`\\.`)
	columns := 0
	for l := range strings.SplitSeq(text, "\n") {
		if !strings.HasPrefix(l, "|") {
			columns = 0
			continue
		}
		n := strings.Count(escaped.ReplaceAllString(l, ""), "|")
		if columns == 0 {
			columns = n
		}
		if n != columns {
			t.Errorf("%s: %d bars for %d: %s", name, n, columns, l)
		}
	}
}

// Text from data is only ever text: it starts no heading, list, table, tag, link, reference or line.
func TestBehaviour14_HostileTextInMarkdown(t *testing.T) {
	for _, hostile := range []string{
		"# a", "- a", "1. a", "> a", "a | b", "a\\| b", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "![a](http://x)", "`a`", "``` a", "*a*", "_a_",
		"~~a~~", "&lt;b&gt;", "$a$", "@a", "#1", "https://example.org", "www.example.org", "a\n\n# b", "---", "===", "a\x1b[2J\u202eb\u200bc",
	} {
		r := hostileReport(t, hostile)
		r.Findings[0].ID = hostile
		text := string(written(t, "markdown", r, render.Options{}))
		wellFormedTables(t, hostile, text)
		// outside of code, no mark of Markdown stands without its backslash
		text = regexp.MustCompile("(?m)^    .*$").ReplaceAllString(text, "")
		bare := regexp.MustCompile("`[^`\n]*`").ReplaceAllString(regexp.MustCompile(`\\.`).ReplaceAllString(text, "x"), "")
		if bad := regexp.MustCompile("[`\\[\\]<>~&$@_\x1b\u202e\u200b]|://|(?i)www\\.|\n(-|=|#+\n|[0-9]+[.)] )").FindStringIndex(bare); bad != nil {
			t.Errorf("%q: %q", hostile, bare[max(0, bad[0]-60):min(len(bare), bad[1]+30)])
		}
	}
}
