package render

import (
	"encoding/csv"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"deconflict/analysis"
)

// writeCSV writes the findings as one table. The folder of all tables comes from Tables.
func writeCSV(w io.Writer, r *analysis.Report, _ Options) error { return findingsTable(r).WriteCSV(w) }

// writeDifferenceCSV writes the changes as one table. The folder of all tables comes from DifferenceTables.
func writeDifferenceCSV(w io.Writer, d *analysis.Difference, _ Options) error {
	return changesTable(d).WriteCSV(w)
}

// WriteCSV writes a table as RFC 4180 says, with a header, in UTF-8. No cell of text starts a formula in a spreadsheet: an
// apostrophe stands before one that would. Numbers and days stay as they are.
func (t Table) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	row := make([]string, len(t.Columns))
	for i, col := range t.Columns {
		row[i] = inert(col.Name)
	}
	if err := c.Write(row); err != nil {
		return err
	}
	for _, cells := range t.Rows {
		for i, v := range cells {
			row[i] = v
			if k := t.Columns[i].Kind; k == Text || k == Codes {
				row[i] = inert(v)
			}
		}
		if err := c.Write(row); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// inert is a text that no spreadsheet takes for a formula. A spreadsheet that separates columns by semicolons splits the cell
// there, so what follows each of them is guarded as well, and so is what follows a quotation mark, which it may take off.
func inert(s string) string {
	parts := strings.Split(s, ";")
	for i, p := range parts {
		parts[i] = guard(p)
	}
	return strings.Join(parts, ";")
}

func guard(s string) string {
	const starts = "=+-@＝＋－＠"
	text := Plain(s)
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, ` "`))
	if strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r") || strings.ContainsRune(starts, first) && !number.MatchString(text) {
		return "'" + text
	}
	return text
}

// number matches what is a number, though it starts with a minus.
var number = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
