import { formatDateTime } from "@/lib/format";
import { EmptyValue } from "./empty-value";

export function MomentValue({ value }: { value: string | null }) {
  return value ? (
    <time dateTime={value} className="whitespace-nowrap text-muted-foreground tabular-nums">
      {formatDateTime(value)}
    </time>
  ) : (
    <EmptyValue />
  );
}
