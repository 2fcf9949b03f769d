import { ChevronLeft, ChevronRight } from "lucide-react";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/utils";

interface PaginationProps {
  page: number;
  pages: number;
  total: number;
  pageSize: number;
  onPage: (page: number) => void;
  className?: string;
}

export function Pagination({ page, pages, total, pageSize, onPage, className }: PaginationProps) {
  const from = Math.min(total, (page - 1) * pageSize + 1);
  return (
    <nav
      aria-label="Pagination"
      className={cn("flex items-center justify-between gap-3 text-[13px]", className)}
    >
      <p className="text-muted-foreground tabular-nums">
        {from}–{Math.min(total, page * pageSize)} of {total}
      </p>
      <div className={cn("flex items-center gap-2", pages === 1 && "hidden")}>
        <span className="hidden text-muted-foreground tabular-nums sm:inline">
          Page {page} of {pages}
        </span>
        <Button variant="outline" size="icon-sm" disabled={page <= 1} onClick={() => onPage(page - 1)}>
          <ChevronLeft />
          <span className="sr-only">Previous page</span>
        </Button>
        <Button variant="outline" size="icon-sm" disabled={page >= pages} onClick={() => onPage(page + 1)}>
          <ChevronRight />
          <span className="sr-only">Next page</span>
        </Button>
      </div>
    </nav>
  );
}
