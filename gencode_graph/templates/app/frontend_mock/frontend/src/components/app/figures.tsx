import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";

/** Numbers that sum a record up. */
export function Figures({ items }: { items: { label: string; value: ReactNode }[] }) {
  return (
    <dl className="mb-5 grid grid-cols-2 gap-3 sm:flex sm:flex-wrap">
      {items.map(({ label, value }) => (
        <Card key={label} className="min-w-36 px-4 py-3">
          <dt className="text-xs font-medium text-muted-foreground">{label}</dt>
          <dd className="mt-1 text-xl font-semibold tracking-tight tabular-nums">{value}</dd>
        </Card>
      ))}
    </dl>
  );
}
