// Small drawings of the live pages: SVG and canvas, no library.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children. */
export function make(tag, attributes = {}, ...children) {
  const found = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) found.setAttribute(name, value);
  found.append(...children);
  return found;
}

/** The same for a part of a drawing. */
export function draw(tag, attributes = {}, ...children) {
  const found = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) found.setAttribute(name, value);
  found.append(...children);
  return found;
}

/** Paint values, row by row, into a canvas; `color` makes red, green, blue of one. */
export function paint(canvas, [width, height], values, color) {
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  const picture = context.createImageData(width, height);
  for (let j = 0; j < width * height; j++) {
    const [red, green, blue] = color(values[j]);
    picture.data.set([red, green, blue, 255], 4 * j);
  }
  context.putImageData(picture, 0, 0);
}

/** The smallest and the largest of many numbers: too many to be arguments of Math.min. */
export function extent(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** A number with `digits` decimals, and no minus before a zero. */
export function fixed(value, digits) {
  return value.toFixed(digits).replace(/^-(?=0\.?0*$)/, "");
}

/** Gray from black at 0 to white at 1. */
export function gray(value) {
  const level = Math.round(255 * Math.min(1, Math.max(0, value)));
  return [level, level, level];
}

/** White at 0; `below` and `above` are the colours at `limit` on either side, and beyond. */
export function diverging(limit, below, above) {
  return (value) => {
    const share = limit > 0 ? Math.max(-1, Math.min(1, value / limit)) : 0;
    const end = share < 0 ? below : above;
    return end.map((part) => Math.round(255 + (part - 255) * Math.abs(share)));
  };
}

/**
 * Bars in pairs, the first of each pair grey, the second vermilion, around a line at 0.
 * `pairs` holds two numbers for each of `labels`.
 */
export function barPairs({ labels, pairs, width = 330, height = 150 }) {
  const values = pairs.flat();
  const low = Math.min(0, ...values);
  const high = Math.max(0.1, ...values);
  const y = (value) => 8 + ((high - value) / (high - low)) * (height - 30);
  const left = 42;
  const step = (width - left - 4) / labels.length;
  const figure = draw("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  for (const tick of [low, 0, high]) {
    figure.append(
      draw("line", { x1: left, x2: width, y1: y(tick), y2: y(tick), class: tick ? "grid" : "axis" }),
      draw("text", { x: left - 3, y: y(tick) + 4, class: "end" }, tick ? fixed(tick, 2) : "0"),
    );
  }
  pairs.forEach((pair, n) => {
    pair.forEach((value, which) => {
      const x = left + 2 + n * step + which * step * 0.42 + step * 0.08;
      const top = Math.min(y(value), y(0));
      figure.append(
        draw("rect", {
          x,
          y: top,
          width: step * 0.4,
          height: Math.max(0.5, Math.abs(y(value) - y(0))),
          class: which ? "after" : "before",
        }),
      );
    });
    figure.append(
      draw("text", { x: left + 2 + (n + 0.5) * step, y: height - 6, class: "middle" }, labels[n]),
    );
  });
  return figure;
}

/**
 * A curve with the range around it, another one to compare it with, open marks of others, and, with
 * `at`, a line where the reader stands. `points` and `other` are [x, lowest, mean, highest], `marks`
 * [x, y, name]; y from 0 to 100.
 */
export function curve({ points, other = [], marks = [], at, xlabel, ylabel, tick: apart = 0.1, width = 330, height = 190 }) {
  const last = points[points.length - 1][0] || 1; // of a single point at 0 the axis is any
  const x = (value) => 40 + (value / last) * (width - 50);
  const y = (value) => 10 + ((100 - value) / 100) * (height - 52);
  const figure = draw("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  for (const tick of [0, 25, 50, 75, 100]) {
    figure.append(
      draw("line", { x1: 40, x2: width - 10, y1: y(tick), y2: y(tick), class: tick ? "grid" : "axis" }),
      draw("text", { x: 36, y: y(tick) + 4, class: "end" }, String(tick)),
    );
  }
  for (let tick = 0; tick <= last + 1e-9; tick += apart) {
    figure.append(
      draw("text", { x: x(tick), y: y(0) + 14, class: "middle" }, tick.toFixed(apart < 0.1 ? 2 : 1).replace("0.", ".")),
    );
  }
  const edge = [...points.map((p) => [p[0], p[3]]), ...points.map((p) => [p[0], p[1]]).reverse()];
  const path = (all) => all.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" ");
  figure.append(
    draw("polygon", { points: path(edge), class: "range" }),
    draw("polyline", { points: path(other.map((p) => [p[0], p[2]])), class: "other" }),
    draw("polyline", { points: path(points.map((p) => [p[0], p[2]])), class: "mean" }),
    ...(at === undefined ? [] : [draw("line", { x1: x(at), x2: x(at), y1: y(100), y2: y(0), class: "here" })]),
    draw("text", { x: (width + 30) / 2, y: height - 6, class: "middle" }, xlabel),
    draw(
      "text",
      { transform: `translate(10 ${(height - 30) / 2}) rotate(-90)`, class: "middle" },
      ylabel,
    ),
  );
  for (const [a, b, name] of marks) {
    figure.append(
      draw("circle", { cx: x(a), cy: y(b), r: 5, class: "paper" }, draw("title", {}, name)),
    );
  }
  return figure;
}

