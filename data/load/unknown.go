package load

import (
	"fmt"
	"strings"
	"sync"

	"deconflict/data"
	"deconflict/data/likeness"
)

// unknown are the texts that are no nation or no capability, with what is told of each. To find what one may mean is dear, a file may
// have thousands of them, and a part of a file with a mistake is read twice: who reads the parts of a file shares them.
type unknown struct {
	sync.Mutex
	told  map[[2]string]error // by what it is not, and the text
	index *likeness.Index     // of the capabilities' words: a file without such a mistake pays nothing
}

// tell tells of a text what was told of it before, or else what is to be found.
func (u *unknown) tell(no, s string, find func() error) error {
	key := [2]string{no, s}
	u.Lock()
	err, ok := u.told[key]
	u.Unlock()
	if !ok {
		err = find()
		u.Lock()
		u.told[key] = err
		u.Unlock()
	}
	return err
}

// noCapability tells of a text that is no capability, by its near misses or else by its words.
func (l *loader) noCapability(s string) error {
	_, err := l.ParseCapability(s)
	if e, ok := err.(*data.ValueError); ok && e.Hint == data.AllCapabilities {
		return &data.ValueError{Got: e.Got, Want: e.Want, Hint: l.likely(s)}
	}
	return err
}

// likely is the hint for a capability that is no near miss of any, by its words.
func (l *loader) likely(s string) string {
	const longest, most = 500, 2 // of a text that is looked at, and of a hint
	if len(s) > longest {
		return data.AllCapabilities
	}
	l.unknown.Lock()
	if l.unknown.index == nil {
		l.unknown.index = likeness.New(l.Vocabulary)
	}
	index := l.unknown.index
	l.unknown.Unlock()
	var names []string
	for _, near := range index.Suggest(s, most) {
		if near.Score >= likeness.Weak {
			names = append(names, fmt.Sprintf("%s, %s", near.Capability, l.Capability(near.Capability).Name))
		}
	}
	if len(names) == 0 {
		return data.AllCapabilities
	}
	return "did you mean " + strings.Join(names, "; or ") + "? By its words; deconflict suggest tells why"
}
