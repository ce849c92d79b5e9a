// A small cerebellum that answers in the reader's browser: forward pass, gradient and attack.
import { answer, cerebellumScores, fgsm, fromHalf, granuleLayer, pgd } from "./numerics.mjs";
import { asArray, barPairs, curve, curveTexts, diverging, fixed, gray, make, nameSliders, paint, valueList } from "./chart.mjs";

const STYLE = `
.bb-explorer { background: #fff; border-radius: 4px; color: #222; display: grid; gap: 0.75rem 1.25rem;
  font: 14px/1.4 system-ui, sans-serif; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr));
  padding: 0.75rem; }
.bb-explorer .pictures { display: flex; gap: 0.75rem; }
.bb-explorer figure { flex: 1 1 0; margin: 0; min-width: 0; }
.bb-explorer canvas { border: 1px solid #6b6b6b; display: block; image-rendering: pixelated; width: 100%; }
.bb-explorer canvas.pad { cursor: crosshair; touch-action: none; }
.bb-explorer figure figcaption { color: #222 !important; font-size: 13px; font-weight: 400; margin-top: 0.25rem; min-height: 2.8em; text-align: left; }
.bb-explorer svg { display: block; height: auto; max-width: 26rem; width: 100%; }
.bb-explorer svg text { fill: #222; font-size: 12px; }
.bb-explorer .end { text-anchor: end; } .bb-explorer .middle { text-anchor: middle; }
.bb-explorer .grid { stroke: #e3e3e3; } .bb-explorer .axis { stroke: #6b6b6b; }
.bb-explorer .before { fill: #6b6b6b; } .bb-explorer .after { fill: #d55e00; }
.bb-explorer .range { fill: #0072b2; opacity: 0.25; } .bb-explorer .mean { fill: none; stroke: #0072b2; stroke-width: 2; }
.bb-explorer .here { stroke: #d55e00; stroke-dasharray: 4 3; stroke-width: 1.5; }
.bb-explorer .paper { fill: none; stroke: #222; stroke-width: 1.5; }
.bb-explorer summary:focus-visible { outline: 3px solid #0072b2; }
.bb-explorer p { margin: 0 0 0.25rem; } .bb-explorer .answer { min-height: 6.5em; }
.bb-explorer button { background: #fff; border: 1px solid #6b6b6b; border-radius: 3px; color: #222; cursor: pointer;
  font: inherit; margin-right: 0.4rem; padding: 0.2rem 0.6rem; }
.bb-explorer button:focus-visible { outline: 3px solid #0072b2; }
.bb-explorer .key span { border-radius: 2px; display: inline-block; height: 0.7em; margin: 0 0.3em 0 0.8em; width: 0.7em; }
`;
// In place of an accuracy that no run has measured.
const NOT_RUN = 65535;
// As in the still figures of attacks: darker pixels slate, brighter ones vermilion.
const [DARKER, BRIGHTER] = [[62, 76, 89], [213, 94, 0]];
const LOSS_NAMES = { mse: "squared error", cross_entropy: "cross-entropy", margin: "margin" };

/** The number of a model in the file: batch by batch, then beta, then k. */
function place(facts, controls) {
  const { k, beta } = facts;
  return (controls.batch * beta.length + controls.beta) * k.length + controls.k;
}

