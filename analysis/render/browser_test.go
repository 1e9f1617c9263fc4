package render_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"deconflict/analysis"
	"deconflict/analysis/render"
)

// A browser opens the pages where one is installed. What its checker of accessibility says is asked for as well where
// DECONFLICT_AXE names the file axe.min.js of axe-core.
func TestHTMLInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("takes its time")
	}
	b := newBrowser(t)
	public, narrowed, nation := b.write(reports(t)["public"]), b.write(reports(t)["narrowed"]), b.write(reports(t)["notional nations"])
	t.Run("opens", func(t *testing.T) {
		for _, file := range []string{public, nation + "#%", b.write(reports(t)["nothing"]), b.write(reports(t)["unranked"]), b.save(writtenDifference(t, "html", differences(t)["cycles"], render.Options{}))} {
			tab := b.open(t, file)
			tab.run(chromedp.WaitVisible("#answer"))
			if !tab.holds(`document.documentElement.matches(".scripted.ready")`) {
				t.Errorf("%s: the script did not get to its end", file)
			}
		}
	})
	t.Run("filters", func(t *testing.T) { b.filters(t, public) })
	t.Run("sorts", func(t *testing.T) { b.sorts(t, public) })
	t.Run("shows evidence", func(t *testing.T) { b.showsEvidence(t, public) })
	t.Run("reaches everything by keyboard", func(t *testing.T) { b.tabs(t, nation) })
	t.Run("heat map", func(t *testing.T) { b.heatMap(t, public) })
	t.Run("network", func(t *testing.T) { b.network(t, public) })
	t.Run("one nation at a time", func(t *testing.T) { b.nations(t, public) })
	t.Run("light and dark", func(t *testing.T) { b.themes(t, public) })
	t.Run("fits a phone", func(t *testing.T) {
		for _, file := range []string{public, nation} {
			tab := b.open(t, file, chromedp.EmulateViewport(360, 800))
			var wide int
			if tab.eval(`document.documentElement.scrollWidth`, &wide); wide > 360 {
				t.Errorf("%s is %d wide", file, wide)
			}
		}
	})
	t.Run("reads without its script", func(t *testing.T) { b.withoutScript(t, public) })
	t.Run("holds its policy", func(t *testing.T) { b.policy(t, public) })
	t.Run("prints its marking on every sheet", func(t *testing.T) { b.prints(t, narrowed, nation) })
	t.Run("accessible", func(t *testing.T) { b.accessible(t, narrowed, b.write(reports(t)["nation"])) })
}

// browser is one that runs without a window.
type browser struct {
	ctx    context.Context
	folder string
	t      *testing.T
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		t.Skip("no Chromium is installed")
	}
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WSURLReadTimeout(time.Minute))...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil { // starts it
		t.Fatal(err)
	}
	return &browser{ctx, t.TempDir(), t}
}

// write puts a report's page into a file and returns its address.
func (b *browser) write(r *analysis.Report) string {
	b.t.Helper()
	return b.save(written(b.t, "html", r, render.Options{}))
}

func (b *browser) save(page []byte) string {
	b.t.Helper()
	f, err := os.CreateTemp(b.folder, "*.html")
	if err != nil {
		b.t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(page); err != nil {
		b.t.Fatal(err)
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(f.Name())}).String()
}

// tab is a page that is open. Whatever it asks of a network and whatever it complains of is an error.
type tab struct {
	context.Context
	t       *testing.T
	mu      sync.Mutex
	trouble []string
	asked   map[network.RequestID]string // what it asks of a network, unless its policy blocks it
}

