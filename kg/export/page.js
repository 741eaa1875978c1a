"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const nodes = new Map(data.elements.nodes.map((n) => [n.data.id, n.data]));
  const edges = new Map(data.elements.edges.map((e) => [e.data.id, e.data]));
  const rows = new Map([...byId("rows").rows].map((row) => [row.dataset.edge, row]));

  byId("tools").hidden = false;
  byId("graph").hidden = false;

  const cy = cytoscape({
    container: byId("graph"),
    elements: data.elements,
    style: data.style.concat([
      { selector: "node", style: { label: "data(shown)", "text-max-width": "1000px" } },
      { selector: "node.fa[shown_fa]", style: { label: "data(shown_fa)" } },
      { selector: ".gone", style: { display: "none" } },
      { selector: ".faint", style: { opacity: 0.15 } },
      { selector: "node:selected, node.hit", style: { "border-width": 5, "border-color": "#000000" } },
      { selector: "edge:selected", style: { "underlay-color": "#000000", "underlay-opacity": 0.25, "underlay-padding": 5 } },
    ]),
    layout: { name: "preset", fit: true, padding: 20 },
    minZoom: 0.03,
    maxZoom: 4,
    selectionType: "single",
    boxSelectionEnabled: false,
  });

  // ── elements of the page ─────────────────────────────────────────────────────────────────────────
  function make(name, words, attributes) {
    const element = document.createElement(name);
    if (words !== undefined) element.textContent = words;
    for (const key of Object.keys(attributes || {})) element.setAttribute(key, attributes[key]);
    return element;
  }

  function push(words, action) {
    const button = make("button", words, { type: "button", dir: "auto" });
    button.addEventListener("click", action);
    return button;
  }

  const arrow = (edge) => (edge.relation ? edge.relation : "with");
  const isolate = (label) => "\u2068" + label + "\u2069";
  const sentence = (edge) =>
    isolate(nodes.get(edge.source).label) + " — " + arrow(edge) + (data.directed ? " → " : " — ") + isolate(nodes.get(edge.target).label);

  // ── opening a node or an edge ────────────────────────────────────────────────────────────────────
  function claim(id) {
    const grounds = data.assertions[id];
    const article = make("article", undefined, { "data-assertion": id });
    article.append(make("p", grounds.claim, { dir: "auto" }));
    const list = make("dl");
    const add = (name, value) => {
      if (!value) return;
      const cell = make("dd", undefined, { dir: "auto" });
      cell.append(value);
      list.append(make("dt", name), cell);
    };
    add("source", grounds.source);
    const place = grounds.page ? make("a", grounds.place, { href: grounds.page, rel: "noreferrer", target: "_blank" }) : grounds.place;
    add("place", place);
    add("voice", grounds.voice);
    add("stance", grounds.stance);
    add("hedge", grounds.hedge);
    add("contested by", grounds.contested);
    article.append(list);
    return article;
  }

  function show(parts) {
    const box = byId("details");
    box.replaceChildren(...parts);
    box.scrollTop = 0;
  }

  function openEdge(id) {
    const edge = edges.get(id);
    const from = nodes.get(edge.source);
    const to = nodes.get(edge.target);
    const heading = make("h2", undefined, { dir: "auto" });
    heading.append(push(from.label, () => openNode(from.id)), " " + arrow(edge) + " ", push(to.label, () => openNode(to.id)));
    const words = edge.direction + (edge.contested ? ", contested" : "") + ", weight " + edge.weight;
    show([heading, make("p", words, { class: "sub" }), ...(edge.assertions || []).map(claim)]);
    select(id);
  }

  function openNode(id) {
    const node = nodes.get(id);
    const parts = [make("h2", node.label, { dir: "auto" })];
    if (node.label_fa && node.label_fa !== node.label) parts.push(make("p", node.label_fa, { lang: "fa", dir: "rtl" }));
    parts.push(make("p", node.kind + " · " + node.id, { class: "sub" }));
    if (node.definition) parts.push(make("p", node.definition, { dir: "auto" }));
    for (const edge of edges.values()) {
      if ((edge.source !== id && edge.target !== id) || hidden(edge)) continue;
      const heading = make("h3");
      heading.append(push(sentence(edge), () => openEdge(edge.id)));
      parts.push(heading, ...(edge.assertions || []).map(claim));
    }
    show(parts);
    select(id);
  }

  function select(id) {
    const element = cy.getElementById(id);
    cy.elements().unselect().removeClass("faint");
    element.select();
    cy.elements().not(element.isNode() ? element.closedNeighborhood() : element.union(element.connectedNodes())).addClass("faint");
  }

  cy.on("tap", "node", (event) => openNode(event.target.id()));
  cy.on("tap", "edge", (event) => openEdge(event.target.id()));
  cy.on("tap", (event) => {
    if (event.target === cy) cy.elements().unselect().removeClass("faint");
  });
  byId("rows").addEventListener("click", (event) => {
    if (event.target.tagName !== "BUTTON") return;
    openEdge(event.target.closest("tr").dataset.edge);
    byId("details").focus();
    byId("details").scrollIntoView({ block: "nearest" });
  });

  // ── filters ──────────────────────────────────────────────────────────────────────────────────────
  const form = byId("tools");
  const ticked = (name) => new Set([...form.querySelectorAll("input[name=" + name + "]:checked")].map((box) => box.value));
  let want = {};

  function hidden(edge) {
    return (
      !want.kind.has(nodes.get(edge.source).kind) ||
      !want.kind.has(nodes.get(edge.target).kind) ||
      !want.direction.has(edge.direction) ||
      (want.contested && !edge.contested) ||
      (edge.sources !== undefined && !edge.sources.some((source) => want.source.has(source)))
    );
  }

  function filter() {
    want = { kind: ticked("kind"), direction: ticked("direction"), source: ticked("source"), contested: form.elements.contested.checked };
    const used = new Set();
    let count = 0;
    cy.batch(() => {
      for (const edge of edges.values()) {
        const gone = hidden(edge);
        cy.getElementById(edge.id).toggleClass("gone", gone);
        rows.get(edge.id).hidden = gone;
        if (gone) continue;
        count += 1;
        used.add(edge.source).add(edge.target);
      }
      cy.nodes().forEach((node) => {
        node.toggleClass("gone", !used.has(node.id()));
      });
    });
    byId("count").textContent = count + " of " + edges.size + " edges shown";
  }

  form.addEventListener("change", (event) => {
    if (event.target.name === "persian") cy.nodes().toggleClass("fa", event.target.checked);
    else if (event.target.id !== "search") filter();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("persian").hidden = ![...nodes.values()].some((node) => node.label_fa && node.label_fa !== node.label);
  byId("all").addEventListener("click", () => {
    cy.elements().unselect().removeClass("faint").removeClass("hit");
    cy.fit(cy.elements(":visible"), 20);
  });

  // ── search ───────────────────────────────────────────────────────────────────────────────────────
  // Folds what differs between keyboards: case, accents, ZWNJ, Arabic and Persian variants of a letter.
  const fold = (words) =>
    words.normalize("NFKD").replace(/[\u0300-\u036f\u064b-\u0652\u200c\u0640]/g, "").replace(/ي|ى/g, "ی").replace(/ك/g, "ک").toLowerCase();
  const index = [...nodes.values()].map((node) => [fold([node.label, node.label_fa || "", node.id].join(" ")), node.id]);
  const claims = [...edges.values()].map((edge) => [fold((edge.statements || []).join(" ")), edge.id]);

  byId("search").addEventListener("input", () => {
    const words = fold(byId("search").value).split(/\s+/).filter(Boolean);
    const fits = (text) => words.every((word) => text.includes(word));
    const place = (text) => (text.indexOf(words[0]) + 1 || 9999) + text.length / 1000;
    const found = words.length
      ? index.filter(([text]) => fits(text)).sort(([a], [b]) => place(a) - place(b)).map(([, id]) => id)
      : [];
    const said = words.length ? claims.filter(([text]) => fits(text)).map(([, id]) => id) : [];
    cy.nodes().removeClass("hit");
    found.forEach((id) => cy.getElementById(id).addClass("hit"));
    const items = found.slice(0, 30).map((id) => hit(nodes.get(id).label, nodes.get(id).kind, () => openNode(id), id));
    items.push(...said.slice(0, 30).map((id) => hit((edges.get(id).statements || [])[0], sentence(edges.get(id)), () => openEdge(id), id)));
    if (words.length && !items.length) items.push(make("li", "nothing found"));
    byId("hits").replaceChildren(...items);
  });

  function hit(words, sub, action, id) {
    const item = make("li");
    const button = push(words, () => {
      byId("hits").replaceChildren();
      action();
      cy.animate({ center: { eles: cy.getElementById(id) }, zoom: Math.max(cy.zoom(), 0.8), duration: 200 });
    });
    button.append(make("small", sub, { dir: "auto" }));
    item.append(button);
    return item;
  }

  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") byId("hits").replaceChildren();
  });

  filter();
  document.documentElement.dataset.ready = "true";
})();
