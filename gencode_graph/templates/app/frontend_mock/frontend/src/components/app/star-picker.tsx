import { Star } from "lucide-react";
import { RadioGroup } from "radix-ui";
import { cn } from "@/lib/utils";

const STARS = ["1", "2", "3", "4", "5"];

interface StarPickerProps {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
  /** The chosen star can be taken back. */
  clearable?: boolean;
  id?: string;
  "aria-invalid"?: boolean;
  "aria-describedby"?: string;
}

/** One to five stars, by mouse or arrow keys. */
export function StarPicker({ label, value, onChange, clearable, ...rest }: StarPickerProps) {
  return (
    <RadioGroup.Root
      {...rest}
      aria-label={label}
      value={value === null ? "" : String(value)}
      onValueChange={(next) => onChange(Number(next))}
      className="flex h-9 w-fit items-center"
    >
      {STARS.map((star) => (
        <RadioGroup.Item
          key={star}
          value={star}
          aria-label={star === "1" ? "1 star" : `${star} stars`}
          onClick={() => clearable && value === Number(star) && onChange(null)}
          className="rounded p-1 outline-none focus-visible:ring-2 focus-visible:ring-ring/60"
        >
          <Star
            aria-hidden
            className={cn(
              "size-5 transition-colors",
              value !== null && Number(star) <= value
                ? "fill-amber-400 text-amber-500"
                : "text-muted-foreground/50 hover:text-amber-500",
            )}
          />
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