func (b *browser) open(t *testing.T, address string, before ...action) *tab {
	t.Helper()
	tab := &tab{t: t, asked: map[network.RequestID]string{}}
	note := func(format string, args ...any) {
		tab.mu.Lock()
		defer tab.mu.Unlock()
		tab.trouble = append(tab.trouble, fmt.Sprintf(format, args...))
	}
	ctx, stop := chromedp.NewContext(b.ctx, chromedp.WithListener(func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(e.Request.URL, "file://") {
				tab.mu.Lock()
				defer tab.mu.Unlock()
				tab.asked[e.RequestID] = e.Request.URL
			}
		case *network.EventLoadingFailed:
			if e.BlockedReason == network.BlockedReasonCsp {
				tab.mu.Lock()
				defer tab.mu.Unlock()
				delete(tab.asked, e.RequestID)
			}
		case *log.EventEntryAdded:
			note("%s: %s", e.Entry.Source, e.Entry.Text)
		case *runtime.EventConsoleAPICalled:
			note("console: %s", e.Type)
		case *runtime.EventExceptionThrown:
			note("%v", e.ExceptionDetails)
		}
	}))
	tab.Context = ctx
	if err := chromedp.Do(ctx); err != nil { // opens it
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, x := range tab.told() {
			t.Error(x)
		}
		stop()
	})
	tab.run(command(network.Enable, network.EnableParams{}), command(log.Enable, cdp.Empty{}), chromedp.EmulateViewport(1400, 1000))
	tab.run(before...)
	tab.run(chromedp.Navigate(address), chromedp.WaitReady("body"))
	return tab
}

// told are the complaints so far; they are not told again.
func (tab *tab) told() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	told := tab.trouble
	for _, address := range tab.asked {
		told = append(told, "asks for "+address)
	}
	tab.trouble = nil
	clear(tab.asked)
	return told
}

// action is something to do that has no result.
type action = chromedp.Action[chromedp.Void]

