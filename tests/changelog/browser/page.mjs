// Opens a changelog in Chromium, at several widths, in light, dark and on paper, and uses its filters.
// node page.mjs PAGE CHROMIUM [PICTURES]: PAGE has breaking changes of two packages; PICTURES is a directory.
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [page_file, executablePath, pictures] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"],
});

const views = [
  { name: "narrow", viewport: { width: 360, height: 740 }, colorScheme: "light" },
  { name: "wide", viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  { name: "dark", viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
];

/** The relative luminance of a color, as WCAG 2 defines it. */
function luminance(color) {
  const [r, g, b] = color.match(/[\d.]+/g).map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

async function open(view) {
  const context = await browser.newContext({ viewport: view.viewport, colorScheme: view.colorScheme });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => faults.push(message.text()));
  page.on("request", (request) => {
    if (!request.url().startsWith("file:") || request.url() !== page.url()) faults.push(`asks for ${request.url()}`);
  });
  const url = pathToFileURL(page_file).href;
  await page.goto(url);
  const own = faults.filter((fault) => fault !== `asks for ${url}`);
  assert.deepEqual(own, [], view.name);
  return page;
}

/** The entries that can be seen: their layers and packages. */
const shown = (page) =>
  page.$$eval("article", (entries) =>
    entries
      .filter((entry) => entry.checkVisibility({ contentVisibilityAuto: false }))
      .map((entry) => ({ layers: entry.dataset.layers.split(" "), package: entry.dataset.package })),
  );

for (const view of views) {
  const page = await open(view);
  const fits = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
  assert.ok(fits, `${view.name}: the page is wider than the window`);
  // Names have no blanks to break lines at.
  const cut = await page.$$eval("article :is(h4, p)", (elements) =>
    elements.filter((element) => {
      const long = document.createTextNode("acme.orders.v1.OrderService".repeat(8));
      element.append(long);
      const isCut = element.scrollWidth > element.clientWidth;
      long.remove();
      return isCut;
    }).map((element) => element.className),
  );
  assert.deepEqual(cut, [], `${view.name}: long names are cut off`);
  const colors = await page.$$eval("article :is(h4, p, pre, figcaption, summary, .change)", (elements) =>
    elements.map((element) => {
      let around = element;
      while (getComputedStyle(around).backgroundColor === "rgba(0, 0, 0, 0)") around = around.parentElement;
      return [getComputedStyle(element).color, getComputedStyle(around).backgroundColor, element.className];
    }),
  );
  for (const [text, background, what] of colors) {
    assert.ok(contrast(text, background) >= 4.5, `${view.name}: ${what} is ${text} on ${background}`);
  }
  const beside = await page.$eval(".sides:has(pre + *, .before pre):has(.after pre)", (sides) => {
    const [before, after] = Array.from(sides.children, (side) => side.getBoundingClientRect());
    return Math.abs(before.top - after.top) < 1 && before.right <= after.left;
  });
  assert.equal(beside, view.name !== "narrow", `${view.name}: both sides beside each other`);
  if (pictures) await page.screenshot({ path: join(pictures, `${view.name}.png`), fullPage: true });
  await page.context().close();
}

// The filters.
const page = await open(views[1]);
const all = await shown(page);
assert.ok(all.length > 4 && new Set(all.map((entry) => entry.package)).size > 1, "the page has too little to filter");
const box = (layer) => page.getByRole("checkbox", { name: new RegExp(`^${layer}\\b`) });
const status = () => page.getByRole("status").textContent();
assert.equal(await status(), `${all.length} of ${all.length} shown`);

await box("nothing").uncheck();
const breaking = all.filter((entry) => !entry.layers.includes("none"));
assert.ok(breaking.length > 0 && breaking.length < all.length);
assert.deepEqual(await shown(page), breaking);
assert.equal(await status(), `${breaking.length} of ${all.length} shown`);
await box("source").uncheck();
await box("json").uncheck();
assert.deepEqual(await shown(page), breaking.filter((entry) => entry.layers.some((layer) => ["wire", "grpc"].includes(layer))));
await box("nothing").check();
await box("source").check();
await box("json").check();
const [, name] = await page.getByRole("combobox", { name: "Package" }).locator("option").allTextContents();
await page.getByRole("combobox", { name: "Package" }).selectOption({ label: name });
assert.deepEqual(await shown(page), all.filter((entry) => entry.package === name));
// Sections and containers without any entry go too.
assert.ok(await page.$$eval(".container:not([hidden])", (all) => all.every((one) => one.querySelector("article:not([hidden])"))));
const headings = await page.$$eval("section:not([hidden]) h2 code", (codes) => codes.map((code) => code.textContent));
assert.ok(headings.length > 0 && headings.every((heading) => heading === name), headings.join(", "));
for (const layer of ["wire", "json", "source", "nothing"]) await box(layer).uncheck();
assert.deepEqual(await shown(page), []);
assert.ok(await page.getByText("No change matches the filters.").isVisible());
for (const layer of ["wire", "json", "source", "nothing"]) await box(layer).check();
await page.getByRole("combobox", { name: "Package" }).selectOption("");
assert.deepEqual(await shown(page), all);

// By keyboard alone.
await box("wire").focus();
await page.keyboard.press("Space");
assert.ok((await shown(page)).length <= all.length && !(await box("wire").isChecked()));
await page.keyboard.press("Space");

// On paper: no filters, all evidence.
await page.emulateMedia({ media: "print" });
await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
assert.ok(await page.locator("#filters").isHidden());
assert.ok(await page.$$eval("details", (all) => all.length > 0 && all.every((details) => details.open)));
if (pictures) await page.pdf({ path: join(pictures, "paper.pdf"), format: "A4" });
await page.context().close();

// Without its script, everything is there.
const still = await browser.newContext({ javaScriptEnabled: false });
const plain = await still.newPage();
await plain.goto(pathToFileURL(page_file).href);
assert.equal(await plain.locator("article").count(), all.length);
assert.ok(await plain.locator("#filters").isHidden() && await plain.locator("#nothing").isHidden());
await browser.close();
console.log(`${all.length} entries, ${breaking.length} of them breaking`);
