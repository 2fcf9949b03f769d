import { Skeleton } from "@/components/ui/skeleton";

export function DetailSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="px-4 py-5 sm:px-6 lg:px-8">
      <Skeleton className="h-4 w-24" />
      <Skeleton className="mt-3 h-7 w-2/3" />
      <div className="mt-6 grid gap-5 lg:grid-cols-[minmax(0,1fr)_18rem]">
        <Skeleton className="h-56 rounded-xl" />
        <Skeleton className="h-80 rounded-xl" />
      </div>
    </div>
  );
}
