"use strict";
// Asks the sidecar that this page came from, and nobody else. Whatever is shown is set as text, never as HTML.
const $ = (id) => document.getElementById(id);
const KEY = "linkgate-token";

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

async function ask(path, body) {
  const token = sessionStorage.getItem(KEY);
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const options = body ? { method: "POST", body: JSON.stringify(body), headers } : { headers };
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("the sidecar does not answer; is it running?");
  }
  const found = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(found.error || `it answered ${response.status}`);
  return found;
}

function rows(list, pairs) {
  for (const [name, value] of pairs) list.append(element("dt", name), element("dd", value));
  return list;
}

function card(title, word, kind) {
  const made = element("div", undefined, "card");
  made.append(element("span", word, `word ${kind}`));
  if (title) made.append(element("p", title, "hint"));
  return made;
}

// As the server's own: nothing that is shown can be clicked, or copied and opened by mistake.
function defang(url) {
  return url.replace(/http/gi, "hxxp").replace(/\[?\.\]?/g, "[.]");
}

function matchRows(match, text) {
  const span = match.start === null ? "" : `; characters ${match.start}-${match.end}`;
  const steps = match.steps.length ? `, by ${match.steps.join(", ")}` : "";
  const category = match.category ? `, category ${match.category}` : "";
  const link = text && span ? [["link", defang([...text].slice(match.start, match.end).join(""))]] : [];
  return [...link, ["entry", `${match.entry} of list ${match.list}${category}`], ["how", `${match.kind}${steps}; scope ${match.scope}${span}`]];
}

function show(verdict, title, text) {
  const shadow = verdict.matches.some((match) => match.held === "shadow" && match.asked !== match.action);
  const word = shadow ? "listed, in shadow: would ask for " + verdict.matches.find((match) => match.held === "shadow").asked : verdict.action ? `listed: ${verdict.action}` : verdict.readable === false ? "cannot tell: no browser would open this" : "not listed";
  const made = card(title, word, (shadow ? "shadow" : verdict.action) || (verdict.readable === false ? "unsure" : "clear"));
  const list = element("dl");
  for (const match of verdict.matches) rows(list, matchRows(match, text));
  rows(list, (verdict.steps || []).map((stage) => [stage.step, stage.url]));
  rows(list, [["snapshot", verdict.snapshot]]);
  made.append(list);
  return made;
}

async function answer(text) {
  const single = !/\s/.test(text);
  const verdict = single
    ? await ask("/v1/lookup", { url: text, explain: true })
    : await ask("/v1/check", { text });
  return show(verdict, single ? "" : "read as a message", single ? "" : text);
}

async function submit(event) {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  $("answer").setAttribute("aria-busy", "true");
  const found = await answer(text).catch((error) => card(error.message, "no answer", "fault"));
  $("answer").replaceChildren(found);
  $("answer").removeAttribute("aria-busy");
}

function age(seconds) {
  if (seconds < 60) return "just now";
  const [size, name] = seconds < 7200 ? [60, "min"] : seconds < 172800 ? [3600, "h"] : [86400, "days"];
  return `${Math.round(seconds / size)} ${name} ago`;
}

async function lists() {
  const found = await ask("/v1/lists").catch((error) => error);
  if (found instanceof Error) return $("lists").replaceChildren(element("p", `Not shown: ${found.message}.`, "hint"));
  const table = element("table");
  const head = element("tr");
  for (const [name, kind] of [["list"], ["entries", "number"], ["confirmed", "number"], ["state"]]) head.append(element("th", name, kind));
  table.append(head);
  for (const each of found.lists) {
    const row = element("tr");
    row.append(element("td", each.name), element("td", each.entries.toLocaleString("en"), "number"));
    row.append(element("td", age(each.age), "number"), element("td", each.stale ? "stale" : each.kind));
    table.append(row);
  }
  const scroll = element("div", undefined, "scroll");
  scroll.tabIndex = 0;
  scroll.append(table);
  const decided = element("p", `Snapshot ${found.snapshot}, ${found.entries.toLocaleString("en")} entries, published ${age(found.age)}.`, "hint");
  $("lists").replaceChildren(scroll, decided);
}

$(sessionStorage.getItem(KEY) ? "text" : "token").focus();

// Decisions and cases: asked for when the part is opened, as each look is on record; ids and names, never a link.
function decided(found) {
  const made = card("", found.overturned || found.review?.overturned ? "overturned" : found.action, found.action || "clear");
  const shown = ["decision", "time", "message", "surface", "list", "entry", "kind", "action", "held", "snapshot"];
  const list = rows(element("dl"), shown.filter((name) => found[name]).map((name) => [name, String(found[name])]));
  if (found.review) rows(list, [["review", `${found.review.verdict} at ${found.review.at}`]]);
  for (const each of found.opinions || []) rows(list, [["opinion", `${each.opinion} by ${each.by} at ${each.at}`]]);
  made.append(list);
  return made;
}

async function decide(path, body) {
  const found = await ask(path, body).then(decided, (error) => card(error.message, "no answer", "fault"));
  $("decided").replaceChildren(found);
}

async function cases() {
  const found = await ask("/v1/cases").catch((error) => error);
  if (found instanceof Error) return $("cases").replaceChildren(element("p", `Cases are not shown: ${found.message}.`, "hint"));
  const table = element("table");
  const head = element("tr");
  for (const name of ["case", "opened", "by", "held until", "decisions"]) head.append(element("th", name));
  table.append(head);
  for (const each of found.cases) {
    const row = element("tr");
    for (const value of [each.id, each.opened, each.by, each.held_until || "released", each.decisions]) row.append(element("td", String(value)));
    table.append(row);
  }
  const scroll = element("div", undefined, "scroll");
  scroll.tabIndex = 0;
  scroll.append(table);
  $("cases").replaceChildren(found.cases.length ? scroll : element("p", "No case.", "hint"));
}

$("appeal").addEventListener("submit", (event) => {
  event.preventDefault();
  if ($("decision").value.trim()) decide("/v1/decisions/show", { decision: $("decision").value.trim() });
});
$("kept").addEventListener("toggle", () => {
  if ($("kept").open) cases();
});
$("overturn").addEventListener("click", () => {
  decide("/v1/decisions/overturn", { decision: $("decision").value.trim(), reason: $("reason").value });
});
$("ask").addEventListener("submit", submit);
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) {
    event.preventDefault();
    $("text").focus();
  }
});
$("key").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY, $("token").value.trim());
  $("token").value = "";
  $("known").textContent = "In use. It stays in this tab and is gone when the tab is closed.";
  $("text").focus();
  lists();
  $("kept").open = false;
});
lists();