/** A folded list of what a drawing shows, for who cannot see it; `say` takes its lines. */
export function valueList(name) {
  const lines = make("ul");
  const element = make("details", { class: "values" }, make("summary", {}, name), lines);
  return { element, say: (texts) => lines.replaceChildren(...texts.map((text) => make("li", {}, text))) };
}

/** The points of a curve in words, as `valueList` takes them. */
export function curveTexts(points, setting) {
  return points.map(([at, low, middle, high]) => {
    const range = high > low ? `, ${fixed(low, 1)} to ${fixed(high, 1)} over seeds` : "";
    return `${setting} ${at}: ${fixed(middle, 1)} %${range}`;
  });
}

/** Bytes from Python as a typed array. */
export function asArray(Type, view) {
  const from = view instanceof DataView ? view : new DataView(view.buffer ?? view);
  // A copy: what arrives may begin anywhere in its buffer.
  return new Type(from.buffer.slice(from.byteOffset, from.byteOffset + from.byteLength));
}

/** Keep what a screen reader hears of a slider at what its readout shows. */
function sayReadout(handle, readout) {
  const say = () => {
    const shown = readout.textContent;
    if (handle.getAttribute("aria-valuetext") !== shown) handle.setAttribute("aria-valuetext", shown);
  };
  // The slider writes its own number into the handle, each time that it moves.
  new MutationObserver(say).observe(handle, { attributeFilter: ["aria-valuetext"] });
  new MutationObserver(say).observe(readout, { characterData: true, childList: true, subtree: true });
  say();
}

/**
 * Give the handle of each slider beside `el` the words and the value beside it, for screen readers.
 * The sliders come to life on their own time, before or after `el` is in its place, which it takes
 * within seconds or never.
 */
export function nameSliders(el, tries = 100) {
  const root = el.closest(".widget-box, .jp-OutputArea-output") ?? (el.isConnected ? el : null);
  if (!root) {
    if (tries > 0) setTimeout(() => nameSliders(el, tries - 1), 50);
    return;
  }
  const look = () => {
    for (const slider of root.querySelectorAll(".widget-inline-hbox")) {
      const label = slider.querySelector(".widget-label")?.textContent;
      const readout = slider.querySelector(".widget-readout");
      for (const handle of label ? slider.querySelectorAll('[role="slider"]:not([aria-label])') : []) {
        handle.setAttribute("aria-label", label);
        if (readout) sayReadout(handle, readout);
      }
    }
  };
  new MutationObserver(look).observe(root, { childList: true, subtree: true });
  look();
}
