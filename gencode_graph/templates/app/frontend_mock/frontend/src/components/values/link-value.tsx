import { hrefOf, type LinkKind } from "@/lib/links";
import { EmptyValue } from "./empty-value";

export function LinkValue({ kind, value }: { kind: LinkKind; value: string }) {
  if (!value) return <EmptyValue />;
  return (
    <a
      href={hrefOf(kind, value)}
      target={kind === "url" ? "_blank" : undefined}
      rel="noreferrer"
      className="relative z-10 inline-block max-w-56 truncate rounded align-middle text-muted-foreground underline-offset-4 outline-none hover:text-foreground hover:underline focus-visible:ring-2 focus-visible:ring-ring/50"
    >
      {kind === "url" ? value.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, "") : value}
    </a>
  );
}
