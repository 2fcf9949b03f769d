import type { FieldValues } from "react-hook-form";
import { Textarea } from "@/components/ui/input";
import { type FieldProps, FormField } from "./form-field";

export function TextareaField<T extends FieldValues>({
  autoFocus,
  ...props
}: FieldProps<T> & { autoFocus?: boolean }) {
  return (
    <FormField {...props}>
      {(field, slots) => <Textarea {...field} {...slots} rows={4} autoFocus={autoFocus} />}
    </FormField>
  );
}
