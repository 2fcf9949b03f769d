import { OptionIcon } from "@/components/app/option";
import type { Choice } from "@/lib/choices";
import type { Option } from "@/lib/tones";

export function optionChoices(options: readonly Option[]): Choice[] {
  return options.map((option) => ({
    value: option.value,
    label: option.label,
    icon: <OptionIcon option={option} />,
  }));
}
