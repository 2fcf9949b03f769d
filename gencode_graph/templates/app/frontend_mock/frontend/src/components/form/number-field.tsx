import type { FieldValues } from "react-hook-form";
import { Input } from "@/components/ui/input";
import { cn } from "@/lib/utils";
import { type FieldProps, FormField } from "./form-field";

interface NumberFieldProps<T extends FieldValues> extends FieldProps<T> {
  step?: number | "any";
  /** Shown in front of the number, such as a currency. */
  prefix?: string;
}

export function NumberField<T extends FieldValues>({ step = "any", prefix, ...props }: NumberFieldProps<T>) {
  return (
    <FormField {...props}>
      {({ value, onChange, ...field }, slots) => (
        <div className="relative">
          {prefix && (
            <span aria-hidden className="absolute top-1/2 left-3 -translate-y-1/2 text-sm text-muted-foreground">
              {prefix}
            </span>
          )}
          <Input
            {...field}
            {...slots}
            type="number"
            step={step}
            value={value ?? ""}
            className={cn("tabular-nums", prefix && "pl-7")}
            onChange={(event) => onChange(event.target.value === "" ? null : event.target.valueAsNumber)}
          />
        </div>
      )}
    </FormField>
  );
}
