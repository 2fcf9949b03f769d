import { EmptyValue } from "./empty-value";

export function TextValue({ value }: { value: string }) {
  return value ? <span className="line-clamp-2 break-words">{value}</span> : <EmptyValue />;
}
