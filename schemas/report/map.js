"use strict";
// A map on one canvas: metres from the origin of the data, y northwards. No library, no network.
function createMap(canvas, data, events) {
  const SEVERITY = { error: "#b3261e", warning: "#b26a00", info: "#1558b0" };
  const CHUNK = 40;
  const context = canvas.getContext("2d");
  const view = { x: 0, y: 0, scale: 1 }; // centre in metres, pixels per metre
  const lit = [], byId = new Map();
  let hover = null, marks = [], chosen = null, waiting = false, width = 1, height = 1;

  for (const layer of data.layers) {
    layer.items = layer.features.map(([id, name, rings, values, fill]) => {
      const item = { id, name, values, layer, fill, ...shape(rings) };
      byId.set(id, item);
      return item;
    });
    layer.chunks = chunked(layer);
    delete layer.features;
  }

  // Few features to a path: one path with ten thousand outlines is slow to fill, and chunks out of sight are not drawn.
  function chunked(layer) {
    const chunks = [];
    if (layer.kind === 0) return chunks;
    const order = layer.items.slice().sort((a, b) => (a.fill || 0) - (b.fill || 0) || a.box[0] - b.box[0]);
    for (const item of order) {
      let chunk = chunks[chunks.length - 1];
      if (!chunk || chunk.count >= CHUNK || chunk.fill !== item.fill) chunks.push((chunk = { path: new Path2D(), count: 0, fill: item.fill, box: [Infinity, Infinity, -Infinity, -Infinity] }));
      trace(chunk.path, item, layer.kind);
      chunk.count += 1;
      for (const side of [0, 1]) { chunk.box[side] = Math.min(chunk.box[side], item.box[side]); chunk.box[side + 2] = Math.max(chunk.box[side + 2], item.box[side + 2]); }
    }
    return chunks;
  }
  function seen(box) {
    const wide = width / 2 / view.scale, high = height / 2 / view.scale;
    return box[0] < view.x + wide && box[2] > view.x - wide && box[1] < view.y + high && box[3] > view.y - high;
  }
  function shape(rings) {
    const courses = [], box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const ring of rings) {
      const course = new Float64Array(ring.length);
      let x = 0, y = 0;
      for (let i = 0; i < ring.length; i += 2) {
        x += ring[i]; y += ring[i + 1];
        course[i] = x / 1000; course[i + 1] = y / 1000;
        box[0] = Math.min(box[0], x / 1000); box[1] = Math.min(box[1], y / 1000);
        box[2] = Math.max(box[2], x / 1000); box[3] = Math.max(box[3], y / 1000);
      }
      courses.push(course);
    }
    return { courses, box };
  }
  function trace(path, item, kind) {
    if (kind === 0) return;
    for (const course of item.courses) {
      path.moveTo(course[0], course[1]);
      for (let i = 2; i < course.length; i += 2) path.lineTo(course[i], course[i + 1]);
      if (kind === 2) path.closePath();
    }
  }
  const toScreen = (x, y) => [(x - view.x) * view.scale + width / 2, height / 2 - (y - view.y) * view.scale];
  const toGround = (px, py) => [(px - width / 2) / view.scale + view.x, (height / 2 - py) / view.scale + view.y];

  function draw() {
    waiting = false;
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const k = view.scale * ratio;
    const ground = () => context.setTransform(k, 0, 0, -k, (width / 2 - view.x * view.scale) * ratio, (height / 2 + view.y * view.scale) * ratio);
    for (const layer of data.layers) {
      if (!layer.on) continue;
      if (layer.kind === 0) { context.setTransform(ratio, 0, 0, ratio, 0, 0); points(layer); continue; }
      ground();
      for (const chunk of layer.chunks) if (seen(chunk.box)) paint(chunk.path, layer.kind === 2 ? layer.fills[chunk.fill || 0] : null, layer.stroke, layer.width, 0.8);
    }
    ground();
    if (hover) outline(hover, "#1a73e8", 3);
    for (const item of lit) outline(item, "#ffbf00", 5, "#ffbf0055");
    if (chosen) { outline(chosen, SEVERITY[chosen.severity] || "#b3261e", 3, "#ff000033"); }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    names();
    for (const mark of marks) spot(mark);
    bar();
  }
  function paint(path, fill, stroke, pixels, opacity) {
    if (fill) { context.globalAlpha = opacity; context.fillStyle = fill; context.fill(path); context.globalAlpha = 1; }
    if (!stroke) return;
    context.strokeStyle = stroke; context.lineWidth = pixels / view.scale; context.lineJoin = "round"; context.stroke(path);
  }
  function outline(item, colour, pixels, fill) {
    const kind = item.layer ? item.layer.kind : item.kind;
    const path = new Path2D();
    if (kind === 0) {
      for (const c of item.courses) { path.moveTo(c[0] + 8 / view.scale, c[1]); path.arc(c[0], c[1], 8 / view.scale, 0, 7); }
    } else trace(path, item, kind);
    paint(path, kind === 2 ? fill : null, colour, pixels, 1);
  }
  function points(layer) {
    const path = new Path2D(), r = view.scale > 6 ? 3.5 : 2;
    for (const item of layer.items) for (const c of item.courses) {
      const [x, y] = toScreen(c[0], c[1]);
      if (x > -5 && y > -5 && x < width + 5 && y < height + 5) path.rect(x - r, y - r, 2 * r, 2 * r);
    }
    context.fillStyle = layer.fills[0] || "#fff"; context.fill(path);
    context.strokeStyle = layer.stroke; context.lineWidth = 1; context.stroke(path);
  }
  function names() {
    let left = 400;
    context.font = "12px 'Noto Sans SC', SimHei, sans-serif"; context.textAlign = "center"; context.textBaseline = "middle";
    context.lineWidth = 3; context.strokeStyle = "#ffffffcc"; context.fillStyle = "#1d2126";
    for (const layer of data.layers) {
      if (!layer.on || layer.kind !== 2 || !layer.fills.length) continue;
      for (const item of layer.items) {
        const wide = (item.box[2] - item.box[0]) * view.scale, high = (item.box[3] - item.box[1]) * view.scale;
        if (!item.name || wide > width * 1.5 || high < 16 || wide < item.name.length * 8 || left <= 0) continue;
        const [x, y] = toScreen((item.box[0] + item.box[2]) / 2, (item.box[1] + item.box[3]) / 2);
        if (x < 0 || y < 0 || x > width || y > height) continue;
        left -= 1; context.strokeText(item.name, x, y); context.fillText(item.name, x, y);
      }
    }
  }
  function spot(mark) {
    if (!mark.courses.length) return;
    const [x, y] = toScreen((mark.box[0] + mark.box[2]) / 2, (mark.box[1] + mark.box[3]) / 2);
    context.beginPath(); context.arc(x, y, mark === chosen ? 9 : 6, 0, 7);
    context.fillStyle = SEVERITY[mark.severity]; context.fill();
    context.lineWidth = 2; context.strokeStyle = "#fff"; context.stroke();
    context.fillStyle = "#fff"; context.font = "bold 9px sans-serif"; context.textAlign = "center"; context.textBaseline = "middle";
    context.fillText("!", x, y + 0.5);
  }
  function bar() {
    const most = 120 / view.scale, power = 10 ** Math.floor(Math.log10(most));
    const metres = [5, 2, 1].map((m) => m * power).find((m) => m <= most) || power;
    context.fillStyle = "#1d2126"; context.fillRect(12, height - 16, metres * view.scale, 4);
    context.font = "12px sans-serif"; context.textAlign = "left"; context.textBaseline = "bottom";
    context.lineWidth = 3; context.strokeStyle = "#fff";
    const words = metres >= 1000 ? `${metres / 1000} km` : `${+metres.toPrecision(3)} m`;
    context.strokeText(words, 12, height - 18); context.fillText(words, 12, height - 18);
  }
  const refresh = () => { if (!waiting) { waiting = true; requestAnimationFrame(draw); } };

  function fit(box, most) {
    const wide = Math.max(box[2] - box[0], 0.5), high = Math.max(box[3] - box[1], 0.5);
    view.x = (box[0] + box[2]) / 2; view.y = (box[1] + box[3]) / 2;
    view.scale = Math.min((width * 0.9) / wide, (height * 0.9) / high, most || Infinity);
    refresh();
  }
  function zoom(factor, px, py) {
    const [x, y] = toGround(px, py);
    view.scale = Math.min(Math.max(view.scale * factor, 0.002), 5000);
    view.x = x - (px - width / 2) / view.scale; view.y = y - (height / 2 - py) / view.scale;
    refresh();
  }
  function resize() {
    const ratio = window.devicePixelRatio || 1, was = width;
    width = canvas.clientWidth || 1; height = canvas.clientHeight || 1;
    canvas.width = Math.round(width * ratio); canvas.height = Math.round(height * ratio);
    if (was === 1) fit(data.extent); else draw();
  }

  // ---- what is under the pointer: points and lines before areas, small areas before large ones
  function at(px, py) {
    const [x, y] = toGround(px, py), near = 6 / view.scale;
    let best = null, least = Infinity;
    for (const layer of data.layers) {
      if (!layer.on) continue;
      for (const item of layer.items) {
        const b = item.box;
        if (x < b[0] - near || y < b[1] - near || x > b[2] + near || y > b[3] + near) continue;
        const size = layer.kind === 2 ? (inside(item, x, y) ? 1e3 + (b[2] - b[0]) * (b[3] - b[1]) : Infinity) : distance(item, x, y);
        if (layer.kind !== 2 && size > near) continue;
        if (size < least) { least = size; best = item; }
      }
    }
    return best;
  }
  function inside(item, x, y) {
    let odd = false;
    for (const c of item.courses) for (let i = 0, j = c.length - 2; i < c.length; j = i, i += 2) {
      if (c[i + 1] > y !== c[j + 1] > y && x < ((c[j] - c[i]) * (y - c[i + 1])) / (c[j + 1] - c[i + 1]) + c[i]) odd = !odd;
    }
    return odd;
  }
  function distance(item, x, y) {
    let least = Infinity;
    for (const c of item.courses) {
      if (c.length === 2) least = Math.min(least, Math.hypot(c[0] - x, c[1] - y));
      for (let i = 2; i < c.length; i += 2) {
        const dx = c[i] - c[i - 2], dy = c[i + 1] - c[i - 1], d = dx * dx + dy * dy;
        const t = d ? Math.max(0, Math.min(1, ((x - c[i - 2]) * dx + (y - c[i - 1]) * dy) / d)) : 0;
        least = Math.min(least, Math.hypot(c[i - 2] + t * dx - x, c[i - 1] + t * dy - y));
      }
    }
    return least;
  }

  // ---- pointer and keys
  let drag = null;
  canvas.addEventListener("pointerdown", (e) => { drag = { x: e.offsetX, y: e.offsetY, moved: false }; canvas.setPointerCapture(e.pointerId); });
  canvas.addEventListener("pointermove", (e) => {
    if (drag) {
      const dx = e.offsetX - drag.x, dy = e.offsetY - drag.y;
      if (drag.moved || Math.hypot(dx, dy) > 3) { drag.moved = true; view.x -= dx / view.scale; view.y += dy / view.scale; drag.x = e.offsetX; drag.y = e.offsetY; refresh(); }
      return;
    }
    const found = at(e.offsetX, e.offsetY);
    if (found !== hover) { hover = found; refresh(); }
    events.hover(found, e.offsetX, e.offsetY, toGround(e.offsetX, e.offsetY));
  });
  canvas.addEventListener("pointerup", (e) => { const click = drag && !drag.moved; drag = null; if (click) events.pick(at(e.offsetX, e.offsetY)); });
  canvas.addEventListener("pointerleave", () => { hover = null; events.hover(null); refresh(); });
  canvas.addEventListener("wheel", (e) => { e.preventDefault(); zoom(Math.exp(-e.deltaY * 0.0015), e.offsetX, e.offsetY); }, { passive: false });
  canvas.addEventListener("keydown", (e) => {
    const step = 60 / view.scale;
    const keys = {
      ArrowLeft: () => { view.x -= step; }, ArrowRight: () => { view.x += step; }, ArrowUp: () => { view.y += step; }, ArrowDown: () => { view.y -= step; },
      "+": () => zoom(1.4, width / 2, height / 2), "=": () => zoom(1.4, width / 2, height / 2), "-": () => zoom(1 / 1.4, width / 2, height / 2),
      0: () => fit(data.extent), Escape: () => events.clear(),
    };
    if (keys[e.key]) { e.preventDefault(); keys[e.key](); refresh(); }
  });
  new ResizeObserver(resize).observe(canvas);
  resize();

  return {
    byId, refresh, shape, layers: data.layers,
    all: () => fit(data.extent), zoomBy: (factor) => zoom(factor, width / 2, height / 2),
    light: (items) => { lit.length = 0; lit.push(...items); chosen = null; refresh(); },
    marks: (list) => { marks = list; refresh(); },
    show(items, place) {
      lit.length = 0; lit.push(...items); chosen = place || null;
      for (const item of items) item.layer.on = true;
      const boxes = (place && place.courses.length ? [place] : items).map((i) => i.box).filter((b) => b[0] <= b[2]);
      if (boxes.length) {
        const box = [Math.min(...boxes.map((b) => b[0])), Math.min(...boxes.map((b) => b[1])), Math.max(...boxes.map((b) => b[2])), Math.max(...boxes.map((b) => b[3]))];
        const around = Math.max(box[2] - box[0], box[3] - box[1], 24) * 0.5;
        fit([box[0] - around, box[1] - around, box[2] + around, box[3] + around], 60);
      }
      refresh();
    },
    state: () => ({ x: view.x, y: view.y, scale: view.scale, lit: lit.map((i) => i.id), on: data.layers.filter((l) => l.on).map((l) => l.key), width, height }),
    toScreen,
  };
}
