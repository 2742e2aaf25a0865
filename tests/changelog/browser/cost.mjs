// Opens the page of `protolint payload cost` in Chromium, at several widths, in light, dark and on paper, and uses it.
// node cost.mjs PAGE CHROMIUM [PICTURES]: PAGE has messages in messages; PICTURES is a directory.
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [page_file, executablePath, pictures] = process.argv.slice(2);
const url = pathToFileURL(page_file).href;
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"],
});
const views = [
  { name: "cost-narrow", viewport: { width: 360, height: 740 }, colorScheme: "light" },
  { name: "cost-wide", viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  { name: "cost-dark", viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
];

async function open(view) {
  const context = await browser.newContext({ viewport: view.viewport, colorScheme: view.colorScheme });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => errors.push(message.text()));
  page.on("request", (request) => request.url() !== url && errors.push(`requests ${request.url()}`));
  await page.goto(url);
  assert.deepEqual(errors, [], view.name);
  return page;
}

for (const view of views) {
  const page = await open(view);
  const fits = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
  assert.ok(fits, `${view.name}: the page is wider than the window`);
  const bars = await page.$$eval("tbody tr", (rows) =>
    rows.map((row) => [Number(row.dataset.depth), row.querySelector(".track span").getBoundingClientRect().width]),
  );
  assert.ok(bars[0][1] > 10 && bars.every(([, width]) => width > 0), `${view.name}: there are bars`);
  if (pictures) await page.screenshot({ path: join(pictures, `${view.name}.png`), fullPage: true });
  await page.context().close();
}

const page = await open(views[1]);
const shown = () => page.$$eval("tbody tr:not([hidden])", (rows) => rows.map((row) => row.dataset.path));
const all = await shown();
assert.ok(all.includes("author.id") && all.length > 8);
assert.equal(await page.getByRole("status").textContent(), `${all.length} of ${all.length} shown`);

// A message folds, by mouse and by keyboard.
const button = page.getByRole("button", { name: "fields of author", exact: true });
await button.click();
assert.equal(await button.getAttribute("aria-expanded"), "false");
assert.deepEqual(await shown(), all.filter((path) => !path.startsWith("author.")));
await button.press("Enter");
assert.deepEqual(await shown(), all);

// The filter and the order.
await page.getByRole("searchbox").fill("AUTHOR");
assert.deepEqual(await shown(), all.filter((path) => path.startsWith("author")));
await page.getByRole("searchbox").fill("");
assert.deepEqual(await shown(), all);
await page.getByRole("combobox").selectOption("own");
const own = await page.$$eval("tbody tr", (rows) => rows.map((row) => Number(row.dataset.own)));
assert.deepEqual(own, [...own].sort((one, other) => other - one));
const names = await page.$$eval("tbody tr .name", (names) => names.map((name) => name.textContent));
assert.deepEqual(names, await shown());
await page.getByRole("combobox").selectOption("tree");
assert.deepEqual(await shown(), all);

await page.emulateMedia({ media: "print" });
assert.ok(await page.locator("#filters").isHidden());
if (pictures) await page.pdf({ path: join(pictures, "cost-paper.pdf"), format: "A4" });

// Without its script, everything is there.
const still = await browser.newContext({ javaScriptEnabled: false });
const plain = await still.newPage();
await plain.goto(url);
assert.equal(await plain.locator("tbody tr").count(), all.length);
assert.ok(await plain.locator("#filters").isHidden());
await browser.close();
console.log(`${all.length} paths`);
