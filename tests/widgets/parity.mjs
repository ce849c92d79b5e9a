// What numerics.mjs (n) and sleeping.mjs (s) make of models, images and numbers.

export function answersOf(n, s, { models, images, labels, eps, words, normals, halves, nights }) {
  const answers = models.map(({ d, m, k, seed, readout, offset }) => {
    const layer = n.granuleLayer({ d, m, k, seed });
    const model = { layer, readout: Float32Array.from(readout), offset };
    return images.map((pixels, i) => {
      const image = Float32Array.from(pixels);
      const found = { scores: [...n.cerebellumScores(model, image).scores] };
      for (const loss of ["mse", "cross_entropy", "margin"]) {
        found[loss] = {
          gradient: [...n.inputGradient(model, image, labels[i], loss)],
          fgsm: [...n.fgsm(model, image, labels[i], { eps, loss })],
          pgd: [...n.pgd(model, image, labels[i], { eps, loss, steps: 20 })],
        };
      }
      return found;
    });
  });
  const slept = nights.map(({ rule, inputs, image, probability, seed, kept }) => {
    const state = s.sleeper(rule);
    const reached = [];
    const spikes = inputs.map((before) => {
      const found = s.sleepStep(state, before).map((layer) => [...layer]);
      reached.push([...state.layers[0].reached]);
      return found;
    });
    return {
      reached,
      spikes,
      weights: state.layers.map((layer) => [...layer.weights]),
      voltages: state.layers.map((layer) => [...layer.voltages]),
      poisson: [0, 1, 7].map((step) => [...s.poissonSpikes(image, probability, seed, step)]),
      awake: [...s.awakeScores(rule.layers, image, kept)],
    };
  });
  let refused = "";
  try {
    n.lossGradient("other", [0, 1], 0);
  } catch (error) {
    refused = error.message;
  }
  return {
    answers,
    refused,
    slept,
    words: words.map(([seed, number]) => n.word(seed, number)),
    normals: normals.map(([seed, number]) => n.normal(seed, number)),
    below: words.map(([seed, number]) => n.below(seed, number, 784)),
    halves: [...n.fromHalf(Uint16Array.from(halves))],
  };
}
