import { formatDateTime, timeAgo } from "@/lib/format";
import { EmptyValue } from "./empty-value";

export function TimeAgo({ value }: { value: string | null }) {
  return value ? (
    <time dateTime={value} title={formatDateTime(value)} className="whitespace-nowrap text-muted-foreground">
      {timeAgo(value)}
    </time>
  ) : (
    <EmptyValue />
  );
}
