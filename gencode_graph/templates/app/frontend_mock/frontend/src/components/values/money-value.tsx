import { formatMoney } from "@/lib/money";
import { EmptyValue } from "./empty-value";

export function MoneyValue({ value }: { value: number | null }) {
  return value === null ? <EmptyValue /> : <span className="tabular-nums">{formatMoney(value)}</span>;
}
