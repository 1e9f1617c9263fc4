package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"deconflict/data"
	"deconflict/data/load"
)

// readingFlags adds the flags that fix what a reader would otherwise have to guess about a file.
func readingFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String("encoding", "", "the encoding of CSV files, such as windows-1252 (default told from the file)")
	f.String("separator", "", "what separates the columns of CSV files: comma, semicolon or tab (default told from the header)")
	f.String("decimal", "", "the decimal mark of numbers that are text: point or comma (default told from the column)")
}

// reading is how the flags say that files are to be read, with standard input as the file -.
func reading(cmd *cobra.Command) (load.Options, error) {
	o := load.Options{Stdin: cmd.InOrStdin()}
	f := cmd.Flags()
	mark := func(flag, what string, marks map[string]rune) (rune, error) {
		if !f.Changed(flag) {
			return 0, nil
		}
		text := f.Lookup(flag).Value.String()
		r, ok := marks[data.Fold(text)]
		if !ok {
			return 0, fmt.Errorf("--%s: %w", flag, &data.ValueError{Got: text, Want: what})
		}
		return r, nil
	}
	var err error
	if o.Separator, err = mark("separator", "comma, semicolon or tab", map[string]rune{",": ',', "comma": ',', ";": ';', "semicolon": ';', "\t": '\t', "tab": '\t'}); err != nil {
		return o, err
	}
	if o.Decimal, err = mark("decimal", "point or comma", map[string]rune{".": '.', "point": '.', ",": ',', "comma": ','}); err != nil {
		return o, err
	}
	if f.Lookup("encoding") != nil {
		o.Encoding = f.Lookup("encoding").Value.String()
	}
	return o, nil
}
