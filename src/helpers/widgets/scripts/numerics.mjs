// Numerics of the live pages: plain JavaScript, nothing else. Its twin in Python is the test.
// Arrays are typed; images hold pixels in [0, 1], scores one number for each class.

const STEP = 0x6d2b79f5;

/** Word `number` (from 0) of `seed`: 32 random bits, see helpers/cerebellum/shared_random.py. */
export function word(seed, number) {
  const a = (seed + Math.imul(number + 1, STEP)) | 0;
  let t = Math.imul(a ^ (a >>> 15), a | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return (t ^ (t >>> 14)) >>> 0;
}

/** Standard normal number `number` of `seed`. */
export function normal(seed, number) {
  const radius = Math.sqrt(-2 * Math.log(1 - word(seed, 2 * number) / 2 ** 32));
  return Math.fround(radius * Math.cos((2 * Math.PI * word(seed, 2 * number + 1)) / 2 ** 32));
}

/** Whole number `number` of `seed`, from 0 to `limit` - 1. */
export function below(seed, number, limit) {
  return Math.floor((word(seed, number) * limit) / 2 ** 32);
}

/** Sixteen-bit floating point numbers (a Uint16Array) as a Float32Array. */
export function fromHalf(halves) {
  const found = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const sign = halves[i] & 0x8000 ? -1 : 1;
    const exponent = (halves[i] >> 10) & 0x1f;
    const fraction = halves[i] & 0x3ff;
    if (exponent === 0) found[i] = sign * fraction * 2 ** -24;
    else if (exponent === 31) found[i] = fraction ? NaN : sign * Infinity;
    else found[i] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return found;
}

/**
 * A granule layer of `m` cells with `k` of `d` inputs each; all of them where k is d.
 * Cell i has the weights number i k to i k + k - 1, each divided by the root of k.
 */
export function granuleLayer({ d, m, k, seed }) {
  const weights = new Float32Array(m * k);
  const scale = Math.fround(1 / Math.sqrt(k));
  for (let i = 0; i < m * k; i++) weights[i] = normal(seed, i) * scale;
  let indices = null;
  if (k < d) {
    indices = new Int32Array(m * k);
    for (let i = 0; i < m * k; i++) indices[i] = below(seed + 1, i, d);
  }
  return { d, m, k, weights, indices };
}

/** Activity of all cells: the rectified weighted sums of their inputs. */
export function granuleActivity(layer, image) {
  const { m, k, weights, indices } = layer;
  const h = new Float32Array(m);
  for (let i = 0; i < m; i++) {
    let sum = 0;
    const start = i * k;
    if (indices === null) for (let j = 0; j < k; j++) sum += weights[start + j] * image[j];
    else for (let j = 0; j < k; j++) sum += weights[start + j] * image[indices[start + j]];
    h[i] = sum > 0 ? sum : 0;
  }
  return h;
}

/**
 * Scores of a cerebellum: the activity through a readout, plus an offset that holds what long-term
 * depression takes off. `readout` has `classes` numbers for each cell.
 */
export function cerebellumScores(model, image) {
  const { layer, readout, offset } = model;
  const h = granuleActivity(layer, image);
  const scores = Float64Array.from(offset);
  const c = scores.length;
  for (let i = 0; i < layer.m; i++) {
    if (h[i] > 0) for (let n = 0; n < c; n++) scores[n] += h[i] * readout[i * c + n];
  }
  return { scores, h };
}

/** The class with the highest score, the first of several. */
export function answer(scores) {
  let best = 0;
  for (let n = 1; n < scores.length; n++) if (scores[n] > scores[best]) best = n;
  return best;
}

/** The derivative of a loss by the scores; the losses are those of helpers/attacks/losses.py. */
export function lossGradient(loss, scores, label) {
  const c = scores.length;
  const g = new Float64Array(c);
  if (loss === "mse") {
    for (let n = 0; n < c; n++) g[n] = 2 * (scores[n] - (n === label ? 1 : 0));
  } else if (loss === "cross_entropy") {
    const top = Math.max(...scores);
    let sum = 0;
    for (let n = 0; n < c; n++) sum += g[n] = Math.exp(scores[n] - top);
    for (let n = 0; n < c; n++) g[n] = g[n] / sum - (n === label ? 1 : 0);
  } else if (loss === "margin") {
    let other = label === 0 ? 1 : 0;
    for (let n = 0; n < c; n++) if (n !== label && scores[n] > scores[other]) other = n;
    g[other] = 1;
    g[label] = -1;
  } else {
    throw new Error(`loss is ${loss}; it may be mse, cross_entropy or margin`);
  }
  return g;
}

/** The derivative of a loss by the pixels, in closed form. */
export function inputGradient(model, image, label, loss) {
  const { layer, readout } = model;
  const { m, k, weights, indices } = layer;
  const { scores, h } = cerebellumScores(model, image);
  const g = lossGradient(loss, scores, label);
  const c = g.length;
  const gradient = new Float32Array(image.length);
  for (let i = 0; i < m; i++) {
    if (h[i] === 0) continue;
    let back = 0;
    for (let n = 0; n < c; n++) back += readout[i * c + n] * g[n];
    const start = i * k;
    if (indices === null) for (let j = 0; j < k; j++) gradient[j] += weights[start + j] * back;
    else for (let j = 0; j < k; j++) gradient[indices[start + j]] += weights[start + j] * back;
  }
  return gradient;
}

function moved(image, from, gradient, step, eps) {
  const next = new Float32Array(image.length);
  for (let j = 0; j < image.length; j++) {
    const x = from[j] + step * Math.sign(gradient[j]);
    const low = Math.max(0, image[j] - eps);
    const high = Math.min(1, image[j] + eps);
    next[j] = x < low ? low : x > high ? high : x;
  }
  return next;
}

/** One step of size `eps` along the sign of the gradient (Goodfellow et al. 2014). */
export function fgsm(model, image, label, { eps, loss }) {
  return moved(image, image, inputGradient(model, image, label, loss), eps, eps);
}

/** `steps` steps of size `step` in the ball of radius `eps`, from the image itself. */
export function pgd(model, image, label, { eps, loss, steps = 40, step = 0.01 }) {
  let x = Float32Array.from(image);
  for (let number = 0; number < steps; number++) {
    x = moved(image, x, inputGradient(model, x, label, loss), step, eps);
  }
  return x;
}
