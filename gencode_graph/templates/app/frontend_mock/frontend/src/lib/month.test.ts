import { expect, it } from "vitest";
import { monthDays, monthLabel, shiftMonth } from "./month";

it("shows whole weeks, from Monday to Sunday", () => {
  const days = monthDays("2026-03");
  expect(days[0]).toBe("2026-02-23");
  expect(days.at(-1)).toBe("2026-04-05");
  expect(days).toHaveLength(42);
  expect(monthDays("2027-02")).toHaveLength(28);
});

it("steps over the end of a year", () => {
  expect(shiftMonth("2026-12", 1)).toBe("2027-01");
  expect(shiftMonth("2026-01", -1)).toBe("2025-12");
  expect(monthLabel("2026-03")).toBe("March 2026");
});
