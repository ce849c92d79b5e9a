// A small network that sleeps in the reader's browser, and is tested while it does.
import { answer, fromHalf } from "./numerics.mjs";
import { awakeScores, poissonSpikes, sleepStep, sleeper } from "./sleeping.mjs";
import { asArray, draw, extent, fixed, make, nameSliders, valueList } from "./chart.mjs";

const STYLE = `
.bb-sleep { background: #fff; border-radius: 4px; color: #222; font: 14px/1.4 system-ui, sans-serif; padding: 0.75rem; }
.bb-sleep svg { display: block; height: auto; max-width: 34rem; width: 100%; }
.bb-sleep svg text { fill: #222; font-size: 12px; }
.bb-sleep .end { text-anchor: end; } .bb-sleep .middle { text-anchor: middle; }
.bb-sleep canvas { background: #fff; border: 1px solid #6b6b6b; display: block; height: 9rem; image-rendering: pixelated; max-width: 34rem; width: 100%; }
.bb-sleep h3 { color: #222; font-size: 14px; margin: 0.75rem 0 0.25rem; }
.bb-sleep p { margin: 0 0 0.25rem; }
.bb-sleep .axis { stroke: #6b6b6b; } .bb-sleep .voltage { fill: none; stroke: #9a4c7c; stroke-width: 1.5; }
.bb-sleep .threshold { stroke: #222; stroke-dasharray: 4 3; } .bb-sleep .was { fill: #6b6b6b; } .bb-sleep .is { fill: none; stroke: #9a4c7c; stroke-width: 2; }
.bb-sleep button { background: #fff; border: 1px solid #6b6b6b; border-radius: 3px; color: #222; cursor: pointer; font: inherit; margin-right: 0.4rem; padding: 0.2rem 0.6rem; }
.bb-sleep button:focus-visible, .bb-sleep summary:focus-visible { outline: 3px solid #0072b2; }
`;
const WINDOW = 300; // steps that the raster and the voltage show
const PER_FRAME = 5;
const NEWEST = WINDOW; // column of the raster, one before the last: a dot is three wide
const BINS = 50;

function histogram(weights, low, high) {
  const counts = new Array(BINS).fill(0);
  for (const weight of weights) {
    const bin = Math.floor(((weight - low) / (high - low)) * BINS);
    counts[Math.max(0, Math.min(BINS - 1, bin))] += 1;
  }
  return counts.map((count) => Math.log10(1 + count));
}

