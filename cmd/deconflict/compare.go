package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"deconflict/analysis"
	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/data/load"
	"deconflict/graph"
)

func newCompare() *cobra.Command {
	var q question
	var at storage
	var o output
	cmd := &cobra.Command{
		Use:   "compare OLD NEW",
		Short: "Which findings are new, gone, better or worse from one planning cycle to the next",
		Long: `Compare two planning cycles: which findings are new, worse, better, gone or otherwise changed. A finding is known again by its
subject, whatever became of its numbers.

` + analysis.ChangeRule + ` --fail-on
counts what is new or worse.

OLD and NEW are each a dataset (a folder or a file), a report saved as JSON, or the name of a snapshot. What is there as a file
or folder is meant before a snapshot of that name; snapshot:NAME means the snapshot.

The same question is put to both. A saved report brings its own question, which is then put to the other one too.`,
		Example: `  deconflict compare 2025 2026
  deconflict compare 2025 plans/ --nation POL --report gap
  deconflict compare report.json 2026 --fail-on high -o changes/`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return &hintError{fmt.Errorf("compare needs two planning cycles, not %d", len(args)), "deconflict snapshots lists those in the store"}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(&q); err != nil {
				return err
			}
			before, err := at.side(cmd, args[0], o.quiet)
			if err != nil {
				return err
			}
			after, err := at.side(cmd, args[1], o.quiet)
			if err != nil {
				return err
			}
			d, err := q.compare(cmd, before, after)
			if err != nil {
				return err
			}
			var again []string
			if after.where != nil {
				again = q.again(after.where)
			}
			return o.writeDifference(cmd, d, typed(cmd, args), again)
		},
	}
	q.comparing(cmd)
	at.place(cmd)
	readingFlags(cmd)
	o.difference(cmd)
	return cmd
}

// comparing adds the flags of a question that is put to two datasets.
func (q *question) comparing(cmd *cobra.Command) {
	q.place(cmd)
	q.choose(cmd)
	q.flags.Var(&q.nations, "nation", "findings on these nations, by code or name")
}

// side is one of two things that are compared: a report that was saved, or else data to make one from.
type side struct {
	saved *analysis.Report
	open  func() (*data.Dataset, error)
	where []string // what leads other commands to the data; nil where nothing does
}

// side finds out what an argument of compare means.
func (s *storage) side(cmd *cobra.Command, name string, quiet bool) (side, error) {
	snapshot, chosen := strings.CutPrefix(name, "snapshot:")
	_, missing := os.Stat(name)
	switch ext := strings.ToLower(filepath.Ext(name)); {
	case chosen:
	case ext == ".json" && isReport(name):
		r, err := savedReport(cmd, name)
		return side{saved: r}, err
	case missing == nil, strings.ContainsRune(filepath.ToSlash(name), '/'), ext == ".json", ext == ".csv", ext == ".tsv":
		if s.has(name) && !quiet {
			fmt.Fprintln(cmd.ErrOrStderr(), render.Plain(fmt.Sprintf("%s is read from where it lies; snapshot:%s means the snapshot of that name", name, name)))
		}
		return side{where: append([]string{name}, reread(s.flags)...), open: func() (*data.Dataset, error) { return open(cmd, []string{name}, withoutStatements, quiet) }}, nil
	}
	st, err := s.find()
	switch {
	case err != nil:
		return side{}, err
	case st == nil:
		return side{}, &hintError{fmt.Errorf("%s: no such file or folder, and no store to find a snapshot in", name), "deconflict import DATASET --as " + render.Quote(snapshot) + " makes one"}
	}
	snap, err := st.Find(snapshot)
	if err != nil {
		return side{}, err
	}
	return side{where: s.snapshotFlags(snap.Name), open: func() (*data.Dataset, error) { return read(cmd.Context(), st, snap) }}, nil
}

// has reports whether the store has a snapshot of a name. It is asked for a hint alone, so that a damaged store has none.
func (s *storage) has(name string) bool {
	st, err := s.find()
	if err != nil || st == nil {
		return false
	}
	_, err = st.Find(name)
	return err == nil
}

// isReport tells a saved report, which begins with the name of its form, from a dataset that is a JSON document.
func isReport(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	start := make([]byte, 64)
	n, _ := io.ReadFull(f, start) // a shorter file is no report
	return reportStart.Match(start[:n])
}

var reportStart = regexp.MustCompile(`^\s*\{\s*"schema"\s*:`)

// compare puts a question to two sides and tells what changed from one to the other. What the question chooses among the findings is
// chosen afterwards: a finding is not gone because it is less severe, or names fewer nations, than before.
func (q *question) compare(cmd *cobra.Command, before, after side) (*analysis.Difference, error) {
	opts, err := q.options()
	if err != nil {
		return nil, err
	}
	choice := opts
	opts.Kinds, opts.Reports, opts.MinSeverity = nil, nil, ""
	var question data.Scope
	r := cmp.Or(before.saved, after.saved)
	if r != nil {
		if err := q.savedQuestion(); err != nil {
			return nil, err
		}
		question, opts = r.Asked()
		opts.Program = choice.Program
	}
	var vocabulary *data.Vocabulary
	ask := func(s side) (*analysis.Report, error) {
		if s.saved != nil {
			return s.saved, nil
		}
		ds, err := s.open()
		if err != nil {
			return nil, err
		}
		scope := question
		if r == nil {
			ds, scope, err = q.admit(ds)
			scope.Nations, scope.Organisations = nil, nil
		} else {
			ds, err = admit(ds, question.Audience)
		}
		if err != nil {
			return nil, err
		}
		vocabulary = ds.Vocabulary
		return analysis.Run(cmd.Context(), graph.New(ds, scope), opts)
	}
	old, err := ask(before)
	if err != nil {
		return nil, err
	}
	now, err := ask(after)
	if err != nil {
		return nil, err
	}
	if err := analysis.Comparable(old, now); err != nil {
		return nil, err
	}
	if vocabulary == nil { // two saved reports
		ds, err := load.Public()
		if err != nil {
			return nil, err
		}
		vocabulary = ds.Vocabulary
	}
	scope, err := q.scope(vocabulary)
	if err != nil {
		return nil, err
	}
	d := analysis.CompareOnly(old, now, analysis.Chosen{
		Nations: scope.Nations, Organisations: scope.Organisations,
		Kinds: choice.Kinds, Reports: choice.Reports, MinSeverity: choice.MinSeverity,
	})
	d.Program = opts.Program
	return d, cmd.Context().Err()
}

// savedQuestion refuses the flags that would change the numbers of a report that is made already.
func (q *question) savedQuestion() error {
	for _, flag := range []string{"area", "capability", "process", "as-of", "horizon", "param", "audience"} {
		if q.flags.Changed(flag) {
			return &hintError{fmt.Errorf("--%s: a saved report was made with its own", flag), "name the dataset or snapshot that it was made from instead"}
		}
	}
	return nil
}

// typed is the command as it was given, without what says where its result goes and how it looks there.
func typed(cmd *cobra.Command, args []string) []string {
	out := append([]string{cmd.Name()}, args...)
	cmd.Flags().Visit(func(f *pflag.Flag) {
		list, several := f.Value.(*values)
		switch {
		case slices.Contains([]string{"width", "no-color", "quiet", "format", "output", "fail-on"}, f.Name):
		case several:
			for _, v := range *list {
				out = append(out, "--"+f.Name, v)
			}
		default:
			out = append(out, "--"+f.Name, f.Value.String())
		}
	})
	return out
}
