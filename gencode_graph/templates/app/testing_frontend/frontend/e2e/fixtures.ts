import { type APIRequestContext, test as base, expect, type Locator, type Page } from "@playwright/test";

/** Every test fails on an uncaught error and on an error in the browser's console. */
export const test = base.extend<{ problems: string[]; api: Api }>({
  problems: [
    async ({ page }, use) => {
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("console", (message) => {
        // The browser reports every 4xx answer; the tests look at those in the page. Pictures may be elsewhere.
        const expected = /the server responded with a status of 4\d\d|net::ERR_/;
        if (message.type() === "error" && !expected.test(message.text())) problems.push(message.text());
      });
      await use(problems);
      expect(problems).toEqual([]);
    },
    { auto: true },
  ],
  api: async ({ request }, use) => use(new Api(request)),
});

/** The API, as the tests use it to prepare records and to see what was saved. */
export class Api {
  constructor(
    private readonly request: APIRequestContext,
    private readonly base = "",
  ) {}

  async get<T = Record<string, unknown>>(path: string): Promise<T> {
    const response = await this.request.get(`${this.base}/api/${path}`);
    expect(response.ok(), `GET ${path}: ${response.status()}`).toBe(true);
    return response.json() as Promise<T>;
  }

  async status(path: string): Promise<number> {
    return (await this.request.get(`${this.base}/api/${path}`)).status();
  }

  async post<T = { id: string }>(path: string, data: object): Promise<T> {
    const response = await this.request.post(`${this.base}/api/${path}`, { data });
    expect(response.status(), await response.text()).toBe(201);
    return response.json() as Promise<T>;
  }
}

let counter = 0;

/** A word that nothing else contains. */
export const token = () => `${Date.now().toString(36)}${process.pid.toString(36)}${(++counter).toString(36)}`;
export const unique = (text: string, max = 60) => {
  const word = token();
  return max > word.length + 3 ? `${text.slice(0, max - word.length - 1)} ${word}` : word.slice(-max);
};
export const anyOf = (low: number, high: number) => low + Math.floor(Math.random() * (high - low + 1));
/** One of the letters that each place allows. */
export const letters = (...places: string[]) => places.map((place) => place[anyOf(0, place.length - 1)]).join("");

const two = (value: number) => String(value).padStart(2, "0");
export const anyDay = () => `${anyOf(2060, 2090)}-${two(anyOf(1, 12))}-${two(anyOf(1, 28))}`;
/** An hour that nothing else takes. */
export const anySlot = () => {
  const [day, hour] = [anyDay(), anyOf(0, 22)];
  return { start: `${day}T${two(hour)}:00:00Z`, end: `${day}T${two(hour)}:45:00Z` };
};

/** The control of a form's field. */
export const field = (form: Page | Locator, name: string) => form.locator(`#field-${name}`);

/** Picks a record: that of the name, or the first one. */
export async function pick(form: Locator, name: string, label?: string) {
  const page = form.page();
  await field(form, name).click();
  const options = page.getByRole("listbox").getByRole("option");
  if (label) await page.getByPlaceholder("Search…").fill(label);
  await (label ? options.filter({ hasText: label }) : options.filter({ hasNotText: /^None$/ })).first().click();
}

/** Types a date or a time. */
export async function setDate(form: Locator, name: string, value: string) {
  const control = field(form, name);
  if ((await control.getAttribute("type")) === "datetime-local") {
    const moment = new Date(value);
    const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
    await control.fill(`${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`);
    return;
  }
  await control.click();
  await form.page().locator('[data-day$="-15"] button').first().click();
}

/** Waits until the page has loaded and shows the answer to its latest request. */
export async function settled(page: Page) {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(0);
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

/** The rows or cards of a list. */
export const entries = (page: Page, label: string) =>
  page
    .getByRole("table", { name: label, exact: true })
    .locator("tbody")
    .getByRole("row")
    .or(page.getByRole("list", { name: label, exact: true }).filter({ visible: true }).locator(":scope > li"));

export async function filterBy(page: Page, label: string, option: string) {
  await page.getByRole("button", { name: `Filter by ${label}` }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
  await page.keyboard.press("Escape");
}

/** Says yes to the question whether something is to be deleted. */
export async function confirmDelete(page: Page) {
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete", exact: true }).click();
}

export { expect };