// click brings a thing into the middle of the window, where no marking lies over it, and clicks it.
func click(selector string) action {
	return chromedp.Steps(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.querySelector(%q).scrollIntoView({block: "center"})`, selector)), chromedp.Click(selector))
}

// command is a command of the browser's protocol.
func command[P, R any](c cdp.Command[P, R], params P) action {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

func (tab *tab) run(actions ...action) {
	tab.t.Helper()
	ctx, stop := context.WithTimeout(tab, time.Minute)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		tab.t.Fatal(err)
	}
}

// eval runs a script. Its result is read as JSON where one is asked for.
func (tab *tab) eval(script string, result any, opts ...chromedp.EvaluateOption) {
	tab.t.Helper()
	if result == nil {
		tab.run(chromedp.Evaluate[chromedp.Void](script, opts...))
		return
	}
	b, err := chromedp.Run(tab, chromedp.Evaluate[[]byte](script, opts...))
	if err == nil {
		err = json.Unmarshal(b, result)
	}
	if err != nil {
		tab.t.Fatalf("%v: %.200s", err, script)
	}
}

func (tab *tab) holds(script string) (yes bool) {
	tab.t.Helper()
	tab.eval(script, &yes)
	return yes
}

// until waits for what a script says to become so.
func (tab *tab) until(script string) {
	tab.t.Helper()
	if err := chromedp.Do(tab, chromedp.Poll[chromedp.Void](script, chromedp.WithPollingTimeout(20*time.Second), chromedp.WithPollingInterval(20*time.Millisecond))); err != nil {
		tab.t.Fatalf("%v: %s", err, script)
	}
}

func (tab *tab) text(script string) (s string) {
	tab.t.Helper()
	tab.eval(script, &s)
	return s
}

// scheme is what the reader's system prefers: light or dark.
func scheme(light string) action {
	return command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: light}}})
}

const (
	live     = `document.querySelector(".live").textContent`
	passing  = `[...document.querySelectorAll("table.findings > tbody > tr:not([hidden])")]`
	choosing = `(name, value) => { const e = document.forms[0].elements[name]; e.value = value; e.dispatchEvent(new Event("input", {bubbles: true})); }`
)

// filters: the nation, the report and words narrow the lists; the address keeps them, and opens with them.
func (b *browser) filters(t *testing.T, file string) {
	r := reports(t)["public"]
	want := 0
	for _, f := range r.Findings {
		if f.Report == analysis.Gap && slices.Contains(f.Nations, "NLD") {
			want++
		}
	}
	tab := b.open(t, file)
	if got := tab.text(live); got != fmt.Sprintf("All %d findings; the first 45 are listed.", len(r.Findings)) {
		t.Errorf("at first %q", got)
	}
	tab.eval(`(`+choosing+`)("nation", "NLD")`, nil)
	tab.eval(`(`+choosing+`)("report", "gap")`, nil)
	told := fmt.Sprintf("%d of %d findings match; all are shown.", want, len(r.Findings))
	tab.until(live + ` === ` + fmt.Sprintf("%q", told))
	var rows int
	if tab.eval(`document.querySelectorAll(".list:not([hidden]) table.findings > tbody > tr:not([hidden])").length`, &rows); rows != want {
		t.Errorf("%d rows, wanted %d", rows, want)
	}
	tab.until(`location.hash === "#report=gap&nation=NLD"`)
	again := b.open(t, tab.text(`location.href`))
	if got := again.text(live); got != told {
		t.Errorf("from its address %q, wanted %q", got, told)
	}
	if got := again.text(`document.forms[0].elements.nation.value`); got != "NLD" {
		t.Errorf("the form says %q", got)
	}
	again.until(`(() => { const top = document.getElementById("findings-title").getBoundingClientRect().top; return top >= 0 && top < innerHeight / 2; })()`)
	again.run(click("button[type=reset]"))
	again.until(live + `.startsWith("All ")`)
	again.run(chromedp.SendKeys("input[type=search]", "Role 2 basic"))
	again.until(`location.hash === "#text=Role+2+basic"`)
	if !again.holds(passing + `.every((tr) => /role 2/i.test(tr.textContent) && /basic/i.test(tr.textContent))`) {
		t.Error("a finding without the words passes")
	}
	again.run(chromedp.Navigate(file + "#severity=high%2B&report=nonsense&area=medical"))
	again.until(live + `.includes(" of ")`)
	high := 0
	for _, f := range r.Findings {
		if f.Area == "medical" && f.Severity.AtLeast(analysis.High) {
			high++
		}
	}
	if got := again.text(live); !strings.HasPrefix(got, fmt.Sprintf("%d of ", high)) {
		t.Errorf("high and above in one area: %q, wanted %d", got, high)
	}
}

func (b *browser) sorts(t *testing.T, file string) {
	tab := b.open(t, file)
	column := `[...document.querySelectorAll("[data-report=gap] table.findings > tbody > tr")].map((tr) => tr.lastElementChild.textContent)`
	head := `[data-report=gap] table.findings > thead th[data-key=from]`
	var before, up, down []string
	tab.eval(column, &before)
	tab.run(click(head + " button"))
	tab.eval(column, &up)
	if got := tab.text(`document.querySelector("` + head + `").ariaSort`); got != "ascending" || !slices.IsSorted(up) || slices.IsSorted(before) {
		t.Errorf("sorted %s: %q", got, up)
	}
	tab.run(click(head + " button"))
	tab.eval(column, &down)
	slices.Reverse(down)
	if got := tab.text(`document.querySelector("` + head + `").ariaSort`); got != "descending" || !slices.IsSorted(down) {
		t.Errorf("sorted %s: %q", got, down)
	}
	tab.until(`location.hash === "#sort=-from"`)
	tab = b.open(t, file+"#sort=from")
	var again []string
	if tab.eval(column, &again); !slices.Equal(up, again) {
		t.Errorf("from its address %q", again)
	}
}

// showsEvidence: opening a finding tells its records, with file, line and the address of their source.
func (b *browser) showsEvidence(t *testing.T, file string) {
	r := reports(t)["public"]
	i := slices.IndexFunc(r.Findings, func(f analysis.Finding) bool { return f.Kind == "nation-gap" })
	evidence := r.Findings[i].Tell().Evidence
	tab := b.open(t, fmt.Sprintf("%s#f%d", file, i+1))
	row := fmt.Sprintf(`document.getElementById("f%d")`, i+1)
	tab.until(row + `.querySelector("details").open && ` + row + `.querySelector(".evidence table")`)
	got := tab.text(row + `.querySelector(".evidence").textContent`)
	for _, e := range evidence {
		told := e.Tell()
		told.Position.Column = 0
		want := []string{told.Record, told.Position.String(), told.Says}
		for _, code := range told.Sources {
			for _, s := range r.Sources.All() {
				if s.Code == code {
					want = append(want, s.Title, s.URL)
				}
			}
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("no %q in %q", w, got)
			}
		}
	}
	tab.run(click(fmt.Sprintf(`#f%d .evidence td a`, i+1)))
	tab.until(`document.querySelector(".register").open && document.querySelector(".register .aim")`)
}

// tabs: the tab key visits everything that can be chosen, in the order of the page, each with an outline.
func (b *browser) tabs(t *testing.T, file string) {
	tab := b.open(t, file+"#severity=critical&text=%22none%22") // few findings: the key is pressed for each of them
	var want int
	tab.eval(`(() => {
		window.visited = new Set();
		window.bare = [];
		window.wanted = [...document.querySelectorAll("a[href], button, select, input, summary, [tabindex='0']")].filter((e) => e.checkVisibility());
		document.addEventListener("focusin", (e) => {
			window.visited.add(e.target);
			const s = getComputedStyle(e.target), p = e.target.querySelector("path");
			if (s.outlineStyle === "none" && !(p && getComputedStyle(p).strokeWidth === "4px")) window.bare.push(e.target.outerHTML.slice(0, 120));
		});
		return window.wanted.length;
	})()`, &want)
	if want < 40 || want > 1000 {
		t.Fatalf("%d things to choose", want)
	}
	tab.eval(`document.activeElement.blur(); scrollTo(0, 0)`, nil)
	var keys []action
	for range want + 10 {
		keys = append(keys, chromedp.KeyEvent(kb.Tab))
	}
	tab.run(keys...)
	var missed, bare []string
	tab.eval(`window.wanted.filter((e) => !window.visited.has(e)).map((e) => e.outerHTML.slice(0, 160))`, &missed)
	tab.eval(`window.bare`, &bare)
	if len(missed) > 0 || len(bare) > 0 {
		t.Errorf("of %d the tab key misses %q; not outlined are %q", want, missed, bare)
	}
}

func (b *browser) heatMap(t *testing.T, file string) {
	r := reports(t)["public"]
	tab := b.open(t, file)
	tab.eval(`document.querySelector("table.heat td").focus()`, nil)
	tab.run(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.End), chromedp.KeyEvent(kb.ArrowUp))
	var at struct{ Row, Column, Last int }
	tab.eval(`(() => { const e = document.activeElement, rows = [...e.closest("tbody").rows]; return {row: rows.indexOf(e.parentElement), column: e.cellIndex, last: e.parentElement.cells.length - 1}; })()`, &at)
	if at.Row != 0 || at.Column != at.Last {
		t.Errorf("the arrow keys lead to %+v", at)
	}
	tip := tab.text(`document.querySelector(".tip:not([hidden])").textContent`)
	if label := tab.text(`document.activeElement.ariaLabel`); tip != label || !strings.Contains(tip, ": ") || !strings.Contains(tip, " finding") {
		t.Errorf("told %q and %q", tip, label)
	}
	var cell struct{ Nation, Capability string }
	tab.eval(`(() => { const e = document.activeElement; return {nation: e.parentElement.dataset.code, capability: e.closest("table").tHead.rows[0].cells[e.cellIndex].dataset.code}; })()`, &cell)
	want := 0
	for _, f := range r.Findings {
		if string(f.Capability) == cell.Capability && slices.Contains(texts(f.Nations), cell.Nation) {
			want++
		}
	}
	tab.run(chromedp.KeyEvent(kb.Enter))
	tab.until(fmt.Sprintf(`location.hash === "#nation=%s&capability=%s"`, cell.Nation, cell.Capability))
	if got := tab.text(live); !strings.HasPrefix(got, fmt.Sprintf("%d of ", want)) {
		t.Errorf("%v: %q, wanted %d", cell, got, want)
	}
	if !tab.holds(`document.activeElement.id === "findings-title"`) {
		t.Error("the reader is not taken to the findings")
	}
}

