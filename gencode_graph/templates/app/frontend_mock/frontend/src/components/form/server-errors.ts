import type { FieldPath, FieldValues, UseFormSetError } from "react-hook-form";
import { ApiError } from "@/api/client";

/**
 * Puts what the server refuses next to its fields: a 422 names them, a 409 is about one of those that
 * must not repeat. Anything else is said of the record as a whole.
 */
export function showServerErrors<T extends FieldValues>(
  error: unknown,
  setError: UseFormSetError<T>,
  fields: readonly FieldPath<T>[],
  unique: readonly FieldPath<T>[] = [],
): void {
  if (!(error instanceof ApiError)) throw error;
  let placed = false;
  for (const field of fields) {
    const message = error.fields[field];
    if (message) {
      setError(field, { message });
      placed = true;
    }
  }
  const taken = unique.find((field) => error.message.includes(field.replace(/_id$/, "").replaceAll("_", " "))) ?? unique[0];
  if (error.status === 409 && taken) setError(taken, { message: error.message });
  else if (!placed) setError("root", { message: error.message });
}
