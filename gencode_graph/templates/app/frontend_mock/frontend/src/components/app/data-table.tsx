import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { cn } from "@/lib/utils";

export interface Column<T> {
  key: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** Name of the API's sort key; the header becomes a button. */
  sort?: string;
  className?: string;
}

interface DataTableProps<T extends { id: string }> {
  rows: T[];
  columns: Column<T>[];
  label: string;
  sort?: string;
  onSort?: (sort: string) => void;
  /** Shown instead of the table on phones. */
  mobile: (row: T) => ReactNode;
  stale?: boolean;
}

export function DataTable<T extends { id: string }>({ rows, columns, label, sort, onSort, mobile, stale }: DataTableProps<T>) {
  return (
    <div aria-busy={stale} className={cn("@container transition-opacity", stale && "opacity-60")}>
      <div className="hidden overflow-x-auto @xl:block">
        <Table aria-label={label}>
          <TableHeader>
            <tr>
              {columns.map((column) => (
                <SortableHead key={column.key} column={column} sort={sort} onSort={onSort} />
              ))}
            </tr>
          </TableHeader>
          <TableBody>
            {rows.map((row) => (
              <TableRow key={row.id}>
                {columns.map((column) => (
                  <TableCell key={column.key} className={column.className}>
                    {column.cell(row)}
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </div>
      <ul aria-label={label} className="divide-y @xl:hidden">
        {rows.map((row) => (
          <li key={row.id}>{mobile(row)}</li>
        ))}
      </ul>
    </div>
  );
}

function SortableHead<T>({
  column,
  sort,
  onSort,
}: { column: Column<T>; sort?: string; onSort?: (sort: string) => void }) {
  const key = column.sort;
  if (!key || !onSort) {
    return <TableHead className={column.className}>{column.header || <span className="sr-only">Actions</span>}</TableHead>;
  }
  const direction = sort === key ? "ascending" : sort === `-${key}` ? "descending" : undefined;
  const Icon = direction === "ascending" ? ArrowUp : direction === "descending" ? ArrowDown : ChevronsUpDown;
  return (
    <TableHead aria-sort={direction ?? "none"} className={column.className}>
      <button
        type="button"
        onClick={() => onSort(direction === "ascending" ? `-${key}` : key)}
        className={cn(
          "-mx-1.5 inline-flex h-7 items-center gap-1 rounded px-1.5 outline-none hover:bg-accent hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring/50",
          direction && "text-foreground",
        )}
      >
        {column.header}
        <Icon aria-hidden className={cn("size-3.5", !direction && "opacity-50")} />
      </button>
    </TableHead>
  );
}
