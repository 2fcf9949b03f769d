import type { FieldValues } from "react-hook-form";
import { StarPicker } from "@/components/app/star-picker";
import { type FieldProps, FormField } from "./form-field";

export function RatingField<T extends FieldValues>(props: FieldProps<T>) {
  return (
    <FormField {...props}>
      {(field, slots) => (
        <StarPicker
          {...slots}
          label={props.label}
          value={field.value}
          onChange={field.onChange}
          clearable={!props.required}
        />
      )}
    </FormField>
  );
}
