import { CalendarDays } from "lucide-react";
import { formatDay } from "@/lib/format";
import { cn } from "@/lib/utils";
import { EmptyValue } from "./empty-value";

interface DayValueProps {
  value: string | null;
  /** The day has passed although something was due. */
  late?: boolean;
  icon?: boolean;
}

export function DayValue({ value, late, icon }: DayValueProps) {
  if (!value) return icon ? null : <EmptyValue />;
  return (
    <span
      className={cn(
        "inline-flex items-center gap-1 whitespace-nowrap tabular-nums",
        late ? "font-medium text-destructive dark:text-red-400" : "text-muted-foreground",
      )}
    >
      {icon && <CalendarDays aria-hidden className="size-3.5" />}
      {formatDay(value)}
      {late && <span className="sr-only">, overdue</span>}
    </span>
  );
}
