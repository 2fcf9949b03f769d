import { ExternalLink } from "lucide-react";
import { useEffect, useState } from "react";
import { Input } from "@/components/ui/input";
import { cn } from "@/lib/utils";

interface InlineInputProps {
  label: string;
  value: string;
  /** Called when the field is left or Enter is pressed, with what was typed. */
  onSave: (value: string) => void;
  type?: "text" | "number" | "email" | "url" | "tel" | "datetime-local";
  step?: number | "any";
  prefix?: string;
  required?: boolean;
  /** Where the value leads, if it is a link. */
  href?: string;
}

/** A value that is changed where it is shown; Escape takes the change back. */
export function InlineInput({ label, value, onSave, type = "text", step, prefix, required, href }: InlineInputProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const save = () => {
    const next = text.trim();
    if (next === value) return;
    if (required && next === "") setText(value);
    else onSave(next);
  };
  return (
    <div className="relative">
      {prefix && (
        <span aria-hidden className="absolute top-1/2 left-3 -translate-y-1/2 text-muted-foreground">
          {prefix}
        </span>
      )}
      <Input
        aria-label={label}
        type={type}
        step={step}
        value={text}
        placeholder="None"
        onChange={(event) => setText(event.target.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key === "Escape") setText(value);
        }}
        className={cn(type === "number" && "tabular-nums", prefix && "pl-7", href && "pr-9")}
      />
      {href && (
        <a
          href={href}
          target="_blank"
          rel="noreferrer"
          className="absolute top-1/2 right-2 -translate-y-1/2 rounded p-1 text-muted-foreground outline-none hover:bg-accent hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring/50"
        >
          <ExternalLink aria-hidden className="size-3.5" />
          <span className="sr-only">Open {label}</span>
        </a>
      )}
    </div>
  );
}
