import type { ReactNode } from "react";

/** One entry of a picker or filter. */
export interface Choice {
  value: string;
  label: string;
  icon?: ReactNode;
}

export interface PickerBaseProps {
  choices: Choice[];
  id?: string;
  "aria-label"?: string;
  "aria-invalid"?: boolean;
  "aria-describedby"?: string;
  placeholder?: string;
  className?: string;
}
