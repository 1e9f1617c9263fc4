package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"deconflict/analysis"
	"deconflict/analysis/render"
)

func newList() *cobra.Command {
	var q question
	o := output{formats: render.ListFormats}
	var topics, lines []string
	for _, l := range render.Lists {
		topics = append(topics, l.Name)
		lines = append(lines, fmt.Sprintf("  %-14s %s", l.Name, l.Doc))
	}
	const schema = "schema"
	topics = append(topics, schema)
	lines = append(lines, fmt.Sprintf("  %-14s %s", schema, "the JSON Schema of a report; schema difference that of a comparison"))
	cmd := &cobra.Command{
		Use:   "list TOPIC [DATASET…]",
		Short: "The words in use: nations, capabilities, processes, initiatives, kinds of findings and more",
		Long:  "The words in use, those of the public dataset or of your own:\n\n" + strings.Join(lines, "\n"),
		Example: `  deconflict list nations --as-of 2019-11-25
  deconflict list capabilities --area medical
  deconflict list initiatives --nation POL --format csv
  deconflict list crosswalk -o crosswalk.sssom.tsv
  deconflict list schema difference`,
		ValidArgs: topics,
		Args:      needs("a topic: "+strings.Join(topics, ", "), ""),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := o.listFormat()
			if err != nil {
				return err
			}
			i, err := render.OneOf(args[0], "a topic", topics)
			if err != nil {
				return err
			}
			if topics[i] == schema {
				return o.writeSchema(cmd, args[1:])
			}
			ds, err := openOrPublic(cmd, args[1:], true)
			if err != nil {
				return err
			}
			ds, scope, err := q.admit(ds)
			if err != nil {
				return err
			}
			return o.writeWith(cmd, f.Binary, func(w io.Writer, opts render.Options) error {
				return render.Lists[i].Write(w, f, ds, scope, opts)
			})
		},
	}
	q.flags = cmd.Flags()
	q.flags.Var(&q.areas, "area", "of these areas alone")
	q.flags.Var(&q.nations, "nation", "of these nations alone")
	q.flags.Var(&q.organisations, "organisation", "of these organisations alone")
	q.flags.StringVar(&q.asOf, "as-of", "", "the day asked about (default the dataset's own)")
	q.flags.Var(&q.audience, "audience", "what may go to these nations and organisations alone")
	readingFlags(cmd)
	o.list(cmd)
	return cmd
}

// writeSchema writes a JSON Schema: that of a report, or the one that is named.
func (o *output) writeSchema(cmd *cobra.Command, name []string) error {
	schemas := []struct {
		name string
		text []byte
	}{{"report", analysis.ReportSchema}, {"difference", analysis.DifferenceSchema}}
	i := 0
	if len(name) > 0 {
		var known []string
		for _, s := range schemas {
			known = append(known, s.name)
		}
		var err error
		if i, err = render.OneOf(name[0], "a schema", known); err != nil {
			return err
		}
	}
	return o.writeWith(cmd, false, func(w io.Writer, _ render.Options) error {
		_, err := w.Write(schemas[i].text)
		return err
	})
}
