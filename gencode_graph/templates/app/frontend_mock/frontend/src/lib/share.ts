/** Part of a whole in percent, or what is left of it. */
export function share(part: number, whole: number, left = false): number {
  if (whole === 0) return 0;
  const percent = (part / whole) * 100;
  return left ? 100 - percent : percent;
}
