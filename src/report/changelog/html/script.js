"use strict";
(() => {
  const form = document.getElementById("filters");
  const boxes = Array.from(form.querySelectorAll("input[name=layer]"));
  const choice = form.querySelector("select");
  const entries = Array.from(document.querySelectorAll("article"), (element) => ({
    element,
    layers: element.dataset.layers.split(" "),
    package: element.dataset.package,
  }));
  const sections = Array.from(document.querySelectorAll("section, .container"));

  function apply() {
    const layers = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    for (const entry of entries) {
      const fits =
        entry.layers.some((layer) => layers.has(layer)) &&
        (choice.value === "" || choice.value === entry.package);
      entry.element.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    for (const section of sections) {
      section.hidden = section.querySelector("article:not([hidden])") === null;
    }
    document.getElementById("shown").textContent = `${shown} of ${entries.length} shown`;
    document.getElementById("nothing").hidden = shown > 0 || entries.length === 0;
  }

  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  // On paper, nothing can be opened.
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) {
      details.open = true;
    }
  });
  form.hidden = entries.length === 0;
  apply();
})();
