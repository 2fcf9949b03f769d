import type { ReactNode } from "react";

interface BarListProps {
  label: string;
  rows: { id: string; value: number; name: ReactNode; barClass: string }[];
  format: (value: number) => string;
}

/** Values beside each other, the longest bar being the largest. */
export function BarList({ label, rows, format }: BarListProps) {
  const most = Math.max(1, ...rows.map((row) => row.value));
  if (rows.length === 0) return <p className="text-sm text-muted-foreground">Nothing to show yet.</p>;
  return (
    <ul aria-label={label} className="space-y-3.5">
      {rows.map((row) => (
        <li key={row.id} className="space-y-1.5 text-sm">
          <span className="flex items-center justify-between gap-3">
            <span className="flex min-w-0 items-center gap-2">{row.name}</span>
            <span className="text-muted-foreground tabular-nums">{format(row.value)}</span>
          </span>
          <span aria-hidden className="block h-1.5 overflow-hidden rounded-full bg-muted">
            <span
              className={`block h-full rounded-full ${row.barClass}`}
              style={{ width: `${Math.max(0, (row.value / most) * 100)}%` }}
            />
          </span>
        </li>
      ))}
    </ul>
  );
}
