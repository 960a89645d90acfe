"use strict";
// Tables, filters and the panel around the map.
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const find = (id) => document.getElementById(id);
  const STEP = 500;
  const info = find("info"), tip = find("tip");
  const make = (tag, words, cls) => {
    const node = document.createElement(tag);
    if (words !== undefined) node.textContent = words;
    if (cls) node.className = cls;
    return node;
  };

  const map = createMap(find("map"), data.map, { hover, pick: pickFeature, clear });
  const findings = data.findings.map((f, n) => ({ ...f, n, ...map.shape(f.place) }));
  const ofFeature = new Map();
  for (const f of findings) for (const id of f.features) (ofFeature.get(id) || ofFeature.set(id, []).get(id)).push(f);
  const itemsOf = (ids) => ids.map((id) => map.byId.get(id)).filter(Boolean);

  function hover(item, px, py, ground) {
    const [east, north] = data.map.origin;
    find("where").textContent = ground ? `X ${(ground[1] + north).toFixed(3)}　Y ${(ground[0] + east).toFixed(3)}` : "";
    tip.hidden = !item;
    if (!item) return;
    const count = (ofFeature.get(item.id) || []).length;
    tip.textContent = `${item.layer.survey}·${item.layer.label} ${item.name}` + (count ? `　${count} 项发现` : "");
    tip.style.left = `${Math.min(px + 14, find("map").clientWidth - tip.offsetWidth - 4)}px`;
    tip.style.top = `${py + 14}px`;
  }
  function clear() {
    select(null);
    map.show([], null);
    info.replaceChildren(make("p", "点图上的要素查看属性与发现；点指标或发现，图形移到其位置并高亮相关要素。", "hint"));
  }
  function select(row) {
    for (const old of document.querySelectorAll("tr.on")) { old.classList.remove("on"); old.removeAttribute("aria-selected"); }
    if (row) { row.classList.add("on"); row.setAttribute("aria-selected", "true"); }
  }

  // ---- panel
  function table(pairs) {
    const node = make("table", undefined, "form"), body = node.appendChild(make("tbody"));
    for (const [label, value] of pairs) {
      if (value === "" || value === undefined) continue;
      const row = body.appendChild(make("tr"));
      const head = row.appendChild(make("th", label));
      head.scope = "row";
      row.appendChild(make("td", value));
    }
    return node;
  }
  function featureNodes(item) {
    const nodes = [make("h3", `${item.layer.survey}·${item.layer.label}　${item.name}`)];
    nodes.push(table([["要素", item.id], ...item.layer.fields.map((label, n) => [label, item.values[n]])]));
    const list = ofFeature.get(item.id) || [];
    nodes.push(make("h3", list.length ? `检查发现（${list.length}）` : "没有检查发现"));
    for (const f of list) {
      const button = make("button", `${f.word}　${f.rule}　${f.message}`);
      button.type = "button";
      button.addEventListener("click", () => pickFinding(f));
      const line = make("p");
      line.appendChild(button);
      nodes.push(line);
    }
    return nodes;
  }
  function pickFeature(item) {
    if (!item) return;
    select(null);
    map.light([item]);
    info.replaceChildren(...featureNodes(item));
  }
  function pickFinding(f, row) {
    select(row || document.querySelector(`tr[data-finding="${f.n}"]`));
    const items = itemsOf(f.features);
    map.show(items, { ...f, layer: null });
    layerBoxes();
    const measured = f.measured === "" ? "" : `${f.measured} ${f.unit}`, required = f.required === "" ? "" : `${f.required} ${f.unit}`;
    info.replaceChildren(
      make("h3", `${f.word}　${f.rule}`), make("p", f.message),
      table([["测绘", f.survey], ["图层", f.layer], ["编号", f.id], ["实测值", measured], ["要求值", required], ["限差", f.tolerance], ["文件", f.file], ["要素", f.features.join("、")], ["处理", f.waived ? "已豁免" : ""]]),
      ...items.flatMap(featureNodes),
    );
  }
  function pickIndicator(n, row) {
    select(row);
    const i = data.indicators[n], items = itemsOf(i.features);
    map.show(items, null);
    layerBoxes();
    const absent = i.features.length - items.length;
    info.replaceChildren(
      make("h3", i.title),
      table([["计算式", i.formula], ["实测", i.measured], ["许可", i.permitted], ["结论", i.word], ["说明", i.reason], ["指标标识", i.id], ["来源要素", `${i.features.length} 个` + (absent ? `（其中 ${absent} 个无图形）` : "")]]),
    );
    const list = make("p");
    for (const item of items.slice(0, 200)) {
      const button = make("button", `${item.layer.label} ${item.name}`);
      button.type = "button";
      button.addEventListener("click", () => pickFeature(item));
      list.append(button, " ");
    }
    if (items.length > 200) list.append(`另有 ${items.length - 200} 个，均已在图上高亮`);
    info.appendChild(list);
  }

  // ---- rows that lead to the map
  function act(row) {
    if (row.dataset.indicator !== undefined) pickIndicator(+row.dataset.indicator, row);
    else if (row.dataset.finding !== undefined) pickFinding(findings[+row.dataset.finding], row);
    else if (row.dataset.features) {
      select(row);
      const items = itemsOf(row.dataset.features.split(" "));
      map.show(items, null);
      layerBoxes();
      info.replaceChildren(...(items.length ? items.slice(0, 20).flatMap(featureNodes) : [make("p", "此行没有可显示的图形。", "hint")]));
    }
  }
  document.addEventListener("click", (e) => { const row = e.target.closest("tr.go"); if (row) act(row); });
  document.addEventListener("click", (e) => { const figure = e.target.closest("figure.drawing"); if (figure) figure.classList.toggle("large"); });
  document.addEventListener("keydown", (e) => {
    const figure = e.target.closest && e.target.closest("figure.drawing");
    if (figure && e.key === "Enter") figure.classList.toggle("large");
    if (e.key === "Escape") for (const open of document.querySelectorAll("figure.large")) open.classList.remove("large");
    const row = e.target.closest && e.target.closest("tr.go");
    if (row && (e.key === "Enter" || e.key === " ")) { e.preventDefault(); act(row); }
  });

  // ---- findings with filters
  const body = document.querySelector("#finding-table tbody");
  const filters = { survey: find("by-survey"), severity: find("by-severity"), rule: find("by-rule") };
  const wording = { survey: (f) => f.survey, severity: (f) => f.word, rule: (f) => f.rule };
  for (const [key, node] of Object.entries(filters)) {
    node.add(new Option("全部", ""));
    for (const value of [...new Map(findings.map((f) => [f[key], wording[key](f)])).entries()].sort()) node.add(new Option(value[1], value[0]));
    node.addEventListener("change", () => show(STEP));
  }
  find("by-text").addEventListener("input", () => show(STEP));
  document.querySelector(".filters").addEventListener("submit", (e) => e.preventDefault());
  find("more").addEventListener("click", () => show(body.rows.length + STEP));
  function matching() {
    const words = find("by-text").value.trim();
    return findings.filter((f) => Object.entries(filters).every(([key, node]) => !node.value || f[key] === node.value)
      && (!words || `${f.message}${f.id}${f.rule}${f.layer}`.includes(words)));
  }
  function show(most) {
    const list = matching(), rows = list.slice(0, most).map((f) => {
      const row = make("tr", undefined, "go");
      row.tabIndex = 0;
      row.dataset.finding = f.n;
      row.appendChild(make("td")).appendChild(make("span", f.word, `chip ${f.severity}`));
      for (const words of [f.rule, f.survey, f.layer, f.id, f.message]) row.appendChild(make("td", words));
      return row;
    });
    if (!list.length) {
      const cell = make("td", findings.length ? "没有符合筛选条件的发现。" : "没有检查发现。");
      cell.colSpan = 6;
      rows.push(make("tr"));
      rows[0].appendChild(cell);
    }
    body.replaceChildren(...rows);
    find("shown").textContent = `显示 ${Math.min(most, list.length)} / ${list.length} 条（共 ${findings.length} 条）`;
    find("more").hidden = list.length <= most;
    map.marks(list);
  }

  // ---- layers and tools
  const boxes = [];
  const groups = new Map();
  for (const layer of map.layers) (groups.get(layer.survey) || groups.set(layer.survey, []).get(layer.survey)).push(layer);
  for (const [survey, list] of groups) {
    const group = find("layer-list").appendChild(make("fieldset"));
    group.appendChild(make("legend", survey));
    for (const layer of list) {
      const label = group.appendChild(make("label")), box = label.appendChild(make("input")), sample = label.appendChild(make("i"));
      box.type = "checkbox";
      box.dataset.layer = layer.key;
      sample.style.borderColor = layer.stroke;
      sample.style.background = layer.fills[0] || "transparent";
      label.append(`${layer.label}（${layer.items.length}）`);
      box.addEventListener("change", () => { layer.on = box.checked; map.refresh(); });
      boxes.push([box, layer]);
    }
  }
  function layerBoxes() { for (const [box, layer] of boxes) box.checked = layer.on; }
  find("zoom-in").addEventListener("click", () => map.zoomBy(1.5));
  find("zoom-out").addEventListener("click", () => map.zoomBy(1 / 1.5));
  find("zoom-all").addEventListener("click", () => map.all());
  find("clear").addEventListener("click", clear);
  window.addEventListener("beforeprint", () => show(Infinity));
  layerBoxes();
  show(STEP);
  window.duoce = { map, findings };
})();
