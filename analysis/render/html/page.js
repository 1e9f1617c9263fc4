// What the page does for a pointer and a keyboard. All that it shows stands in the HTML: without this it reads and prints as well.
"use strict";
(() => {
const root = document.documentElement;
root.classList.add("scripted");

// What a reader chose last holds for the next page that is opened, where the browser keeps anything.
const kept = {
  get theme() { try { return localStorage.getItem("deconflict-theme"); } catch { return null; } },
  set theme(v) { try { localStorage.setItem("deconflict-theme", v); } catch { /* it keeps nothing */ } },
};
if (kept.theme === "dark" || kept.theme === "light") root.dataset.theme = kept.theme;

document.addEventListener("DOMContentLoaded", () => {
  try { enliven(); } finally { root.classList.add("ready"); }
  follow();
});
let follow = () => {};

function enliven() {
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const make = (name, text, attributes = {}) => {
  const e = document.createElement(name);
  if (text) e.textContent = text;
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  return e;
};
const plural = (n, noun) => n + " " + noun + (n === 1 ? "" : "s");
for (const e of $$(".tools, .filter, .hint")) e.hidden = false;

// The marking stays in sight: what sticks below it starts where it ends, however long it is.
const topmost = $(".marking");
const fit = () => root.style.setProperty("--top", topmost.offsetHeight + "px");
requestAnimationFrame(fit);
addEventListener("resize", fit);

// Light and dark.
const theme = $("[data-do=theme]");
const system = matchMedia("(prefers-color-scheme: dark)");
const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
const showTheme = () => theme.setAttribute("aria-pressed", dark());
theme.addEventListener("click", () => {
  root.dataset.theme = kept.theme = dark() ? "light" : "dark";
  showTheme();
});
system.addEventListener("change", showTheme);
showTheme();
$("[data-do=print]").addEventListener("click", () => print());

// The findings: a list for each report, all narrowed and sorted by the one form and the heads of their columns. The state stands in
// the address after #, so that it can be kept as a bookmark.
const form = $(".filter");
const fields = ["report", "area", "kind", "severity", "nation", "organisation", "capability", "text"];
const ranks = ["critical", "high", "medium", "low", "info"];
const first = 15; // findings of each list before "Show all"
const lists = $$(".list").map((box) => ({
  box, body: $("table.findings tbody", box), table: $("table.findings", box), all: false,
  rows: [...$("table.findings tbody", box)?.rows ?? []].map((row, place) => ({
    row, place, data: row.dataset, report: row.dataset.report ?? box.dataset.report, severity: $$("b", row.cells[0]).pop()?.textContent ?? "", kind: row.cells[row.cells.length - 3].textContent,
  })),
}));
const total = lists.reduce((n, l) => n + l.rows.length, 0);
let sort = "";

const textOf = (r) => r.text ??= r.row.textContent.toLowerCase();
const listed = (codes, code) => (" " + codes + " ").includes(" " + code + " ");
function passes(r, f, words) {
  const d = r.data;
  return (!f.report || f.report === r.report) && (!f.area || f.area === d.area) && (!f.kind || f.kind === r.kind) &&
    (!f.capability || f.capability === d.capability) && (!f.nation || listed(d.nations, f.nation)) &&
    (!f.organisation || listed(d.organisations, f.organisation)) &&
    (!f.severity || (f.severity.endsWith("+") ? ranks.indexOf(r.severity) <= ranks.indexOf(f.severity.slice(0, -1)) : f.severity === r.severity)) &&
    words.every((w) => textOf(r).includes(w));
}

const chosen = () => Object.fromEntries(fields.map((k) => [k, form.elements[k]?.value ?? ""]));

const collator = new Intl.Collator("en", { numeric: true });
const cell = (r, key) => {
  switch (key) {
  case "finding": return $("summary", r.row).textContent;
  case "nations": return r.data.nations;
  case "kind": return r.kind;
  case "capability": return r.row.cells[r.row.cells.length - 4].textContent;
  default: return r.row.cells[r.row.cells.length - 1].textContent;
  }
};
function order() {
  const key = sort.replace("-", ""), down = sort.startsWith("-");
  for (const l of lists) {
    if (!l.body) continue;
    // The page comes with the most severe first: their places say how severe they are.
    const value = new Map(l.rows.map((r) => [r, key && key !== "severity" ? cell(r, key) : ""]));
    l.rows.sort((a, b) => {
      if (!key || key === "severity") return key && !down ? b.place - a.place : a.place - b.place;
      const c = collator.compare(value.get(a), value.get(b));
      return (down ? -c : c) || a.place - b.place;
    });
    l.body.append(...l.rows.map((r) => r.row));
    for (const th of $$("th[data-key]", l.table)) {
      if (th.dataset.key === key) th.setAttribute("aria-sort", down ? "descending" : "ascending");
      else th.removeAttribute("aria-sort");
    }
  }
}

function apply() {
  const f = chosen(), words = f.text.toLowerCase().split(/\s+/).filter(Boolean);
  let matching = 0, shown = 0;
  for (const l of lists) {
    let n = 0;
    for (const r of l.rows) {
      r.passes = passes(r, f, words);
      r.row.hidden = !r.passes;
      if (!r.passes) continue;
      n++;
      r.row.classList.toggle("later", !l.all && n > first);
    }
    matching += n;
    const here = l.all ? n : Math.min(n, first);
    shown += here;
    l.box.hidden = Boolean(f.report && l.box.dataset.report) && f.report !== l.box.dataset.report;
    if (!l.table) continue;
    l.table.hidden = n === 0;
    $(".empty", l.box).hidden = n > 0;
    const more = $(".more", l.box);
    more.hidden = n <= first;
    $("button", more).textContent = l.all ? "Show the first " + first : "Show all " + n;
  }
  $(".live").textContent = (matching === total ? "All " + plural(total, "finding") : matching + " of " + plural(total, "finding") + " match") +
    (shown < matching ? "; the first " + shown + " are listed." : " shown.").replace(/^ shown/, matching === total ? " are shown" : "; all are shown");
  for (const k of fields) form.elements[k]?.classList.toggle("changed", Boolean(form.elements[k].value));
}

function remember() {
  const state = new URLSearchParams();
  const f = chosen();
  for (const k of fields) if (f[k]) state.set(k, f[k]);
  if (sort) state.set("sort", sort);
  const hash = "#" + (state.size ? state.toString() : "findings");
  if (hash !== location.hash) history.replaceState(null, "", hash);
}

// choose takes a state such as "nation=POL&severity=high%2B"; what it does not name is not narrowed.
function choose(state) {
  const s = new URLSearchParams(state);
  for (const k of fields) {
    const e = form.elements[k];
    if (!e) continue;
    e.value = s.get(k) ?? "";
    if (e.tagName === "SELECT" && e.selectedIndex < 0) e.value = "";
  }
  const wanted = s.get("sort") ?? "", before = sort;
  sort = /^-?(severity|finding|capability|kind|nations|from)$/.test(wanted) ? wanted : "";
  if (sort !== before) order();
  apply();
}

for (const l of lists) {
  if (!l.table) continue;
  for (const th of $$("th[data-key]", l.table)) {
    const button = make("button", th.textContent, { type: "button" });
    th.dataset.title = th.textContent; // for paper
    th.replaceChildren(button);
    button.addEventListener("click", () => {
      const key = th.dataset.key, start = key === "severity" ? "-" + key : key;
      sort = sort !== start ? start : start.startsWith("-") ? key : "-" + key;
      order();
      apply();
      remember();
    });
  }
  $(".more button", l.box).addEventListener("click", () => { l.all = !l.all; apply(); });
}
let waiting;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => { apply(); remember(); }, 120);
});
form.addEventListener("submit", (e) => e.preventDefault());
form.addEventListener("reset", () => setTimeout(() => { sort = ""; order(); apply(); remember(); }));
const listedRows = () => lists.flatMap((l) => l.box.hidden ? [] : l.rows.filter((r) => r.passes && !r.row.classList.contains("later")));
$("[data-do=open]").addEventListener("click", () => { for (const r of listedRows()) $("details", r.row).open = true; });
$("[data-do=close]").addEventListener("click", () => { for (const d of $$("table.findings details[open]")) d.open = false; });

