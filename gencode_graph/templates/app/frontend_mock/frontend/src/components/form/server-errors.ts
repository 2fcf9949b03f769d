import type { FieldPath, FieldValues, UseFormSetError } from "react-hook-form";
import { ApiError } from "@/api/client";

/**
 * Puts what the server refuses next to its fields: a 422 names them, and a conflict is known by its words.
 * Anything else is said of the record as a whole.
 */
export function showServerErrors<T extends FieldValues>(
  error: unknown,
  setError: UseFormSetError<T>,
  fields: readonly FieldPath<T>[],
  conflicts: Partial<Record<FieldPath<T>, string>> = {},
): void {
  if (!(error instanceof ApiError)) throw error;
  const invalid = fields.filter((field) => error.fields[field]);
  for (const field of invalid) setError(field, { message: error.fields[field] });
  const taken = fields.find((field) => error.message.includes(conflicts[field] ?? "\n"));
  if (taken) setError(taken, { message: error.message });
  else if (invalid.length === 0) setError("root", { message: error.message });
}
