"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const form = document.getElementById("filters");
  const table = document.getElementById("table");
  const told = document.getElementById("told");
  const size = document.getElementById("size");
  const previous = document.getElementById("previous");
  const next = document.getElementById("next");
  const chips = document.getElementById("chips");
  const chosen = ["action", "kind", "list", "category"];
  const others = ["entry", "scope", "file", "steps"];
  const heavy = { block: 0, review: 1, log: 2 };
  const words = new Intl.Collator("en", { numeric: true });
  const whole = new Intl.NumberFormat("en");

  // Rows point into a list of words: here they become objects.
  const hits = data.rows.map((row, order) => {
    const hit = { order };
    data.texts.forEach((name, at) => { hit[name] = data.words[row[at]]; });
    data.numbers.forEach((name, at) => { hit[name] = row[data.texts.length + at]; });
    hit.found = [hit.id, hit.entry, hit.file, hit.link || ""].join("\n").toLowerCase();
    return hit;
  });

  // The folder that all files share is left out of their names, of a single file its own.
  const folder = hits.reduce((shared, hit) => {
    while (!hit.file.startsWith(shared)) shared = shared.slice(0, shared.slice(0, -1).lastIndexOf("/") + 1);
    return shared;
  }, hits[0].file.slice(0, hits[0].file.lastIndexOf("/") + 1));

  const compareText = (name) => (a, b) => words.compare(a[name], b[name]);
  const columns = [
    { name: "action", title: "Action", compare: (a, b) => heavy[a.action] - heavy[b.action] },
    { name: "kind", title: "Kind", also: (hit) => hit.steps },
    { name: "entry", title: "Entry" },
    { name: "list", title: "List", few: true },
    { name: "category", title: "Category", few: true },
    { name: "scope", title: "Scope" },
    { name: "id", title: "Message", also: (hit) => hit.start === null ? "hidden link" : `characters ${hit.start}–${hit.end}` },
    { name: "file", title: "File", shown: (hit) => hit.file.slice(folder.length), whole: (hit) => hit.file, also: (hit) => hit.place === null ? "" : `place ${whole.format(hit.place)}`,
      compare: (a, b) => words.compare(a.file, b.file) || a.place - b.place },
    { name: "time", title: "Time (UTC)", shown: (hit) => hit.time.replace("T", " ").replace(/(\.\d+)?Z$/, "") },
    { name: "link", title: "Link, defanged" },
  ].filter((column) => hits.some((hit) => column.few ? hit[column.name] !== hits[0][column.name] : hit[column.name]));

  const state = { filters: new URLSearchParams(), by: null, down: false, page: 0 };

  // Roles are said, as a phone shows the table as cards, which would take them away.
  const roles = { tr: "row", th: "columnheader", td: "cell" };
  const make = (tag, text, name) => {
    const made = document.createElement(tag);
    if (roles[tag]) made.setAttribute("role", roles[tag]);
    if (text !== undefined) made.textContent = text;
    if (name) made.className = name;
    return made;
  };

  const rows = () => Number(size.value);
  const absent = (name) => `no ${name}`;

  function fillChoices() {
    for (const name of chosen) {
      const counts = new Map();
      for (const hit of hits) counts.set(hit[name], (counts.get(hit[name]) || 0) + 1);
      const select = form.elements[name];
      const order = name === "action" ? (a, b) => heavy[a] - heavy[b] : words.compare;
      for (const value of [...counts.keys()].sort(order)) {
        const option = make("option", `${value || absent(name)} (${whole.format(counts.get(value))})`);
        option.value = value || absent(name);
        select.append(option);
      }
      select.closest(".field").hidden = counts.size < 2;
    }
  }

  function makeHead() {
    const row = make("tr");
    for (const column of columns) {
      const head = make("th");
      const button = make("button", column.title);
      head.scope = "col";
      head.dataset.name = column.name;
      button.type = "button";
      button.append(make("span", "", "arrow"));
      button.addEventListener("click", () => sortBy(column.name));
      head.append(button);
      row.append(head);
    }
    table.tHead.append(row);
  }

  function sortBy(name) {
    if (state.by !== name) Object.assign(state, { by: name, down: false });
    else if (!state.down) state.down = true;
    else Object.assign(state, { by: null, down: false });
    state.page = 0;
    show();
  }

  function wanted(hit) {
    for (const [name, value] of state.filters) {
      if (name === "q") { if (!hit.found.includes(value.toLowerCase())) return false; }
      else if (name === "from") { if (!hit.time || hit.time < value) return false; }
      else if (name === "to") { if (!hit.time || hit.time >= value) return false; }
      else if (name === "steps") { if (!hit.steps.split(", ").includes(value)) return false; }
      else if ((hit[name] || absent(name)) !== value) return false;
    }
    return true;
  }

  function matching() {
    const found = hits.filter(wanted);
    const column = columns.find((each) => each.name === state.by);
    if (!column) return found;
    const compare = column.compare || compareText(column.name);
    const sign = state.down ? -1 : 1;
    return found.sort((a, b) => sign * compare(a, b) || a.order - b.order);
  }

  function makeRow(hit) {
    const row = make("tr");
    for (const column of columns) {
      const cell = make("td");
      const value = column.shown ? column.shown(hit) : hit[column.name];
      cell.dataset.title = column.title;
      if (column.whole) cell.title = column.whole(hit);
      cell.append(make("span", value || "–", column.name === "action" ? `tag ${hit.action}` : column.name === "link" ? "link" : ""));
      const also = column.also && column.also(hit);
      if (also) cell.append(make("span", also, "also"));
      row.append(cell);
    }
    return row;
  }

  function show() {
    const found = matching();
    const step = rows();
    state.page = Math.max(0, Math.min(state.page, Math.ceil(found.length / step) - 1));
    const first = state.page * step;
    const last = Math.min(first + step, found.length);
    table.tBodies[0].replaceChildren(...found.slice(first, last).map(makeRow));
    const of = found.length === hits.length ? "" : ` (of ${whole.format(hits.length)})`;
    told.textContent = found.length
      ? `${whole.format(first + 1)}–${whole.format(last)} of ${whole.format(found.length)} hits${of}`
      : `No hit of the ${whole.format(hits.length)} in this table passes these filters`;
    previous.disabled = first === 0;
    next.disabled = last >= found.length;
    for (const head of table.tHead.rows[0].cells) {
      const sorted = head.dataset.name === state.by;
      head.ariaSort = sorted ? (state.down ? "descending" : "ascending") : "none";
    }
    showChips();
  }

  // Filters that have no field of their own are shown as buttons that remove them.
  function showChips() {
    const made = others.filter((name) => state.filters.has(name)).map((name) => {
      const item = make("li");
      const button = make("button", `${name}: ${state.filters.get(name)} ×`);
      button.type = "button";
      button.ariaLabel = `Remove the filter ${name}: ${state.filters.get(name)}`;
      button.addEventListener("click", () => { state.filters.delete(name); keep(); form.elements.q.focus(); });
      item.append(button);
      return item;
    });
    chips.replaceChildren(...made);
    chips.hidden = !made.length;
  }

  // The address keeps the filters, so that a view can be sent on with the file.
  function keep() {
    state.page = 0;
    const text = state.filters.toString();
    history.replaceState(null, "", text ? `#${text}` : "#hits");
    show();
  }

  function fromForm() {
    for (const field of form.elements) {
      if (!field.name) continue;
      if (field.value) state.filters.set(field.name, field.value);
      else state.filters.delete(field.name);
    }
    keep();
  }

  function fromAddress() {
    const given = new URLSearchParams(location.hash.slice(1));
    const known = ["q", "from", "to", ...chosen, ...others];
    if (![...given.keys()].some((name) => known.includes(name))) return false;
    state.filters = new URLSearchParams([...given].filter(([name, value]) => known.includes(name) && value));
    for (const field of form.elements) if (field.name) field.value = state.filters.get(field.name) || "";
    state.page = 0;
    show();
    return true;
  }

  // The page with the first of the rows that were shown.
  function resize() {
    state.page = Math.floor(state.page * state.step / rows());
    state.step = rows();
    show();
  }

  function turn(by) {
    state.page += by;
    show();
    table.closest(".scroll").scrollTop = 0;
  }

  fillChoices();
  makeHead();
  if (matchMedia("(max-width: 700px)").matches) size.value = "25";
  state.step = rows();
  for (const mark of document.querySelectorAll("svg a > [aria-label]")) {
    const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
    title.textContent = mark.getAttribute("aria-label");
    mark.append(title);
  }
  let waiting;
  form.elements.q.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(fromForm, 120); });
  form.addEventListener("change", fromForm);
  form.addEventListener("submit", (event) => { event.preventDefault(); fromForm(); });
  form.addEventListener("reset", () => setTimeout(() => { state.filters = new URLSearchParams(); keep(); }));
  size.addEventListener("change", resize);
  previous.addEventListener("click", () => turn(-1));
  next.addEventListener("click", () => turn(1));
  addEventListener("hashchange", () => {
    if (fromAddress()) document.getElementById("hits-title").focus();
  });
  addEventListener("keydown", (event) => {
    const typing = event.target.closest && event.target.closest("input, select, textarea");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    form.elements.q.focus();
  });
  for (const each of [form, table, document.getElementById("pager")]) each.hidden = false;
  document.getElementById("unscripted").remove();
  if (!fromAddress()) show();
})();
