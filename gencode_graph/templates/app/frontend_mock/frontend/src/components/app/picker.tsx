import { Check, ChevronsUpDown } from "lucide-react";
import { useId, useState } from "react";
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from "@/components/ui/command";
import { inputClass } from "@/components/ui/input";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { useDebounced } from "@/hooks/use-debounced";
import type { PickerBaseProps } from "@/lib/choices";
import { cn } from "@/lib/utils";

interface PickerProps extends PickerBaseProps {
  value: string | null;
  onChange: (value: string | null) => void;
  /** Label of the entry that clears the value; none when the field is required. */
  emptyLabel?: string;
}

/** Picks one record, found by typing. */
export function Picker({
  value,
  onChange,
  useChoices,
  exclude,
  emptyLabel,
  placeholder = "Choose…",
  ...rest
}: PickerProps) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const listId = useId();
  const choices = useChoices(useDebounced(text, 150), value ? [value] : []);
  const selected = choices.find((choice) => choice.value === value);
  const show = (next: boolean) => {
    setOpen(next);
    setText("");
  };
  const pick = (next: string | null) => {
    onChange(next);
    show(false);
  };
  return (
    <Popover open={open} onOpenChange={show}>
      <PopoverTrigger
        role="combobox"
        aria-expanded={open}
        aria-controls={listId}
        className={cn(inputClass, "flex h-9 items-center gap-2 px-3 text-left")}
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
        <Command shouldFilter={false}>
          <CommandInput value={text} onValueChange={setText} placeholder="Search…" />
          <CommandList id={listId}>
            <CommandEmpty>No match.</CommandEmpty>
            <CommandGroup>
              {emptyLabel && text === "" && (
                <CommandItem value="none" onSelect={() => pick(null)}>
                  <span className="text-muted-foreground">{emptyLabel}</span>
                  {value === null && <Check className="ml-auto text-link" />}
                </CommandItem>
              )}
              {choices
                .filter((choice) => choice.value !== exclude)
                .map((choice) => (
                  <CommandItem key={choice.value} value={choice.value} onSelect={() => pick(choice.value)}>
                    {choice.icon}
                    <span className="truncate">{choice.label}</span>
                    {choice.value === value && <Check className="ml-auto text-link" />}
                  </CommandItem>
                ))}
            </CommandGroup>
          </CommandList>
        </Command>
      </PopoverContent>
    </Popover>
  );
}
