import { Link } from "@tanstack/react-router";
import { app } from "@/nav";

export function Brand() {
  return (
    <Link
      to={app.home}
      className="flex min-w-0 items-center gap-2 rounded-md px-1 font-semibold tracking-tight outline-none focus-visible:ring-2 focus-visible:ring-ring/50"
    >
      <img src="/favicon.svg" alt="" className="size-6 shrink-0" />
      <span className="truncate">{app.name}</span>
    </Link>
  );
}
