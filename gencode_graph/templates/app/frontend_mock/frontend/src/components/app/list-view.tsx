import type { UseQueryResult } from "@tanstack/react-query";
import { type LucideIcon, Plus, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { CardsSkeleton } from "@/components/app/cards-skeleton";
import { EmptyState } from "@/components/app/empty-state";
import { ErrorState } from "@/components/app/error-state";
import { ListSkeleton } from "@/components/app/list-skeleton";
import { Pagination } from "@/components/app/pagination";
import { SearchInput } from "@/components/app/search-input";
import { Toolbar } from "@/components/app/toolbar";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { clean, isFiltered, type ListSearch, reset } from "@/lib/search";
import { cn } from "@/lib/utils";

interface PageOf<T> {
  items: T[];
  total: number;
  page: number;
  pages: number;
  page_size: number;
}

interface ListViewProps<T, S extends ListSearch> {
  /** What the records are called in a sentence. */
  one: string;
  many: string;
  icon: LucideIcon;
  result: UseQueryResult<PageOf<T>, Error>;
  search: S;
  onSearch: (change: Partial<S>) => void;
  searchable?: boolean;
  /** Controls that narrow or order the list. */
  filters?: ReactNode;
  onCreate: () => void;
  /** Cards stand by themselves; a table is framed together with its controls. */
  cards?: boolean;
  children: (rows: T[], stale: boolean) => ReactNode;
}

/** Search, filters, the rows or why there are none, and the pages. */
export function ListView<T, S extends ListSearch>({
  one,
  many,
  icon,
  result,
  search,
  onSearch,
  searchable,
  filters,
  onCreate,
  cards,
  children,
}: ListViewProps<T, S>) {
  const { data, error, refetch, isPlaceholderData } = result;
  const filtered = isFiltered(search);
  const clear = () => onSearch(reset(search));
  const toolbar = (searchable || filters) && (
    <Toolbar
      className={cards ? "mb-4" : "border-b px-4 py-3"}
      onReset={filtered ? clear : undefined}
      search={
        searchable && (
          <SearchInput
            label={`Search ${many}`}
            value={search.q ?? ""}
            onChange={(q) => onSearch(clean({ q } as Partial<S>))}
            className="w-full sm:w-56"
          />
        )
      }
    >
      {filters}
    </Toolbar>
  );
  const pagination = data && !(cards && data.pages === 1) && (
    <Pagination
      page={data.page}
      pages={data.pages}
      total={data.total}
      pageSize={data.page_size}
      onPage={(page) => onSearch({ page: page === 1 ? undefined : page } as Partial<S>)}
      className={cards ? "mt-4" : "border-t px-4 py-2.5"}
    />
  );

  if (cards && data && data.total > 0 && !error) {
    return (
      <div>
        {toolbar}
        <div aria-busy={isPlaceholderData} className={cn("transition-opacity", isPlaceholderData && "opacity-60")}>
          {children(data.items, isPlaceholderData)}
        </div>
        {pagination}
      </div>
    );
  }
  if (cards && !data && !error) {
    return (
      <div>
        {toolbar}
        <CardsSkeleton />
      </div>
    );
  }
  return (
    <>
      {cards && toolbar}
      <Card className="overflow-hidden">
        {!cards && toolbar}
        {error ? (
          <ErrorState error={error} onRetry={() => refetch()} />
        ) : !data ? (
          <ListSkeleton />
        ) : data.total === 0 ? (
          <EmptyState
            icon={filtered ? SearchX : icon}
            title={filtered ? `No ${one} matches` : `No ${many} yet`}
            action={
              filtered ? (
                <Button variant="outline" size="sm" onClick={clear}>
                  Reset filters
                </Button>
              ) : (
                <Button size="sm" onClick={onCreate}>
                  <Plus /> New {one}
                </Button>
              )
            }
          >
            {filtered ? "Try another search or remove some of the filters." : "Create the first one to get started."}
          </EmptyState>
        ) : (
          <>
            {children(data.items, isPlaceholderData)}
            {pagination}
          </>
        )}
      </Card>
    </>
  );
}
