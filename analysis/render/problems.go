package render

import (
	"bytes"
	"fmt"
	"io"

	"deconflict/data"
)

// Problems lists what is wrong and doubtful, a line each with its file, line and column, file by file, and counts them under each
// file. After the first so many the rest are only counted.
func Problems(w io.Writer, ps data.Problems, most int) error {
	var out bytes.Buffer
	errors, warnings, left := 0, 0, most
	for i, p := range ps {
		if left > 0 {
			fmt.Fprintln(&out, Plain(p.String()))
			left--
		}
		if p.Severity == data.Error {
			errors++
		} else {
			warnings++
		}
		if i+1 == len(ps) || ps[i+1].File != p.File {
			fmt.Fprintf(&out, "%s: %s, %s\n", Plain(p.File), counted(errors, "error"), counted(warnings, "warning"))
			errors, warnings = 0, 0
		}
	}
	if more := len(ps) - most; more > 0 {
		fmt.Fprintf(&out, "%s shown, %d more\n", counted(most, "problem"), more)
	}
	_, err := w.Write(out.Bytes())
	return err
}

// Checked says that a dataset can be read, and how large it is.
func Checked(w io.Writer, ds *data.Dataset, warnings int) error {
	records := len(ds.Nations) + len(ds.Memberships) + len(ds.Processes) + len(ds.Vocabulary.Capabilities) + len(ds.Crosswalk) +
		len(ds.Requirements) + len(ds.Targets) + len(ds.Pledges) + len(ds.Holdings) + len(ds.Initiatives) + len(ds.Participants) +
		len(ds.Contributions) + len(ds.Relations) + len(ds.ActionItems) + len(ds.ActionLinks) + len(ds.Sources)
	doubts := "no problems"
	if warnings > 0 {
		doubts = "no errors, " + counted(warnings, "warning")
	}
	_, err := fmt.Fprintf(w, "%s: %s, %s\n", Plain(ds.Name), counted(records, "record"), doubts)
	return err
}