/** Models as they are asked for; each is unpacked once. */
export function shelf(facts, readouts, offsets) {
  const layers = new Map();
  const models = new Map();
  const cells = facts.m * facts.classes.length;
  return (controls) => {
    const number = place(facts, controls);
    if (models.has(number)) return models.get(number);
    const k = facts.k[controls.k];
    if (!layers.has(k)) {
      const seed = 1000 * facts.seed + 10 * k;
      layers.set(k, granuleLayer({ d: facts.side ** 2, m: facts.m, k, seed }));
    }
    const c = facts.classes.length;
    const model = {
      layer: layers.get(k),
      readout: fromHalf(readouts.subarray(number * cells, (number + 1) * cells)),
      offset: offsets.subarray(number * c, (number + 1) * c),
    };
    models.set(number, model);
    return model;
  };
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Accuracy against epsilon of the chosen model and attack, with the range over seeds. */
export function accuracies(facts, curves, controls) {
  const { eps, losses, seeds } = facts;
  const attacks = 2;
  const per = 1 + attacks * losses.length * eps.length;
  const rows = [];
  for (let seed = 0; seed < seeds.length; seed++) {
    const start = (seed * facts.models + place(facts, controls)) * per;
    const first = start + 1 + (controls.attack * losses.length + controls.loss) * eps.length;
    rows.push([curves[start], ...curves.subarray(first, first + eps.length)]);
  }
  const measured = [0, ...eps].map((value, i) => {
    const found = rows.map((row) => row[i]).filter((v) => v !== NOT_RUN).map((v) => v / 100);
    return [value, Math.min(...found), mean(found), Math.max(...found), found.length];
  });
  return measured.filter((point) => point[4] > 0);
}

function render({ model, el }) {
  const facts = model.get("facts");
  const get = shelf(facts, asArray(Uint16Array, model.get("readouts")), asArray(Float32Array, model.get("offsets")));
  const images = asArray(Uint8Array, model.get("images"));
  const curves = asArray(Uint16Array, model.get("curves"));
  const pixels = facts.side ** 2;
  const canvases = ["image", "perturbation", "attacked"].map((name) => make("canvas", { role: "img", "aria-label": name }));
  const captions = canvases.map(() => make("figcaption"));
  const text = make("div", { class: "answer", role: "status", "aria-live": "polite" });
  const bars = make("div");
  const chart = make("div");
  const outputs = valueList("outputs in numbers");
  const measured = valueList("accuracies of this curve");
  const drawButton = make("button", { type: "button" }, "draw a digit");
  const clearButton = make("button", { type: "button" }, "clear");
  clearButton.hidden = true;
  const own = new Float32Array(pixels);
  let drawing = false;

  const left = make(
    "div",
    {},
    make("div", { class: "pictures" }, ...canvases.map((canvas, i) => make("figure", {}, canvas, captions[i]))),
    make("div", {}, drawButton, clearButton),
    text,
  );
  const right = make("div", {}, bars, outputs.element, chart, ...(facts.curve ? [measured.element] : []));
  const style = make("style", {}, STYLE);
  el.append(style, make("div", { class: "bb-explorer" }, left, right));

  const names = ["k", "beta", "attack", "loss", "batch", "image", "eps", "steps"];
  const controls = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));

  function update() {
    const chosen = controls();
    const network = get(chosen);
    const picture = drawing
      ? own
      : Float32Array.from(images.subarray(chosen.image * pixels, (chosen.image + 1) * pixels), (v) => v / 255);
    const before = cerebellumScores(network, picture).scores;
    // Of a drawing nobody knows the label: the attack moves away from what the model sees in it.
    const label = drawing ? answer(before) : facts.labels[chosen.image];
    const loss = facts.losses[chosen.loss];
    const settings = { eps: chosen.eps, loss, steps: chosen.steps };
    const started = performance.now();
    const moved = (chosen.attack ? pgd : fgsm)(network, picture, label, settings);
    const took = performance.now() - started;
    const after = cerebellumScores(network, moved).scores;
    const [was, is] = [answer(before), answer(after)].map((n) => facts.classes[n]);
    const name = facts.classes[label];
    const square = [facts.side, facts.side];
    paint(canvases[0], square, picture, gray);
    paint(canvases[1], square, moved.map((v, j) => v - picture[j]), diverging(chosen.eps, DARKER, BRIGHTER));
    paint(canvases[2], square, moved, gray);
    captions[0].textContent = drawing ? `your drawing; the model sees ${was}` : `a ${name}; the model sees ${was}`;
    captions[1].textContent = `perturbation, ±${chosen.eps.toFixed(2)}`;
    captions[2].textContent = `attacked; the model sees ${is}`;
    const clean = drawing || was === name;
    const verdict = !clean ? "It was wrong before the attack." : is === name ? "Not fooled." : "Fooled.";
    const steps = chosen.attack ? `${chosen.steps} step${chosen.steps === 1 ? "" : "s"} of PGD, .01 each,` : "one step of FGSM";
    // On an empty picture no cell is active and no gradient leads anywhere: that is no defence.
    const empty = drawing && own.every((value) => value === 0);
    text.replaceChildren(
      empty
        ? make("p", {}, make("strong", {}, "Draw a digit"), " into the first picture.")
        : make("p", {}, make("strong", {}, verdict), ` ${steps} on the ${LOSS_NAMES[loss]}: from ${was} to ${is}.`),
      make(
        "p",
        {},
        `Common mode, the mean of the ten outputs: ${fixed(mean([...before]), 2)} before, ${fixed(mean([...after]), 2)} after.`,
      ),
    );
    bars.replaceChildren(
      barPairs({ labels: facts.classes, pairs: facts.classes.map((_, n) => [before[n], after[n]]) }),
      make("p", { class: "key" }, "ten outputs:", make("span", { class: "before", style: "background:#6b6b6b" }), "before", make("span", { class: "after", style: "background:#d55e00" }), "after"),
    );
    outputs.say(facts.classes.map((each, n) => `${each}: ${fixed(before[n], 2)} before, ${fixed(after[n], 2)} after`));
    if (facts.curve) drawCurve(chosen, LOSS_NAMES[loss]);
    el.dataset.took = took.toFixed(1);
  }

  function drawCurve(chosen, loss) {
    const points = accuracies(facts, curves, chosen);
    const marks = chosen.attack || chosen.loss ? [] : facts.paper.filter((mark) => mark.k === facts.k[chosen.k] && mark.batch === chosen.batch && mark.beta === facts.beta[chosen.beta]);
    measured.element.hidden = points.length === 0;
    measured.say([...curveTexts(points, "ε"), ...marks.map((mark) => `ε ${mark.eps}: ${mark.name}`)]);
    if (points.length === 0) chart.replaceChildren(make("p", {}, "The accuracy of this model has not been measured yet."));
    else chart.replaceChildren(
      curve({ points, marks: marks.map((mark) => [mark.eps, mark.value, mark.name]), at: chosen.eps, xlabel: "ε", ylabel: "accuracy (%)" }),
      make("p", {}, `${facts.tested} ${facts.data} images, ${points[0][4] > 1 ? `mean and range of ${points[0][4]} seeds` : "one seed"}, ${chosen.attack ? "40 steps of PGD" : "FGSM"} on the ${loss}.`),
    );
  }

  function mark(event) {
    const box = canvases[0].getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * facts.side;
    const y = ((event.clientY - box.top) / box.height) * facts.side;
    for (let row = 0; row < facts.side; row++) {
      for (let column = 0; column < facts.side; column++) {
        const near = 1.6 - Math.hypot(column + 0.5 - x, row + 0.5 - y);
        const at = row * facts.side + column;
        own[at] = Math.max(own[at], Math.min(1, Math.max(0, near)));
      }
    }
    update();
  }

  drawButton.addEventListener("click", () => {
    drawing = !drawing;
    drawButton.textContent = drawing ? "back to the images" : "draw a digit";
    clearButton.hidden = !drawing;
    canvases[0].classList.toggle("pad", drawing);
    update();
  });
  clearButton.addEventListener("click", () => {
    own.fill(0);
    update();
  });
  canvases[0].addEventListener("pointerdown", (event) => {
    if (!drawing) return;
    canvases[0].setPointerCapture(event.pointerId);
    mark(event);
  });
  canvases[0].addEventListener("pointermove", (event) => {
    if (drawing && event.buttons) mark(event);
  });
  for (const control of names) model.on(`change:${control}`, update);
  nameSliders(el);
  update();
}

export default { render };
