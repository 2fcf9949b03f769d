import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/utils";

interface ToolbarProps {
  search?: ReactNode;
  children?: ReactNode;
  /** Present only while a filter is active. */
  onReset?: () => void;
  className?: string;
}

/** Search and filters; on phones the filters scroll sideways in one row. */
export function Toolbar({ search, children, onReset, className }: ToolbarProps) {
  return (
    <div className={cn("flex flex-col gap-2 sm:flex-row sm:flex-wrap sm:items-center", className)}>
      {search}
      <div className="-mx-4 flex min-w-0 items-center gap-2 overflow-x-auto px-4 [scrollbar-width:none] sm:mx-0 sm:flex-wrap sm:overflow-visible sm:px-0">
        {children}
        {onReset && (
          <Button variant="ghost" size="sm" onClick={onReset} className="text-muted-foreground">
            Reset <X className="size-3.5" />
          </Button>
        )}
      </div>
    </div>
  );
}
