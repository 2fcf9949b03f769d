import { Check, ChevronsUpDown } from "lucide-react";
import { Avatar } from "@/components/ui/avatar";
import { Menu, MenuContent, MenuItem, MenuLabel, MenuTrigger } from "@/components/ui/menu";
import { setCurrentUser, useCurrentUser } from "@/hooks/use-current-user";
import { cn } from "@/lib/utils";

/** Says who is using the app, and lets one change it. */
export function UserMenu({ side, compact }: { side: "top" | "bottom"; compact?: boolean }) {
  const { user, everyone } = useCurrentUser();
  if (!user) return <div className="flex-1" />;
  return (
    <Menu>
      <MenuTrigger
        aria-label={`Acting as ${user.name}`}
        className={cn(
          "flex min-w-0 items-center gap-2 rounded-md px-2 py-1.5 text-left outline-none hover:bg-sidebar-accent focus-visible:ring-2 focus-visible:ring-ring/50",
          !compact && "flex-1",
        )}
      >
        <Avatar name={user.name} className="size-7" />
        {!compact && (
          <>
            <span className="min-w-0 text-[13px] leading-tight">
              <span className="block truncate font-medium">{user.name}</span>
              {user.note && <span className="block truncate text-xs text-muted-foreground">{user.note}</span>}
            </span>
            <ChevronsUpDown aria-hidden className="ml-auto size-3.5 shrink-0 text-muted-foreground" />
          </>
        )}
      </MenuTrigger>
      <MenuContent side={side} align={compact ? "end" : "start"} className="max-h-80 w-56 overflow-y-auto">
        <MenuLabel>Act as</MenuLabel>
        {everyone.map((person) => (
          <MenuItem key={person.id} onSelect={() => setCurrentUser(person.id)}>
            <Avatar name={person.name} className="size-5 text-[9px]" />
            <span className="truncate">{person.name}</span>
            {person.id === user.id && <Check className="ml-auto text-link" />}
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  );
}
