import { formatNumber } from "@/lib/format";
import { EmptyValue } from "./empty-value";

export function NumberValue({ value }: { value: number | null }) {
  return value === null ? <EmptyValue /> : <span className="tabular-nums">{formatNumber(value)}</span>;
}
