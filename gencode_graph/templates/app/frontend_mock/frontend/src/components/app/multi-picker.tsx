import { Check, ChevronsUpDown } from "lucide-react";
import { useId, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from "@/components/ui/command";
import { inputClass } from "@/components/ui/input";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import type { PickerBaseProps } from "@/lib/choices";
import { cn } from "@/lib/utils";

interface MultiPickerProps extends PickerBaseProps {
  value: string[];
  onChange: (value: string[]) => void;
}

export function MultiPicker({
  value,
  onChange,
  choices,
  placeholder = "Select…",
  className,
  ...rest
}: MultiPickerProps) {
  const [open, setOpen] = useState(false);
  const listId = useId();
  const chosen = choices.filter((choice) => value.includes(choice.value));
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger
        role="combobox"
        aria-expanded={open}
        aria-controls={listId}
        className={cn(inputClass, "flex min-h-9 items-center gap-2 px-3 py-1.5 text-left", className)}
        {...rest}
      >
        {chosen.length > 0 ? (
          <span className="flex min-w-0 flex-wrap gap-1">
            {chosen.map((choice) => (
              <Badge key={choice.value}>
                {choice.icon}
                {choice.label}
              </Badge>
            ))}
          </span>
        ) : (
          <span className="truncate text-muted-foreground">{placeholder}</span>
        )}
        <ChevronsUpDown aria-hidden className="ml-auto size-4 shrink-0 text-muted-foreground opacity-70" />
      </PopoverTrigger>
      <PopoverContent className="w-(--radix-popover-trigger-width) min-w-56">
        <Command>
          <CommandInput placeholder="Search…" />
          <CommandList id={listId}>
            <CommandEmpty>No match.</CommandEmpty>
            <CommandGroup>
              {choices.map((choice) => {
                const active = value.includes(choice.value);
                return (
                  <CommandItem
                    key={choice.value}
                    value={`${choice.label} ${choice.value}`}
                    onSelect={() =>
                      onChange(active ? value.filter((item) => item !== choice.value) : [...value, choice.value])
                    }
                  >
                    {choice.icon}
                    <span className="truncate">{choice.label}</span>
                    {active && <Check className="ml-auto text-primary" />}
                  </CommandItem>
                );
              })}
            </CommandGroup>
          </CommandList>
        </Command>
      </PopoverContent>
    </Popover>
  );
}
