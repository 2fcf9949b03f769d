import type { FieldValues } from "react-hook-form";
import { DatePicker } from "@/components/app/date-picker";
import { type FieldProps, FormField } from "./form-field";

export function DateField<T extends FieldValues>(props: FieldProps<T>) {
  return (
    <FormField {...props}>
      {(field, slots) => <DatePicker {...slots} value={field.value} onChange={field.onChange} />}
    </FormField>
  );
}
