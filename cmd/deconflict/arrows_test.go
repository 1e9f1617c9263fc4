package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows says which packages of the module each may import. They run one way: data knows nobody, and cmd everybody. What reads,
// keeps and draws do not know each other.
var arrows = map[string][]string{
	"data":            {},
	"data/public":     {},
	"data/likeness":   {"data"},
	"data/load":       {"data", "data/likeness", "data/public"},
	"data/synthetic":  {"data"},
	"data/store":      {"data"},
	"graph":           {"data"},
	"analysis":        {"data", "graph"},
	"analysis/render": {"data", "data/likeness", "graph", "analysis"},
	"cmd/deconflict":  {"data", "data/public", "data/load", "data/synthetic", "data/store", "data/likeness", "graph", "analysis", "analysis/render"},
}

func TestArrowsRunOneWay(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && file != root) {
			return fs.SkipDir
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		from := path.Dir(filepath.ToSlash(rel))
		allowed, known := arrows[from]
		if !known {
			t.Errorf("%s: package %s has no place in the picture", rel, from)
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			to, inside := strings.CutPrefix(imported, "deconflict/")
			switch {
			case inside && !slices.Contains(allowed, to):
				t.Errorf("%s imports %s: that arrow runs the wrong way", rel, imported)
			case !inside && from == "data" && strings.Contains(imported, "."):
				t.Errorf("%s imports %s: the words know only the standard library", rel, imported)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
