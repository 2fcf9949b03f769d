import { Ellipsis, Pencil, Trash2 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/components/ui/menu";

interface RowMenuProps {
  /** Whose actions they are. */
  name: string;
  onEdit: () => void;
  onDelete: () => void;
}

export function RowMenu({ name, onEdit, onDelete }: RowMenuProps) {
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button variant="ghost" size="icon-xs" className="text-muted-foreground">
          <Ellipsis />
          <span className="sr-only">Actions for {name}</span>
        </Button>
      </MenuTrigger>
      <MenuContent align="end">
        <MenuItem onSelect={onEdit}>
          <Pencil /> Edit
        </MenuItem>
        <MenuItem destructive onSelect={onDelete}>
          <Trash2 /> Delete
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}
