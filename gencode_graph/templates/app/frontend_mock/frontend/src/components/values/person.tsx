import { Avatar } from "@/components/ui/avatar";
import { cn } from "@/lib/utils";

export function Person({ name, className }: { name: string; className?: string }) {
  return (
    <span className={cn("inline-flex min-w-0 items-center gap-2 whitespace-nowrap", className)}>
      <Avatar name={name} className="size-5.5" />
      <span className="truncate">{name}</span>
    </span>
  );
}
