// A finished figure: values to read off by pointer or arrow keys, and series to hide.
import { draw, make } from "./chart.mjs";

// The picture made by Python stays in print, and where this script does not run.
const TWIN = `
@media screen { .bb-twin { display: none !important; } }
@media print { .bb-live { display: none; } }
`;
const STYLE = `
:host { background: #fff; border-radius: 4px; color: #222; display: block; font: 14px/1.4 system-ui, sans-serif; padding: 0.5rem; }
svg { display: block; height: auto; max-width: 100%; }
.picture { position: relative; } .picture:focus-visible { outline: 3px solid #0072b2; outline-offset: 2px; }
@media (max-width: 600px) { .picture { overflow-x: auto; } svg { max-width: none; width: 36rem; } }
.ring { fill: none; pointer-events: none; stroke: #222; stroke-width: 1.5; }
.said { margin: 0.25rem 0; min-height: 2.8em; }
button { background: #fff; border: 1px solid #6b6b6b; border-radius: 3px; color: #222; cursor: pointer; font: inherit;
  font-size: 13px; margin: 0 0.4rem 0.3rem 0; padding: 0.1rem 0.5rem; }
button[aria-pressed="false"] { color: #595959; text-decoration: line-through; }
button:focus-visible, summary:focus-visible { outline: 3px solid #0072b2; }
button i { border-radius: 2px; display: inline-block; height: 0.7em; margin-right: 0.4em; width: 0.7em; }
li { font-size: 13px; } ul { max-height: 16rem; overflow-y: auto; }
`;
const NEAR = 18;
const HINT = "Point at a mark, or press the arrow keys, to read its value.";

/** Take the still picture before `el` off the screen, if `el` comes to its place within seconds. */
function hideTwin(el, tries = 100) {
  if (!el.isConnected) {
    if (tries > 0) setTimeout(() => hideTwin(el, tries - 1), 50);
    return;
  }
  const images = [...(el.closest(".cell_output, .jp-OutputArea")?.querySelectorAll("img") ?? [])];
  const before = (image) => image.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING;
  images.filter(before).at(-1)?.classList.add("bb-twin");
}

function render({ model, el }) {
  const series = model.get("series");
  const points = model.get("points").map(([x, y, place, text]) => ({ x, y, place, text }));
  const [width] = model.get("size");
  const hidden = new Set();
  const host = make("div", { class: "bb-live" });
  const root = host.attachShadow({ mode: "open" });
  const picture = make("div", {
    class: "picture", tabindex: "0", role: "application", "aria-label": "Figure: arrow keys read its values, one after the other",
  });
  picture.innerHTML = model.get("svg");
  const svg = picture.querySelector("svg");
  svg.setAttribute("aria-hidden", "true");
  const ring = draw("circle", { r: 7, class: "ring", visibility: "hidden" });
  svg.append(ring);
  const said = make("div", { class: "said", role: "status", "aria-live": "polite" }, HINT);
  const list = make("ul", { tabindex: "0", "aria-label": "all values" });
  let at = -1;

  const shown = () => points.filter((point) => !hidden.has(point.place));

  function point(found) {
    if (at === points.indexOf(found)) return; // said once, not at every move
    at = points.indexOf(found);
    ring.setAttribute("visibility", found ? "visible" : "hidden");
    if (found) {
      ring.setAttribute("cx", found.x);
      ring.setAttribute("cy", found.y);
    }
    said.textContent = found ? found.text : HINT;
  }

  function update() {
    // What stands for two series, such as a bar of a spread, goes with either.
    const gone = new Set([...hidden].flatMap((number) => series[number].artists));
    for (const id of new Set(series.flatMap(({ artists }) => artists))) {
      for (const part of svg.querySelectorAll(`[id="${id}"]`)) part.style.display = gone.has(id) ? "none" : "";
    }
    list.replaceChildren(...shown().map(({ text }) => make("li", {}, text)));
    if (at >= 0 && hidden.has(points[at].place)) point(undefined);
  }

  function read(event) {
    const box = svg.getBoundingClientRect();
    const scale = width / box.width;
    const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    const far = (p) => Math.hypot(p.x - x, p.y - y);
    const nearest = shown().reduce((best, p) => (!best || far(p) < far(best) ? p : best), undefined);
    point(nearest && far(nearest) < NEAR ? nearest : undefined);
  }
  picture.addEventListener("pointermove", read);
  picture.addEventListener("pointerdown", read); // a finger that taps does not move
  picture.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const all = shown();
    const now = all.indexOf(points[at]);
    if (all.length === 0) return;
    point(all[(now < 0 ? (step > 0 ? 0 : all.length - 1) : now + step + all.length) % all.length]);
    ring.scrollIntoView({ block: "nearest", inline: "nearest" }); // on a phone the figure is wider than the page
  });

  const buttons = series.map(({ name, color, artists }, number) => {
    const button = make("button", { type: "button", "aria-pressed": "true" }, make("i", { style: `background:${color}` }), name);
    button.hidden = artists.length === 0;
    button.addEventListener("click", () => {
      if (!hidden.delete(number)) hidden.add(number);
      button.setAttribute("aria-pressed", String(!hidden.has(number)));
      update();
    });
    return button;
  });
  const all = make("details", {}, make("summary", {}, "all values"), list);
  root.append(make("style", {}, STYLE), picture, said, make("div", {}, ...buttons), all);
  el.append(make("style", {}, TWIN), host);
  update();
  hideTwin(el);
}

export default { render };