function render({ model, el }) {
  const facts = model.get("facts");
  const stored = fromHalf(asArray(Uint16Array, model.get("weights")));
  const images = asArray(Uint8Array, model.get("images"));
  const pixels = facts.sizes[0];
  const pictures = facts.labels.map((_, n) => Float64Array.from(images.subarray(n * pixels, (n + 1) * pixels), (v) => v / 255));
  const layers = [];
  let start = 0;
  for (let l = 1; l < facts.sizes.length; l++) {
    const [columns, rows] = [facts.sizes[l - 1], facts.sizes[l]];
    layers.push({ rows, columns, weights: stored.subarray(start, start + rows * columns) });
    start += rows * columns;
  }
  const before = extent(layers[0].weights);
  const cells = facts.sizes.slice(1).reduce((sum, size) => sum + size, 0);

  const raster = make("canvas", { role: "img", "aria-label": "raster: spikes of all cells over the last steps" });
  raster.width = NEWEST + 2;
  raster.height = cells;
  const voltage = make("div");
  const weights = make("div");
  const text = make("div", { role: "status", "aria-live": "off" });
  const said = make("p", { role: "status", "aria-live": "polite" });
  const go = make("button", { type: "button" }, "sleep");
  const again = make("button", { type: "button" }, "start again");
  const numbers = valueList("in numbers");
  el.append(
    make("style", {}, STYLE),
    make(
      "div",
      { class: "bb-sleep" },
      make("div", {}, go, again),
      text,
      said,
      make("h3", {}, `the last ${WINDOW} steps, now on the right: a dot is a spike; hidden cells above, outputs below`),
      raster,
      make("h3", {}, "voltage of the hidden cell that fires most (dashed: threshold; where a cell reaches it, it fires and starts again at 0)"),
      voltage,
      make("h3", {}, "weights of the first layer, before (grey) and now (line), counts on a logarithmic scale"),
      weights,
      numbers.element,
    ),
  );
  const painter = raster.getContext("2d", { willReadFrequently: true });

  function rule() {
    return {
      gains: facts.gains,
      thresholds: facts.thresholds.map((value) => value * model.get("threshold")),
      leak: facts.leak,
      potentiation: model.get("potentiation"),
      depression: model.get("depression"),
      gated: model.get("rule") === 1,
    };
  }

  function right(of) {
    let count = 0;
    pictures.forEach((picture, n) => {
      count += answer(awakeScores(of, picture, facts.kept)) === facts.labels[n] ? 1 : 0;
    });
    return (100 * count) / pictures.length;
  }

  let state, step, spikes, fired, running, trace, watched, awake, now, wokenAt, asked;

  /** Wake a copy and test it; from here on the graph follows the cell that has fired most. */
  function wake() {
    [now, wokenAt] = [right(state.layers), step];
    const most = fired.indexOf(Math.max(...fired));
    if (most !== watched) trace = []; // another cell has another voltage
    watched = most;
  }

  function reset() {
    state = sleeper({ layers, ...rule() });
    [step, spikes, wokenAt, running] = [0, 0, 0, false];
    fired = new Uint32Array(facts.sizes[1]);
    trace = [];
    watched = 0;
    awake = now = right(layers);
    painter.clearRect(0, 0, raster.width, cells);
    go.textContent = "sleep";
    said.textContent = `Awake: ${awake.toFixed(0)} % of ${pictures.length} test images right.`;
    show();
  }

  function advance() {
    const picture = pictures[Math.floor(step / facts.perImage) % pictures.length];
    const inputs = poissonSpikes(picture, Math.min(1, 2 * model.get("rate") * 0.001), facts.seed, step);
    const found = sleepStep(state, inputs);
    painter.putImageData(painter.getImageData(1, 0, NEWEST + 1, cells), 0, 0);
    painter.clearRect(NEWEST + 1, 0, 1, cells);
    let y = 0;
    found.forEach((layer, number) => {
      painter.fillStyle = ["#cc79a7", "#5a2447"][Math.min(number, 1)];
      layer.forEach((fires, cell) => {
        if (fires) {
          painter.fillRect(NEWEST - 1, y + cell, 3, 1); // one step alone is too thin to see
          spikes += 1;
          if (number === 0) fired[cell] += 1;
        }
      });
      y += layer.length;
    });
    trace.push(state.layers[0].reached[watched]);
    if (trace.length > WINDOW) trace.shift();
    step += 1;
  }

  function show() {
    const changed = fired.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
    const woken = [` Woken at step ${wokenAt}: `, make("strong", {}, `${now.toFixed(0)} %`), ` right, before ${awake.toFixed(0)} %.`];
    const asleep = `${step} steps asleep, ${spikes} spikes; ${changed} of ${fired.length} hidden cells have fired.`;
    text.replaceChildren(make("p", {}, asleep, ...(wokenAt ? woken : [])));
    const threshold = facts.thresholds[0] * model.get("threshold");
    const highest = Math.max(threshold, ...trace);
    const top = highest * 1.1;
    const bottom = Math.min(0, ...trace);
    const y = (value) => 5 + ((top - value) / (top - bottom)) * 90;
    const figure = draw("svg", { viewBox: "0 0 340 125", "aria-hidden": "true" });
    const at = (place) => 335 - ((trace.length - 1 - place) / WINDOW) * 285;
    figure.append(
      draw("line", { x1: 50, x2: 335, y1: y(0), y2: y(0), class: "axis" }),
      draw("line", { x1: 50, x2: 335, y1: y(threshold), y2: y(threshold), class: "threshold" }),
      draw("polyline", { class: "voltage", points: trace.map((v, i) => `${at(i).toFixed(1)},${y(v).toFixed(1)}`).join(" ") }),
      draw("text", { x: 192, y: 120, class: "middle" }, `time, the last ${WINDOW} ms`),
    );
    const labelled = [];
    for (const tick of [bottom, highest, threshold, 0]) {
      if (labelled.some((other) => Math.abs(y(other) - y(tick)) < 13)) continue; // one over the other
      labelled.push(tick);
      figure.append(draw("text", { x: 46, y: y(tick) + 4, class: "end" }, tick ? String(Number(tick.toPrecision(2))) : "0"));
    }
    voltage.replaceChildren(figure);
    // Weights travel far: the axis holds all of them, before and now.
    const [lowest, largest] = extent(state.layers[0].weights);
    const widest = Math.max(facts.widest, -lowest, largest);
    const [low, high] = [-widest, widest];
    const was = histogram(layers[0].weights, low, high);
    const is = histogram(state.layers[0].weights, low, high);
    const most = Math.max(...was, ...is);
    const chart = draw("svg", { viewBox: "0 0 340 120", "aria-hidden": "true" });
    const x = (bin) => 40 + (bin / BINS) * 295;
    was.forEach((count, bin) => {
      const height = (count / most) * 85;
      chart.append(draw("rect", { x: x(bin), y: 95 - height, width: 5, height, class: "was" }));
    });
    chart.append(
      draw("polyline", { class: "is", points: is.map((count, bin) => `${x(bin + 0.5).toFixed(1)},${(95 - (count / most) * 85).toFixed(1)}`).join(" ") }),
      draw("line", { x1: 40, x2: 335, y1: 95, y2: 95, class: "axis" }),
      draw("text", { x: 40, y: 112, class: "middle" }, low.toFixed(2)),
      draw("text", { x: 187, y: 112, class: "middle" }, "weight"),
      draw("text", { x: 335, y: 112, class: "end" }, high.toFixed(2)),
    );
    weights.replaceChildren(chart);
    const span = (name, [low, high]) => `weights ${name}: ${fixed(low, 2)} to ${fixed(high, 2)}`;
    numbers.say([
      ...(trace.length ? [`voltage of hidden cell ${watched}: ${fixed(trace.at(-1), 2)}, its threshold ${fixed(threshold, 2)}`] : []),
      span("before", before),
      span("now", [lowest, largest]),
    ]);
  }

  function frame() {
    if (!running) return;
    if (!el.isConnected) {
      running = false;
      go.textContent = "sleep on";
      return;
    }
    for (let n = 0; n < PER_FRAME; n++) advance();
    if (step % (20 * PER_FRAME) === 0) wake();
    show();
    asked = requestAnimationFrame(frame);
  }

  go.addEventListener("click", () => {
    running = !running;
    go.textContent = running ? "pause" : "sleep on";
    cancelAnimationFrame(asked); // never two loops at once
    said.textContent = running ? "Asleep." : `Paused after ${step} steps.`; // heard once, not each frame
    if (running) asked = requestAnimationFrame(frame);
    else {
      wake();
      show();
    }
  });
  again.addEventListener("click", reset);
  for (const name of ["threshold", "potentiation", "depression", "rule", "rate"]) {
    model.on(`change:${name}`, () => {
      Object.assign(state.rule, rule());
      show();
    });
  }
  nameSliders(el);
  reset();
  return () => {
    running = false;
  };
}

export default { render };
