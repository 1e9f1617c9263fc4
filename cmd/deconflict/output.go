package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"deconflict/analysis"
	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/graph"
)

// output is where a command's result goes, and how it looks there.
type output struct {
	format, file string
	width        int
	noColour     bool
	quiet        bool
	failOn       string
	picture      string
	template     string // a file
	masters      *render.Template
	label        bool

	formats []render.Format // that the command has; none stands for those of a report
}

// known are the formats that the command has.
func (o *output) known() []render.Format {
	if o.formats == nil {
		return render.Formats
	}
	return o.formats
}

// page adds the flags of a result that is a page for a reader.
func (o *output) page(cmd *cobra.Command) {
	f := cmd.Flags()
	f.IntVar(&o.width, "width", 0, "columns of the page (default the terminal's, else 80)")
	f.BoolVar(&o.noColour, "no-color", false, "no colour; NO_COLOR in the environment does the same")
	f.BoolVar(&o.quiet, "quiet", false, "nothing on standard error but errors")
}

// list adds the flags of a result that is a table or a report.
func (o *output) list(cmd *cobra.Command) {
	o.page(cmd)
	f := cmd.Flags()
	var formats, ends []string
	for _, x := range o.known() {
		formats, ends = append(formats, x.Name), append(ends, x.Ext...)
	}
	var folders []string
	if slices.ContainsFunc(o.known(), func(f render.Format) bool { return f.Tables != nil }) {
		folders = append(folders, "csv")
	}
	if slices.ContainsFunc(o.known(), func(f render.Format) bool { return f.Pictures }) {
		folders = append(folders, "pictures")
	}
	intoFolder := ""
	if len(folders) > 0 {
		intoFolder = ", or " + strings.Join(folders, " and ") + " into a folder"
	}
	f.StringVar(&o.format, "format", "", strings.Join(formats, ", ")+" (default table, or what the name of the file says)")
	f.StringVarP(&o.file, "output", "o", "", "write to a file ("+strings.Join(ends, ", ")+")"+intoFolder)
	complete(cmd, "format", formats)
}

// report adds the flags of a result that is a report.
func (o *output) report(cmd *cobra.Command) {
	o.list(cmd)
	cmd.Flags().StringVar(&o.picture, "picture", "", strings.Join(render.PictureNames(), ", ")+" (default what the name of the file says)")
	complete(cmd, "picture", render.PictureNames())
	cmd.Flags().StringVar(&o.template, "template", "", "the masters, layouts and theme of a deck: a .pptx or .potx file of your organisation")
	o.fails(cmd, "exit 1 if a finding shown is at or above: critical, high, medium, low or info")
}

// difference adds the flags of a result that is what changed.
func (o *output) difference(cmd *cobra.Command) {
	o.formats = slices.DeleteFunc(slices.Clone(render.Formats), func(f render.Format) bool { return f.Difference == nil })
	o.list(cmd)
	o.fails(cmd, "exit 1 if a finding that is new or worse is at or above: critical, high, medium, low or info")
}

func (o *output) fails(cmd *cobra.Command, usage string) {
	cmd.Flags().BoolVar(&o.label, "label", false, "write the marking for machines too, as FILE.label.xml: a confidentiality label of STANAG 4774")
	cmd.Flags().StringVar(&o.failOn, "fail-on", "", usage)
	complete(cmd, "fail-on", names(analysis.Severities))
}

// check reads the flags before any work is done.
func (o *output) check(q *question) error {
	if o.width != 0 && o.width < render.MinWidth {
		return fmt.Errorf("--width: %d, wanted at least %d", o.width, render.MinWidth)
	}
	f, folder, err := o.target()
	if err != nil {
		return err
	}
	if err := o.readTemplate(f); err != nil {
		return err
	}
	if _, err := o.pictures(f, folder); err != nil {
		return err
	}
	if o.label && (o.file == "" || o.file == "-") {
		return &hintError{errors.New("--label lies beside a file, and there is none"), "name one with -o"}
	}
	if o.failOn == "" {
		return nil
	}
	if q.noSeverity {
		return errors.New("--fail-on needs the ranking that --no-severity switches off")
	}
	_, err = oneOf("a severity", analysis.Severities)(o.failOn)
	if err != nil {
		err = fmt.Errorf("--fail-on: %w", err)
	}
	return err
}

