"use strict";
(() => {
  const form = document.getElementById("filters");
  const search = form.querySelector("input");
  const order = form.querySelector("select");
  const tables = Array.from(document.querySelectorAll("table"), (element) => ({
    element,
    body: element.tBodies[0],
    rows: Array.from(element.tBodies[0].rows, (row) => ({
      row,
      name: row.querySelector(".name"),
      short: row.querySelector(".name").innerHTML,
      path: row.dataset.path,
      depth: Number(row.dataset.depth),
      own: Number(row.dataset.own),
      button: row.querySelector("button"),
    })),
  }));

  function apply() {
    const wanted = search.value.trim().toLowerCase();
    const isFlat = order.value === "own";
    let shown = 0;
    let all = 0;
    for (const { element, body, rows } of tables) {
      element.classList.toggle("flat", isFlat || wanted !== "");
      const sorted = isFlat ? rows.toSorted((one, other) => other.own - one.own) : rows;
      body.append(...sorted.map(({ row }) => row));
      let folded = Infinity;
      for (const item of sorted) {
        let fits = item.path.toLowerCase().includes(wanted);
        if (!isFlat && wanted === "") {
          if (item.depth <= folded) {
            folded = Infinity;
          }
          fits = folded === Infinity;
          if (fits && item.button?.getAttribute("aria-expanded") === "false") {
            folded = item.depth;
          }
        }
        if (isFlat || wanted !== "") {
          item.name.textContent = item.path;
        } else {
          item.name.innerHTML = item.short;
        }
        item.row.hidden = !fits;
        shown += fits ? 1 : 0;
        all += 1;
      }
    }
    document.getElementById("shown").textContent = `${shown} of ${all} shown`;
  }

  document.addEventListener("click", (event) => {
    if (event.target instanceof HTMLButtonElement) {
      const isOpen = event.target.getAttribute("aria-expanded") === "true";
      event.target.setAttribute("aria-expanded", String(!isOpen));
      apply();
    }
  });
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
})();
