package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"deconflict/data"
	"deconflict/data/load"
)

// readingFlags adds the flags that fix what a reader would otherwise have to guess about a file.
func readingFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String("encoding", "", "the encoding of CSV files, such as windows-1252 (default told from the file)")
	f.String("separator", "", "what separates the columns of CSV files: comma, semicolon or tab (default told from the header)")
	f.String("decimal", "", "the decimal mark of numbers that are text: point or comma (default told from the column)")
	f.String("date-order", "", "how days such as 03/04/2030 are read: dmy or mdy (default they are an error)")
	complete(cmd, "date-order", names(data.DateOrders))
}

// reread are the reading flags as they were given, but for some: what another command must be given to read the same files.
func reread(f *pflag.FlagSet, but ...string) (out []string) {
	for _, name := range []string{"encoding", "separator", "decimal", "date-order"} {
		if f.Changed(name) && !slices.Contains(but, name) {
			out = append(out, "--"+name, f.Lookup(name).Value.String())
		}
	}
	return out
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
	if f.Changed("date-order") {
		if o.DateOrder, err = oneOf("an order of day, month and year", data.DateOrders)(f.Lookup("date-order").Value.String()); err != nil {
			return o, fmt.Errorf("--date-order: %w", err)
		}
	}
	if f.Lookup("encoding") != nil {
		o.Encoding = f.Lookup("encoding").Value.String()
	}
	return o, nil
}