// readTemplate reads the file that --template names.
func (o *output) readTemplate(f render.Format) error {
	if o.template == "" {
		return nil
	}
	if !f.Template {
		return &hintError{fmt.Errorf("--template: %s takes none", f.Name), "it is for decks: name a .pptx file with -o"}
	}
	file, err := os.Open(o.template)
	if err != nil {
		return fmt.Errorf("--template %s: %w", o.template, reason(err))
	}
	defer file.Close()
	o.masters, err = render.ReadTemplate(file)
	var wrong *render.TemplateError
	switch {
	case errors.As(err, &wrong) && wrong.Hint != "":
		return &hintError{fmt.Errorf("--template %s: it %w", o.template, err), wrong.Hint}
	case errors.As(err, &wrong):
		return fmt.Errorf("--template %s: it %w", o.template, err)
	case err != nil:
		return fmt.Errorf("--template %s: %w", o.template, reason(err))
	}
	return nil
}

// target is the format of the result, and whether it is a folder of tables.
func (o *output) target() (f render.Format, folder bool, err error) {
	isFolder := strings.HasSuffix(o.file, string(filepath.Separator))
	if info, err := os.Stat(o.file); err == nil && info.IsDir() {
		isFolder = true
	}
	switch {
	case o.format != "":
		if f, err = render.ByName(o.format, o.known()); err != nil {
			return f, false, fmt.Errorf("--format: %w", err)
		}
	case o.file == "" || o.file == "-":
		f = o.known()[0]
	case isFolder:
		i := slices.IndexFunc(o.known(), func(f render.Format) bool { return f.Tables != nil })
		if i < 0 {
			return f, false, fmt.Errorf("-o %s: it is a folder, and the result is one file", o.file)
		}
		f = o.known()[i]
	default:
		if f, err = render.ByExtension(o.file, o.known()); err != nil {
			err = fmt.Errorf("-o %s: %w", o.file, err)
			if filepath.Ext(o.file) == "" {
				err = &hintError{err, "name the format with --format, or end the name in / for a folder of csv tables"}
			}
			return f, false, err
		}
	}
	folder = f.Tables != nil && o.file != "" && o.file != "-" && (isFolder || !slices.Contains(f.Ext, strings.ToLower(filepath.Ext(o.file))))
	folder = folder || f.Pictures && isFolder
	if f.Figures != nil {
		if o.file == "" || o.file == "-" {
			return f, false, &hintError{errors.New("figures are written into a folder, and there is none"), "name one with -o figures/"}
		}
		if !isFolder && filepath.Ext(o.file) != "" {
			return f, false, &hintError{fmt.Errorf("-o %s: figures are written into a folder, and this is the name of a file", o.file), "end the name in / if it is to be a folder"}
		}
		folder = true
	}
	if isFolder && !folder {
		return f, false, fmt.Errorf("-o %s: it is a folder, and %s is one file", o.file, f.Name)
	}
	return f, folder, nil
}

// pictures are the names of those that a format is to draw. None leaves it to the format, which draws them all.
func (o *output) pictures(f render.Format, folder bool) ([]string, error) {
	switch {
	case o.picture != "" && !f.Pictures:
		return nil, fmt.Errorf("--picture: %s draws no pictures", f.Name)
	case o.picture != "":
		p, err := render.PictureByName(o.picture)
		if err != nil {
			return nil, fmt.Errorf("--picture: %w", err)
		}
		return []string{p.Name}, nil
	case folder && f.Pictures:
		return render.PictureNames(), nil
	case !f.Pictures:
		return nil, nil
	}
	plain := func(s string) string { return strings.ReplaceAll(data.Fold(s), " ", "") }
	var named []string
	for _, name := range render.PictureNames() {
		if strings.Contains(plain(filepath.Base(o.file)), plain(name)) {
			named = append(named, name)
		}
	}
	if len(named) == 1 || f.Pages && len(named) == 0 {
		return named, nil
	}
	return nil, &hintError{
		fmt.Errorf("which picture? --picture %s", strings.Join(render.PictureNames(), ", ")),
		"a file whose name has one of these words in it is that picture, and a folder (-o pictures/ --format " + f.Name + ") has them all",
	}
}

