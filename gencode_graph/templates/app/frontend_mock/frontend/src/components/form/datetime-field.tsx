import type { FieldValues } from "react-hook-form";
import { Input } from "@/components/ui/input";
import { fromLocalInput, toLocalInput } from "@/lib/format";
import { type FieldProps, FormField } from "./form-field";

/** A moment, typed in the time zone of the browser. */
export function DateTimeField<T extends FieldValues>(props: FieldProps<T>) {
  return (
    <FormField {...props}>
      {({ value, onChange, ...field }, slots) => (
        <Input
          {...field}
          {...slots}
          type="datetime-local"
          value={toLocalInput(value)}
          onChange={(event) => onChange(fromLocalInput(event.target.value))}
        />
      )}
    </FormField>
  );
}
