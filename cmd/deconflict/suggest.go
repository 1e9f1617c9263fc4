package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/data/likeness"
	"deconflict/data/load"
)

// suggesting is a command line of suggest.
type suggesting struct {
	output
	at         storage
	glossaries values
	column     string
	most       int
	asking     likeness.Asking
	duplicates bool
	from       string
	about      question // the audience alone
}

func newSuggest() *cobra.Command {
	s := suggesting{output: output{formats: render.ListFormats}, at: storage{words: withStatements}}
	cmd := &cobra.Command{
		Use:   "suggest [TEXT|FILE|-…]",
		Short: "The capabilities that a text may mean, for a person to confirm",
		Long: `Say which capabilities are nearest to a text, with a score and the words that made it. A text is free wording in English, with
what the glossary knows of French and German, or a code of another scheme. It is given as it is, or in a file: a text on each line; a
table with a column of them, such as text, statement or description (--column names another); or a dataset, of which those rows are asked
about whose capability cannot be read, and with --all every row by what it says. - is standard input.

` + likeness.Method + `

Suggestions are never read as data by themselves. -o mappings.sssom.tsv writes them as rows of a crosswalk that propose and map nothing
yet: put skos:exactMatch or skos:closeMatch in place of skos:relatedMatch where one is right, take the others out, and read the file with
the data. --glossary adds terms of your own, as CSV with the columns term, means and note; deconflict list glossary shows those that are
known.

--duplicates compares instead the statements of requirements and targets of different organisations with each other, and shows those that
are alike in words: candidates to look at, which no finding rests on.`,
		Example: `  deconflict suggest "Feldlazarett, luftverlegbar" "RSOM site at the port"
  deconflict suggest questionnaire.xlsx --column Beschreibung
  deconflict suggest targets.csv -o mappings.sssom.tsv
  deconflict suggest - --glossary ours.csv --format json < texts.txt
  deconflict suggest --duplicates plans/`,
		RunE: func(cmd *cobra.Command, args []string) error { return s.run(cmd, args) },
	}
	f := cmd.Flags()
	f.Var(&s.glossaries, "glossary", "a file with terms of your own: term, means and note")
	f.StringVar(&s.column, "column", "", "the column of a table that holds the texts (default told from the header)")
	f.IntVar(&s.most, "most", 3, fmt.Sprintf("suggestions for a text, at most %d; or with --duplicates 50 pairs", mostSuggestions))
	f.BoolVar(&s.asking.All, "all", false, "of a dataset, rows whose capability can be read as well, by what they say")
	f.BoolVar(&s.duplicates, "duplicates", false, "statements of different organisations that are alike, of a dataset or a snapshot")
	f.StringVar(&s.from, "from", "", fmt.Sprintf("with --duplicates, the score from which they are alike (default %v)", likeness.AlikeFrom))
	f.Var(&s.about.audience, "audience", "with --duplicates, "+audienceUsage)
	s.at.choose(cmd)
	readingFlags(cmd)
	s.list(cmd)
	return cmd
}

// mostSuggestions is how many suggestions may be asked for; the pairs that are shown unless more are asked for are shownPairs.
const (
	mostSuggestions = 20
	shownPairs      = 50
)

func (s *suggesting) run(cmd *cobra.Command, args []string) error {
	if err := s.check(nil); err != nil {
		return err
	}
	f, _, err := s.target()
	if err != nil {
		return err
	}
	if s.duplicates {
		return s.compare(cmd, args, f)
	}
	for _, flag := range []string{"snapshot", "store", "from", "audience"} {
		if cmd.Flags().Changed(flag) {
			return fmt.Errorf("--%s goes with --duplicates", flag)
		}
	}
	if s.most < 1 || s.most > mostSuggestions {
		return fmt.Errorf("--most: %d, wanted 1 to %d", s.most, mostSuggestions)
	}
	if len(args) == 0 {
		return &hintError{errors.New("suggest needs a text or a file"), `deconflict suggest "mobile field hospital"; - is standard input`}
	}
	var paths []string
	var texts []data.Phrase
	for _, a := range args {
		switch file, err := isFile(a); {
		case err != nil:
			return err
		case file:
			paths = append(paths, a)
		default:
			texts = append(texts, data.Phrase{Text: strings.TrimSpace(a)})
		}
	}
	how, err := reading(cmd)
	if err != nil {
		return err
	}
	if len(paths) > 0 {
		defer slowly(cmd, "reading "+paths[0], s.quiet)()
	}
	read, ds, problems := how.Phrases(cmd.Context(), load.Asked{Column: s.column, Glossaries: s.glossaries}, paths...)
	if ds, err = opened(cmd, ds, problems, paths, true); err != nil {
		return err
	}
	s.asking.Most = s.most
	found := render.Suggestions{
		Answers: likeness.New(ds.Vocabulary).Answers(slices.Concat(texts, read), ds.Schemes, s.asking),
		All:     s.asking.All, Dataset: ds, Program: "deconflict " + version(),
	}
	return s.writeWith(cmd, false, func(w io.Writer, o render.Options) error { return found.Write(w, f, o) })
}

// isFile reports whether an argument is a file to read rather than a text. What looks like the name of one that is not there is an error.
func isFile(arg string) (bool, error) {
	if arg == "-" {
		return true, nil
	}
	if _, err := os.Stat(arg); err == nil {
		return true, nil
	}
	ends := []string{".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".json", ".zip"}
	if strings.ContainsAny(arg, " \t\n") || !slices.Contains(ends, strings.ToLower(filepath.Ext(arg))) {
		return false, nil
	}
	var names []string
	entries, _ := os.ReadDir(filepath.Dir(arg)) // no folder, no near miss
	for _, e := range entries {
		names = append(names, e.Name())
	}
	near := data.Nearest(filepath.Base(arg), names)
	for i := range near {
		near[i] = filepath.Join(filepath.Dir(arg), near[i])
	}
	return false, &hintError{fmt.Errorf("%s: %w", arg, fs.ErrNotExist), data.DidYouMean(near)}
}

// compare shows the statements of a dataset that are alike.
func (s *suggesting) compare(cmd *cobra.Command, args []string, f render.Format) error {
	for _, flag := range []string{"glossary", "column", "all"} {
		if cmd.Flags().Changed(flag) {
			return fmt.Errorf("--%s does not go with --duplicates", flag)
		}
	}
	from := likeness.AlikeFrom
	if s.from != "" {
		a, err := data.ParseAmount(s.from)
		if err != nil || a <= 0 || a > data.One {
			return fmt.Errorf("--from: %w", &data.ValueError{Got: s.from, Want: "a score above 0 and up to 1"})
		}
		from = a.Float()
	}
	most := shownPairs
	if cmd.Flags().Changed("most") {
		if most = s.most; most < 1 {
			return fmt.Errorf("--most: %d, wanted at least 1", most)
		}
	}
	ds, err := s.at.dataset(cmd, args, s.quiet)
	if err != nil {
		return err
	}
	ds, scope, err := s.about.admit(ds)
	if err != nil {
		return err
	}
	defer slowly(cmd, "comparing statements", s.quiet)()
	pairs, compared, err := likeness.Alike(cmd.Context(), ds, from)
	if err != nil {
		return err
	}
	found := render.Duplicates{
		Pairs: pairs[:min(most, len(pairs))], All: len(pairs), Compared: compared, From: from, Audience: scope.Audience, Dataset: ds,
		Program: "deconflict " + version(),
	}
	return s.writeWith(cmd, false, func(w io.Writer, o render.Options) error { return found.Write(w, f, o) })
}
