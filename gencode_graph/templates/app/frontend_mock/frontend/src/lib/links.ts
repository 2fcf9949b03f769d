export type LinkKind = "url" | "email" | "phone";

/** Where a value leads; anything but a web address, a mailbox or a number leads nowhere. */
export function hrefOf(kind: LinkKind, value: string): string | undefined {
  if (!value) return undefined;
  if (kind === "email") return `mailto:${value}`;
  if (kind === "phone") return `tel:${value.replace(/[^+\d]/g, "")}`;
  return /^https?:\/\//i.test(value) ? value : undefined;
}
