import type { FieldValues } from "react-hook-form";
import { Picker } from "@/components/app/picker";
import type { UseChoices } from "@/lib/choices";
import { type FieldProps, FormField } from "./form-field";

interface RelationFieldProps<T extends FieldValues> extends FieldProps<T> {
  useChoices: UseChoices;
  exclude?: string;
}

/** Picks one record. */
export function RelationField<T extends FieldValues>({ useChoices, exclude, ...props }: RelationFieldProps<T>) {
  return (
    <FormField {...props}>
      {(field, slots) => (
        <Picker
          {...slots}
          value={field.value}
          onChange={field.onChange}
          useChoices={useChoices}
          exclude={exclude}
          emptyLabel={props.required ? undefined : "None"}
        />
      )}
    </FormField>
  );
}
