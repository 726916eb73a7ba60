"use strict";
// The explorer of a sweep: a map to point at, the cuts through a point, and files for the next run. Without it the page has
// its figures.
(() => {
  const data = JSON.parse(document.getElementById("explorer-data").textContent);
  const [across, up = null, third = null] = data.axes;
  const rows = up ? up.values.length : 1, panels = third ? third.values.length : 1;
  const element = (name) => document.getElementById("explorer-" + name);
  const map = element("map"), shown = element("shown"), slider = element("panel").querySelector("input");
  const state = { i: 0, j: 0, panel: 0, hover: null, chosen: false, corner: null };
  const margin = { left: 58, right: 8, top: 8, bottom: 44 };

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const flat = (i, j) => (i * rows + j) * panels + state.panel;
  const minus = (text) => text.replace(/-/g, "−");
  const number = (x, digits = 5) => x === null ? "–" : minus(String(Number(x.toPrecision(digits))));
  const named = (axis, k) => axis.words ? axis.values[k] : number(axis.values[k]) + (axis.unit ? " " + axis.unit : "");

  function estimate(x, error) {  // both to the second digit of the standard error
    if (x === null || !error) return number(x);
    const digits = Math.max(0, Math.min(12, 1 - Math.floor(Math.log10(error))));
    return minus(x.toFixed(digits) + " ± " + error.toFixed(digits));
  }

  // --- drawing

  function canvas(target, height) {  // cleared, in pixels of the page
    const width = target.clientWidth, ratio = window.devicePixelRatio || 1;
    target.style.height = height + "px";
    target.width = width * ratio;
    target.height = height * ratio;
    const pen = target.getContext("2d");
    pen.scale(ratio, ratio);
    pen.font = "12px sans-serif";
    pen.clearRect(0, 0, width, height);
    return [pen, width, height];
  }

  function frame(width, height) {
    const box = { x: margin.left, y: margin.top, width: width - margin.left - margin.right,
                  height: height - margin.top - margin.bottom };
    return { ...box, atX: (share) => box.x + share * box.width, atY: (share) => box.y + (1 - share) * box.height };
  }

  const mapFrame = () => frame(map.clientWidth, map.clientHeight);

  function ticks(axis, room) {  // places that stand apart
    const step = Math.max(1, Math.ceil(axis.values.length / Math.max(2, Math.floor(room / 56))));
    return axis.values.map((_, k) => k).filter((k) => k % step === 0);
  }

  function labelAcross(pen, box, axis) {
    pen.fillStyle = colour("ink");
    pen.textAlign = "center";
    for (const k of ticks(axis, box.width))
      pen.fillText(axis.words ? axis.values[k] : number(axis.values[k], 3), box.atX(axis.places[k]), box.y + box.height + 16);
    pen.fillText(axis.name + (axis.unit ? "  (" + axis.unit + ")" : ""), box.atX(0.5), box.y + box.height + 36);
  }

  function shadeOf(i, j) {
    const at = flat(i, j), chosen = shown.value;
    if (chosen === "phases") return data.phases.measured[at] === null ? data.unknown : data.phases.colours[data.phases.measured[at]];
    const observable = data.observables[chosen];
    return observable.shade[at] < 0 ? data.unknown : observable.colours[observable.shade[at]];
  }

  const cell = (box, i, j) => {
    const low = up ? up.edges[j] : 0, high = up ? up.edges[j + 1] : 1;
    return [box.atX(across.edges[i]), box.atY(high), (across.edges[i + 1] - across.edges[i]) * box.width,
            (high - low) * box.height];
  };

  function drawMap() {
    const [pen, width, height] = canvas(map, up ? Math.min(440, Math.max(280, 0.7 * map.clientWidth)) : 110);
    const box = frame(width, height);
    for (let i = 0; i < across.values.length; i++)
      for (let j = 0; j < rows; j++) {
        const [x, y, w, h] = cell(box, i, j);
        pen.fillStyle = shadeOf(i, j);
        pen.fillRect(x, y, w + 0.6, h + 0.6);
      }
    labelAcross(pen, box, across);
    if (up) {
      pen.textAlign = "right";
      for (const k of ticks(up, 2 * box.height))
        pen.fillText(up.words ? up.values[k] : number(up.values[k], 3), box.x - 6, box.atY(up.places[k]) + 4);
      pen.save();
      pen.translate(13, box.atY(0.5));
      pen.rotate(-Math.PI / 2);
      pen.textAlign = "center";
      pen.fillText(up.name + (up.unit ? "  (" + up.unit + ")" : ""), 0, 0);
      pen.restore();
    }
    outline(pen, box, state.hover, 1);
    if (state.chosen) outline(pen, box, state, 2.5);
    if (state.corner) outlineAll(pen, box);
  }

  function outline(pen, box, point, wide) {
    if (!point) return;
    for (const [ink, extra] of [["#fff", 2], ["#000", 0]]) {
      pen.strokeStyle = ink;
      pen.lineWidth = wide + extra;
      pen.strokeRect(...cell(box, point.i, point.j));
    }
  }

  const span = () => ({ i: [state.i, state.corner.i].sort((a, b) => a - b), j: [state.j, state.corner.j].sort((a, b) => a - b) });

  function outlineAll(pen, box) {
    const { i, j } = span(), [x, bottom, , tall] = cell(box, i[0], j[0]), [right, top, wide] = cell(box, i[1], j[1]);
    pen.setLineDash([6, 4]);
    for (const [ink, extra] of [["#fff", 2], ["#000", 0]]) {
      pen.strokeStyle = ink;
      pen.lineWidth = 2 + extra;
      pen.strokeRect(x, top, right + wide - x, bottom + tall - top);
    }
    pen.setLineDash([]);
  }

  // The observable of a cut: what the map shows, or the first where that is phases.
  const ofCuts = () => data.observables[shown.value === "phases" ? 0 : shown.value];

  function drawCut(target, axis, indexAt, here) {
    const observable = ofCuts();
    target.hidden = !axis || axis.values.length < 2 || !observable || !state.chosen;
    if (target.hidden) return;
    const [pen, width, height] = canvas(target, 190), box = frame(width, height);
    const indices = axis.values.map((_, k) => indexAt(k));
    const bars = indices.map((at) => [observable.value[at], 2 * (observable.error[at] || 0)]);
    const seen = bars.flatMap(([x, error]) => x === null ? [] : [x - error, x + error]);
    if (observable.level !== null) seen.push(observable.level);
    if (!seen.length) return;
    const low = Math.min(...seen), high = Math.max(...seen), room = 0.06 * (high - low) || 1;
    const atY = (x) => box.atY((x - low + room) / (high - low + 2 * room));
    pen.strokeStyle = colour("line");
    pen.strokeRect(box.x, box.y, box.width, box.height);
    pen.save();
    pen.beginPath();
    pen.rect(box.x, box.y, box.width, box.height);
    pen.clip();
    if (observable.level !== null) line(pen, [[box.x, atY(observable.level)], [box.x + box.width, atY(observable.level)]], colour("soft"), []);
    for (const theory of observable.theory)
      line(pen, indices.map((at, k) => theory.value[at] === null ? null : [box.atX(axis.places[k]), atY(theory.value[at])]),
           colour("ink"), { exact: [], SDE: [6, 3] }[theory.name] || [2, 3]);
    bars.forEach(([x, error], k) => {
      if (x === null) return;
      const place = box.atX(axis.places[k]);
      pen.fillStyle = pen.strokeStyle = colour(k === here ? "d55e00" : "0072b2");
      line(pen, [[place, atY(x - error)], [place, atY(x + error)]], pen.strokeStyle, []);
      pen.beginPath();
      pen.arc(place, atY(x), k === here ? 4.5 : 2.5, 0, 2 * Math.PI);
      pen.fill();
    });
    pen.restore();
    labelAcross(pen, box, axis);
    pen.textAlign = "right";
    for (const x of [low, high]) pen.fillText(number(x, 3), box.x - 6, atY(x) + 4);
    pen.save();
    pen.translate(13, box.atY(0.5));
    pen.rotate(-Math.PI / 2);
    pen.textAlign = "center";
    pen.fillText(observable.name, 0, 0);
    pen.restore();
  }

  function line(pen, points, ink, dash) {  // with gaps where a point is null
    pen.strokeStyle = ink;
    pen.lineWidth = 1.3;
    pen.setLineDash(dash);
    pen.beginPath();
    points.forEach((point, k) => { if (point) (k && points[k - 1] ? pen.lineTo(...point) : pen.moveTo(...point)); });
    pen.stroke();
    pen.setLineDash([]);
  }

  // --- words

  function read(point) {
    const at = flat(point.i, point.j), said = [[across.name, named(across, point.i)]];
    if (up) said.push([up.name, named(up, point.j)]);
    if (third) said.push([third.name, named(third, state.panel)]);
    for (const one of data.observables) {
      said.push([one.name, estimate(one.value[at], one.error[at]) + (one.unit && one.unit !== "1" ? " " + one.unit : "")]);
      for (const theory of one.theory) if (theory.value[at] !== null) said.push(["— " + theory.name, number(theory.value[at], 6)]);
    }
    if (data.phases) {
      const phase = (list) => list && list[at] !== null ? data.phases.names[list[at]] : null;
      said.push(["phase", phase(data.phases.measured) || "not measured"]);
      if (phase(data.phases.exact)) said.push(["— exact", phase(data.phases.exact)]);
    }
    element("reading").replaceChildren(...said.flatMap(([name, words]) => {
      const term = document.createElement("dt"), text = document.createElement("dd");
      term.textContent = name;
      text.textContent = words;
      return [term, text];
    }));
  }

  // --- files

  const toml = (value) => typeof value === "string" ? JSON.stringify(value) : String(value);
  const tidy = (value) => String(Number(value.toPrecision(12)));

  // The lines of the sweep's own file, table by table.
  function tables() {
    const found = [];
    for (const text of (data.configuration || "").split("\n")) {
      const head = text.match(/^\[(.+)\]$/);
      if (head) found.push([head[1], []]);
      else if (found.length && text.trim()) found[found.length - 1][1].push(text);
    }
    return found;
  }

  const written = (list) => list.filter(([, lines]) => lines.length).map(([name, lines]) => `[${name}]\n${lines.join("\n")}\n`).join("\n");

  // For `noisetrap simulate`: the point's parameters in their tables, without the sweep.
  function pointFile() {
    const values = data.axes.map((axis, n) => [axis.key, axis.values[[state.i, state.j, state.panel][n]]]);
    const list = tables().filter(([name]) => name !== "sweep");
    for (const [key, value] of values) {
      const [table, ...rest] = key.split("."), text = `${rest.join(".")} = ${toml(value)}`;
      const there = list.find(([name]) => name === table);
      if (there) there[1].push(text); else list.unshift([table, [text]]);
    }
    return written(list);
  }

  // For `noisetrap sweep`: the same sweep over the rectangle alone, with as many points as the whole has.
  function finerFile() {
    const { i, j } = span(), ends = [i, j, [state.panel, state.panel]];
    const list = tables();
    const sweep = list.find(([name]) => name === "sweep") || (list.push(["sweep", []]), list[list.length - 1]);
    const varied = (text) => data.axes.some(({ key }) => text.startsWith(key + ".") || text.startsWith(key + " "));
    const axes = data.axes.map((axis, n) => {
      const [low, high] = ends[n];
      if (axis.words || low === high) return `${axis.key} = [${axis.values.slice(low, high + 1).map(toml).join(", ")}]`;
      const scale = axis.log ? ', scale = "log"' : "";
      return `${axis.key} = {from = ${tidy(axis.values[low])}, to = ${tidy(axis.values[high])}, points = ${axis.values.length}${scale}}`;
    });
    sweep[1] = [...axes, ...sweep[1].filter((text) => !varied(text) && !(text.startsWith("boundary.") && up && j[0] === j[1]))];
    return written(list);
  }

  function offer(title, text) {
    const place = element("file");
    place.hidden = !data.configuration;
    place.querySelector("b").textContent = title;
    place.querySelector("code").textContent = text;
  }

  element("file").querySelector("button").addEventListener("click", (event) => {
    const code = element("file").querySelector("code");
    const selected = window.getSelection();
    selected.selectAllChildren(code);
    const said = (word) => { event.target.textContent = word; };
    if (navigator.clipboard) navigator.clipboard.writeText(code.textContent).then(() => said("copied"), () => said("selected: copy it"));
    else said(document.execCommand("copy") ? "copied" : "selected: copy it");
  });

  // --- what is done

  function redraw() {
    drawMap();
    drawCut(element("across"), across, (k) => flat(k, state.j), state.i);
    drawCut(element("up"), up, (k) => flat(state.i, k), state.j);
  }

  function choose(i, j, corner = null) {
    Object.assign(state, { i, j, corner, chosen: true });
    read(corner || state);
    element("file").querySelector("button").textContent = "copy";
    if (corner) offer("A finer sweep of this rectangle: save as finer.toml, then noisetrap sweep finer.toml", finerFile());
    else offer("This point: save as point.toml, then noisetrap simulate point.toml", pointFile());
    redraw();
  }

  const within = (edges, share) => Math.max(0, Math.min(edges.length - 2, edges.findLastIndex((edge) => edge <= share)));

  function pointed(event) {
    const bounds = map.getBoundingClientRect(), box = mapFrame();
    const x = (event.clientX - bounds.left - box.x) / box.width, y = 1 - (event.clientY - bounds.top - box.y) / box.height;
    return { i: within(across.edges, x), j: up ? within(up.edges, y) : 0 };
  }

  let start = null;
  map.addEventListener("pointerdown", (event) => {
    start = { ...pointed(event), x: event.clientX, y: event.clientY };
    state.hover = null;
    map.setPointerCapture(event.pointerId);
    map.focus({ preventScroll: true });
    event.preventDefault();
  });
  map.addEventListener("pointermove", (event) => {
    const point = pointed(event);
    if (start && Math.hypot(event.clientX - start.x, event.clientY - start.y) > 6) {
      choose(start.i, start.j, point);
    } else if (!start) {
      state.hover = point;
      read(point);
      drawMap();
    }
  });
  map.addEventListener("pointerup", (event) => {
    if (start && !(Math.hypot(event.clientX - start.x, event.clientY - start.y) > 6)) choose(start.i, start.j);
    start = null;
  });
  map.addEventListener("pointercancel", () => { start = null; });
  map.addEventListener("pointerleave", () => {
    state.hover = null;
    if (state.chosen) read(state.corner || state);
    drawMap();
  });
  map.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (event.key === "Escape") choose(state.i, state.j);
    else if (event.key === "Enter") choose(state.i, state.j, state.corner);
    else if (third && (event.key === "PageUp" || event.key === "PageDown")) setPanel(state.panel + (event.key === "PageUp" ? 1 : -1));
    else if (move) {
      const from = event.shiftKey && state.corner ? state.corner : state;
      const i = Math.max(0, Math.min(across.values.length - 1, from.i + move[0]));
      const j = Math.max(0, Math.min(rows - 1, from.j + move[1]));
      if (event.shiftKey) choose(state.i, state.j, { i, j });
      else choose(state.chosen ? i : state.i, state.chosen ? j : state.j);
    } else return;
    event.preventDefault();
  });

  function setPanel(panel) {
    state.panel = Math.max(0, Math.min(panels - 1, panel));
    slider.value = state.panel;
    element("panel").querySelector("output").textContent = named(third, state.panel);
    if (state.chosen) choose(state.i, state.j, state.corner); else redraw();
  }

  // --- the start

  const choice = (value, words) => shown.add(new Option(words, value));
  if (data.phases) choice("phases", "phases");
  data.observables.forEach((one, k) => choice(k, one.meaning));
  shown.addEventListener("change", redraw);
  element("panel").hidden = !third;
  if (third) {
    element("panel").querySelector("span").textContent = third.name;
    slider.max = panels - 1;
    slider.addEventListener("input", () => setPanel(Number(slider.value)));
  }
  element("across").hidden = element("up").hidden = true;
  document.getElementById("explorer").hidden = !shown.length;
  if (!shown.length) return;
  if (third) setPanel(0); else redraw();
  window.addEventListener("resize", redraw);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
})();
