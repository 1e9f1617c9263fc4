package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"deconflict/data"
)

// Problems lists what is wrong and doubtful, a line each with its file, line and column, file by file, and counts them under each
// file. After the first so many the rest are only counted.
func Problems(w io.Writer, ps data.Problems, most int) error {
	var out bytes.Buffer
	counts, left := map[data.Severity]int{}, most
	for i, p := range ps {
		if left > 0 {
			fmt.Fprintln(&out, Plain(p.String()))
			left--
		}
		counts[p.Severity]++
		if i+1 == len(ps) || ps[i+1].File != p.File {
			if problems := counts[data.Error] + counts[data.Warning]; problems > 0 {
				fmt.Fprintf(&out, "%s: %s, %s\n", Plain(p.File), counted(counts[data.Error], "error"), counted(counts[data.Warning], "warning"))
			}
			clear(counts)
		}
	}
	if more := len(ps) - most; more > 0 {
		fmt.Fprintf(&out, "%s shown, %d more\n", counted(most, "problem"), more)
	}
	_, err := w.Write(out.Bytes())
	return err
}

// Checked says that a dataset can be read, and what it holds of its own; vocabulary may be borrowed.
func Checked(w io.Writer, ds *data.Dataset, warnings int) error {
	var sizes []string
	for _, t := range []struct {
		rows int
		noun string
	}{
		{len(ds.Requirements), "requirement"}, {len(ds.Targets), "target"}, {len(ds.Pledges), "pledge"}, {len(ds.Holdings), "holding"},
		{len(ds.Initiatives), "initiative"}, {len(ds.Participants), "participant"}, {len(ds.Contributions), "contribution"},
		{len(ds.Relations), "relation"}, {len(ds.ActionItems), "action item"}, {len(ds.ActionLinks), "action link"}, {len(ds.Sources), "source"},
	} {
		if t.rows > 0 {
			sizes = append(sizes, counted(t.rows, t.noun))
		}
	}
	if len(sizes) == 0 {
		sizes = []string{"vocabulary alone"}
	}
	doubts := "no problems"
	if warnings > 0 {
		doubts = "no errors, " + counted(warnings, "warning")
	}
	_, err := fmt.Fprintf(w, "%s: %s: %s\n", Plain(ds.Name), strings.Join(sizes, ", "), doubts)
	return err
}
