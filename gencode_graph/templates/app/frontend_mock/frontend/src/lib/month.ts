import { parseDay, toDay } from "./format";

/** Every day of the weeks (Monday first) that a month ("2026-03") touches. */
export function monthDays(month: string): string[] {
  const first = parseDay(`${month}-01`);
  const last = new Date(first.getFullYear(), first.getMonth() + 1, 0);
  const before = (first.getDay() + 6) % 7;
  const after = (7 - last.getDay()) % 7;
  return Array.from({ length: before + last.getDate() + after }, (_, index) =>
    toDay(new Date(first.getFullYear(), first.getMonth(), index + 1 - before)),
  );
}

export function shiftMonth(month: string, by: number): string {
  const first = parseDay(`${month}-01`);
  return toDay(new Date(first.getFullYear(), first.getMonth() + by, 1)).slice(0, 7);
}

export function monthLabel(month: string): string {
  return parseDay(`${month}-01`).toLocaleDateString("en", { month: "long", year: "numeric" });
}
