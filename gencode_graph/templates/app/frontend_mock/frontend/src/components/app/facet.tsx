import { Plus } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from "@/components/ui/command";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import type { Choice } from "@/lib/choices";
import { cn } from "@/lib/utils";

interface FacetProps {
  label: string;
  choices: Choice[];
  value: string[];
  onChange: (value: string[]) => void;
  /** At most one choice at a time. */
  single?: boolean;
  /** What is typed, where the choices are found by it. */
  text?: string;
  onText?: (text: string) => void;
}

/** A multi-select filter that shows what is chosen. */
export function Facet({ label, choices, value, onChange, single, text, onText }: FacetProps) {
  const chosen = choices.filter((choice) => value.includes(choice.value));
  const toggle = (picked: string) => {
    if (value.includes(picked)) onChange(value.filter((item) => item !== picked));
    else onChange(single ? [picked] : [...value, picked]);
  };
  let summary: ReactNode = null;
  if (chosen.length > 0) {
    summary = (
      <>
        <span aria-hidden className="mx-0.5 h-4 w-px bg-border" />
        <span className="max-w-36 truncate rounded bg-primary/12 px-1.5 py-0.5 text-xs text-foreground">
          {chosen.length === 1 ? chosen[0]?.label : `${chosen.length} selected`}
        </span>
      </>
    );
  }
  return (
    <Popover onOpenChange={() => onText?.("")}>
      <PopoverTrigger asChild>
        <Button
          variant="outline"
          size="sm"
          aria-label={`Filter by ${label}${chosen.length ? `: ${chosen.map((choice) => choice.label).join(", ")}` : ""}`}
          className={cn("border-dashed font-normal", chosen.length > 0 && "border-solid")}
        >
          <Plus className="size-3.5 text-muted-foreground" />
          {label}
          {summary}
        </Button>
      </PopoverTrigger>
      <PopoverContent className="w-56">
        <Command shouldFilter={!onText}>
          {(onText || choices.length > 6) && (
            <CommandInput value={text} onValueChange={onText} placeholder={`Find ${label.toLowerCase()}…`} />
          )}
          <CommandList aria-label={label}>
            <CommandEmpty>No match.</CommandEmpty>
            <CommandGroup>
              {choices.map((choice) => {
                const active = value.includes(choice.value);
                return (
                  <CommandItem
                    key={choice.value}
                    value={choice.value}
                    keywords={[choice.label]}
                    onSelect={() => toggle(choice.value)}
                  >
                    <span
                      aria-hidden
                      className={cn(
                        "grid size-4 place-content-center rounded-[5px] border border-input text-[10px]",
                        active && "border-primary bg-primary text-primary-foreground",
                      )}
                    >
                      {active && "✓"}
                    </span>
                    {choice.icon}
                    <span className="truncate">{choice.label}</span>
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
