/** Stands where there is no value. */
export function EmptyValue() {
  return <span className="text-muted-foreground">–</span>;
}
