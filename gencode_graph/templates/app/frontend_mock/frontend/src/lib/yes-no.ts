import type { Choice } from "./choices";

export const YES_NO: Choice[] = [
  { value: "true", label: "Yes" },
  { value: "false", label: "No" },
];
