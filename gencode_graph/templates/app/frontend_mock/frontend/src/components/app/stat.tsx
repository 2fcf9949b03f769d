import { ArrowDownRight, ArrowUpRight, type LucideIcon, Minus } from "lucide-react";
import { Card } from "@/components/ui/card";
import { cn } from "@/lib/utils";

interface StatProps {
  icon: LucideIcon;
  label: string;
  value: string;
  note?: string;
  /** This week's and last week's count. */
  trend?: { current: number | null; previous: number | null };
  /** Something needs attention. */
  alarm?: boolean;
}

export function Stat({ icon: Icon, label, value, note, trend, alarm }: StatProps) {
  const delta = trend && trend.current !== null && trend.previous !== null ? trend.current - trend.previous : undefined;
  const Trend = !delta ? Minus : delta > 0 ? ArrowUpRight : ArrowDownRight;
  return (
    <Card className="flex min-w-0 flex-col gap-2 p-4 sm:p-5">
      <div className="flex items-center justify-between gap-2 text-[13px] font-medium text-muted-foreground">
        {label}
        <Icon aria-hidden className={cn("size-4 shrink-0", alarm && "text-destructive dark:text-red-400")} />
      </div>
      <div className="flex flex-wrap items-baseline gap-x-2">
        <span
          className={cn(
            "heading text-2xl tabular-nums sm:text-[28px]",
            alarm && "text-destructive dark:text-red-400",
          )}
        >
          {value}
        </span>
        {delta !== undefined && (
          <span className="inline-flex items-center gap-0.5 text-xs font-medium text-muted-foreground tabular-nums">
            <Trend aria-hidden className="size-3.5" />
            {delta > 0 ? `+${delta}` : delta}
            <span className="sr-only"> against the week before</span>
          </span>
        )}
      </div>
      {note && <p className="text-xs text-muted-foreground">{note}</p>}
    </Card>
  );
}
