package render

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A long table looks as a short one does. Of colour the table writer ends each style once more after the padding, which nobody sees.
func TestLongGridsLookLikeShortOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.OneOf(
			rapid.SampledFrom([]string{"", "–", "7", "1234.5", "Norge", "Ελλάδα", "a long name of a capability (facility)", "id:with:many-parts/and-more", "日本 語"}),
			rapid.StringMatching(`[A-Za-z äé]{0,30}`),
		)
		g := &grid{}
		columns := rapid.IntRange(1, 6).Draw(t, "columns")
		for range columns {
			g.head = append(g.head, head{text: rapid.SampledFrom([]string{"nation", "asked of both (capability)", "held"}).Draw(t, "head"), right: rapid.Bool().Draw(t, "right")})
		}
		for range rapid.IntRange(1, 8).Draw(t, "rows") {
			var row []cell
			for range columns {
				row = append(row, cell{texts.Draw(t, "text"), rapid.SampledFrom([]style{plain, strong, dim}).Draw(t, "style")})
			}
			g.rows = append(g.rows, row)
		}
		widths := g.fit(rapid.IntRange(MinWidth, 120).Draw(t, "width"))
		for _, colour := range []bool{false, true} {
			if diff := cmp.Diff(endedOnce(g.setFew(widths, colour)), endedOnce(g.setMany(widths, colour))); diff != "" {
				t.Fatalf("colour %v: few (-), many (+):\n%s", colour, diff)
			}
		}
	})
}

// endedOnce leaves out the ends of styles that have not begun.
func endedOnce(lines []string) []string {
	var out []string
	for _, l := range lines {
		var b strings.Builder
		for i, part := range strings.Split(l, endStyle) {
			if i > 0 && strings.Contains(b.String()[strings.LastIndex(b.String(), endStyle)+1:], "\x1b[") {
				b.WriteString(endStyle)
			}
			b.WriteString(part)
		}
		out = append(out, strings.TrimRight(b.String(), " "))
	}
	return out
}
