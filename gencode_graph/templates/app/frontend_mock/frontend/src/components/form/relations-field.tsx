import type { FieldValues } from "react-hook-form";
import { MultiPicker } from "@/components/app/multi-picker";
import type { UseChoices } from "@/lib/choices";
import { type FieldProps, FormField } from "./form-field";

interface RelationsFieldProps<T extends FieldValues> extends FieldProps<T> {
  useChoices: UseChoices;
  exclude?: string;
}

/** Picks any number of records. */
export function RelationsField<T extends FieldValues>({ useChoices, exclude, ...props }: RelationsFieldProps<T>) {
  return (
    <FormField {...props}>
      {(field, slots) => (
        <MultiPicker
          {...slots}
          value={field.value}
          onChange={field.onChange}
          useChoices={useChoices}
          exclude={exclude}
        />
      )}
    </FormField>
  );
}
