package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"deconflict/analysis"
	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/data/store"
	"deconflict/graph"
)

// An import stores beside the records what the page of each nation shows, so that the question that is asked most is answered without
// reading them. The page is set when it is asked for: its width and its colours are the reader's. A question with a flag that changes
// what is said, another format, or a snapshot that another version of the program made, is answered from the records.

// The names of the pages of a snapshot.
const (
	nationsPage = "nations" // the nations of the dataset with their names
	nationPage  = "nation/" // and the code of a nation
)

// nationPages are the pages of a dataset that becomes the snapshot of a name.
func nationPages(ctx context.Context, ds *data.Dataset, name string) (map[string][]byte, error) {
	defer collectAt(collectAt(35)) // the graph stands beside the records: sooner still, and within the memory of an import
	pages := map[string][]byte{}
	var one sync.Mutex
	err := analysis.ByNation(ctx, graph.New(asSnapshot(ds, name), data.Scope{}), analysis.Options{Program: thisProgram()}, func(n data.Nation, r *analysis.Report) error {
		page, err := r.Brief()
		one.Lock()
		defer one.Unlock()
		pages[nationPage+string(n)] = page
		return err
	})
	if err != nil {
		return nil, err
	}
	pages[nationsPage], err = json.Marshal(ds.Nations)
	return pages, err
}

// thisProgram tells this program from every other that may word a page otherwise: by its version, or, where it was built from files
// that no version names, by the file that it is.
func thisProgram() string {
	v := version()
	if v != unversioned && !strings.Contains(v, "+dirty") {
		return v
	}
	path, err := os.Executable()
	if err != nil {
		return v
	}
	info, err := os.Stat(path)
	if err != nil {
		return v
	}
	return fmt.Sprintf("%s %d %d", v, info.Size(), info.ModTime().UnixNano())
}

// stored is the report on one nation as far as its page shows it, from the page that the import made; nil where the question is
// another, or no page answers it.
func (q *question) stored(cmd *cobra.Command, at *storage, o *output, nation string, datasets []string) (*analysis.Report, error) {
	f, folder, err := o.target()
	if err != nil || folder || f.Name != render.Formats[0].Name || len(datasets) > 0 || !plain(cmd.Flags()) {
		return nil, err
	}
	st, snap, err := at.named()
	if err != nil || st == nil {
		return nil, err
	}
	page := func(name string) ([]byte, error) {
		b, err := st.Page(cmd.Context(), snap, name)
		if errors.Is(err, store.ErrNoPage) {
			err = nil
		}
		return b, err
	}
	b, err := page(nationsPage)
	if b == nil {
		return nil, err
	}
	var nations []data.NationRow
	if err := json.Unmarshal(b, &nations); err != nil {
		return nil, fmt.Errorf("snapshot %q: %w", snap.Name, err)
	}
	code, err := data.NewVocabulary(nations, nil, nil, nil, nil).ParseNation(nation)
	if err != nil {
		return nil, nil // it may be a list; if not, who reads the records says so too
	}
	if b, err = page(nationPage + string(code)); b == nil {
		return nil, err
	}
	r, err := analysis.ReadBrief(b, thisProgram())
	if errors.Is(err, analysis.ErrOtherProgram) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r.Again = q.again(at.again(nil))
	if !o.quiet {
		tellSnapshot(cmd, st, snap)
	}
	return r, nil
}

// plain reports whether no flag changes what a page says; the others say where the snapshot is, and how the page looks.
func plain(flags *pflag.FlagSet) bool {
	plain := true
	flags.Visit(func(f *pflag.Flag) {
		plain = plain && slices.Contains([]string{"store", "snapshot", "format", "output", "width", "no-color", "quiet", "fail-on"}, f.Name)
	})
	return plain
}
