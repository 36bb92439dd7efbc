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

// What counts, in one word, and how it is coloured. What a list in shadow would do is said as such, and never green.
function word(verdict) {
  const held = verdict.matches.find((match) => match.held && match.asked !== match.action);
  if (held && !verdict.flagged) return [`listed, ${HELD[held.held] || held.held}: would ${WOULD[held.asked]}`, "held"];
  if (!verdict.matches.length && (verdict.opaque || []).length) {
    return [`a short link that no entry covers${verdict.action ? `: ${verdict.action}` : ""}`, verdict.action || "held"];
  }
  if (verdict.action) return [`listed: ${verdict.action}`, verdict.action];
  if (verdict.scanned === false) return ["not scanned: this surface is off", "unsure"];
  if (verdict.readable === false) return ["cannot tell: no browser would open this", "unsure"];
  return ["not listed", "clear"];
}
const HELD = { shadow: "in shadow", share: "not in the share of its list", surge: "in a surge", disputed: "disputed" };
const WOULD = { block: "block", review: "ask for review", log: "log" };

function show(verdict, title, text) {
  const made = card(title, ...word(verdict));
  const list = element("dl");
  for (const match of verdict.matches) rows(list, matchRows(match, text));
  for (const near of verdict.near || []) {
    const more = near.number > near.entries.length ? ` and ${near.number - near.entries.length} more` : "";
    rows(list, [["near", `${near.reason}: entry ${near.entries.join(", ")}${more}`]]);
  }
  for (const each of verdict.allowed || []) {
    rows(list, [["allowed", `entry ${each.entry} of ${each.list}: ${each.reason || "no reason given"}${each.ends ? `; until ${each.ends}` : ""}`]]);
  }
  rows(list, (verdict.steps || []).map((stage) => [stage.step, stage.url]));
  rows(list, [["snapshot", verdict.snapshot]]);
  made.append(list);
  return made;
}

function ruled(action, asked, held) {
  return held ? `${action}, not ${asked}: ${HELD[held] || held}` : action;
}

function entryCard(entry) {
  const made = card("", entry.listed ? (entry.allow ? "an allow entry" : "a listed entry") : "an entry that is not listed now", entry.listed && !entry.allow ? "held" : "unsure");
  const shown = Object.entries(entry).filter(([name, value]) => !["listed", "allow", "opinions", "policy"].includes(name) && value !== null && String(value) !== "");
  const list = rows(element("dl"), shown.map(([name, value]) => [name.replaceAll("_", " "), String(value)]));
  const kinds = entry.listed && !entry.allow ? Object.entries(entry.policy || {}) : [];
  rows(list, kinds.map(([kind, each]) => [`if ${kind}`, ruled(each.action, each.asked, each.held)]));
  rows(list, (entry.opinions || []).map((each) => ["opinion", `${each.opinion} by ${each.by} at ${each.at}${each.reason ? `: ${each.reason}` : ""}`]));
  made.append(list);
  return made;
}

// One word is a URL or an id: why it is flagged or not. More is a message.
async function answer(text) {
  if (/\s/.test(text)) {
    const verdict = await ask("/v1/check", { text });
    return [[show(verdict, "read as a message", text)], word(verdict)[0]];
  }
  const why = await ask("/v1/why", { asked: text });
  if (why.url) return [[show(why.url, "")], word(why.url)[0]];
  if (!why.decisions.length && !why.entries.length) return [[card("nothing on record and no entry has this id; a URL has a dot or two slashes", "unknown id", "unsure")], "unknown id"];
  const cards = [...why.decisions.map(decided), ...why.entries.map(entryCard)];
  return [cards, why.decisions.length ? `on record: ${why.decisions.length}` : "an entry"];
}

async function submit(event) {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  $("answer").setAttribute("aria-busy", "true");
  const [found, said] = await answer(text).catch((error) => [[card(error.message, "no answer", "fault")], "no answer"]);
  $("answer").replaceChildren(...found);
  $("answer").removeAttribute("aria-busy");
  remember(text, said);
}

// One's own questions, newest first: in this page's memory alone, so that a closed or reloaded tab leaves nothing behind.
const asked = [];

function remember(text, said) {
  const before = asked.findIndex((each) => each.text === text);
  if (before >= 0) asked.splice(before, 1);
  asked.unshift({ text, said });
  asked.splice(50);
  $("history").hidden = false;
  $("asked").replaceChildren(...asked.map((each) => {
    const row = element("li");
    const again = element("button", defang(each.text.length > 80 ? `${each.text.slice(0, 80)}…` : each.text), "again");
    again.addEventListener("click", () => {
      $("text").value = each.text;
      $("ask").requestSubmit();
    });
    row.append(again, element("span", each.said, "hint"));
    return row;
  }));
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
    row.append(element("td", age(each.age), "number"), element("td", [each.shadow ? "in shadow" : each.kind, each.stale ? "stale" : ""].filter(Boolean).join(", ")));
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
  const over = found.overturned || found.review?.overturned;
  const [said, kind] = over ? ["overturned", "unsure"] : found.held && found.asked !== found.action ? word({ matches: [found] }) : [found.action, found.action];
  const made = card("", said, kind);
  const shown = ["decision", "time", "message", "posted", "surface", "list", "entry", "kind", "action", "asked", "held", "snapshot"];
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
$("forget").addEventListener("click", () => {
  asked.length = 0;
  $("history").hidden = true;
  $("answer").replaceChildren();
  $("text").focus();
});
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  if (event.key === "ArrowUp" && !$("text").value && asked.length) $("text").value = asked[0].text;
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
