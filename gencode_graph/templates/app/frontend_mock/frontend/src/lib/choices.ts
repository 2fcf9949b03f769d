import type { ReactNode } from "react";

/** One entry of a picker or filter. */
export interface Choice {
  value: string;
  label: string;
  icon?: ReactNode;
}

/** Records to pick from that match a text, and those that are chosen already. */
export type UseChoices = (text: string, chosen: readonly string[]) => Choice[];

export interface PickerBaseProps {
  useChoices: UseChoices;
  /** A record that is not offered: the one that picks. */
  exclude?: string;
  id?: string;
  "aria-label"?: string;
  "aria-invalid"?: boolean;
  "aria-describedby"?: string;
  placeholder?: string;
}
