// Two images, and how alike pixels, neurons and models find them.
import { asArray, curve, curveTexts, diverging, draw, fixed, gray, make, nameSliders, paint, valueList } from "./chart.mjs";

const STYLE = `
.bb-similar { background: #fff; border-radius: 4px; color: #222; display: grid; gap: 0.75rem 1.25rem; font: 14px/1.4 system-ui, sans-serif;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); padding: 0.75rem; }
.bb-similar .pair { display: flex; gap: 0.75rem; }
.bb-similar figure { flex: 1 1 0; margin: 0; min-width: 0; }
.bb-similar figure figcaption { color: #222 !important; font-size: 13px; font-weight: 400; margin-top: 0.25rem; text-align: left; }
.bb-similar canvas { border: 1px solid #6b6b6b; display: block; image-rendering: pixelated; width: 100%; }
.bb-similar canvas.matrix { cursor: crosshair; }
.bb-similar .frame { position: relative; } .bb-similar .frame i { border: 2px solid #d55e00; height: 12px; margin: -6px; pointer-events: none; position: absolute; width: 12px; }
.bb-similar svg { display: block; height: auto; max-width: 26rem; width: 100%; } .bb-similar svg text { fill: #222; font-size: 12px; }
.bb-similar .end { text-anchor: end; } .bb-similar .middle { text-anchor: middle; } .bb-similar .grid { stroke: #e3e3e3; } .bb-similar .axis { stroke: #6b6b6b; }
.bb-similar .bar { fill: #009e73; } .bb-similar .chosen { stroke: #222; stroke-width: 1.5; }
.bb-similar .range { fill: #009e73; opacity: 0.25; } .bb-similar .mean { fill: none; stroke: #009e73; stroke-width: 2; } .bb-similar .other { fill: none; stroke: #6b6b6b; stroke-dasharray: 5 4; stroke-width: 2; }
.bb-similar p { margin: 0 0 0.25rem; } .bb-similar summary:focus-visible { outline: 3px solid #0072b2; }
`;
// Similarities from here on have the full colours.
const LIMIT = 0.6;
const shade = diverging(LIMIT, [89, 89, 89], [0, 89, 69]);

function render({ model, el }) {
  const facts = model.get("facts");
  const { n, height, width, viewers } = facts;
  const images = asArray(Uint8Array, model.get("images"));
  const matrices = asArray(Int8Array, model.get("matrices"));
  const of = (viewer, i, j) => matrices[(viewer * n + i) * n + j] / 127;
  const names = ["first image", "second image"];
  const canvases = names.map((name) => make("canvas", { role: "img", "aria-label": name }));
  const captions = names.map(() => make("figcaption"));
  const matrix = make("canvas", { class: "matrix", role: "img", "aria-label": "matrix of similarities, the pair marked" });
  const marks = [make("i"), make("i")];
  const bars = make("div");
  const said = make("p", { role: "status", "aria-live": "polite" });
  const title = make("p");
  const chart = make("div");
  const accuracies = valueList("accuracies of this curve");
  el.append(
    make("style", {}, STYLE),
    make(
      "div",
      { class: "bb-similar" },
      make(
        "div",
        {},
        make("div", { class: "pair" }, ...canvases.map((canvas, i) => make("figure", {}, canvas, captions[i]))),
        said,
        bars,
      ),
      make("div", {}, title, make("div", { class: "frame" }, matrix, ...marks), chart, ...(facts.curves.length ? [accuracies.element] : [])),
    ),
  );

  function update() {
    const chosen = [model.get("first"), model.get("second")];
    const viewer = model.get("viewer");
    chosen.forEach((number, i) => {
      const pixels = images.subarray(number * width * height, (number + 1) * width * height);
      paint(canvases[i], [width, height], pixels, (value) => gray(value / 255));
      captions[i].textContent = `${names[i]}: ${number}`;
    });
    const values = viewers.map((_, v) => of(v, chosen[0], chosen[1]));
    said.textContent = `Similarity of images ${chosen[0]} and ${chosen[1]}: ${viewers.map((name, v) => `${name} ${fixed(values[v], 2)}`).join(", ")}.`;
    const figure = draw("svg", { viewBox: `0 0 330 ${24 * viewers.length + 30}`, "aria-hidden": "true" });
    const x = (value) => 230 + value * 90;
    for (const tick of [-1, 0, 1]) {
      figure.append(
        draw("line", { x1: x(tick), x2: x(tick), y1: 4, y2: 24 * viewers.length + 4, class: tick ? "grid" : "axis" }),
        draw("text", { x: x(tick), y: 24 * viewers.length + 20, class: "middle" }, String(tick)),
      );
    }
    values.forEach((value, v) => {
      figure.append(
        draw("text", { x: 134, y: 24 * v + 20, class: "end" }, viewers[v]),
        draw("rect", { x: Math.min(x(0), x(value)), y: 24 * v + 8, width: Math.max(1, Math.abs(x(value) - x(0))), height: 15, class: v === viewer ? "bar chosen" : "bar" }),
      );
    });
    bars.replaceChildren(figure);
    title.textContent = `All pairs, as ${viewers[viewer]} finds them: white is 0, green alike, darkest from ${LIMIT} on, grey unlike, darkest from −${LIMIT}. Click to choose a pair.`;
    const order = facts.order;
    const shown = new Float32Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) shown[i * n + j] = of(viewer, order[i], order[j]);
    paint(matrix, [n, n], shown, shade);
    const [a, b] = chosen.map((number) => order.indexOf(number));
    [[a, b], [b, a]].forEach(([row, column], i) => {
      marks[i].style.left = `${(100 * (column + 0.5)) / n}%`;
      marks[i].style.top = `${(100 * (row + 0.5)) / n}%`;
    });
    if (facts.curves.length) {
      const { alpha, points } = facts.curves[model.get("alpha")];
      const plain = alpha ? facts.curves.find((each) => each.alpha === 0) : undefined;
      chart.replaceChildren(
        make("p", {}, `Accuracy of a network held to V1 with strength α = ${alpha}, under noise${plain ? " (grey, dashed: held to nothing)" : ""}:`),
        curve({ points, other: plain?.points, xlabel: "standard deviation of the noise", ylabel: "accuracy (%)", tick: 0.02 }),
      );
      accuracies.say(curveTexts(points, "standard deviation"));
    }
  }

  matrix.addEventListener("click", (event) => {
    const box = matrix.getBoundingClientRect();
    const at = (part) => Math.max(0, Math.min(n - 1, Math.floor(part * n)));
    model.set("first", facts.order[at((event.clientY - box.top) / box.height)]);
    model.set("second", facts.order[at((event.clientX - box.left) / box.width)]);
    model.save_changes();
    update();
  });
  for (const name of ["first", "second", "viewer", "alpha"]) model.on(`change:${name}`, update);
  nameSliders(el);
  update();
}

export default { render };
