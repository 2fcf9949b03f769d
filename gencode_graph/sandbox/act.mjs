// Does one step after another in a page, up to the first that cannot be done; the answer is one line of JSON.
// Started in a folder whose node_modules hold playwright-core: node act.mjs '<job as JSON>'
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { launch, listen, painted, settled } from "./page.mjs";

const job = JSON.parse(process.argv[2]);
const { chromium } = createRequire(join(process.cwd(), "package.json"))("playwright-core");
const ROLES = ["button", "link", "tab", "menuitem", "option", "checkbox", "radio", "switch", "combobox"];
const ENOUGH = 100;
const faults = [];
const screenshots = [];

mkdirSync(join(job.root, job.out), { recursive: true });
const browser = await launch(chromium);
const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
page.setDefaultTimeout(job.patience);
const fault = (rule, text) => {
  const path = page.url().startsWith(job.base) ? page.url().slice(job.base.length) || "/" : "/";
  if (faults.length < ENOUGH) faults.push({ rule, page: path, variant: "script", text, hint: null });
};
listen(page, job.base, fault);

async function picture(name) {
  await page.waitForFunction(settled, null, { timeout: job.patience }).catch(() => {});
  await page.evaluate(painted);
  const file = `${job.out}/${name}.png`;
  await page.screenshot({ path: join(job.root, file), caret: "hide" });
  screenshots.push({ name, file });
}

const named = (name) => ROLES.map((role) => page.getByRole(role, { name, exact: true })).reduce((one, other) => one.or(other));
const verbs = {
  goto: ({ path }) => page.goto(job.base + path, { waitUntil: "load" }),
  click: ({ name }) => named(name).filter({ visible: true }).first().click(),
  fill: ({ label, text }) => page.getByLabel(label, { exact: true }).or(page.getByPlaceholder(label, { exact: true })).first().fill(text),
  expect: ({ text }) => page.getByText(text).filter({ visible: true }).first().waitFor(),
  screenshot: ({ name }) => picture(name),
};

let done = 0;
for (const step of job.steps) {
  try {
    await verbs[step.do](step);
    done += 1;
  } catch (error) {
    const { do: verb, ...rest } = step;
    fault("script/failed", `step ${done + 1}, ${verb} ${Object.values(rest).join(" ")}: ${String(error.message ?? error).split("\n")[0]}`);
    break;
  }
}
await page.waitForLoadState("networkidle", { timeout: 2000 }).catch(() => {}); // what the last step asked for may fail yet
await browser.close();
process.stdout.write(JSON.stringify({ done, faults, screenshots }));
