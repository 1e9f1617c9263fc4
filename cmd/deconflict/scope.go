package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"deconflict/analysis"
	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/data/load"
)

// question is what a command line asks: the flags that narrow it, and those that change its numbers.
type question struct {
	areas, capabilities, nations, organisations, processes values
	reports, kinds                                         values
	asOf, horizon                                          string
	minSeverity                                            string
	noSeverity                                             bool
	params                                                 values
	audience                                               values

	flags *pflag.FlagSet
}

// values collects the texts of a flag that may be repeated. Each may be a list by commas.
type values []string

func (v *values) String() string     { return strings.Join(*v, ",") }
func (v *values) Set(s string) error { *v = append(*v, s); return nil }
func (v *values) Type() string       { return "list" }

// place adds the flags that say what the numbers are about.
func (q *question) place(cmd *cobra.Command) {
	q.flags = cmd.Flags()
	q.flags.Var(&q.areas, "area", "areas, such as medical")
	q.flags.Var(&q.capabilities, "capability", "capabilities, by code or name")
	q.flags.Var(&q.processes, "process", "planning processes; NATO or EU for all of one organisation")
	q.flags.StringVar(&q.asOf, "as-of", "", "the day asked about (default the dataset's own)")
	q.flags.StringVar(&q.horizon, "horizon", "", "the last day looked at (default open)")
	q.flags.Var(&q.audience, "audience", audienceUsage)
	q.flags.Var(&q.params, "param", "a threshold as name=value; deconflict list parameters shows them")
}

const audienceUsage = "make it for these nations and organisations: what may not go to all of them is left out first"

// choice adds the flags that choose among the findings of a report.
func (q *question) choice(cmd *cobra.Command) {
	q.choose(cmd)
	q.flags.BoolVar(&q.noSeverity, "no-severity", false, "show no ranking")
}

// choose adds the flags that choose among findings.
func (q *question) choose(cmd *cobra.Command) {
	q.flags.Var(&q.organisations, "organisation", "findings on these organisations")
	q.flags.Var(&q.reports, "report", "duplication, gap or complementarity")
	q.flags.Var(&q.kinds, "kind", "kinds of findings; deconflict list analyses shows them")
	q.flags.StringVar(&q.minSeverity, "min-severity", "", "leave out findings below: critical, high, medium, low or info")
	complete(cmd, "report", names(analysis.Questions))
	complete(cmd, "kind", analysis.Kinds())
	complete(cmd, "min-severity", names(analysis.Severities))
}

// scope reads the flags in the words of a dataset.
func (q *question) scope(v *data.Vocabulary) (s data.Scope, err error) {
	read := func(f func() error) {
		if err == nil {
			err = f()
		}
	}
	read(func() error { s.Areas, err = parse("area", q.areas, v.ParseArea); return err })
	read(func() error { s.Capabilities, err = parse("capability", q.capabilities, v.ParseCapability); return err })
	read(func() error { s.Nations, err = parse("nation", q.nations, v.ParseNation); return err })
	read(func() error {
		s.Organisations, err = parse("organisation", q.organisations, v.ParseOrganisation)
		return err
	})
	read(func() error { s.Processes, err = processes(v, q.processes); return err })
	read(func() error { s.AsOf, _, err = day("as-of", q.asOf); return err })
	read(func() error { _, s.Horizon, err = day("horizon", q.horizon); return err })
	return s, err
}

