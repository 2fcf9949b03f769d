import { z } from "zod";

/** What every list can be asked for. */
export interface ListSearch {
  q?: string;
  sort?: string;
  page?: number;
}

// Addresses are typed by people too: what makes no sense is left out.
export const text = z.string().optional().catch(undefined);
export const pageNumber = z.int().min(1).optional().catch(undefined);
export const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .optional()
  .catch(undefined);
export const yesOrNo = z.boolean().optional().catch(undefined);
export const ids = z.array(z.string()).optional().catch(undefined);
export const oneOf = <V extends string>(values: readonly V[]) => z.enum(values).optional().catch(undefined);
export const someOf = <V extends string>(options: readonly { value: V }[]) =>
  z
    .array(z.enum(options.map((option) => option.value)))
    .optional()
    .catch(undefined);

const isEmpty = (value: unknown) => value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/** A change of filters: it starts at the first page, and what is empty leaves the address. */
export function clean<S extends ListSearch>(change: Partial<S>): Partial<S> {
  const entries = Object.entries(change).map(([key, value]) => [key, isEmpty(value) ? undefined : value]);
  return { ...Object.fromEntries(entries), page: undefined };
}

export function isFiltered(search: ListSearch): boolean {
  return Object.entries(search).some(([key, value]) => key !== "sort" && key !== "page" && !isEmpty(value));
}

/** Takes every filter away and keeps the order. */
export function reset<S extends ListSearch>(search: S): Partial<S> {
  return Object.fromEntries(
    Object.keys(search)
      .filter((key) => key !== "sort")
      .map((key) => [key, undefined]),
  ) as Partial<S>;
}
