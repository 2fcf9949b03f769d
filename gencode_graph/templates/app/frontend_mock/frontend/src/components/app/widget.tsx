import type { ReactNode } from "react";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { cn } from "@/lib/utils";

interface WidgetProps {
  title: string;
  note?: string;
  /** Content that reaches the edges, such as a list. */
  flush?: boolean;
  className?: string;
  children: ReactNode;
}

/** A card of the dashboard. */
export function Widget({ title, note, flush, className, children }: WidgetProps) {
  return (
    <Card className={cn("flex min-w-0 flex-col overflow-hidden", className)}>
      <CardHeader>
        <div>
          <CardTitle>{title}</CardTitle>
          {note && <CardDescription>{note}</CardDescription>}
        </div>
      </CardHeader>
      {flush ? <div className="mt-3 border-t">{children}</div> : <CardContent className="flex-1">{children}</CardContent>}
    </Card>
  );
}