// write puts a report where the flags say.
func (o *output) write(cmd *cobra.Command, r *analysis.Report) error {
	f, folder, err := o.target()
	if err != nil {
		return err
	}
	pictures, err := o.pictures(f, folder)
	if err != nil {
		return err
	}
	err = o.labelled(cmd, func(w io.Writer) error { return render.ReportLabel(w, r, o.file) }, func() error {
		switch {
		case folder && f.Pictures:
			return o.writePictures(cmd, r, f, pictures)
		case folder:
			return o.writeTables(cmd, f.Tables(r))
		}
		return o.writeWith(cmd, f.Binary, func(w io.Writer, opts render.Options) error {
			if len(pictures) > 0 {
				opts.Picture = pictures[0]
			}
			return f.Write(w, r, opts)
		})
	})
	if err != nil {
		return err
	}
	return o.judge(r.Severities())
}

// writeDifference puts what changed between two reports where the flags say. --fail-on goes by what is new and what is worse.
func (o *output) writeDifference(cmd *cobra.Command, d *analysis.Difference, typed, again []string) error {
	f, folder, err := o.target()
	if err != nil {
		return err
	}
	err = o.labelled(cmd, func(w io.Writer) error { return render.DifferenceLabel(w, d, o.file) }, func() error {
		if folder {
			return o.writeTables(cmd, f.DifferenceTables(d))
		}
		return o.writeWith(cmd, f.Binary, func(w io.Writer, opts render.Options) error {
			opts.Typed, opts.Again = typed, again
			return f.Difference(w, d, opts)
		})
	})
	if err != nil {
		return err
	}
	return o.judge(func(yield func(analysis.Severity) bool) {
		for _, c := range d.Changes {
			if (c.Change == analysis.Appeared || c.Change == analysis.Worse) && !yield(c.After.Severity) {
				return
			}
		}
	})
}

// labelled writes an output and, where a flag asks for it, its label first: there is no moment at which the output has none. Where the
// output cannot be written, what lay in the place of the label is put back.
func (o *output) labelled(cmd *cobra.Command, label func(io.Writer) error, write func() error) error {
	if !o.label {
		return write()
	}
	name := render.LabelName(o.file)
	before, missing := os.ReadFile(name)
	if err := writeFile(cmd.Context(), name, label); err != nil {
		return fmt.Errorf("writing %s: %w", name, reason(err))
	}
	err := write()
	switch {
	case err == nil:
		o.wrote(cmd, "wrote "+name)
	case missing != nil:
		err = errors.Join(err, os.Remove(name))
	default:
		err = errors.Join(err, os.WriteFile(name, before, fileMode))
	}
	return err
}

// judge is an error if any of the severities of some findings is at or above --fail-on.
func (o *output) judge(severities iter.Seq[analysis.Severity]) error {
	return o.judgeCount(func(limit analysis.Severity) (n int) {
		for s := range severities {
			if s.AtLeast(limit) {
				n++
			}
		}
		return n
	})
}

// judgeCount is an error if there are findings at or above --fail-on.
func (o *output) judgeCount(atLeast func(analysis.Severity) int) error {
	if o.failOn == "" {
		return nil
	}
	limit, err := oneOf("a severity", analysis.Severities)(o.failOn)
	if n := atLeast(limit); n > 0 {
		return &worseError{limit, n}
	}
	return err
}

