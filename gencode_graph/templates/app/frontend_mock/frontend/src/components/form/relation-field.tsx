import type { FieldValues } from "react-hook-form";
import { Picker } from "@/components/app/picker";
import type { Choice } from "@/lib/choices";
import { type FieldProps, FormField } from "./form-field";

interface RelationFieldProps<T extends FieldValues> extends FieldProps<T> {
  choices: Choice[];
  placeholder: string;
}

/** Picks one record. */
export function RelationField<T extends FieldValues>({ choices, placeholder, ...props }: RelationFieldProps<T>) {
  return (
    <FormField {...props}>
      {(field, slots) => (
        <Picker
          {...slots}
          value={field.value}
          onChange={field.onChange}
          choices={choices}
          emptyLabel={props.required ? undefined : "None"}
          placeholder={placeholder}
        />
      )}
    </FormField>
  );
}
