// Package render lays a report out, and the difference between two: as a page for a terminal, as JSON, as tables for a
// spreadsheet, as a workbook, as a deck to brief from, as a document in Markdown, and as a page for a browser. It computes nothing that is
// not already in them; what one format needs goes into the report, where all see it.
//
// Data can carry anything. Every text passes through Plain before it reaches a terminal or a cell.
package render

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
	"deconflict/graph"
)

// Format is one form of a report.
type Format struct {
	Name   string
	Doc    string
	Ext    []string // of file names, with the point; the first is the usual one
	Binary bool     // not for a terminal
	// Template says that the format takes over an organisation's masters and layouts: Options.Template.
	Template bool
	Write    func(io.Writer, *analysis.Report, Options) error
	// Difference writes what changed between two reports; nil where the format has no form for it.
	Difference func(io.Writer, *analysis.Difference, Options) error
	// Pictures says that a file is one picture, which the options name; Pages, that it is all of them where they name none.
	Pictures, Pages bool
	// Figures writes what is found into a folder, as it is found, in place of Write; nil where the format is made of a report.
	Figures func(context.Context, *graph.Graph, analysis.Options, func(name string) (io.WriteCloser, error)) (*analysis.Report, error)
	// Tables and DifferenceTables are what the format writes into a folder, a file each; nil where it is always one file.
	Tables           func(*analysis.Report) []Table
	DifferenceTables func(*analysis.Difference) []Table
}

// Formats are all of them, in the order of help.
var Formats = []Format{
	{Name: "table", Doc: "a page for the terminal", Ext: []string{".txt"}, Write: writePage, Difference: writeDifference},
	{Name: "json", Doc: "the report itself; deconflict list schema describes it", Ext: []string{".json"}, Write: writeJSON, Difference: writeDifferenceJSON},
	{
		Name: "csv", Doc: "a folder of tables, or the findings as one table; no cell can start a formula", Ext: []string{".csv"},
		Write: writeCSV, Tables: Tables, Difference: writeDifferenceCSV, DifferenceTables: DifferenceTables,
	},
	{Name: "xlsx", Doc: "a workbook: a sheet for each report, the heat map, evidence", Ext: []string{".xlsx"}, Binary: true, Write: writeXLSX, Difference: writeDifferenceXLSX},
	{Name: "pptx", Doc: "a deck to brief from: native tables and charts, the arithmetic in the notes", Ext: []string{".pptx"}, Binary: true, Template: true, Write: writePPTX},
	{Name: "markdown", Doc: "a document for a wiki or a paper", Ext: []string{".md"}, Write: writeMarkdown, Difference: writeDifferenceMarkdown},
	{Name: "html", Doc: "a page for a browser: filters, pictures, evidence; one file, opens offline", Ext: []string{".html", ".htm"}, Write: writeHTML, Difference: writeDifferenceHTML},
	{Name: "svg", Doc: "a picture to be drawn at any size; a folder of all of them", Ext: []string{".svg"}, Pictures: true, Write: writeSVG},
	{Name: "png", Doc: "a picture in dots; a folder of all of them", Ext: []string{".png"}, Binary: true, Pictures: true, Write: writePNG},
	{Name: "pdf", Doc: "a picture on a page, or all of them", Ext: []string{".pdf"}, Binary: true, Pictures: true, Pages: true, Write: writePDF},
}

// Figures is the format for what no reader goes through: it is made of a graph and not of a report.
var Figures = Format{Name: "figures", Doc: "a folder of tables with numbers alone, a table for each kind; any size, in little memory", Figures: WriteFigures}

// Options say how to lay out. The zero Options are a page of 80 columns without colour.
type Options struct {
	Width  int  // columns of a page; 0 is 80
	Colour bool // colour is only ever a second cue
	// Again leads a command to the later of the two reports of a difference; nil where no command does.
	Again   []string
	Picture string   // the name of one of Pictures, for a format of pictures
	Typed   []string // the command that made a difference, without its output
	// Template has the masters and layouts of a deck; nil is the one that ships with the program.
	Template *Template
}

// DefaultWidth is the width of a page where none is known.
const DefaultWidth = 80

// MinWidth is the narrowest page: a narrower one is set at this width.
const MinWidth = 60

func (o Options) width() int {
	if o.Width == 0 {
		return DefaultWidth
	}
	return max(o.Width, MinWidth)
}

// ByName returns the format of a name among some.
func ByName(name string, formats []Format) (Format, error) {
	var names []string
	for _, f := range formats {
		names = append(names, f.Name)
	}
	i, err := OneOf(name, "a format", names)
	if err != nil {
		return Format{}, err
	}
	return formats[i], nil
}

// ByExtension returns the format of a file's name among some.
func ByExtension(path string, formats []Format) (Format, error) {
	var known []string
	for _, f := range formats {
		known = append(known, f.Ext...)
	}
	i, err := OneOf(filepath.Ext(path), "a file name that ends in", known)
	if err != nil {
		return Format{}, err
	}
	return formats[slices.IndexFunc(formats, func(f Format) bool { return slices.Contains(f.Ext, known[i]) })], nil
}

// OneOf finds s among names, without regard to case. The error lists them all and guesses which was meant.
func OneOf(s, what string, names []string) (int, error) {
	for i, n := range names {
		if data.Fold(n) == data.Fold(s) {
			return i, nil
		}
	}
	return 0, &data.ValueError{Got: s, Want: what + ": " + strings.Join(names, ", "), Hint: data.DidYouMean(data.Nearest(s, names))}
}
