import type { Row, Tables } from "./engine";

const DAY = 86_400_000;

/** "@-3.5d" means three and a half days ago, so that the demo never looks stale. */
function resolve(column: string, value: unknown, now: number): unknown {
  if (typeof value !== "string" || !/^@[+-]?\d/.test(value)) return value;
  const moment = new Date(now + Number.parseFloat(value.slice(1)) * DAY).toISOString();
  return column.endsWith("_at") ? moment : moment.slice(0, 10);
}

export function resolveSeed(seed: Record<string, Record<string, unknown>[]>, now = Date.now()): Tables {
  const tables = Object.entries(seed).map(([name, rows]) => [
    name,
    rows.map(
      (row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, resolve(key, value, now)])) as Row,
    ),
  ]);
  return Object.fromEntries(tables);
}
