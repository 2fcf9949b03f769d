import { z } from "zod";

/** A value that may be missing while the form is open, but not when it is sent. */
export function filled<T extends z.ZodType>(schema: T, message: string) {
  return schema
    .nullable()
    .refine((value) => value !== null, message)
    .transform((value) => value as NonNullable<z.output<T>>);
}
