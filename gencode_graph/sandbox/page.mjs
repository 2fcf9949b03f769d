// What every visit of a browser shares: how it is started, when a page has come to rest, and what goes wrong on it.

export const launch = (chromium) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
  });

// A page is settled when it has a heading, says that nothing loads, and nothing moves any more.
export const settled = () =>
  document.querySelector("h1") &&
  !document.querySelector('[aria-busy="true"], [role="status"][aria-label="Loading"]') &&
  document.getAnimations().every((it) => it.playState !== "running" || it.effect?.getComputedTiming().endTime === Infinity) &&
  [...document.images].every((it) => it.complete || it.loading === "lazy");

export const painted = async () => {
  await document.fonts.ready;
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
};

export function listen(page, base, tell) {
  const here = (rule, text) => tell(rule, text.slice(0, 500));
  page.on("pageerror", (error) => here("browser/page-error", String(error.stack ?? error.message ?? error)));
  page.on("console", (message) => {
    // A failed request is told by its own event.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) here("browser/console-error", message.text());
  });
  page.on("response", (response) => {
    if (response.status() >= 400) here("browser/request-failed", `${response.request().method()} ${response.url().replace(base, "")} answered ${response.status()}`);
  });
  page.on("requestfailed", (request) => {
    // Going on to the next page ends what the last one still asked for.
    const why = request.failure()?.errorText ?? "failed";
    if (why !== "net::ERR_ABORTED") here("browser/request-failed", `${request.method()} ${request.url().replace(base, "")}: ${why}`);
  });
}