func (b *browser) network(t *testing.T, file string) {
	r := reports(t)["public"]
	partners := 0
	for _, x := range r.Cooperation.Together {
		if x.A == "POL" || x.B == "POL" {
			partners++
		}
	}
	tab := b.open(t, file)
	tab.eval(`document.querySelector(".network a[data-code=POL]").focus()`, nil)
	var ties int
	if tab.eval(`document.querySelectorAll(".network g path.by").length`, &ties); ties != partners {
		t.Errorf("%d ties stand out, wanted %d", ties, partners)
	}
	if got := tab.text(`document.querySelector(".near").textContent`); !strings.HasPrefix(got, fmt.Sprintf("Poland shares initiatives with %d nations: ", partners)) {
		t.Errorf("told %q", got)
	}
	tab.run(chromedp.KeyEvent(kb.Enter))
	tab.until(`document.getElementById("n-POL").checkVisibility()`)
}

func (b *browser) nations(t *testing.T, file string) {
	tab := b.open(t, file)
	shown := `[...document.querySelectorAll("article.nation")].filter((e) => e.checkVisibility()).map((e) => e.id).join(" ")`
	if got := tab.text(shown); got != "" {
		t.Errorf("shown at first: %s", got)
	}
	tab.run(click(`.chooser a[href="#n-EST"]`))
	tab.until(shown + ` === "n-EST"`)
	tab.run(click(`button[data-do="nations"]`))
	tab.until(shown + `.split(" ").length === ` + fmt.Sprint(len(reports(t)["public"].HeatMap.Nations)))
}

