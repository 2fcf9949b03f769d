import { Check, X } from "lucide-react";
import { cn } from "@/lib/utils";

interface BooleanValueProps {
  value: boolean;
  /** What is or is not so, where no heading says it. */
  label?: string;
}

export function BooleanValue({ value, label }: BooleanValueProps) {
  const Icon = value ? Check : X;
  return (
    <span className={cn("inline-flex items-center gap-1.5", !value && "text-muted-foreground")}>
      <Icon aria-hidden className={cn("size-4 shrink-0", value && "text-emerald-600 dark:text-emerald-400")} />
      {label && !value && <span className="sr-only">Not: </span>}
      {label ?? (value ? "Yes" : "No")}
    </span>
  );
}
