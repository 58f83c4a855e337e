// Turns the long page into tabs, puts mails into frames, and remembers in the address
// what is looked at: #ar/phone/dark. Nothing here runs inside a mail.
"use strict";
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = id => document.getElementById(id);
  const editions = all("#editions a").map(tab => tab.dataset.edition);
  const views = all("#views a").map(tab => tab.dataset.view);
  const keys = Object.fromEntries(all("#help [data-view-key]").map(each => [each.textContent, each.dataset.viewKey]));
  const state = { edition: "all", view: "desktop", mode: "light", pictures: "", styles: "", beside: "" };
  const stored = {
    get(name) { try { return localStorage.getItem(`distribute-preview-${name}`); } catch { return null; } },
    set(name, value) { try { localStorage.setItem(`distribute-preview-${name}`, value); } catch { /* a private window */ } },
  };

  // What the address says, and what it should say: never to ask the network.
  function read() {
    let words = [];
    try { words = decodeURIComponent(location.hash.slice(1)).split("/"); } catch { /* not ours */ }
    const [edition, view, ...rest] = words;
    if (editions.includes(edition)) state.edition = edition;
    else if (views.includes(edition)) state.view = edition;
    if (views.includes(view)) state.view = view;
    if (/^line-[0-9]+$/.test(view ?? "")) {
      state.view = "source";
      return view;
    }
    if (words.length > 2 || views.includes(view) && location.hash) {
      state.mode = rest.includes("dark") ? "dark" : "light";
      state.pictures = rest.includes("off") ? "off" : "";
      state.styles = rest.includes("stripped") ? "stripped" : "";
      const beside = rest.find(word => word.startsWith("beside-"))?.slice(7) ?? "";
      state.beside = editions.includes(beside) ? beside : "";
    }
    return "";
  }
  function address() {
    if (state.edition === "all") return "#all";
    const more = [state.mode === "dark" && "dark", state.pictures === "off" && "off", state.styles, state.beside && `beside-${state.beside}`];
    return `#${[state.edition, state.view, ...more].filter(Boolean).join("/")}`;
  }
  function go(change) {
    Object.assign(state, change);
    if (state.beside === state.edition) state.beside = "";
    if (location.hash !== address()) history.pushState(null, "", address());
    show();
  }

  // What is seen.
  function show() {
    const inAll = state.edition === "all";
    const beside = inAll ? "" : state.beside;
    document.body.classList.toggle("two", Boolean(beside));
    for (const section of all("main > .edition")) {
      const seen = section.id === state.edition || section.id === beside;
      section.hidden = !seen;
      section.classList.toggle("second-edition", section.id === beside);
      if (section.id === "all") continue;
      for (const view of all(":scope > .view", section)) view.hidden = !seen || view.dataset.view !== state.view;
      if (seen) fill(section);
    }
    if (inAll) thumbnails();
    one(".second").hidden = inAll;
    for (const tab of all("#editions a")) choose(tab, tab.dataset.edition === state.edition, tab.dataset.edition);
    for (const tab of all("#views a")) choose(tab, tab.dataset.view === state.view, `${state.edition}/${tab.dataset.view}`);
    for (const count of all("#views [data-count]")) count.hidden = count.dataset.count !== state.edition;
    for (const each of all("#controls [data-for]")) each.hidden = !each.dataset.for.split(" ").includes(state.view);
    byId("pictures").value = state.pictures;
    for (const button of all("#controls [data-set]")) button.setAttribute("aria-pressed", state[button.dataset.set] === button.dataset.value);
    byId("beside").value = beside;
    for (const option of byId("beside").options) option.disabled = option.value === state.edition;
    say();
    if (beside) keepTogether();
  }
  function choose(tab, chosen, panel) {
    tab.setAttribute("aria-selected", chosen);
    tab.tabIndex = chosen ? 0 : -1;
    if (byId(panel)) tab.setAttribute("aria-controls", panel);
    else tab.removeAttribute("aria-controls");
    if (chosen) tab.closest(".tabs").scrollTo({ left: tab.offsetLeft - 40 });
  }
  let said = "";
  function say() {
    const words = [one(`#editions [data-edition="${state.edition}"] > span, #editions [data-edition="${state.edition}"]`)?.firstChild?.textContent.trim()];
    if (state.edition !== "all") {
      words.push(one(`#views [data-view="${state.view}"]`).firstChild.textContent, state.mode === "dark" && "dark", state.pictures && `pictures ${state.pictures}`, state.styles && "styles stripped");
      if (state.beside) words.push(`beside ${byId("beside").selectedOptions[0]?.textContent}`);
    }
    const text = words.filter(Boolean).join(", ");
    if (text !== said && said) byId("said").textContent = text;
    said = text;
    document.title = document.title.replace(/^(.* – )?/, state.edition === "all" ? "" : `${words[0]} – `);
  }

  // Mails in frames. They may be measured, but run nothing.
  const data = {};
  const dataOf = edition => data[edition] ??= JSON.parse(byId(`data-${edition}`).textContent);
  function variant(edition, view) {
    const documents = dataOf(edition);
    if (view === "feed") return documents[`entry-${state.mode}`] ?? "";
    const shown = documents[state.styles || state.mode];
    return state.pictures === "off" ? shown.replace("img-src data: file: 'self'", "img-src 'none'") : shown;
  }
  function framed(stage, content, width, title, source = "") {
    let frame = one("iframe", stage);
    if (!frame) {
      frame = document.createElement("iframe");
      frame.setAttribute("sandbox", "allow-same-origin allow-popups allow-popups-to-escape-sandbox");
      frame.title = title;
      frame.style.width = `${width}px`;
      const paper = document.createElement("div");
      paper.className = "paper";
      paper.append(frame);
      stage.append(paper);
      frame.addEventListener("load", () => fit(stage, frame, width));
    }
    if (source) {
      frame.removeAttribute("srcdoc");
      if (frame.getAttribute("src") !== source) frame.src = source;
      else fit(stage, frame, width);
    } else if (frame.srcdoc !== content || frame.hasAttribute("src")) {
      frame.removeAttribute("src");
      frame.srcdoc = content;
    }
    else fit(stage, frame, width);
    return frame;
  }
  function fit(stage, frame, width) {
    if (!stage.clientWidth) return;
    const inner = frame.contentDocument?.documentElement; // nobody may look into a file
    const paper = frame.parentElement;
    const padding = parseFloat(getComputedStyle(stage).paddingInlineStart) * 2;
    const scale = Math.min(1, (stage.clientWidth - padding) / width);
    if (inner) {
      frame.style.height = "0";
      frame.dataset.height = Math.max(inner.scrollHeight, 80);
    }
    const height = Number(frame.dataset.height ?? 1200);
    frame.style.height = `${height}px`;
    frame.style.transform = scale < 1 ? `scale(${scale})` : "";
    paper.style.width = `${width * scale}px`;
    paper.style.height = `${height * scale}px`;
    stage.dataset.scale = scale < 1 ? `${Math.round(scale * 100)}%` : "";
    pin(stage, frame, scale);
  }

  // Marks beside what findings are about; they lead to the line in the post.
  const addressed = /\]\(\s*<?([^\s)>]+)/;
  const marked = /\.[^./]+(\.[^./]+)$/; // what a published picture has in its name besides
  const nameOf = address => address.split("/").pop();
  function byAddress(inside) {
    const found = new Map();
    const add = (address, element) => found.set(address, [...found.get(address) ?? [], element]);
    for (const link of inside.links) add(link.getAttribute("href"), link);
    for (const image of inside.images) {
      const from = image.dataset.from ?? image.getAttribute("src");
      for (const name of new Set([from, nameOf(from), nameOf(from).replace(marked, "$1")])) add(name, image);
    }
    return found;
  }
  function pin(stage, frame, scale) {
    for (const old of all(".pin", stage)) old.remove();
    const view = stage.closest(".view");
    const inside = frame.contentDocument;
    if (!view || !inside) return;
    const paper = one(".paper", stage), place = view.closest(".edition").id;
    const top = paper.offsetTop + paper.clientTop;
    const left = Math.min(paper.offsetLeft + paper.offsetWidth + 8, stage.clientWidth - 26);
    const found = byAddress(inside), seen = new Map(), pins = new Map();
    for (const each of all("[data-words]", view)) {
      const address = addressed.exec(each.dataset.words)?.[1];
      if (!address) continue;
      const remark = each.closest(".remark");
      const rule = one(".rule", remark).textContent;
      if (!seen.has(rule)) seen.set(rule, new Set());
      const elements = found.get(address) ?? found.get(nameOf(address));
      const element = elements?.find(other => !seen.get(rule).has(other));
      if (!element) continue;
      seen.get(rule).add(element);
      if (!pins.has(element)) {
        const height = top + element.getBoundingClientRect().top * scale;
        pins.set(element, pinAt(height, left, `#${place}/line-${each.dataset.line}`));
      }
      const mark = pins.get(element);
      const severity = ["error", "warning", "note"].find(name => remark.classList.contains(name));
      if (!mark.dataset.severity) mark.dataset.severity = severity;
      mark.title += `${mark.title && "\n"}${severity}: ${(one(".message", each) ?? one(".message", remark)).textContent}`;
      mark.setAttribute("aria-label", `Line ${each.dataset.line}: ${mark.title.replaceAll("\n", "; ")}`);
    }
    stage.append(...pins.values());
  }
  function pinAt(top, left, href) {
    const mark = document.createElement("a");
    Object.assign(mark, { className: "pin", href });
    Object.assign(mark.style, { top: `${top}px`, left: `${left}px` });
    return mark;
  }
  function fill(section) {
    const view = one(`:scope > .view[data-view="${state.view}"]`, section);
    const stage = view && one(".stage", view);
    if (stage) {
      stage.classList.toggle("dark", state.mode === "dark");
      const remote = state.pictures === "network" && stage.dataset.remote;
      const source = remote ? `${remote}${state.mode === "dark" ? "-dark" : ""}.html` : "";
      framed(stage, variant(section.id, state.view), Number(stage.dataset.width), stage.dataset.title, source);
    }
    for (const pre of all("[data-fill]", view)) {
      if (!pre.textContent) pre.textContent = dataOf(section.id)[pre.dataset.fill];
    }
    for (const figure of all(".inboxes figure", view)) tellCut(figure);
  }
  function thumbnails() {
    for (const link of all("[data-thumb]")) {
      if (one("iframe", link)) continue;
      const frame = framed(link, dataOf(link.dataset.thumb).light, 680, "");
      frame.setAttribute("inert", "");
      frame.tabIndex = -1;
    }
  }

  // How many characters of a subject an inbox has room for.
  function tellCut(figure) {
    const words = one(".screen .subject, .screen .words b", figure);
    const box = words?.closest(".cut");
    if (!box?.clientWidth) return;
    const text = words.firstChild;
    const edge = box.getBoundingClientRect();
    const range = document.createRange();
    let low = 0, high = text.length;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      range.setStart(text, 0);
      range.setEnd(text, middle);
      if (range.getBoundingClientRect().width <= edge.width) low = middle;
      else high = middle - 1;
    }
    const count = part => [...(Intl.Segmenter ? new Intl.Segmenter().segment(part) : part)].length;
    one("[data-shown]", figure).textContent = low < text.length
      ? `shows about ${count(text.data.slice(0, low))} of ${count(text.data)} characters of the subject`
      : "shows the whole subject";
  }

  // Two editions side by side scroll as one, each in proportion to its length.
  function keepTogether() {
    const panes = all("main > .edition:not([hidden])");
    let led = null, until = 0;
    for (const pane of panes) {
      pane.onscroll = () => {
        const now = performance.now();
        if (led && led !== pane && now < until) return;
        led = pane;
        until = now + 120;
        const share = pane.scrollTop / Math.max(pane.scrollHeight - pane.clientHeight, 1);
        for (const other of panes) if (other !== pane) other.scrollTop = share * (other.scrollHeight - other.clientHeight);
      };
    }
  }

  // Findings, one after the other.
  function nextFinding(step) {
    const found = all(".remark > summary").filter(each => each.offsetParent);
    if (!found.length) return;
    const at = found.indexOf(document.activeElement);
    const next = found[at < 0 ? (step > 0 ? 0 : found.length - 1) : (at + step + found.length) % found.length];
    next.focus();
    next.scrollIntoView({ block: "center" });
  }

  // The keyboard.
  function along(event) {
    const tabs = all("a", event.currentTarget);
    const at = tabs.indexOf(event.target.closest("a"));
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -at, End: tabs.length - 1 - at }[event.key];
    if (step === undefined || at < 0) return;
    event.preventDefault();
    const tab = tabs[(at + step + tabs.length) % tabs.length];
    tab.focus();
    tab.click();
  }
  function beside() {
    const others = ["", ...editions.filter(each => each !== "all" && each !== state.edition)];
    go({ beside: others[(others.indexOf(state.beside) + 1) % others.length] });
  }
  const commands = {
    l: () => go({ mode: state.mode === "dark" ? "light" : "dark" }),
    o: () => go({ pictures: state.pictures === "off" ? "" : "off" }),
    x: () => go({ styles: state.styles ? "" : "stripped" }),
    b: beside,
    n: () => nextFinding(1),
    N: () => nextFinding(-1),
    "?": () => byId("help").showModal(),
  };
  function press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || byId("help").open) return;
    if (event.target.closest?.("input, select, textarea, [contenteditable]")) return;
    if (event.key !== "?" && !byId("single").checked) return;
    if (/^[0-9]$/.test(event.key)) {
      if (editions[event.key]) go({ edition: editions[event.key] });
    } else if (keys[event.key]) {
      go({ view: keys[event.key], edition: state.edition === "all" ? editions[1] : state.edition });
    } else if (commands[event.key] && (event.key === "?" || state.edition !== "all" || /^n$/i.test(event.key))) {
      commands[event.key]();
    } else return;
    event.preventDefault();
  }

  function theme(name) {
    document.documentElement.dataset.theme = name;
    for (const each of all("[data-theme]", one(".tools"))) each.setAttribute("aria-pressed", each.dataset.theme === name);
    stored.set("theme", name);
  }
  function follow() {
    const line = read();
    show();
    if (line) byId(`${state.edition}/${line}`)?.scrollIntoView({ block: "center" });
  }

  // Begin.
  document.documentElement.classList.add("scripted");
  for (const each of all("[data-needs-script]")) each.hidden = false;
  for (const list of all(".tabs")) {
    list.setAttribute("role", "tablist");
    if (!list.hasAttribute("aria-label")) list.setAttribute("aria-label", "Editions");
    for (const item of list.children) item.setAttribute("role", "presentation");
    for (const tab of all("a", list)) tab.setAttribute("role", "tab");
    list.addEventListener("keydown", along);
    list.addEventListener("click", event => {
      const tab = event.target.closest("a");
      if (!tab || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(tab.dataset.view ? { view: tab.dataset.view } : { edition: tab.dataset.edition });
      scrollTo({ top: Math.min(scrollY, one(".rail").offsetTop) });
    });
  }
  for (const panel of all("main > .edition, .edition > .view")) panel.setAttribute("role", "tabpanel");
  for (const button of all("#controls [data-set]")) {
    button.addEventListener("click", () => {
      const { set, value } = button.dataset;
      go({ [set]: set === "mode" ? value : state[set] ? "" : value });
    });
  }
  byId("pictures").addEventListener("change", event => go({ pictures: event.target.value }));
  byId("beside").addEventListener("change", event => go({ beside: event.target.value }));
  for (const button of all("[data-theme]", one(".tools"))) button.addEventListener("click", () => theme(button.dataset.theme));
  theme(stored.get("theme") ?? "auto");
  byId("ask").addEventListener("click", () => byId("help").showModal());
  byId("single").checked = stored.get("single") !== "no";
  byId("single").addEventListener("change", event => stored.set("single", event.target.checked ? "yes" : "no"));
  one(".skip").addEventListener("click", event => {
    event.preventDefault(); // the address says what is looked at
    byId("main").focus();
  });
  document.addEventListener("keydown", press);
  addEventListener("hashchange", follow);
  addEventListener("popstate", follow);
  let waiting = 0;
  addEventListener("resize", () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(show); });
  follow();
  if (document.body.dataset.live) new EventSource(document.body.dataset.live).addEventListener("message", () => location.reload());
})();
