import type { ReactNode } from "react";
import { type Control, Controller, type FieldPath, type FieldValues } from "react-hook-form";
import { Label } from "@/components/ui/input";
import { cn } from "@/lib/utils";

export interface FieldProps<T extends FieldValues> {
  // A form may turn what is typed into something else, which is no concern of its fields.
  control: Control<T, any, any>;
  name: FieldPath<T>;
  label: string;
  hint?: string;
  required?: boolean;
  className?: string;
}

interface Field {
  name: string;
  value: any;
  onChange: (value: any) => void;
  onBlur: () => void;
  ref: (instance: any) => void;
}

interface Slots {
  id: string;
  "aria-invalid": boolean | undefined;
  "aria-describedby": string | undefined;
}

/** Label, control, and below it a hint or what is wrong. */
export function FormField<T extends FieldValues>({
  control,
  name,
  label,
  hint,
  required,
  className,
  children,
}: FieldProps<T> & { children: (field: Field, slots: Slots) => ReactNode }) {
  return (
    <Controller
      control={control}
      name={name}
      render={({ field, fieldState }) => {
        const id = `field-${name}`;
        const note = fieldState.error?.message ?? hint;
        return (
          <div className={cn("grid content-start gap-1.5", className)}>
            <Label htmlFor={id}>
              {label}
              {!required && <span className="font-normal text-muted-foreground">(optional)</span>}
            </Label>
            {children(field, {
              id,
              "aria-invalid": fieldState.invalid || undefined,
              "aria-describedby": note ? `${id}-note` : undefined,
            })}
            {note && (
              <p
                id={`${id}-note`}
                role={fieldState.error ? "alert" : undefined}
                className={cn("text-[13px]", fieldState.error ? "text-destructive dark:text-red-400" : "text-muted-foreground")}
              >
                {note}
              </p>
            )}
          </div>
        );
      }}
    />
  );
}
