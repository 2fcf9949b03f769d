import { ChevronLeft, ChevronRight, Plus } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { monthDays, monthLabel, shiftMonth } from "@/lib/month";
import { parseDay, toDay } from "@/lib/format";
import { cn } from "@/lib/utils";

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

interface MonthGridProps<T> {
  /** "2026-03" */
  month: string;
  onMonth: (month: string) => void;
  items: T[];
  dayOf: (item: T) => string;
  renderItem: (item: T) => ReactNode;
  /** What a click on a day makes, for its label. */
  one: string;
  onCreate: (day: string) => void;
  stale?: boolean;
}

/** A month of days with what falls on them; a click on a day creates something there. */
export function MonthGrid<T extends { id: string }>({
  month,
  onMonth,
  items,
  dayOf,
  renderItem,
  one,
  onCreate,
  stale,
}: MonthGridProps<T>) {
  const today = toDay(new Date());
  const days = monthDays(month);
  return (
    <section aria-label={monthLabel(month)} aria-busy={stale} className="overflow-hidden rounded-xl border bg-card shadow-card">
      <header className="flex items-center gap-2 border-b px-4 py-2.5">
        <h2 className="mr-auto text-sm font-semibold" aria-live="polite">
          {monthLabel(month)}
        </h2>
        <Button variant="outline" size="sm" onClick={() => onMonth(today.slice(0, 7))}>
          Today
        </Button>
        <Button variant="outline" size="icon-sm" onClick={() => onMonth(shiftMonth(month, -1))}>
          <ChevronLeft />
          <span className="sr-only">Previous month</span>
        </Button>
        <Button variant="outline" size="icon-sm" onClick={() => onMonth(shiftMonth(month, 1))}>
          <ChevronRight />
          <span className="sr-only">Next month</span>
        </Button>
      </header>
      <div aria-hidden className="hidden grid-cols-7 border-b bg-muted/40 text-xs font-medium text-muted-foreground md:grid">
        {WEEKDAYS.map((day) => (
          <span key={day} className="px-2 py-2">
            {day}
          </span>
        ))}
      </div>
      <ul className="grid gap-px bg-border md:grid-cols-7">
        {days.map((day) => {
          const found = items.filter((item) => dayOf(item) === day);
          const outside = !day.startsWith(month);
          return (
            <li
              key={day}
              aria-label={day}
              className={cn(
                "group relative min-h-12 bg-card p-2 transition-colors hover:bg-accent md:min-h-28",
                outside && "bg-muted hover:bg-accent",
                (outside || found.length === 0) && day !== today && "hidden md:block",
              )}
            >
              <button
                type="button"
                aria-label={`New ${one} on ${day}`}
                onClick={() => onCreate(day)}
                className="absolute inset-0 cursor-pointer outline-none focus-visible:ring-2 focus-visible:ring-ring/60 focus-visible:ring-inset"
              >
                <Plus
                  aria-hidden
                  className="absolute top-2 right-2 size-3.5 text-muted-foreground opacity-0 group-hover:opacity-100"
                />
              </button>
              <span
                className={cn(
                  "pointer-events-none relative inline-flex h-5 items-center justify-center gap-1 rounded-full text-xs tabular-nums",
                  day === today ? "min-w-5 bg-primary px-1.5 font-semibold text-primary-foreground" : "text-muted-foreground",
                )}
              >
                <span className="md:hidden">{parseDay(day).toLocaleDateString("en", { weekday: "short" })}</span>
                {parseDay(day).getDate()}
              </span>
              {found.length > 0 && (
                <ul className="pointer-events-none relative mt-1 max-h-40 space-y-1 overflow-y-auto">
                  {found.map((item) => (
                    <li key={item.id} className="pointer-events-auto">
                      {renderItem(item)}
                    </li>
                  ))}
                </ul>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
