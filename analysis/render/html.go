package render

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
	"unicode"

	"deconflict/analysis"
)

// writeHTML writes a report as one page that opens without a network. All that it says stands in its HTML, so that it reads and
// prints with scripts off; the script filters, sorts and shows by pointing what is there already. Its policy lets it load nothing and
// run nothing but its own style and script, whatever a dataset may bring.
func writeHTML(w io.Writer, r *analysis.Report, _ Options) error {
	return fill(w, "report", newWebPage(r))
}

//go:embed html
var webFiles embed.FS

// webTemplates are parsed when the first page is made: every other run of the program would wait for them in vain.
var webTemplates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"sentence": sentence, "counted": counted, "plus": func(a, b int) int { return a + b },
	}).ParseFS(webFiles, "html/*.tmpl"))
})

// The style and the script of every page: the palette is that of all outputs.
var (
	webStyle  = sync.OnceValue(func() string { return paletteStyle() + webFile("page.css") })
	webScript = sync.OnceValue(func() string { return webFile("page.js") })
)

// webFile reads a file that was built in. Browsers take the ends of its lines for line feeds before they compare its sum.
func webFile(name string) string {
	b, err := webFiles.ReadFile("html/" + name)
	if err != nil {
		panic(err) // it is part of the program
	}
	return strings.ReplaceAll(string(b), "\r\n", "\n")
}

// frame is what every page has around what it says.
type frame struct {
	Policy string
	Style  template.CSS
	Script template.JS
}

func newFrame() frame {
	return frame{
		Policy: fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", digest(webStyle()), digest(webScript())),
		Style:  template.CSS(webStyle()), Script: template.JS(webScript()),
	}
}

// digest names a text in a content security policy.
func digest(text string) string {
	s := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(s[:])
}

// fill writes a template filled in. No character of the data acts: what Plain would leave out is left out of the whole page at once.
func fill(w io.Writer, name string, page any) error {
	var b bytes.Buffer
	if err := webTemplates().ExecuteTemplate(&b, name, page); err != nil {
		return err
	}
	_, err := w.Write(bytes.Map(func(r rune) rune {
		switch {
		case r == '\n' || ' ' <= r && r <= '~':
			return r
		case unicode.IsSpace(r):
			return ' '
		case acts(r):
			return -1
		}
		return r
	}, bytes.ToValidUTF8(b.Bytes(), []byte("\ufffd"))))
	return err
}

// paletteStyle is the palette as a style sheet.
func paletteStyle() string {
	var b strings.Builder
	rule := func(class string, t tint) {
		fmt.Fprintf(&b, ".%s{background-color:%s;color:%s", class, t.fill.css(), t.ink.css())
		switch t.hatch {
		case dots:
			fmt.Fprintf(&b, ";background-image:radial-gradient(%s 1.1px,transparent 1.3px);background-size:6px 6px", t.thread.css())
		case lines:
			fmt.Fprintf(&b, ";background-image:repeating-linear-gradient(135deg,%s 0 1px,transparent 1px 5px)", t.thread.css())
		}
		b.WriteString("}\n")
	}
	for _, s := range analysis.States {
		rule(stateClass(s.State), stateTint(s.State))
	}
	for _, s := range analysis.Severities {
		rule("severity-"+string(s), severityTint(s))
		fmt.Fprintf(&b, ".bar-%s{fill:%s}\n", s, severityTint(s).fill.css())
	}
	for _, q := range analysis.Questions {
		fmt.Fprintf(&b, ".report-%s{--report:%s}\n", q, reportTint(q).fill.css())
	}
	for i, s := range analysis.Shortfalls {
		fmt.Fprintf(&b, ".shortfall-%d{--line-colour:%s}\n.mark.shortfall-%[1]d{fill:%[2]s}\n", i, shortfallTint(s).fill.css())
	}
	for k := range len(communityFills) + 1 {
		t := communityTint(k)
		fmt.Fprintf(&b, ".community-%d{--fill:%s;--on:%s}\n", k, t.fill.css(), t.ink.css())
	}
	return b.String()
}

// stateClass is the class of a state's cells: its letter, or a word for those that are marks.
func stateClass(s analysis.State) string {
	switch s {
	case analysis.NoData:
		return "state-none"
	case analysis.NotEligible:
		return "state-not"
	}
	return "state-" + string(s)
}
