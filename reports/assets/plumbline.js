// Everything here makes a page better; no page needs it.
import { initAll } from "govuk-frontend";
import { parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile } from "vega-lite";
import adoption from "../charts/adoption.json";
import course from "../charts/course.json";
import deciles from "../charts/deciles.json";
import funnel from "../charts/funnel.json";
import profile from "../charts/profile.json";
import steps from "../charts/steps.json";
import trend from "../charts/trend.json";

const charts = { adoption, course, deciles, funnel, profile, steps, trend };

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// The interpreter draws without eval, so that the content policy can forbid it.
for (const figure of document.querySelectorAll("[data-chart]")) {
  const specification = structuredClone(charts[figure.dataset.chart]);
  const values = JSON.parse(figure.dataset.values);
  if (Array.isArray(values) ? values.length === 0 : Object.values(values).every((list) => list.length === 0)) continue;
  if (Array.isArray(values)) specification.data = { values };
  else specification.datasets = values;
  specification.width = Math.min(640, figure.clientWidth - 70);
  const place = document.createElement("div");
  place.setAttribute("aria-hidden", "true"); // the same numbers follow in words and in a table
  figure.append(place);
  new View(parse(compile(specification).spec, null, { ast: true }), {
    expr: expressionInterpreter,
    renderer: "svg",
    container: place,
  }).runAsync();
}

// A page of work under way looks again by itself.
const refresh = document.querySelector("[data-refresh]");
if (refresh) setTimeout(() => location.replace(refresh.dataset.refresh), 1000);

// A review is scored as it is filled in: points of points possible, over the items that are answered.
const review = document.querySelector("form[data-review]");
if (review) {
  const said = review.querySelector("[data-score]");
  const answerOf = (item) => (item.querySelector("input[type=radio]") ? item.querySelector("input:checked")?.value : item.querySelector("input").value.trim()) ?? "";
  const score = () => {
    let points = 0;
    let possible = 0;
    let open = 0;
    for (const item of review.querySelectorAll("[data-item]")) {
      const answer = answerOf(item);
      if (answer === "" && item.dataset.required) open += 1;
      if (!/^\d+$/.test(answer)) continue;
      points += Number(answer);
      possible += Number(item.dataset.item);
    }
    const share = possible === 0 ? "" : `${Math.floor((points * 100) / possible)}% (${points} of ${possible} points)`;
    const level = possible === 0 ? "" : points / possible >= Number(review.dataset.threshold) ? ", at fidelity" : ", below the threshold";
    said.textContent = possible === 0 ? "" : `Score so far: ${share}${level}. ${open === 0 ? "Every required item is answered." : `${open} required ${open === 1 ? "item is" : "items are"} open.`}`;
  };
  review.addEventListener("change", score);
  review.addEventListener("input", score);
  // Keyboard: a digit chooses the points of the item that has the focus, n says not applicable, and the next item follows.
  review.addEventListener("keydown", (event) => {
    const item = event.target.closest("[data-item]");
    if (!item || event.target.type !== "radio" || event.ctrlKey || event.altKey || event.metaKey) return;
    const wanted = event.key.toLowerCase() === "n" ? "NA" : event.key;
    const choice = [...item.querySelectorAll("input")].find((input) => input.value === wanted);
    if (!choice) return;
    event.preventDefault();
    choice.checked = true;
    choice.focus();
    score();
    const items = [...review.querySelectorAll("[data-item]")];
    items[items.indexOf(item) + 1]?.querySelector("input")?.focus();
  });
  score();
}

// What a return costs who fills it in: changes and presses on its page, and how long it was open.
for (const form of document.querySelectorAll("form[data-effort]")) {
  const opened = Date.now();
  let interactions = 0;
  const count = () => (interactions += 1);
  document.addEventListener("change", count);
  document.addEventListener("click", count);
  form.addEventListener("submit", () => {
    form.elements.effort_interactions.value = String(Math.max(0, interactions - 1));
    form.elements.effort_seconds.value = String(Math.min(3600, Math.round((Date.now() - opened) / 1000)));
  });
}
