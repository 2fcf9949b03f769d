import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Input } from "@/components/ui/input";
import { useDebounced } from "@/hooks/use-debounced";
import { cn } from "@/lib/utils";

/** Reports the text once typing pauses. */
export function SearchInput({
  value,
  onChange,
  label,
  className,
}: { value: string; onChange: (value: string) => void; label: string; className?: string }) {
  const [text, setText] = useState(value);
  const debounced = useDebounced(text);
  const reported = useRef(value);

  useEffect(() => {
    // A change from outside (reset, back button) wins over the field.
    if (value !== reported.current) {
      reported.current = value;
      setText(value);
    }
  }, [value]);

  useEffect(() => {
    if (debounced === text && debounced !== reported.current) {
      reported.current = debounced;
      onChange(debounced);
    }
  }, [debounced, text, onChange]);

  return (
    <div className={cn("relative", className)}>
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted-foreground"
      />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="h-8 pl-8 text-[13px] [&::-webkit-search-cancel-button]:appearance-none"
      />
    </div>
  );
}
