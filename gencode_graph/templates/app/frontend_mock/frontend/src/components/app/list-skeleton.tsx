import { Skeleton } from "@/components/ui/skeleton";

export function ListSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="divide-y">
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className="flex items-center gap-4 px-4 py-3">
          <Skeleton className="h-4 w-14" />
          <Skeleton className="h-4" style={{ width: `${30 + ((index * 17) % 30)}%` }} />
          <Skeleton className="ml-auto hidden h-4 w-20 sm:block" />
          <Skeleton className="hidden h-4 w-16 md:block" />
          <Skeleton className="size-6 rounded-full" />
        </div>
      ))}
    </div>
  );
}