// What leads to findings becomes a link to them.
function goTo(state) {
  history.pushState(null, "", "#" + state);
  choose(state);
  const title = $("#findings-title");
  title.scrollIntoView();
  title.focus({ preventScroll: true });
}
for (const e of $$("[data-go]")) {
  if (e.textContent === "0") continue;
  const a = make("a", e.textContent, { href: "#" + e.dataset.go });
  a.addEventListener("click", (event) => { event.preventDefault(); goTo(e.dataset.go); });
  e.replaceChildren(a);
}

// Evidence in words: the records that a finding names are told in it when it is opened.
function tell(details) {
  const box = $(".evidence", details);
  if (!box || box.dataset.told) return;
  box.dataset.told = "yes";
  const table = make("table"), head = make("tr"), body = make("tbody");
  for (const h of ["Record", "File and line", "What it says", "Source"]) head.append(make("th", h, { scope: "col" }));
  const numbers = $$("a", box).flatMap((a) => {
    const [from, to] = a.textContent.split("\u2013").map(Number);
    return Array.from({ length: (to ?? from) - from + 1 }, (_, i) => from + i);
  });
  for (const n of numbers) {
    const record = document.getElementById("r" + n), cells = record.cells, tr = make("tr");
    const name = make("td"), source = make("td");
    name.append(make("a", cells[1].textContent, { href: "#r" + n }));
    for (const part of record.parentElement.rows[0].cells[0].childNodes) {
      const line = part.hash && document.getElementById(part.hash.slice(1));
      source.append(...(line || { childNodes: [part] }).childNodes.values().map((n) => n.cloneNode(true)));
    }
    tr.append(name, make("td", cells[2].textContent), cells[3].cloneNode(true), source);
    body.append(tr);
  }
  const thead = make("thead");
  thead.append(head);
  table.append(thead, body);
  const wide = make("div", "", { class: "wide" });
  wide.append(table);
  const more = /and \d+ more/.exec(box.lastChild.textContent);
  box.replaceChildren(make("p", box.textContent.split(":")[0] + (more ? ": the first here, " + more[0] : "")), wide);
}
document.addEventListener("toggle", (e) => {
  if (!e.target.open || !e.target.closest("table.findings")) return;
  tell(e.target);
  for (const w of $$("dd > .wide", e.target)) { // what scrolls can be reached by the tab key
    if (w.scrollWidth <= w.clientWidth || w.hasAttribute("tabindex")) continue;
    const title = w.parentElement.previousElementSibling.textContent + ", scrolls sideways";
    for (const [k, v] of Object.entries({ tabindex: "0", role: "group", "aria-label": title })) w.setAttribute(k, v);
  }
}, true);

