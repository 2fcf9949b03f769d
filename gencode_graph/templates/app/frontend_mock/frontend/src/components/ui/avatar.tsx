import { cn, hash, initials } from "@/lib/utils";

const AVATARS = [
  "bg-violet-600",
  "bg-sky-700",
  "bg-emerald-700",
  "bg-amber-700",
  "bg-rose-700",
  "bg-indigo-600",
  "bg-teal-700",
  "bg-fuchsia-700",
];

export function Avatar({ name, className }: { name: string; className?: string }) {
  return (
    <span
      aria-hidden
      className={cn(
        "inline-grid size-6 shrink-0 place-content-center rounded-full text-[10px] font-semibold text-white select-none",
        AVATARS[hash(name) % AVATARS.length],
        className,
      )}
    >
      {initials(name)}
    </span>
  );
}
