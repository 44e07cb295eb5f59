// Everything here makes a page better; no page needs it.
import { initAll } from "govuk-frontend";
import { parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile } from "vega-lite";
import trend from "../charts/trend.json";

const charts = { trend };

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// The interpreter draws without eval, so that the content policy can forbid it.
for (const figure of document.querySelectorAll("[data-chart]")) {
  const specification = structuredClone(charts[figure.dataset.chart]);
  specification.data = { values: JSON.parse(figure.dataset.values) };
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
