/** A short name in capitals, such as the key of a project. */
export function Code({ children }: { children: string }) {
  return (
    <span className="grid h-4.5 max-w-20 min-w-9 shrink-0 place-content-center truncate rounded bg-muted px-1 text-[10px] font-semibold text-muted-foreground">
      {children}
    </span>
  );
}
