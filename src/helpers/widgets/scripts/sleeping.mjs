// A network of spiking cells that sleeps: the twin of helpers/sleep/sleepers.py.
import { word } from "./numerics.mjs";

/**
 * Layers of cells with their synapses, all voltages at 0. Each of `layers` has `rows` receiving and
 * `columns` sending cells and its weights, row by row; they are copied.
 */
export function sleeper({ layers, gains, thresholds, leak, potentiation, depression, gated }) {
  return {
    layers: layers.map(({ rows, columns, weights }) => ({
      rows,
      columns,
      weights: Float64Array.from(weights),
      voltages: new Float64Array(rows),
      reached: new Float64Array(rows), // before a cell that fires starts again at 0
    })),
    rule: { gains, thresholds, leak, potentiation, depression, gated },
  };
}

/** The gate g(W): 2 for a negative weight, 0 for a positive one. */
export function gate(weight) {
  return 2 * (1 - 1 / (1 + Math.exp(-weight / 0.001)));
}

/** One step: spikes of the inputs (0 or 1 each) in, spikes of every layer out; synapses learn. */
export function sleepStep(state, inputs) {
  const { gains, thresholds, leak, potentiation, depression, gated } = state.rule;
  const found = [];
  let before = inputs;
  state.layers.forEach(({ rows, columns, weights, voltages, reached }, number) => {
    const senders = [];
    for (let j = 0; j < columns; j++) if (before[j]) senders.push(j);
    const after = new Uint8Array(rows);
    for (let i = 0; i < rows; i++) {
      let pull = 0;
      for (const j of senders) pull += weights[i * columns + j];
      voltages[i] = leak * voltages[i] + gains[number] * pull;
      reached[i] = voltages[i];
      if (voltages[i] < thresholds[number]) continue;
      voltages[i] = 0;
      after[i] = 1;
      for (let j = 0; j < columns; j++) {
        const at = i * columns + j;
        const change = before[j] ? potentiation : -depression;
        weights[at] += gated ? change * gate(weights[at]) : change;
      }
    }
    found.push(after);
    before = after;
  });
  return found;
}

/** Poisson spikes of an image in step `step`: a pixel of 1 fires with `probability`. */
export function poissonSpikes(image, probability, seed, step) {
  const spikes = new Uint8Array(image.length);
  for (let j = 0; j < image.length; j++) {
    if (image[j] > 0) {
      spikes[j] = word(seed, step * image.length + j) / 2 ** 32 < image[j] * probability ? 1 : 0;
    }
  }
  return spikes;
}

/** Scores of the network awake: rectified sums, hidden activity times `kept`, as it was trained. */
export function awakeScores(layers, image, kept) {
  let x = image;
  layers.forEach(({ rows, columns, weights }, number) => {
    const h = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += weights[i * columns + j] * x[j];
      h[i] = Math.max(0, sum) * (number < layers.length - 1 ? kept : 1);
    }
    x = h;
  });
  return x;
}
