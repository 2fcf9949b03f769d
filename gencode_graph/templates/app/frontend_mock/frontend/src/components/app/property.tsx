import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

interface PropertyProps {
  label: string;
  action?: ReactNode;
  children: ReactNode;
}

/** A name and its value, in a <dl>. */
export function Property({ label, action, children }: PropertyProps) {
  return (
    <div className="grid min-w-0 content-start gap-1.5">
      <dt className="flex justify-between gap-2 text-xs font-medium text-muted-foreground">
        {label}
        {action}
      </dt>
      <dd className="min-w-0 text-sm">{children}</dd>
    </div>
  );
}

/** Leads to the record that a property names. */
export function PropertyLink({ to, id, label }: { to: string; id: string; label: string }) {
  return (
    <Link to={to} params={{ id }} className="rounded text-link underline-offset-4 hover:underline">
      Open<span className="sr-only"> {label}</span>
    </Link>
  );
}