// The heat map: one stop for the tab key, arrow keys within, and the state in words for pointer and keyboard.
const tip = $(".tip");
const has = (nation, capability) => lists.reduce((n, l) => n + l.rows.filter((r) => r.data.capability === capability && listed(r.data.nations, nation)).length, 0);
const meanings = new Map($$("#heat-map .legend li").map((li) => [$(".state", li).textContent, li.textContent.trim().slice(1).trim()]));
for (const table of $$("table.heat")) {
  table.setAttribute("role", "grid");
  const columns = $$("thead th", table), rows = $$("tbody tr", table);
  const cells = rows.map((tr) => $$("td", tr));
  const place = (td) => [rows.indexOf(td.parentElement), td.cellIndex - 1];
  const words = (td) => {
    const [i, j] = place(td);
    const n = has(rows[i].dataset.code, columns[j + 1].dataset.code);
    return $("th", rows[i]).textContent + ", " + columns[j + 1].textContent + ": " + meanings.get(td.textContent) + "; " + plural(n, "finding");
  };
  const say = (td) => {
    td.setAttribute("aria-label", words(td));
    tip.textContent = words(td);
    tip.hidden = false;
  };
  const open = (td) => {
    const [i, j] = place(td);
    tip.hidden = true;
    goTo(new URLSearchParams({ nation: rows[i].dataset.code, capability: columns[j + 1].dataset.code }).toString());
  };
  if (cells[0]?.[0]) cells[0][0].tabIndex = 0;
  const td = (e) => e.target.closest("tbody td");
  table.addEventListener("focusin", (e) => td(e) && say(td(e)));
  table.addEventListener("focusout", () => { tip.hidden = true; });
  table.addEventListener("mouseover", (e) => td(e) ? say(td(e)) : tip.hidden = true);
  table.addEventListener("mouseleave", () => { tip.hidden = true; });
  table.addEventListener("click", (e) => td(e) && open(td(e)));
  table.addEventListener("keydown", (e) => {
    const from = td(e);
    if (!from || e.ctrlKey && e.key !== "Home" && e.key !== "End" || e.altKey || e.metaKey) return;
    let [i, j] = place(from);
    switch (e.key) {
    case "ArrowUp": i--; break;
    case "ArrowDown": i++; break;
    case "ArrowLeft": j--; break;
    case "ArrowRight": j++; break;
    case "Home": j = 0; if (e.ctrlKey) i = 0; break;
    case "End": j = cells[i].length - 1; if (e.ctrlKey) i = cells.length - 1; break;
    case "Escape": tip.hidden = true; return;
    case "Enter": case " ": e.preventDefault(); open(from); return;
    default: return;
    }
    e.preventDefault();
    const to = cells[i]?.[j];
    if (!to) return;
    from.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  });
}

