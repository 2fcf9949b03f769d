import { Star } from "lucide-react";
import { cn } from "@/lib/utils";
import { EmptyValue } from "./empty-value";

const STARS = [1, 2, 3, 4, 5];

export function Stars({ value, className }: { value: number | null; className?: string }) {
  if (value === null) return <EmptyValue />;
  return (
    <span role="img" aria-label={`${Math.round(value * 10) / 10} of 5 stars`} className={cn("inline-flex", className)}>
      {STARS.map((star) => (
        <Star
          key={star}
          aria-hidden
          className={cn(
            "size-4 shrink-0",
            star <= Math.round(value) ? "fill-amber-400 text-amber-500" : "text-muted-foreground/40",
          )}
        />
      ))}
    </span>
  );
}