func (b *browser) themes(t *testing.T, file string) {
	paper := `getComputedStyle(document.body).backgroundColor`
	tab := b.open(t, file, scheme("light"))
	light := tab.text(paper)
	tab.run(click(`button[data-do="theme"]`))
	dark := tab.text(paper)
	if light == dark || tab.text(`document.querySelector("button[data-do='theme']").ariaPressed`) != "true" {
		t.Errorf("%s in light and %s in dark", light, dark)
	}
	tab.run(click(`button[data-do="theme"]`))
	if got := tab.text(paper); got != light {
		t.Errorf("%s, wanted %s again", got, light)
	}
	system := b.open(t, file, scheme("dark"))
	system.eval(`localStorage.clear()`, nil)
	system.run(chromedp.Reload(), chromedp.WaitReady("body"))
	if got := system.text(paper); got != dark {
		t.Errorf("%s where the system is dark, wanted %s", got, dark)
	}
}

func (b *browser) withoutScript(t *testing.T, file string) {
	tab := b.open(t, file, command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
	var form, findings, heat, records, nations bool
	for selector, shown := range map[string]*bool{".filter": &form, "table.findings tr:last-child summary": &findings, "table.heat": &heat, "#r1": &records, "article.nation": &nations} {
		var size []float64
		tab.eval(fmt.Sprintf(`(() => { const r = document.querySelector(%q).getBoundingClientRect(); return [r.width, r.height]; })()`, selector), &size)
		*shown = size[0] > 0 && size[1] > 0
	}
	if form || !findings || !heat || !records || !nations {
		t.Errorf("form %v, findings %v, heat map %v, records %v, nations %v", form, findings, heat, records, nations)
	}
}

// policy: what a page were made to run or load it neither runs nor loads.
func (b *browser) policy(t *testing.T, file string) {
	tab := b.open(t, file)
	tab.eval(`(() => {
		window.refused = [];
		document.addEventListener("securitypolicyviolation", (e) => window.refused.push(e.effectiveDirective));
		const add = (name, attributes, text) => {
			const e = document.createElement(name);
			for (const k in attributes) e.setAttribute(k, attributes[k]);
			e.textContent = text ?? "";
			document.body.append(e);
		};
		add("script", {}, "window.ran = true");
		add("script", {src: "https://example.org/a.js"});
		add("img", {src: "https://example.org/a.png", onerror: "window.ran = true"});
		add("style", {}, "body { display: none }");
		fetch("https://example.org/").catch(() => {});
	})()`, nil)
	tab.until(`["script-src-elem", "img-src", "style-src-elem", "connect-src"].every((d) => window.refused.includes(d))`)
	if tab.holds(`Boolean(window.ran)`) {
		t.Error("it ran")
	}
	for _, x := range tab.told() {
		if !strings.Contains(x, "Content Security Policy") && !strings.Contains(x, "violates") {
			t.Error(x)
		}
	}
}

// prints: every sheet has the marking at its top and at its bottom.
func (b *browser) prints(t *testing.T, files ...string) {
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed")
	}
	for i, file := range files {
		tab := b.open(t, file)
		pdf, err := chromedp.Run(tab, chromedp.PrintToPDF(chromedp.PDFPrintBackground(), chromedp.PDFPreferCSSPageSize()))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(b.folder, fmt.Sprintf("%d.pdf", i))
		if err := os.WriteFile(path, pdf, 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), reader, path, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		sheets := strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
		if len(sheets) < 5 {
			t.Errorf("%d sheets", len(sheets))
		}
		for k, sheet := range sheets {
			marked := 0
			for line := range strings.Lines(sheet) {
				if mark, _, _ := strings.Cut(strings.TrimSpace(line), " "); mark == "PUBLIC" || mark == "NOTIONAL" {
					marked++
				}
			}
			if marked < 2 {
				t.Errorf("sheet %d of %d is marked %d times: %.200q", k+1, len(sheets), marked, sheet)
			}
		}
	}
}

