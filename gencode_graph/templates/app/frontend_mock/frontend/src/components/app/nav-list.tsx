import { Link } from "@tanstack/react-router";
import type { NavItem } from "@/nav";

export const navClass =
  "flex h-8 items-center gap-2.5 rounded-md px-2 text-[13.5px] font-medium text-sidebar-foreground outline-none transition-colors hover:bg-sidebar-accent focus-visible:ring-2 focus-visible:ring-ring/50 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted-foreground";
export const navActive = "bg-sidebar-accent text-foreground [&_svg]:text-link";

export function NavHeading({ children }: { children: string }) {
  return <h2 className="px-2 pb-1 text-xs font-medium text-muted-foreground">{children}</h2>;
}

export function NavList({ items }: { items: NavItem[] }) {
  return (
    <ul className="space-y-0.5">
      {items.map(({ to, label, icon: Icon }) => (
        <li key={to}>
          <Link
            to={to}
            className={navClass}
            activeOptions={{ exact: to === "/" }}
            activeProps={{ className: navActive, "aria-current": "page" }}
          >
            <Icon aria-hidden />
            <span className="truncate">{label}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
