import { Check, ChevronsUpDown } from "lucide-react";
import { useId, useState } from "react";
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from "@/components/ui/command";
import { inputClass } from "@/components/ui/input";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import type { PickerBaseProps } from "@/lib/choices";
import { cn } from "@/lib/utils";

interface PickerProps extends PickerBaseProps {
  value: string | null;
  onChange: (value: string | null) => void;
  /** Label of the entry that clears the value; none when the field is required. */
  emptyLabel?: string;
}

/** A searchable select for records and long lists. */
export function Picker({
  value,
  onChange,
  choices,
  emptyLabel,
  placeholder = "Select…",
  className,
  ...rest
}: PickerProps) {
  const [open, setOpen] = useState(false);
  const listId = useId();
  const selected = choices.find((choice) => choice.value === value);
  const pick = (next: string | null) => {
    onChange(next);
    setOpen(false);
  };
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger
        role="combobox"
        aria-expanded={open}
        aria-controls={listId}
        className={cn(inputClass, "flex h-9 items-center gap-2 px-3 text-left", className)}
        {...rest}
      >
        {selected ? (
          <>
            {selected.icon}
            <span className="truncate">{selected.label}</span>
          </>
        ) : (
          <span className="truncate text-muted-foreground">{emptyLabel ?? placeholder}</span>
        )}
        <ChevronsUpDown aria-hidden className="ml-auto size-4 shrink-0 text-muted-foreground opacity-70" />
      </PopoverTrigger>
      <PopoverContent className="w-(--radix-popover-trigger-width) min-w-56">
        <Command>
          <CommandInput placeholder="Search…" />
          <CommandList id={listId}>
            <CommandEmpty>No match.</CommandEmpty>
            <CommandGroup>
              {emptyLabel && (
                <CommandItem value={emptyLabel} onSelect={() => pick(null)}>
                  <span className="text-muted-foreground">{emptyLabel}</span>
                  {value === null && <Check className="ml-auto text-primary" />}
                </CommandItem>
              )}
              {choices.map((choice) => (
                <CommandItem
                  key={choice.value}
                  value={`${choice.label} ${choice.value}`}
                  onSelect={() => pick(choice.value)}
                >
                  {choice.icon}
                  <span className="truncate">{choice.label}</span>
                  {choice.value === value && <Check className="ml-auto text-primary" />}
                </CommandItem>
              ))}
            </CommandGroup>
          </CommandList>
        </Command>
      </PopoverContent>
    </Popover>
  );
}
