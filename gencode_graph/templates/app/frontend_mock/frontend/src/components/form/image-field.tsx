import type { FieldValues } from "react-hook-form";
import { Picture } from "@/components/values/picture";
import { Input } from "@/components/ui/input";
import { type FieldProps, FormField } from "./form-field";

/** The address of a picture, with a preview. */
export function ImageField<T extends FieldValues>(props: FieldProps<T>) {
  return (
    <FormField {...props}>
      {(field, slots) => (
        <div className="flex items-center gap-3">
          <Picture src={field.value} alt="" className="size-9 shrink-0 rounded-md" />
          <Input {...field} {...slots} inputMode="url" placeholder="https://" autoComplete="off" />
        </div>
      )}
    </FormField>
  );
}
