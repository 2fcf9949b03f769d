import type { FieldValues } from "react-hook-form";
import { MultiPicker } from "@/components/app/multi-picker";
import type { Choice } from "@/lib/choices";
import { type FieldProps, FormField } from "./form-field";

/** Picks any number of records. */
export function RelationsField<T extends FieldValues>({
  choices,
  ...props
}: FieldProps<T> & { choices: Choice[] }) {
  return (
    <FormField {...props}>
      {(field, slots) => (
        <MultiPicker {...slots} value={field.value} onChange={field.onChange} choices={choices} placeholder="None" />
      )}
    </FormField>
  );
}
