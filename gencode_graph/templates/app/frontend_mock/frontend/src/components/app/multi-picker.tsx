import { Check, ChevronsUpDown } from "lucide-react";
import { useId, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from "@/components/ui/command";
import { inputClass } from "@/components/ui/input";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { useDebounced } from "@/hooks/use-debounced";
import type { PickerBaseProps } from "@/lib/choices";
import { cn } from "@/lib/utils";

interface MultiPickerProps extends PickerBaseProps {
  value: string[];
  onChange: (value: string[]) => void;
}

/** Picks any number of records, found by typing. */
export function MultiPicker({
  value,
  onChange,
  useChoices,
  exclude,
  placeholder = "None",
  ...rest
}: MultiPickerProps) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const listId = useId();
  const choices = useChoices(useDebounced(text, 150), value);
  const chosen = choices.filter((choice) => value.includes(choice.value));
  const toggle = (picked: string) =>
    onChange(value.includes(picked) ? value.filter((item) => item !== picked) : [...value, picked]);
  return (
    <Popover
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setText("");
      }}
    >
      <PopoverTrigger
        role="combobox"
        aria-expanded={open}
        aria-controls={listId}
        className={cn(inputClass, "flex min-h-9 items-center gap-2 px-3 py-1.5 text-left")}
        {...rest}
      >
        {chosen.length > 0 ? (
          <span className="flex min-w-0 flex-wrap gap-1">
            {chosen.map((choice) => (
              <Badge key={choice.value} className="max-w-full">
                {choice.icon}
                <span className="truncate">{choice.label}</span>
              </Badge>
            ))}
          </span>
        ) : (
          <span className="truncate text-muted-foreground">{placeholder}</span>
        )}
        <ChevronsUpDown aria-hidden className="ml-auto size-4 shrink-0 text-muted-foreground opacity-70" />
      </PopoverTrigger>
      <PopoverContent className="w-(--radix-popover-trigger-width) min-w-56">
        <Command shouldFilter={false}>
          <CommandInput value={text} onValueChange={setText} placeholder="Search…" />
          <CommandList id={listId}>
            <CommandEmpty>No match.</CommandEmpty>
            <CommandGroup>
              {choices
                .filter((choice) => choice.value !== exclude)
                .map((choice) => (
                  <CommandItem key={choice.value} value={choice.value} onSelect={() => toggle(choice.value)}>
                    {choice.icon}
                    <span className="truncate">{choice.label}</span>
                    {value.includes(choice.value) && <Check className="ml-auto text-link" />}
                  </CommandItem>
                ))}
            </CommandGroup>
          </CommandList>
        </Command>
      </PopoverContent>
    </Popover>
  );
}
