import type { FieldValues } from "react-hook-form";
import { Input } from "@/components/ui/input";
import { type FieldProps, FormField } from "./form-field";

interface TextFieldProps<T extends FieldValues> extends FieldProps<T> {
  placeholder?: string;
  autoFocus?: boolean;
  type?: "text" | "email" | "url" | "tel";
}

export function TextField<T extends FieldValues>({
  placeholder,
  autoFocus,
  type = "text",
  ...props
}: TextFieldProps<T>) {
  return (
    <FormField {...props}>
      {(field, slots) => (
        <Input {...field} {...slots} type={type} placeholder={placeholder} autoFocus={autoFocus} autoComplete="off" />
      )}
    </FormField>
  );
}
