package store

import (
	"reflect"

	"deconflict/data"
)

// In memory records share what many of them say alike. A block has its own way to write that once, so that the rows of these tables are
// stored flat: as the types below, whose fields name the columns.
type (
	flatRecord struct {
		ID         string
		Capability data.Capability
		Quantity   flatQuantity
		Unit       string
		Period     data.Period
		Statement  string
		Marking    data.Marking
		Sources    []string
		Confidence string
		Position   data.Position // without a column
		Comparable bool
		Term       string
	}
	flatQuantity struct {
		Amount data.Amount
		Known  bool
	}
	flatRequirement struct {
		Record  flatRecord
		Process data.Process
		Cycle   string
	}
	flatTarget struct {
		Record    flatRecord
		Process   data.Process
		Cycle     string
		Nation    data.Nation
		Readiness flatQuantity
		Priority  string
		Status    string
		Held      flatQuantity
	}
	flatPledge struct {
		Record       flatRecord
		Organisation data.Organisation
		Nation       data.Nation
		Readiness    flatQuantity
	}
	flatHolding struct {
		Record    flatRecord
		Nation    data.Nation
		Readiness flatQuantity
	}
)

func (f *flatRecord) from(r *data.Record) {
	*f = flatRecord{
		ID: r.ID(), Capability: r.Capability, Quantity: flatten(r.Quantity), Unit: r.Unit, Period: r.Period, Statement: r.Statement(),
		Marking: r.Marking, Sources: r.Sources, Confidence: r.Confidence, Position: r.Position(), Comparable: r.Comparable, Term: r.Term,
	}
}

func (f *flatRecord) to(r *data.Record, shared *data.Sharing) {
	*r = data.Record{
		Quantity: f.Quantity.quantity(), Period: f.Period, Line: int32(f.Position.Line),
		Subject: shared.Subject(data.Subject{Capability: f.Capability, Unit: f.Unit, Term: f.Term, Comparable: f.Comparable}),
		Origin: shared.Origin(data.Origin{
			File: f.Position.File, Sheet: f.Position.Sheet, Marking: f.Marking, Sources: f.Sources, Confidence: f.Confidence,
		}),
	}.Named(f.ID, f.Statement)
}

func flatten(q data.Quantity) flatQuantity { return flatQuantity{q.Amount(), q.Known()} }

// notice is a number of days. Snapshots of earlier versions may have more than there can be now, which are as good as the most.
func (f flatQuantity) notice() data.Notice {
	if n, ok := data.NoticeOf(f.quantity()); ok {
		return n
	}
	n, _ := data.NoticeOf(data.Known(data.Count(data.MaxNotice)))
	return n
}

func (f flatQuantity) quantity() data.Quantity {
	if !f.Known {
		return 0
	}
	return data.Known(f.Amount)
}

// flat is how the rows of a table are stored flat: as what, and how they are turned into it and back. The rows are pointers.
type flat struct {
	row  reflect.Type
	from func(flat, row any)
	to   func(flat, row any, shared *data.Sharing)
}

// flats are the types of rows that are stored flat.
var flats = map[reflect.Type]flat{
	reflect.TypeFor[data.Requirement](): flatAs(
		func(f *flatRequirement, r *data.Requirement) {
			f.Record.from(&r.Record)
			f.Process, f.Cycle = r.Process, r.Cycle
		},
		func(f *flatRequirement, r *data.Requirement, shared *data.Sharing) {
			f.Record.to(&r.Record, shared)
			r.Process, r.Cycle = f.Process, f.Cycle
		}),
	reflect.TypeFor[data.Target](): flatAs(
		func(f *flatTarget, t *data.Target) {
			f.Record.from(&t.Record)
			f.Process, f.Cycle, f.Nation, f.Priority, f.Status = t.Process, t.Cycle, t.Nation, t.Priority, t.Status
			f.Readiness, f.Held = flatten(t.Readiness.Quantity()), flatten(t.Held)
		},
		func(f *flatTarget, t *data.Target, shared *data.Sharing) {
			f.Record.to(&t.Record, shared)
			t.Request = shared.Request(data.Request{Process: f.Process, Cycle: f.Cycle, Nation: f.Nation, Priority: f.Priority, Status: f.Status})
			t.Readiness, t.Held = f.Readiness.notice(), f.Held.quantity()
		}),
	reflect.TypeFor[data.Pledge](): flatAs(
		func(f *flatPledge, p *data.Pledge) {
			f.Record.from(&p.Record)
			f.Organisation, f.Nation, f.Readiness = p.Organisation, p.Nation, flatten(p.Readiness.Quantity())
		},
		func(f *flatPledge, p *data.Pledge, shared *data.Sharing) {
			f.Record.to(&p.Record, shared)
			p.Organisation, p.Nation, p.Readiness = f.Organisation, f.Nation, f.Readiness.notice()
		}),
	reflect.TypeFor[data.Holding](): flatAs(
		func(f *flatHolding, h *data.Holding) {
			f.Record.from(&h.Record)
			f.Nation, f.Readiness = h.Nation, flatten(h.Readiness.Quantity())
		},
		func(f *flatHolding, h *data.Holding, shared *data.Sharing) {
			f.Record.to(&h.Record, shared)
			h.Nation, h.Readiness = f.Nation, f.Readiness.notice()
		}),
}

func flatAs[F, R any](from func(*F, *R), to func(*F, *R, *data.Sharing)) flat {
	return flat{
		row:  reflect.TypeFor[F](),
		from: func(f, r any) { from(f.(*F), r.(*R)) },
		to:   func(f, r any, shared *data.Sharing) { to(f.(*F), r.(*R), shared) },
	}
}
