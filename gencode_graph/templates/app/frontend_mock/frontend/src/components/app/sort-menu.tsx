import { ArrowUpDown } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuContent, MenuRadioGroup, MenuRadioItem, MenuTrigger } from "@/components/ui/menu";

interface SortMenuProps {
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}

/** The order of lists that have no column headers. */
export function SortMenu({ value, options, onChange }: SortMenuProps) {
  const label = options.find((option) => option.value === value)?.label;
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button variant="outline" size="sm" className="font-normal" aria-label={label ? `Sort by ${label}` : "Sort"}>
          <ArrowUpDown className="size-3.5 text-muted-foreground" />
          {label ?? "Sort"}
        </Button>
      </MenuTrigger>
      <MenuContent align="start">
        <MenuRadioGroup value={value} onValueChange={onChange}>
          {options.map((option) => (
            <MenuRadioItem key={option.value} value={option.value}>
              {option.label}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
      </MenuContent>
    </Menu>
  );
}
