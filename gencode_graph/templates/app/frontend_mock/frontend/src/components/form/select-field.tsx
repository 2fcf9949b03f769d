import type { FieldValues } from "react-hook-form";
import { OptionLabel } from "@/components/app/option";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "@/components/ui/select";
import type { Option } from "@/lib/tones";
import { type FieldProps, FormField } from "./form-field";

export function SelectField<T extends FieldValues>({
  options,
  ...props
}: FieldProps<T> & { options: readonly Option[] }) {
  return (
    <FormField {...props} required>
      {(field, slots) => (
        <Select value={field.value} onValueChange={field.onChange}>
          <SelectTrigger {...slots} onBlur={field.onBlur}>
            <SelectValue />
          </SelectTrigger>
          <SelectContent>
            {options.map((option) => (
              <SelectItem key={option.value} value={option.value}>
                <OptionLabel option={option} />
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
      )}
    </FormField>
  );
}