// writeWith writes one file, or to standard output. Nothing is to be seen of it until all of it is made.
func (o *output) writeWith(cmd *cobra.Command, binary bool, write func(io.Writer, render.Options) error) error {
	out := cmd.OutOrStdout()
	opts := render.Options{Width: o.width, Template: o.masters}
	toFile := o.file != "" && o.file != "-"
	if fd, ok := terminal(out); ok && !toFile {
		if binary {
			return &hintError{errors.New("this format is not for a terminal"), "name a file with -o"}
		}
		if w, _, err := term.GetSize(fd); err == nil && o.width == 0 {
			opts.Width = w
		}
		opts.Colour = !o.noColour && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	if !toFile {
		var made bytes.Buffer
		if err := write(&made, opts); err != nil {
			return err
		}
		if err := cmd.Context().Err(); err != nil {
			return err
		}
		_, err := made.WriteTo(out)
		return err
	}
	err := writeFile(cmd.Context(), o.file, func(w io.Writer) error { return write(w, opts) })
	if why := reason(err); why != err { // the system refused
		err = fmt.Errorf("writing %s: %w", o.file, why)
	}
	if err != nil {
		return err
	}
	o.wrote(cmd, "wrote "+o.file)
	return nil
}

// writeTables writes tables into a folder, as CSV, a file each.
func (o *output) writeTables(cmd *cobra.Command, tables []render.Table) error {
	err := writeFolder(cmd.Context(), o.file, true, func(create func(string) (io.WriteCloser, error)) error {
		return render.WriteFolder(tables, create)
	})
	if err != nil {
		return fmt.Errorf("writing %s: %w", o.file, reason(err))
	}
	o.wrote(cmd, fmt.Sprintf("wrote %s into %s", count(len(tables), "table"), o.file))
	return nil
}

// writeFigures writes what is found in a graph into a folder, as it is found.
func (o *output) writeFigures(cmd *cobra.Command, f render.Format, g *graph.Graph, opts analysis.Options) error {
	var r *analysis.Report
	err := writeFolder(cmd.Context(), o.file, true, func(create func(string) (io.WriteCloser, error)) (err error) {
		r, err = f.Figures(cmd.Context(), g, opts, create)
		if err != nil || !o.label {
			return err
		}
		name := render.LabelName(o.file)
		return writeFile(cmd.Context(), name, func(w io.Writer) error { return render.ReportLabel(w, r, o.file) })
	})
	if err != nil {
		return fmt.Errorf("writing %s: %w", o.file, reason(err))
	}
	o.wrote(cmd, fmt.Sprintf("wrote the figures of %s into %s", count(analysis.Total(r.Summary).Findings, "finding"), o.file))
	return o.judgeCount(func(limit analysis.Severity) int { return analysis.Total(r.Summary).AtLeast(limit) })
}

// writePictures draws pictures into a folder, a file each.
func (o *output) writePictures(cmd *cobra.Command, r *analysis.Report, f render.Format, pictures []string) error {
	err := writeFolder(cmd.Context(), o.file, true, func(create func(string) (io.WriteCloser, error)) error {
		for _, name := range pictures {
			w, err := create(name + f.Ext[0])
			if err != nil {
				return err
			}
			if err := errors.Join(f.Write(w, r, render.Options{Picture: name}), w.Close()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("writing %s: %w", o.file, reason(err))
	}
	o.wrote(cmd, fmt.Sprintf("wrote %s into %s", count(len(pictures), "picture"), o.file))
	return nil
}

func (o *output) wrote(cmd *cobra.Command, what string) {
	if !o.quiet {
		fmt.Fprintln(cmd.ErrOrStderr(), render.Plain(what))
	}
}

// terminal returns the file descriptor of a writer that is a terminal.
func terminal(w io.Writer) (fd int, ok bool) {
	f, ok := w.(*os.File)
	if !ok {
		return 0, false
	}
	return int(f.Fd()), term.IsTerminal(int(f.Fd()))
}

// reason is why the system refused, without the names of temporary files.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
