import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { cn } from "@/lib/utils";
import { app } from "@/nav";

interface PageProps {
  title: string;
  description?: string;
  /** Where the page is, outermost first; the last step is the page itself. */
  trail?: { label: string; to?: string }[];
  actions?: ReactNode;
  children: ReactNode;
  /** Fills the window instead of growing with its content. */
  full?: boolean;
  className?: string;
}

export function Page({ title, description, trail, actions, children, full, className }: PageProps) {
  useEffect(() => {
    document.title = `${title} · ${app.name}`;
  }, [title]);
  return (
    <div className={cn("flex min-h-full flex-col", full && "h-full")}>
      <header className="flex flex-wrap items-end justify-between gap-x-4 gap-y-3 px-4 pt-5 pb-4 sm:px-6 lg:px-8">
        <div className="min-w-0 flex-1 basis-52">
          {trail && (
            <nav aria-label="Breadcrumb" className="mb-1 flex items-center gap-1 text-[13px] text-muted-foreground">
              {trail.map((step, index) => (
                <span key={step.label} className="flex min-w-0 items-center gap-1">
                  {index > 0 && <ChevronRight aria-hidden className="size-3.5 shrink-0" />}
                  {step.to ? (
                    <Link to={step.to} className="rounded whitespace-nowrap hover:text-foreground hover:underline">
                      {step.label}
                    </Link>
                  ) : (
                    <span aria-current="page" className="truncate">
                      {step.label}
                    </span>
                  )}
                </span>
              ))}
            </nav>
          )}
          <h1 className="heading text-xl text-balance break-words">{title}</h1>
          {description && <p className="mt-0.5 text-sm text-pretty text-muted-foreground">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      <div className={cn("flex-1 px-4 pb-8 sm:px-6 lg:px-8", full && "min-h-0", className)}>{children}</div>
    </div>
  );
}
