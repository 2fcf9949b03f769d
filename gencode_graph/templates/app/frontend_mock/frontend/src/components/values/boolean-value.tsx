import { Check, Minus } from "lucide-react";

export function BooleanValue({ value }: { value: boolean }) {
  return value ? (
    <span className="inline-flex items-center gap-1.5">
      <Check aria-hidden className="size-4 text-emerald-600 dark:text-emerald-400" />
      Yes
    </span>
  ) : (
    <span className="inline-flex items-center gap-1.5 text-muted-foreground">
      <Minus aria-hidden className="size-4" />
      No
    </span>
  );
}
