import { Link } from "@tanstack/react-router";
import { ChevronDown } from "lucide-react";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/components/ui/menu";
import type { NavGroup } from "@/nav";

const linkClass =
  "flex h-8 items-center gap-1.5 rounded-md px-2.5 text-[13.5px] font-medium whitespace-nowrap text-sidebar-foreground outline-none transition-colors hover:bg-sidebar-accent focus-visible:ring-2 focus-visible:ring-ring/50";

/** The first links side by side, the others in a menu. */
export function TopNav({ groups }: { groups: NavGroup[] }) {
  const items = groups.flatMap((group) => group.items);
  const rest = items.slice(6);
  return (
    <nav aria-label="Main" className="min-w-0">
      <ul className="flex items-center gap-0.5 overflow-x-auto [scrollbar-width:none]">
        {items.slice(0, 6).map(({ to, label }) => (
          <li key={to}>
            <Link
              to={to}
              className={linkClass}
              activeOptions={{ exact: to === "/" }}
              activeProps={{ className: "bg-sidebar-accent text-foreground", "aria-current": "page" }}
            >
              {label}
            </Link>
          </li>
        ))}
        {rest.length > 0 && (
          <li>
            <Menu>
              <MenuTrigger className={linkClass}>
                More <ChevronDown aria-hidden className="size-3.5" />
              </MenuTrigger>
              <MenuContent align="end">
                {rest.map(({ to, label, icon: Icon }) => (
                  <MenuItem key={to} asChild>
                    <Link to={to}>
                      <Icon /> {label}
                    </Link>
                  </MenuItem>
                ))}
              </MenuContent>
            </Menu>
          </li>
        )}
      </ul>
    </nav>
  );
}
