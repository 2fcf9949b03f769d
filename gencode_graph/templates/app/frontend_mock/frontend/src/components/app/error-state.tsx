import { CircleAlert, RotateCw } from "lucide-react";
import { ApiError } from "@/api/client";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/utils";

export function ErrorState({ error, onRetry, className }: { error: Error; onRetry?: () => void; className?: string }) {
  const missing = error instanceof ApiError && error.status === 404;
  return (
    <div
      role="alert"
      className={cn("flex flex-col items-center justify-center gap-3 px-6 py-14 text-center", className)}
    >
      <div className="grid size-11 place-content-center rounded-xl border border-destructive/25 bg-destructive/10 text-destructive">
        <CircleAlert aria-hidden className="size-5" />
      </div>
      <div className="space-y-1">
        <p className="text-sm font-medium">{missing ? "Not found" : "Something went wrong"}</p>
        <p className="max-w-sm text-sm text-balance text-muted-foreground">{error.message}</p>
      </div>
      {onRetry && !missing && (
        <Button variant="outline" size="sm" onClick={onRetry}>
          <RotateCw /> Try again
        </Button>
      )}
    </div>
  );
}
