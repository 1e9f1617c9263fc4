package analysis

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/fxamacker/cbor/v2"
	"github.com/klauspost/compress/zstd"

	"deconflict/data"
	"deconflict/graph"
)

// ByNation puts every analysis to the graph once and calls use with the report on each nation: what Run makes where that nation is all that the
// scope asks about, with its profile. The scope of the graph must name no nations. use is called on as many goroutines as there are cores;
// ByNation returns its error, of several that on the first nation.
func ByNation(ctx context.Context, g *graph.Graph, opts Options, use func(data.Nation, *Report) error) error {
	opts.Profiles = true
	if len(g.Scope.Nations) > 0 {
		return errors.New("the scope is narrowed to nations already")
	}
	p, chosen, all, err := analyse(ctx, g, opts)
	if err != nil {
		return err
	}
	naming := map[data.Nation][]*Finding{} // those that name a nation: to ask each of them for each nation would take longer than all else
	for _, f := range all {
		for k, n := range f.Nations {
			if !slices.Contains(f.Nations[:k], n) {
				naming[n] = append(naming[n], f)
			}
		}
	}
	return parallel(ctx, len(g.Dataset.Nations), func(i int) error {
		n := g.Dataset.Nations[i].Nation
		on := p.on(n)
		found := make([]Finding, 0, len(naming[n]))
		for _, f := range naming[n] {
			if concerns(f, on.Scope) {
				found = append(found, *f)
				found[len(found)-1].pass = on
			}
		}
		on.related = sync.OnceValue(func() *related { return relate(found) })
		return use(n, on.report(opts, chosen, found))
	})
}

// on is what the analyses have seen, looked at for one nation.
func (p *Pass) on(n data.Nation) *Pass {
	narrow := *p.Graph
	narrow.Scope.Nations = []data.Nation{n}
	return &Pass{
		Graph: &narrow, Window: p.Window, params: p.params, limits: p.limits, organisations: p.organisations, members: p.members,
		accounts: p.accounts, sums: p.sums, book: p.book,
		communities: p.communities, leftOut: p.leftOut, near: p.near, marks: p.marks, records: p.records, unsaid: p.unsaid,
	}
}

// A brief is what a nation's page shows of the report on one nation, so that the page can be set again without the records: the first
// findings of each kind with their summaries and their first table, of the others and of doubts about the data only how many there are, and
// the profile. Before it stands which program made it.
type brief struct {
	Marking    data.Marking
	AsOf       data.Date
	Dataset    Origin
	Scope      Chosen
	Membership []Headcount
	Answers    []BottomLine
	Summary    []Count
	Shown      []briefFinding
	Untold     Untold
	Profiles   []Profile
	Silent     []briefSilence
	Warnings   data.Problems

	Areas        []Named
	Capabilities []Leaf
	Initiatives  []Named
	Kinds        []Kind
}

type briefFinding struct {
	Finding facts
	Summary string
	Details []Detail
}

type briefSilence struct {
	Kind, Reason string
	Subjects     int
}

// briefFindings is how many findings of each kind a brief has words for: no section of a nation's page shows more.
const briefFindings = 8

// Brief encodes what a nation's page shows of the report on one nation. ReadBrief reads it.
func (r *Report) Brief() ([]byte, error) {
	if len(r.Profiles) != 1 {
		return nil, errors.New("a brief is of the report on one nation")
	}
	b := brief{
		Marking: r.Marking, AsOf: r.AsOf, Dataset: r.Dataset, Scope: r.Scope, Membership: r.Membership, Answers: r.BottomLines,
		Summary: r.Summary, Profiles: r.Profiles, Warnings: r.Warnings.Of(data.Note),
		Areas: r.Areas, Capabilities: r.Capabilities, Initiatives: r.Initiatives,
	}
	b.Untold = Untold{Findings: slices.Clone(r.Untold.Findings), Warnings: r.Doubts()}
	for _, k := range r.Kinds {
		b.Kinds = append(b.Kinds, Kind{Name: k.Name, Report: k.Report})
	}
	for _, n := range r.NotAssessed {
		b.Silent = append(b.Silent, briefSilence{n.Kind, n.Reason, n.Count()})
	}
	shown, alone := map[string]int{}, false
	for i := range r.Findings {
		f := &r.Findings[i]
		shown[f.Kind]++
		first := !alone && len(f.Nations) == 1 // which the page names as an example
		if shown[f.Kind] <= briefFindings || first {
			w := f.words()
			alone = alone || first
			b.Shown = append(b.Shown, briefFinding{facts(*f), w.Summary, w.Details[:min(1, len(w.Details))]})
			continue
		}
		more := &b.Untold.Findings
		k := slices.IndexFunc(*more, func(u UntoldFindings) bool { return u.Kind == f.Kind && u.Severity == f.Severity })
		if k < 0 {
			k = len(*more)
			*more = append(*more, UntoldFindings{Kind: f.Kind, Severity: f.Severity})
		}
		(*more)[k].Findings++
	}
	var encoded bytes.Buffer
	e := cbor.NewEncoder(&encoded)
	if err := errors.Join(e.Encode(r.Program), e.Encode(b)); err != nil {
		return nil, fmt.Errorf("a brief on %s: %w", r.Profiles[0].Nation, err)
	}
	return packer().EncodeAll(encoded.Bytes(), nil), nil
}

// ErrOtherProgram says that a brief was made by another version of the program, which may say something else about the same records.
var ErrOtherProgram = errors.New("the brief was made by another version of the program")

// ReadBrief reads the report on a nation as far as its page shows it. One that another program made is refused with ErrOtherProgram.
func ReadBrief(encoded []byte, program string) (*Report, error) {
	unpacked, err := unpacker().DecodeAll(encoded, nil)
	if err != nil {
		return nil, fmt.Errorf("reading a brief: %w", err)
	}
	var made string
	rest, err := cbor.UnmarshalFirst(unpacked, &made)
	if _, form := errors.AsType[*cbor.UnmarshalTypeError](err); form { // it was not said in front before
		return nil, ErrOtherProgram
	}
	if err != nil {
		return nil, fmt.Errorf("reading a brief: %w", err)
	}
	if made != program { // whose brief may have another form
		return nil, ErrOtherProgram
	}
	var b brief
	if err := cbor.Unmarshal(rest, &b); err != nil {
		return nil, fmt.Errorf("reading a brief: %w", err)
	}
	r := &Report{
		Schema: Schema, Program: made, Marking: b.Marking, AsOf: b.AsOf, Dataset: b.Dataset, Scope: b.Scope, Membership: b.Membership,
		BottomLines: b.Answers, Summary: b.Summary, Profiles: b.Profiles, Warnings: b.Warnings,
		Areas: b.Areas, Capabilities: b.Capabilities, Initiatives: b.Initiatives, Kinds: b.Kinds, Untold: b.Untold,
	}
	for _, s := range b.Silent {
		r.NotAssessed = append(r.NotAssessed, NotAssessed{Kind: s.Kind, Reason: s.Reason, Left: s.Subjects})
	}
	for _, s := range b.Shown {
		f := Finding(s.Finding)
		f.Says(Words{Summary: s.Summary, Details: s.Details})
		r.Findings = append(r.Findings, f)
	}
	return r, nil
}

// packer and unpacker press briefs, most of which are the same words over and over.
var (
	packer = sync.OnceValue(func() *zstd.Encoder {
		e, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
		if err != nil {
			panic(err) // no option is wrong
		}
		return e
	})
	unpacker = sync.OnceValue(func() *zstd.Decoder {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(1<<30))
		if err != nil {
			panic(err) // no option is wrong
		}
		return d
	})
)
