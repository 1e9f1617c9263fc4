package data

import (
	"slices"
	"strings"
)

// Sharing keeps once what records say alike. The zero Sharing has nothing yet.
type Sharing struct {
	subjects map[Subject]*Subject
	requests map[Request]*Request
	origins  map[origin]*Origin

	// What was last asked for: records that stand together are alike.
	subject *Subject
	request *Request
	origin  *Origin
}

// origin is an Origin as a key, which a list of sources cannot be.
type origin struct {
	file, sheet, confidence string
	marking                 Marking
	listed                  int // how many sources; -1 where there is no list
	sources                 string
}

// Subject returns what is kept for s.
func (k *Sharing) Subject(s Subject) *Subject {
	if k.subject == nil || *k.subject != s {
		k.subject = share(&k.subjects, s)
	}
	return k.subject
}

// Request returns what is kept for r.
func (k *Sharing) Request(r Request) *Request {
	if k.request == nil || *k.request != r {
		k.request = share(&k.requests, r)
	}
	return k.request
}

func share[T comparable](kept *map[T]*T, v T) *T {
	if *kept == nil {
		*kept = map[T]*T{}
	}
	p, ok := (*kept)[v]
	if !ok {
		p = &v
		(*kept)[v] = p
	}
	return p
}

// Origin returns what is kept for o. No sources are not the same as an empty list of them.
func (k *Sharing) Origin(o Origin) *Origin {
	if p := k.origin; p != nil && p.File == o.File && p.Sheet == o.Sheet && p.Marking == o.Marking && p.Confidence == o.Confidence &&
		(p.Sources == nil) == (o.Sources == nil) && slices.Equal(p.Sources, o.Sources) {
		return p
	}
	listed := len(o.Sources)
	if o.Sources == nil {
		listed = -1
	}
	key := origin{o.File, o.Sheet, o.Confidence, o.Marking, listed, strings.Join(o.Sources, "\x00")}
	p, ok := k.origins[key]
	if !ok {
		if k.origins == nil {
			k.origins = map[origin]*Origin{}
		}
		p = &o
		k.origins[key] = p
	}
	k.origin = p
	return p
}