// The network: the ties of the nation at hand stand out, and are told.
const network = $(".network");
if (network) {
  const near = $(".near"), hint = "Point at a nation, or go through them with the tab key, to see whom it works with; choose it for its page.";
  const rows = new Map($$("table.partners tbody tr").map((tr) => [tr.dataset.code, tr]));
  const nameOf = (code) => $("th", rows.get(code)).textContent;
  const told = (tr) => $("th", tr).textContent + " shares initiatives with " + plural(Number(tr.cells[3].textContent), "nation") + ": " +
    tr.cells[4].textContent.replace(/[A-Z]{3}(?= \d)/g, nameOf) + ".";
  const light = (a) => {
    const code = a?.dataset.code, by = new Set();
    network.classList.toggle("lit", Boolean(a));
    for (const t of $$("g path", network)) {
      const on = Boolean(code) && t.classList.contains(code);
      t.classList.toggle("by", on);
      if (on) for (const c of t.classList) by.add(c);
    }
    for (const n of $$("a", network)) {
      n.classList.toggle("at", n === a);
      n.classList.toggle("by", by.has(n.dataset.code));
    }
    near.textContent = a ? told(rows.get(code)) : hint;
  };
  network.addEventListener("mouseover", (e) => light(e.target.closest("a")));
  network.addEventListener("mouseleave", () => light());
  network.addEventListener("focusin", (e) => light(e.target.closest("a")));
  network.addEventListener("focusout", () => light());
  light();
}

// One nation's page at a time, or all.
const nations = $$("article.nation");
const everyNation = $("[data-do=nations]");
function showNation(id) {
  if (!everyNation) return;
  const all = everyNation.getAttribute("aria-pressed") === "true";
  for (const n of nations) n.hidden = !all && n.id !== id;
  for (const a of $$(".chooser a")) {
    if (a.getAttribute("href") === "#" + id) a.setAttribute("aria-current", "true");
    else a.removeAttribute("aria-current");
  }
}
if (everyNation) {
  everyNation.addEventListener("click", () => {
    everyNation.setAttribute("aria-pressed", everyNation.getAttribute("aria-pressed") !== "true");
    showNation($(".chooser a[aria-current]")?.getAttribute("href").slice(1) ?? "");
  });
  showNation($(".profiled") ? nations[0].id : "");
}

// The records are many: they are open for those who come by a link.
const register = $(".register");
if (register) register.open = false;

// Where the address leads: a state of the findings, a finding, a nation, a record.
follow = () => {
  const to = location.hash.slice(1);
  for (const e of $$(".aim")) e.classList.remove("aim");
  if (!to || to.includes("=")) {
    choose(to);
    if (to) $("#findings-title").scrollIntoView();
    return;
  }
  const target = document.getElementById(to);
  if (!target) return;
  const r = lists.flatMap((l) => l.rows.map((r) => ({ l, r }))).find(({ r }) => r.row === target);
  if (r) {
    if (!r.r.passes) choose("");
    if (r.r.row.classList.contains("later")) { r.l.all = true; apply(); }
    $("details", target).open = true;
  } else if (target.matches("article.nation")) showNation(to);
  else if (target.closest("details")) target.closest("details").open = true;
  if (/^([frs]\d+$|p-)/.test(to)) target.classList.add("aim");
  target.scrollIntoView();
  const focus = r ? $("summary", target) : target.tabIndex >= -1 && target.hasAttribute("tabindex") ? target : null;
  focus?.focus({ preventScroll: true });
};
addEventListener("hashchange", follow);

// The index shows where the reader is.
const marks = new Map($$("nav.index a").map((a) => [a.getAttribute("href").slice(1), a]));
const seen = new IntersectionObserver((entries) => {
  for (const e of entries) {
    if (!e.isIntersecting) continue;
    for (const a of marks.values()) a.removeAttribute("aria-current");
    marks.get(e.target.id)?.setAttribute("aria-current", "true");
  }
}, { rootMargin: "-20% 0px -75% 0px" });
for (const id of marks.keys()) seen.observe(document.getElementById(id));

apply();
}
})();