// accessible: axe-core finds no serious or critical fault, in one file in light and wide, in the other in dark and narrow.
func (b *browser) accessible(t *testing.T, files ...string) {
	path := os.Getenv("DECONFLICT_AXE")
	if path == "" {
		t.Skip("DECONFLICT_AXE names no axe.min.js")
	}
	axe, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i, look := range []struct {
		light string
		wide  int64
	}{{"light", 1400}, {"dark", 420}} {
		tab := b.open(t, files[i], command(page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true}), chromedp.EmulateViewport(look.wide, 1000), scheme(look.light))
		tab.eval(`localStorage.clear(); document.documentElement.removeAttribute("data-theme");
			for (const d of [...document.querySelectorAll("table.findings details")].filter((_, i) => i % 10 === 0)) d.open = true;
			document.querySelector("article.nation").hidden = false;
			for (const d of document.querySelectorAll("section > details")) d.open = true;`, nil)
		var found []struct {
			ID, Impact, Help string
			Nodes            []struct{ HTML string }
		}
		tab.eval(string(axe)+`; axe.run(document, {resultTypes: ["violations"]}).then((r) => r.violations)`, &found, chromedp.EvalAwaitPromise)
		for _, v := range found {
			if v.Impact == "serious" || v.Impact == "critical" {
				t.Errorf("%s, %d wide: %s: %s: %d, such as %.200s", look.light, look.wide, v.ID, v.Help, len(v.Nodes), v.Nodes[0].HTML)
			}
		}
	}
}
