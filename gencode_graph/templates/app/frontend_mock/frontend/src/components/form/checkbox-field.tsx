import { Controller, type FieldValues } from "react-hook-form";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/lib/utils";
import type { FieldProps } from "./form-field";

export function CheckboxField<T extends FieldValues>({ control, name, label, hint, className }: FieldProps<T>) {
  return (
    <Controller
      control={control}
      name={name}
      render={({ field }) => (
        <div className={cn("flex min-h-9 items-center gap-2.5 self-end text-sm", className)}>
          <Checkbox
            id={`field-${name}`}
            ref={field.ref}
            checked={field.value}
            onBlur={field.onBlur}
            onCheckedChange={(checked) => field.onChange(checked === true)}
          />
          <label htmlFor={`field-${name}`} className="select-none">
            <span className="font-medium">{label}</span>
            {hint && <span className="block text-[13px] text-muted-foreground">{hint}</span>}
          </label>
        </div>
      )}
    />
  );
}
