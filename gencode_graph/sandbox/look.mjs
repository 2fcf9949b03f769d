// Opens every page in each theme and size, takes screenshots and says what is wrong; the answer is one line of JSON.
// Started in a folder whose node_modules hold playwright-core and axe-core: node look.mjs '<job as JSON>'
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { launch, listen, painted, settled } from "./page.mjs";

const job = JSON.parse(process.argv[2]);
const require = createRequire(join(process.cwd(), "package.json"));
const { chromium } = require("playwright-core");
const SIZES = [["desktop", 1280, 900], ["mobile", 390, 844]];
const faults = [];
const screenshots = [];

const axeSource = (() => {
  for (const from of [() => require, () => createRequire(require.resolve("@axe-core/playwright"))]) {
    try {
      return readFileSync(from().resolve("axe-core/axe.min.js"), "utf8");
    } catch (error) {
      if (error.code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  return null;
})();

// A page that fails in a loop fails often enough after a few.
const ENOUGH = 20;
const counts = new Map();
const fault = (rule, page, variant, text, hint = null) => {
  const key = `${rule} ${page} ${variant}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
  if (counts.get(key) <= ENOUGH) faults.push({ rule, page, variant, text, hint });
};

const measure = () => {
  const extra = document.documentElement.scrollWidth - window.innerWidth;
  const within = (element) => {
    for (let it = element.parentElement; it && it !== document.body; it = it.parentElement) {
      if (getComputedStyle(it).overflowX !== "visible") return true;
    }
    return false;
  };
  const wide =
    extra > 0
      ? [...document.body.querySelectorAll("*")].find((it) => it.getBoundingClientRect().right > window.innerWidth + 0.5 && !within(it))
      : null;
  return {
    extra,
    wide: wide ? wide.outerHTML.replace(/>[\s\S]*/, ">").slice(0, 200) : null,
    headings: document.querySelectorAll("h1").length,
    text: document.body.innerText.trim().length,
    links: [...document.querySelectorAll("a[href]")].map((it) => new URL(it.href, location.href)).filter((it) => it.origin === location.origin).map((it) => it.pathname),
  };
};

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
const runAxe = (options) =>
  window.axe.run(document, options).then((result) =>
    result.violations
      .filter((it) => it.impact === "serious" || it.impact === "critical")
      .map((it) => ({
        id: it.id,
        help: it.help,
        count: it.nodes.length,
        html: it.nodes[0].html.slice(0, 200),
        summary: (it.nodes[0].failureSummary ?? "").replace(/\s+/g, " ").slice(0, 300),
      })),
  );

// Structure differs by size, contrast by both: all rules once for each size, contrast in all four, evenly on the themes.
const axeOptions = (size, theme) => ({
  resultTypes: ["violations"],
  runOnly: (size === "desktop") === (theme === "light") ? { type: "tag", values: RULES } : { type: "rule", values: ["color-contrast"] },
});

const pattern = (path) => new RegExp(`^${path.split("/").map((part) => (part.startsWith("$") ? "[^/]+" : part.replace(/[.*+?^()|[\]\\{}]/g, "\\$&"))).join("/")}$`);

async function visit(page, theme, name, path, links, now) {
  now.page = path;
  await page.setViewportSize({ width: SIZES[0][1], height: SIZES[0][2] });
  now.variant = `${SIZES[0][0]} ${theme}`;
  await page.goto(job.base + path, { waitUntil: "load", timeout: 15_000 });
  let patience = job.settle;
  for (const [size, width, height] of SIZES) {
    const variant = (now.variant = `${size} ${theme}`);
    if (size !== SIZES[0][0]) await page.setViewportSize({ width, height });
    const calm = await page.waitForFunction(settled, null, { timeout: patience }).then(() => true, () => false);
    patience = calm ? 3000 : 300; // one that did not come to rest at once is not waited for again
    await page.evaluate(painted);
    const seen = await page.evaluate(measure);
    for (const link of seen.links) links.add(link);
    if (!seen.text) fault("browser/blank", path, variant, "nothing can be read on the page");
    else if (!seen.headings) fault("browser/blank", path, variant, "the page has no h1");
    else if (!calm) fault("browser/not-settled", path, variant, "the page was still loading or moving");
    if (seen.extra > 0) fault("browser/overflow", path, variant, `the page is ${seen.extra} px wider than the screen`, seen.wide && `first element beyond the edge: ${seen.wide}`);
    const file = `${job.out}/${name}-${size}-${theme}.png`;
    await page.screenshot({ path: join(job.root, file), caret: "hide" });
    screenshots.push({ page: path, name, size, theme, file });
    if (axeSource) {
      if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeSource);
      for (const it of await page.evaluate(runAxe, axeOptions(size, theme))) {
        fault(`axe/${it.id}`, path, variant, `${it.help} (${it.count === 1 ? "one element" : `${it.count} elements`}, first: ${it.html})`, it.summary);
      }
    }
  }
}

async function concrete(page, path, links, now) {
  if (!path.includes("$")) return path;
  const wanted = pattern(path);
  const fixed = new Set(job.pages.map(([, it]) => it));
  const pick = () => [...links].find((it) => wanted.test(it) && !fixed.has(it) && !it.endsWith("/new"));
  if (pick()) return pick();
  now.page = path.slice(0, path.indexOf("/$")) || "/";
  await page.goto(job.base + now.page, { timeout: 15_000 });
  await page.waitForFunction(settled, null, { timeout: job.settle }).catch(() => {});
  for (const link of (await page.evaluate(measure)).links) links.add(link);
  return pick();
}

async function worker(browser, theme) {
  const context = await browser.newContext({ colorScheme: theme, reducedMotion: "reduce", bypassCSP: true });
  const page = await context.newPage();
  const now = { page: "/", variant: theme };
  const links = new Set();
  listen(page, job.base, (rule, text) => fault(rule, now.page, now.variant, text));
  const pages = [...job.pages].sort((a, b) => Number(a[1].includes("$")) - Number(b[1].includes("$")));
  for (const [name, path] of pages) {
    try {
      const place = await concrete(page, path, links, now);
      if (place) await visit(page, theme, name, place, links, now);
      else fault("browser/no-detail", path, theme, "no link on its list page leads to such a page");
    } catch (error) {
      fault("browser/not-opened", path, now.variant, String(error.message ?? error).split("\n")[0]);
    }
  }
  await context.close();
}

mkdirSync(join(job.root, job.out), { recursive: true });
const browser = await launch(chromium);
await Promise.all(["light", "dark"].map((theme) => worker(browser, theme)));
await browser.close();
process.stdout.write(JSON.stringify({ axe: Boolean(axeSource), faults, screenshots }));