// admit leaves out of a dataset what may not go to the audience that the flags name, and reads the other flags in the words of what is
// left.
func (q *question) admit(ds *data.Dataset) (*data.Dataset, data.Scope, error) {
	names, err := parse("audience", q.audience, ds.ParseAudience)
	if err != nil {
		return nil, data.Scope{}, err
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if ds, err = admit(ds, names); err != nil {
		return nil, data.Scope{}, err
	}
	scope, err := q.scope(ds.Vocabulary)
	scope.Audience = names
	return ds, scope, err
}

// admit leaves out of a dataset what may not go to an audience; nothing where there is none.
func admit(ds *data.Dataset, to data.Audience) (*data.Dataset, error) {
	if len(to) == 0 {
		return ds, nil
	}
	public, err := load.Public()
	if err != nil {
		return nil, err
	}
	for _, p := range ds.Problems {
		if strings.HasPrefix(p.Hint, "--encoding ") { // a record that is left out must not change how others are read
			return nil, &hintError{fmt.Errorf("--audience: the encoding of %s was guessed from all that it holds", p.File), p.Hint}
		}
	}
	out, err := ds.For(to, public.Vocabulary)
	if errors.Is(err, data.ErrNothingReleasable) {
		return nil, &hintError{fmt.Errorf("--audience: nothing of %s may go to %s", ds.Name, to), "records without a marking go to nobody; deconflict list markings says to whom others go"}
	}
	return out, err
}

// options reads the flags that need no dataset.
func (q *question) options() (o analysis.Options, err error) {
	if o.Kinds, err = parse("kind", q.kinds, oneOf("a kind of finding", analysis.Kinds())); err != nil {
		return o, err
	}
	if o.Reports, err = parse("report", q.reports, oneOf("a report", analysis.Questions)); err != nil {
		return o, err
	}
	if q.minSeverity != "" {
		if o.MinSeverity, err = oneOf("a severity", analysis.Severities)(q.minSeverity); err != nil {
			return o, fmt.Errorf("--min-severity: %w", err)
		}
	}
	o.NoSeverity, o.Program = q.noSeverity, "deconflict "+version()
	o.Params = map[string]data.Amount{}
	_, err = parse("param", q.params, func(s string) (string, error) {
		name, text, ok := strings.Cut(s, "=")
		if !ok {
			return "", &data.ValueError{Got: s, Want: "name=value, such as concentration.share=0.6"}
		}
		value, err := data.ParseAmount(strings.TrimSpace(text))
		if err != nil {
			return "", err
		}
		name, err = oneOf("a parameter", parameters())(strings.TrimSpace(name))
		o.Params[name] = value
		return name, err
	})
	return o, err
}

func parameters() (names []string) {
	for _, p := range analysis.Params() {
		names = append(names, p.Name)
	}
	return names
}

// again is what a command must be given to find the same findings with the same numbers: where the data is, and the flags as they
// were given.
func (q *question) again(where []string) []string {
	out := slices.Clone(where)
	q.flags.Visit(func(f *pflag.Flag) {
		switch f.Name {
		case "area", "capability", "process", "param", "audience":
			for _, v := range *f.Value.(*values) {
				out = append(out, "--"+f.Name, v)
			}
		case "as-of", "horizon":
			out = append(out, "--"+f.Name, f.Value.String())
		}
	})
	return out
}

// parse reads every value of a flag: whole, or else as a list by commas.
func parse[T any](flag string, given values, one func(string) (T, error)) ([]T, error) {
	var out []T
	for _, text := range given {
		if v, err := one(text); err == nil {
			out = append(out, v)
			continue
		}
		for part := range strings.SplitSeq(text, ",") {
			v, err := one(strings.TrimSpace(part))
			if err != nil {
				return nil, fmt.Errorf("--%s: %w", flag, err)
			}
			out = append(out, v)
		}
	}
	return out, nil
}

// oneOf reads one of some words.
func oneOf[T ~string](what string, words []T) func(string) (T, error) {
	return func(s string) (T, error) {
		i, err := render.OneOf(s, what, names(words))
		if err != nil {
			return "", err
		}
		return words[i], nil
	}
}

// processes reads processes; an organisation stands for all of its own.
func processes(v *data.Vocabulary, given values) ([]data.Process, error) {
	parsed, err := parse("process", given, v.ParseProcess)
	var out []data.Process
	for _, p := range parsed {
		out = append(out, p)
		for _, row := range v.Processes {
			if row.Organisation == data.Organisation(p) && row.Process != p {
				out = append(out, row.Process)
			}
		}
	}
	return out, err
}

func day(flag, text string) (first, last data.Date, err error) {
	if text == "" {
		return 0, 0, nil
	}
	if first, last, err = data.ParseDate(text); err != nil {
		err = fmt.Errorf("--%s: %w", flag, err)
	}
	return first, last, err
}

func names[T ~string](words []T) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}

// complete lets the shell complete a flag's values.
func complete(cmd *cobra.Command, flag string, words []string) {
	if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // the flag is not there: a slip in this program
	}
}
